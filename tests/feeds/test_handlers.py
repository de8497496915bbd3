"""The doors: which feeds are due, and a batch of polls, on queues and a table of moto."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from newscast.articles.grants import Grants
from newscast.aws import clients
from newscast.aws.sender import Sender, SendError
from newscast.feeds.feed import Feed, feed_id, new_feed
from newscast.feeds.rows import Due
from newscast.feeds.table import Feeds
from newscast.feeds.turns import Turns
from newscast.handlers import fetch, schedule
from newscast.records import Entry, FeedPoll, Message, Regroup
from newscast.web.lease import Leases
from newscast.web.loopback import open_loopback
from tests.feeds.world import conditional, feeds_on_moto, item, rss
from tests.web.publisher import Publisher, Request, reply, serving

FEED = rss(item(1), item(2))


class Stack:
    """Queues, a table and a publisher."""

    def __init__(self, feeds: Feeds, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
        self.feeds = feeds
        self.publisher = publisher
        self.sqs = boto3.client("sqs", region_name="us-east-1")
        self.urls = {
            name: self.sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("feeds", "entries", "records", "dead")
        }
        self.environment = monkeypatch
        for name, value in {
            "TABLE_NAME": "t",
            "BUCKET_NAME": "b",
            "FEED_QUEUE_URL": self.urls["feeds"],
            "RECORD_QUEUE_URL": self.urls["records"],
            "DEAD_LETTER_QUEUE_URL": self.urls["dead"],
            "HOST_GAP_SECONDS": "0",
        }.items():
            monkeypatch.setenv(name, value)

    def subscribe(self, *urls: str) -> list[Feed]:
        made = [new_feed(url, datetime.now(UTC)) for url in urls]
        for feed in made:
            self.feeds.add(feed)
        return made

    def round(self, event: dict[str, Any] | None = None) -> dict[str, Any]:
        self.environment.setenv("OUT_QUEUE_URL", self.urls["feeds"])
        return schedule.handler(event or {}, None)

    def fetch(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        self.environment.setenv("OUT_QUEUE_URL", self.urls["entries"])
        return fetch.handler({"Records": records}, None)

    def received(self, queue: str) -> list[Message]:
        import msgspec

        found = self.sqs.receive_message(QueueUrl=self.urls[queue], MaxNumberOfMessages=10).get(
            "Messages", []
        )
        return [msgspec.json.decode(message["Body"], type=Message) for message in found]


def record(message: Message, number: int = 1) -> dict[str, Any]:
    from newscast.aws.sender import encode

    return {
        "messageId": f"m{number}",
        "receiptHandle": "r",
        "body": encode(message),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1720785600000"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:feeds",
        "awsRegion": "us-east-1",
    }


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with feeds_on_moto() as feeds, serving() as publisher:
        clients.forget()
        publisher.says("/feed", conditional(FEED))
        with open_loopback("site.example", publisher.port), open_loopback("other.example", publisher.port):
            yield Stack(feeds, publisher, monkeypatch)
        clients.forget()


def test_due_feeds_are_sent_once_and_their_entries_come_out(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = stack.subscribe("http://site.example/feed", "http://other.example/feed")
    assert stack.round() == {"due": 2, "sent": 2}
    assert stack.round() == {"due": 0, "sent": 0}  # claimed
    polls = stack.received("feeds")
    assert {poll.body.feed_id for poll in polls if isinstance(poll.body, FeedPoll)} == {
        one.feed_id,
        other.feed_id,
    }
    answer = stack.fetch([record(poll, number) for number, poll in enumerate(polls)])
    assert answer == {"batchItemFailures": []}
    sent = stack.received("entries")
    assert sorted(message.correlation_id for message in sent) == sorted(
        f"{poll.correlation_id}.{part}" for poll in polls for part in range(2)
    )
    assert all(isinstance(message.body, Entry) for message in sent)
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "polled" in line]
    assert {(line["feed_id"], line["outcome"], line["status"], line["entries"]) for line in logged} == {
        (one.feed_id, "changed", 200, 2),
        (other.feed_id, "changed", 200, 2),
    }
    row = stack.feeds.get(one.feed_id)
    assert row
    assert (row.feed.state.etag, row.asked) == ('"1"', 1)


def test_a_poll_knows_whether_others_wait_for_its_host(stack: Stack) -> None:
    urls = ["http://site.example/feed", "http://other.example/feed", "http://other.example/second"]
    alone, *_ = stack.subscribe(*urls)
    stack.round()
    told = {poll.body.feed_id: poll.body.alone for poll in stack.received("feeds") if poll.body}  # type: ignore[union-attr]
    assert told == {feed_id(url): url == urls[0] for url in urls}
    stack.round({"feed_ids": [alone.feed_id]})
    (poll,) = stack.received("feeds")
    assert isinstance(poll.body, FeedPoll)
    assert not poll.body.alone  # the schedule may have asked for it too


def test_polls_of_one_host_that_a_person_asks_for_come_a_gap_and_an_answer_apart(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = ["http://site.example/feed", "http://other.example/feed", "http://site.example/second"]
    ids = [feed.feed_id for feed in stack.subscribe(*urls)]
    stack.environment.setenv("HOST_GAP_SECONDS", "5")
    sent: list[tuple[int, list[str]]] = []

    def send(self: Sender, messages: Iterable[Message], delay_seconds: int = 0) -> None:
        polls = [message.body for message in messages]
        sent.append((delay_seconds, [poll.feed_id for poll in polls if isinstance(poll, FeedPoll)]))

    monkeypatch.setattr(Sender, "send", send)
    assert stack.round({"feed_ids": [*ids, "f0"]}) == {"due": 4, "sent": 4}
    assert sent == [(0, [ids[0], ids[1], "f0"]), (6, [ids[2]])]


def test_a_claim_that_fails_stops_no_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feeds = stack.subscribe(*(f"http://site{number}.example/feed" for number in range(5)))
    bad = feeds[2].feed_id
    claim = Turns.claim

    def throttled(self: Turns, due: Due, until: datetime, now: datetime, stretch: float) -> str | None:
        if due.feed_id == bad:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "UpdateItem")
        return claim(self, due, until, now, stretch)

    with monkeypatch.context() as patch:
        patch.setattr(Turns, "claim", throttled)
        assert stack.round() == {"due": 5, "sent": 4}
    printed = capsys.readouterr().out
    logged = [json.loads(line) for line in printed.splitlines() if "claim failed" in line]
    assert [line["feed_id"] for line in logged] == [bad]
    assert '"ClaimsFailed":1,' in printed
    assert stack.round() == {"due": 1, "sent": 1}


def test_an_undoing_that_fails_stops_no_other(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds = stack.subscribe(*(f"http://site{number}.example/feed" for number in range(3)))
    now = datetime.now(UTC)
    take_back = Turns.take_back
    undone: list[str] = []

    def broken(self: Turns, feed_id: str, until: datetime, at: datetime) -> None:
        undone.append(feed_id)
        if len(undone) == 1:
            raise ConnectTimeoutError(endpoint_url="https://dynamodb.example")
        take_back(self, feed_id, until, at)

    def refuse(*_: object, **__: object) -> None:
        raise SendError({0: "InternalError", 1: "InternalError", 2: "InternalError"})

    with monkeypatch.context() as patch:
        patch.setattr(Turns, "take_back", broken)
        patch.setattr(Sender, "send", refuse)
        assert stack.round() == {"due": 3, "sent": 0}
    assert len(undone) == 3
    assert stack.round() == {"due": 2, "sent": 2}
    # What was taken back was no poll; the one that could not be, is one that nobody heard of.
    asked = [row.asked for row in stack.feeds.several([feed.feed_id for feed in feeds])]
    assert asked == [1, 1, 1]
    today = now.date()
    days = [stack.feeds.coverage(feed.feed_id, today, today + timedelta(days=1)) for feed in feeds]
    assert [sum(day.polls for day in each) for each in days] == [1, 1, 1]


def test_a_round_that_runs_out_of_time_leaves_the_rest_to_the_next(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late:
        def get_remaining_time_in_millis(self) -> int:
            return schedule.RESERVE_MS - 1

    stack.subscribe(*(f"http://site{number}.example/feed" for number in range(5)))
    monkeypatch.setattr(schedule, "CHUNK", 2)
    monkeypatch.setenv("OUT_QUEUE_URL", stack.urls["feeds"])
    assert schedule.handler({}, Late()) == {"due": 2, "sent": 2}
    assert stack.round() == {"due": 3, "sent": 3}


def test_a_poll_that_was_not_made_is_not_counted_as_one(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = FeedPoll(feed_id="f0", poll_id="p", asked_at=datetime.now(UTC))
    missing = Message(correlation_id="p", first_seen=asked.asked_at, body=asked)
    assert stack.fetch([record(missing)]) == {"batchItemFailures": []}
    printed = capsys.readouterr().out
    assert '"outcome":"skipped"' in printed
    assert '"Polled"' not in printed


def test_a_poll_that_failed_is_silence_and_not_counted_as_answered(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.subscribe("http://site.example/gone")  # the publisher answers 404
    stack.round()
    capsys.readouterr()
    assert stack.fetch([record(poll) for poll in stack.received("feeds")]) == {"batchItemFailures": []}
    (summary,) = (line for line in capsys.readouterr().out.splitlines() if '"summary"' in line)
    assert "Polled" not in json.loads(summary)
    assert json.loads(summary)["Failures"] == 1


def test_feeds_can_be_asked_for_by_name(stack: Stack) -> None:
    (feed,) = stack.subscribe("http://site.example/feed")
    stack.round()
    assert stack.round({"feed_ids": [feed.feed_id, feed.feed_id]}) == {"due": 1, "sent": 1}
    forced = [poll.body.forced for poll in stack.received("feeds") if isinstance(poll.body, FeedPoll)]
    assert sorted(forced) == [False, True]
    with pytest.raises(ValueError, match="list of feed ids"):
        stack.round({"feed_ids": "all"})


def test_a_poll_that_fails_by_our_fault_fails_alone(stack: Stack) -> None:
    (feed,) = stack.subscribe("http://site.example/feed")
    now = datetime.now(UTC)

    def poll(feed_id: str) -> Message:
        body = FeedPoll(feed_id=feed_id, poll_id=f"p-{feed_id}", asked_at=now)
        return Message(correlation_id=body.poll_id, first_seen=now, body=body)

    # A row that nobody can decode is our bug; an unknown feed is none.
    stack.feeds._dynamodb.put_item(
        TableName="t",
        Item={"PK": {"S": "FEED#fbad"}, "SK": {"S": "META"}, "feed": {"S": "{}"}, "version": {"N": "1"}},
    )
    answer = stack.fetch(
        [record(poll(name), place) for place, name in enumerate(["fbad", "f0", feed.feed_id])]
    )
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert len(stack.received("entries")) == 2


def test_a_busy_host_sends_its_poll_back_with_a_delay(stack: Stack) -> None:
    stack.environment.setenv("HOST_GAP_SECONDS", "5")
    (feed,) = stack.subscribe("http://site.example/feed")
    now = datetime.now(UTC)
    Leases(stack.feeds._dynamodb, "t").take("site.example", "another fetcher", now, timedelta(seconds=60))
    poll = FeedPoll(feed_id=feed.feed_id, poll_id="p", asked_at=now)
    answer = stack.fetch([record(Message(correlation_id="p", first_seen=now, body=poll))])
    assert answer == {"batchItemFailures": []}  # so that no receive count runs out
    assert stack.publisher.requests == []
    waiting = stack.sqs.get_queue_attributes(
        QueueUrl=stack.urls["feeds"], AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )["Attributes"]
    assert waiting["ApproximateNumberOfMessagesDelayed"] == "1"


def test_a_page_that_names_a_feed_grants_it_the_site_and_a_batch_asks_two(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    def named(request: Request) -> bytes:
        number = request.headers["host"].removeprefix("v").partition(".")[0]
        link = f'<link rel=alternate type="application/rss+xml" href="http://site{number}.example/feed">'
        return reply(200, f"<head>{link}".encode(), "Content-Type: text/html")

    def feed(request: Request) -> bytes:
        number = request.headers["host"].removeprefix("site").partition(".")[0]
        return reply(200, rss(item(1, link=f"http://v{number}.example/1")))

    stack.publisher.says("/feed", feed)
    stack.publisher.says("/", named)
    grants = Grants(stack.feeds._dynamodb, "t")
    with ExitStack() as opened:
        for host in (f"{name}{number}.example" for name in ("site", "v") for number in range(3)):
            opened.enter_context(open_loopback(host, stack.publisher.port))
        feeds = stack.subscribe(*(f"http://site{number}.example/feed" for number in range(3)))
        ids = [feed.feed_id for feed in feeds]
        for expected in (2, 3):  # what is left over is asked by a later poll that brings entries
            stack.round({"feed_ids": ids})
            polls = stack.received("feeds")
            assert len(polls) == 3
            records = [record(poll, number) for number, poll in enumerate(polls)]
            assert stack.fetch(records) == {"batchItemFailures": []}
            assert len(grants.several(ids)) == expected
            stack.publisher.says("/feed", lambda request: feed(request).replace(b"Title 1", b"Title A"))
    wanted = {message.body for message in stack.received("records")}  # of the store, to group anew
    assert {body.feed_id for body in wanted if isinstance(body, Regroup)} == set(ids)
    (found,) = grants.of(ids[0]).grants
    assert (found.scope, found.why, found.evidence) == ("v0.example", "named", "http://v0.example/")
    assert capsys.readouterr().out.count('"message":"named"') == 3
