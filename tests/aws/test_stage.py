"""A consumer of a queue: failures stay apart, poison is buried with its reason, lost results are failures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from moto import mock_aws

from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.event import EventError
from newscast.aws.objects import Objects
from newscast.aws.sender import Sender, SendError, encode
from newscast.aws.stage import RESERVE_SECONDS, Prepare, stage
from newscast.guard.budget import Budget
from newscast.records import Article, ArticleTime, Entry, FeedPoll, Markup, Message
from tests.aws.fake_sqs import FakeSqs

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)


class Queues:
    """A stage's dead-letter queue, its next queue and the bucket, on moto."""

    def __init__(self) -> None:
        self.sqs = clients.sqs()
        self.dead = self.sqs.create_queue(QueueName="dead")["QueueUrl"]
        self.out = self.sqs.create_queue(QueueName="out")["QueueUrl"]
        clients.s3().create_bucket(Bucket="bucket")

    def letters(self) -> list[dict[str, str]]:
        """Dead letters, as what stands beside them, with their body."""
        return [
            {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
            | {"body": letter["Body"]}
            for letter in self._all(self.dead)
        ]

    def sent(self) -> list[str]:
        """Feed ids of what went on to the next queue."""
        return [json.loads(message["Body"])["body"]["feed_id"] for message in self._all(self.out)]

    def _all(self, url: str) -> list[Any]:
        found: list[Any] = []
        while got := self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            found += got
        return found


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queues]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        clients.forget()
        found = Queues()
        monkeypatch.setenv("OUT_QUEUE_URL", found.out)
        monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", found.dead)
        monkeypatch.setenv("BUCKET_NAME", "bucket")
        monkeypatch.setenv("MAX_RECEIVES", "3")
        yield found
    clients.forget()


def poll(feed_id: str) -> Message:
    body = FeedPoll(feed_id=feed_id, poll_id="p", asked_at=NOON)
    return Message(correlation_id=f"poll.{feed_id}", first_seen=NOON, body=body)


def event(*bodies: Message | str, receives: int = 1) -> dict[str, Any]:
    """An SQS event; message ids are m0, m1, …"""
    return {
        "Records": [
            {
                "messageId": f"m{place}",
                "body": body if isinstance(body, str) else encode(body),
                "attributes": {"ApproximateReceiveCount": str(receives), "SentTimestamp": "1720785600000"},
                "eventSource": "aws:sqs",
            }
            for place, body in enumerate(bodies)
        ]
    }


def work(message: Message, edge: Edge) -> Iterable[Message]:
    """Feeds named bad… fail after their first result; the others send one message on."""
    feed_id = cast(FeedPoll, message.body).feed_id
    yield poll(f"{feed_id} done")
    if feed_id.startswith("bad"):
        raise RuntimeError(f"{feed_id} \x07\n– went wrong")


def run(happened: dict[str, Any], prepare: Prepare | None = None) -> list[str]:
    """Ids of the messages that the stage did not do."""
    answer = stage("fetch", FeedPoll, work, prepare)(happened, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.mark.parametrize(
    ("feeds", "failed"),
    [
        (["a", "b"], []),
        (["a", "bad", "b"], ["m1"]),
        (["bad1", "bad2"], ["m0", "m1"]),
        (["bad"], ["m0"]),
        ([], []),
    ],
)
def test_each_message_fails_or_goes_on_alone(queues: Queues, feeds: list[str], failed: list[str]) -> None:
    assert run(event(*map(poll, feeds))) == failed
    assert sorted(queues.sent()) == sorted(f"{feed} done" for feed in feeds if not feed.startswith("bad"))
    assert queues.letters() == []


def test_on_its_last_receive_a_message_is_buried_with_its_reason(queues: Queues) -> None:
    assert run(event(poll("bad"), poll("a"), receives=2)) == ["m0"]
    assert run(event(poll("bad"), poll("a"), receives=3)) == []
    assert queues.letters() == [
        {
            "stage": "fetch",
            "reason": "RuntimeError: bad   \\u2013 went wrong",
            "first_seen": "2024-07-12T12:00:00+00:00",
            "correlation_id": "poll.bad",
            "body": encode(poll("bad")),
        }
    ]


def test_what_is_done_after_a_batch_is_done_once_and_fails_none_of_it(queues: Queues) -> None:
    calls: list[list[str]] = []

    def after(edge: Edge) -> None:
        calls.append(list(done))
        raise RuntimeError("the ledger is away")

    done: list[str] = []

    def noted(message: Message, edge: Edge) -> Iterable[Message]:
        sent = list(work(message, edge))
        done.append(message.correlation_id)
        return sent

    answer = stage("fetch", FeedPoll, noted, after=after)(event(poll("a"), poll("bad"), poll("b")), None)
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["m1"]
    assert calls == [["poll.a", "poll.b"]]
    assert sorted(queues.sent()) == ["a done", "b done"]


def test_nothing_is_done_after_a_batch_that_died(queues: Queues) -> None:
    calls: list[str] = []

    def dies(_message: Message, _edge: Edge) -> Iterable[Message]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage("fetch", FeedPoll, dies, after=lambda edge: calls.append(edge.stage))(event(poll("a")), None)
    assert calls == []


ARTICLE = Article(
    feed_id="f",
    source="s",
    guid=None,
    url=None,
    link=None,
    title="",
    summary="",
    text="",
    published=ArticleTime(at=NOON, basis="missing"),
    updated=None,
    observed_at=NOON,
    content_hash="c",
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not json", "UndecodableError: not a message: JSON is malformed"),
        (
            encode(poll("a")).replace('"forced":false', '"forced":"no"'),
            "not a message: Expected `bool`, got `str` - at `$.body.forced`",
        ),
        (
            encode(Message(correlation_id="c", first_seen=NOON, body=ARTICLE)),
            "UndecodableError: this queue carries FeedPoll, not Article",
        ),
    ],
)
def test_what_is_no_message_is_buried_at_once_and_alone(queues: Queues, body: str, reason: str) -> None:
    assert run(event(poll("a"), body, poll("b"))) == []
    (letter,) = queues.letters()
    assert letter["body"] == body
    assert reason in letter["reason"]
    assert (letter["stage"], letter["correlation_id"]) == ("fetch", "unknown")
    assert letter["first_seen"] == "2024-07-12T12:00:00+00:00"  # when it was sent
    assert sorted(queues.sent()) == ["a done", "b done"]


def test_a_reason_of_any_length_is_buried_with_its_message(queues: Queues) -> None:
    def fails(message: Message, edge: Edge) -> Iterable[Message]:
        raise RuntimeError("x" * 300_000)

    answer = stage("fetch", FeedPoll, fails)(event(poll("a"), receives=3), None)
    assert answer == {"batchItemFailures": []}
    assert [letter["reason"] for letter in queues.letters()] == ["RuntimeError: " + "x" * 886]


def test_when_burying_fails_the_redrive_policy_is_left_to_do_it(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in ("", "https://sqs.us-east-1.amazonaws.com/123456789012/gone"):
        monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", url)
        assert run(event("poison", poll("a"), poll("bad"), receives=3)) == ["m0", "m2"]
    assert queues.letters() == []


def test_a_message_whose_results_are_refused_has_failed(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = FakeSqs()
    refusing.refuse = {"1"}
    sender = Sender(cast(Any, refusing), "queue", Objects(clients.s3, "bucket"))
    monkeypatch.setattr(Edge, "sender", sender)
    assert run(event(poll("a"), poll("b"), poll("c"))) == ["m1"]
    assert run(event(poll("a"), poll("b"), poll("c"), receives=3)) == []
    (letter,) = queues.letters()
    assert letter["reason"] == "SendError: a message not accepted by the queue: InternalError: try later"
    assert letter["correlation_id"] == "poll.b"


def test_a_result_that_cannot_be_sent_fails_its_own_message_only(queues: Queues) -> None:
    def mangle(message: Message, edge: Edge) -> Iterable[Message]:
        feed_id = cast(FeedPoll, message.body).feed_id
        return [poll("\ud800" if feed_id == "b" else feed_id)]

    answer = stage("fetch", FeedPoll, mangle)(event(poll("a"), poll("b"), poll("c")), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert sorted(queues.sent()) == ["a", "c"]


def test_without_a_queue_to_send_to_every_message_has_failed(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUT_QUEUE_URL")
    assert run(event(poll("a"), poll("b"))) == ["m0", "m1"]


def large_entry() -> Message:
    content = Markup(value="ü" * 100_000, html=False)
    body = Entry(feed_id="f", source="s", feed_url="u", observed_at=NOON, content=content)
    return Message(correlation_id="poll.1", first_seen=NOON, body=body)


def test_a_large_body_goes_through_the_bucket_and_arrives_whole(queues: Queues) -> None:
    Sender(queues.sqs, queues.out, Objects(clients.s3, "bucket")).send([large_entry()])
    (received,) = queues._all(queues.out)
    assert len(received["Body"]) < 400
    arrived: list[Message] = []

    def keep(message: Message, edge: Edge) -> Iterable[Message]:
        arrived.append(message)
        return ()

    assert stage("normalise", Entry, keep)(event(received["Body"]), None) == {"batchItemFailures": []}
    assert arrived == [large_entry()]


def test_a_claim_whose_body_is_gone_is_tried_again_and_then_buried(queues: Queues) -> None:
    claim = Message(correlation_id="c", first_seen=NOON, stored_at="claim/none.gz")
    assert run(event(claim, poll("a"))) == ["m0"]
    assert run(event(claim, poll("a"), receives=3)) == []
    (letter,) = queues.letters()
    assert letter["reason"].startswith("NoSuchKey")


def test_a_claim_to_something_else_is_buried_at_once(queues: Queues) -> None:
    key = Objects(clients.s3, "bucket").put("claim/", b"no record")
    assert run(event(Message(correlation_id="c", first_seen=NOON, stored_at=key))) == []
    (letter,) = queues.letters()
    assert letter["reason"].startswith("UndecodableError: not a message body: JSON is malformed")


def test_preparing_a_batch_can_fail_without_failing_it(queues: Queues) -> None:
    prepared: list[str] = []

    def prepare(messages: Sequence[Message], edge: Edge) -> None:
        prepared.extend(message.correlation_id for message in messages)
        raise RuntimeError("no answer")

    assert run(event(poll("a"), "poison", poll("b")), prepare) == []
    assert prepared == ["poll.a", "poll.b"]
    assert sorted(queues.sent()) == ["a done", "b done"]


def test_an_event_made_by_hand_needs_no_attributes(queues: Queues) -> None:
    happened = event(poll("bad"), "poison")
    for record in happened["Records"]:
        del record["attributes"]
    assert run(happened) == ["m0"]
    assert [letter["first_seen"] for letter in queues.letters()] == ["unknown"]


def test_a_message_that_is_delivered_twice_in_one_batch_is_worked_on_once(queues: Queues) -> None:
    happened = event(poll("a"), poll("bad"))
    happened["Records"] += [{**record, "receiptHandle": "another"} for record in happened["Records"]]
    assert run(happened) == ["m1"]
    assert queues.sent() == ["a done"]


@pytest.mark.parametrize(
    ("happened", "what"),
    [
        ({}, "missing required field `Records`"),
        (None, "Expected `object`, got `null`"),
        ([], "Expected `object`, got `array`"),
        ({"Records": "x"}, "Expected `array`, got `str` - at `$.Records`"),
        ({"Records": [1]}, "Expected `object`, got `int` - at `$.Records[0]`"),
        ({"Records": [{"body": "x"}]}, "missing required field `messageId` - at `$.Records[0]`"),
        ({"Records": [{"messageId": "m", "body": 1}]}, "Expected `str`, got `int` - at `$.Records[0].body`"),
        (
            {"Records": [{"messageId": "m", "body": "", "attributes": {"ApproximateReceiveCount": "x"}}]},
            "Expected `int`, got `str` - at `$.Records[0].attributes.ApproximateReceiveCount`",
        ),
        (
            {"Records": [{"messageId": "m", "body": "x"}, {"messageId": "m", "body": "y"}]},
            "`$.Records[1].messageId` is that of `$.Records[0]`",
        ),
    ],
)
def test_an_event_of_another_kind_is_refused_at_its_key(queues: Queues, happened: Any, what: str) -> None:
    with pytest.raises(EventError, match="^fetch takes an SQS event: .*" + re.escape(what)):
        run(happened)


def test_a_batch_with_nothing_large_makes_no_client_of_the_bucket(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "s3", lambda: pytest.fail("a client that nobody needs"))
    assert run(event(poll("a"))) == []
    assert queues.sent() == ["a done"]


def test_a_log_forgets_the_article_of_the_invocation_before(
    queues: Queues, capsys: pytest.CaptureFixture[str]
) -> None:
    def says(_: Sequence[Message], edge: Edge) -> None:
        edge.log.info("a new batch")

    forgetful = stage("forgetful", FeedPoll, work, says)
    for _ in range(2):
        forgetful(event(poll("a")), None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "a new batch" in line]
    assert [line.get("correlation_id") for line in lines] == [None, None]


def test_each_failure_is_logged_and_counted_under_its_own_name(
    queues: Queues, capsys: pytest.CaptureFixture[str]
) -> None:
    happened = event(poll("a"), poll("bad1"), "poison", poll("bad2"))
    stage("logged", FeedPoll, work)(happened, None)  # a logger of its own: one keeps its first stdout
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    logged = {
        line["message_id"]: line["correlation_id"]
        for line in lines
        if line.get("message") == "message failed"
    }
    assert logged == {"m1": "poll.bad1", "m2": "unknown", "m3": "poll.bad2"}
    (summary,) = (line for line in lines if line["message"] == "summary")
    assert (summary["service"], summary["Failures"], summary["DeadLetters"]) == ("logged", 3, 1)
    assert summary["failures"] == {"RuntimeError": 2, "UndecodableError": 1}


# --------------------------------------------------------------------------------- time and what is sent
class _Clock:
    """A context whose time runs out by so much with each look."""

    def __init__(self, left: float, a_look: float = 0) -> None:
        self._left = left
        self._a_look = a_look

    def get_remaining_time_in_millis(self) -> int:
        self._left -= self._a_look
        return int(self._left * 1000)


BUDGET = Budget(cpu_seconds=1, wall_seconds=4, memory=1, output=1)
NEEDED = BUDGET.wall_seconds + RESERVE_SECONDS


def test_no_message_is_begun_for_which_there_may_not_be_the_time(queues: Queues) -> None:
    handler = stage("fetch", FeedPoll, work, budget=BUDGET)
    happened = event(*map(poll, "abcde"), receives=3)  # its last delivery: and yet no dead letter
    answer = handler(happened, _Clock(NEEDED + 3, 1))
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m3", "m4"]
    assert sorted(queues.sent()) == ["a done", "b done", "c done"]
    assert queues.letters() == []


@pytest.mark.parametrize("context", [None, object(), _Clock(NEEDED)], ids=["none", "another", "enough"])
def test_with_time_enough_all_are_done(queues: Queues, context: Any) -> None:
    handler = stage("fetch", FeedPoll, work, budget=BUDGET)
    assert handler(event(*map(poll, "abc")), context) == {"batchItemFailures": []}
    assert len(queues.sent()) == 3


def test_results_are_sent_in_full_batches_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[int] = []
    calls: list[int] = []

    def send(_: Sender, messages: Iterable[Message], delay_seconds: int = 0) -> None:
        calls.append(len(list(messages)))

    def looks(message: Message, edge: Edge) -> Iterable[Message]:
        there.append(sum(calls))
        return work(message, edge)

    monkeypatch.setattr(Sender, "send", send)
    monkeypatch.setenv("OUT_QUEUE_URL", "https://out")
    monkeypatch.setenv("BUCKET_NAME", "bucket")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    stage("fetch", FeedPoll, looks)(event(*(poll(f"{number}") for number in range(25))), None)
    assert calls == [10, 10, 5]
    assert there == [0] * 10 + [10] * 10 + [20] * 5


def test_what_an_early_batch_was_refused_fails_its_own_messages(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Sender.send

    def refuses(self: Sender, messages: Iterable[Message], delay_seconds: int = 0) -> None:
        sent = list(messages)
        bad = [place for place, one in enumerate(sent) if cast(FeedPoll, one.body).feed_id == "3 done"]
        real(self, (one for place, one in enumerate(sent) if place not in bad), delay_seconds)
        if bad:
            raise SendError(dict.fromkeys(bad, "InternalError"))

    monkeypatch.setattr(Sender, "send", refuses)
    answer = stage("fetch", FeedPoll, work)(event(*(poll(f"{number}") for number in range(12))), None)
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m3"]
    assert sorted(queues.sent()) == sorted(f"{number} done" for number in range(12) if number != 3)
