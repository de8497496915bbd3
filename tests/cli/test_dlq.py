"""Dead letters as a person meets them: looked at without loss, sent again, stored once all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from newscast.aws import clients, dead_letters
from newscast.aws.dead_letters import NO_ANSWER, DeadLetters
from newscast.cli import main, place
from newscast.local.stack import Stack
from newscast.normalise import guarded
from tests.flow.feeds import heads, poll, published, rss, stack, waiting

Out = pytest.CaptureFixture[str]

RECORD = json.loads((place.ROOT / "events" / "store.json").read_text(encoding="utf-8"))["Records"][0]["body"]
FAILED_CALL = json.dumps(
    {
        "timestamp": "2024-07-12T12:00:00Z",
        "requestPayload": {},
        "responsePayload": {"errorType": "SettingsError", "errorMessage": "TABLE_NAME is not set"},
    }
)


def bury(opened: Stack, queue: str, body: str, **attributes: str) -> None:
    clients.sqs().send_message(
        QueueUrl=opened.deployment.queues[queue].url,
        MessageBody=body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )


def of(opened: Stack, sqs: Any = None) -> DeadLetters:
    urls = {name: queue.url for name, queue in opened.deployment.queues.items()}
    return DeadLetters(sqs or clients.sqs(), urls)


def test_what_failed_is_listed_mended_sent_again_and_stored_once(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    where = ["--data", str(data)]
    whole = guarded.read

    def broken(entry: Any, *more: Any) -> Any:
        if entry.guid in ("one-3", "one-7"):
            raise LookupError("no such table")
        return whole(entry, *more)

    with published(tmp_path / "site", one=rss(9, "one")) as urls, stack(data) as opened:
        monkeypatch.setattr(guarded, "read", broken)
        monkeypatch.setattr(guarded, "read_many", lambda entries, _: [None] * len(entries))
        bury(opened, "ArticleQueue", "{poison")
        poll(opened, urls)
        assert len(heads(opened)) == 7
    assert main(["dlq", "list", *where]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert next(line for line in listed if "2 letters since" in line).endswith("LookupError: no such table")
    assert any("Entry Report 3: " in line for line in listed)
    assert main(["dlq", "list", "--json", *where]) == 0
    letters = {each["what"]: each for each in map(json.loads, capsys.readouterr().out.splitlines())}
    assert sorted(each["stage"] for each in letters.values()) == ["normalise", "normalise", "tag"]
    assert letters["{poison"]["reason"].startswith("UndecodableError: not a message")

    monkeypatch.setattr(guarded, "read", whole)
    poisoned = letters.pop("{poison")
    one, other = letters.values()
    assert main(["dlq", "replay", one["id"][:12], *where]) == 0
    assert capsys.readouterr().out == "1 letter sent again\n"
    assert main(["dlq", "replay", "--stage", "normalise", *where]) == 0
    assert main(["dlq", "replay", "--stage", "normalise", *where]) == 0
    assert capsys.readouterr().out == "1 letter sent again\n0 letters sent again\n"
    assert main(["dlq", "replay", other["id"], *where]) == 1
    assert f"no letter {other['id']}" in capsys.readouterr().err
    with stack(data) as opened:
        opened.drain()
        assert list(heads(opened).values()) == [1] * 9
        assert waiting(opened) == {"TagDeadLetters": 1}

    assert main(["dlq", "replay", "--all", *where]) == 0
    with stack(data) as opened:
        opened.drain()
        (letter,) = opened.dead_letters()
        assert (letter.body, letter.reason) == ("{poison", poisoned["reason"])


class Cut:
    """SQS whose connection is cut when letters are deleted."""

    def delete_message_batch(self, **_: Any) -> Any:
        raise ConnectionError("cut")

    def __getattr__(self, name: str) -> Any:
        return getattr(clients.sqs(), name)


def test_a_replay_that_is_cut_off_loses_nothing_and_stores_nothing_twice() -> None:
    with stack() as opened:
        bury(opened, "StoreDeadLetters", RECORD)
        cut = of(opened, cast(Any, Cut()))
        with pytest.raises(ConnectionError), cut.held() as letters:
            cut.again(letters)
        assert waiting(opened) == {"StoreDeadLetters": 1, "RecordQueue": 1}
        with of(opened).held("store") as letters:
            assert of(opened).again(letters) == (1, {})
        opened.drain()
        assert list(heads(opened).values()) == [1]
        assert waiting(opened) == {}


def test_a_look_leaves_every_letter_visible() -> None:
    with stack() as opened:
        for number in range(23):
            bury(opened, "TagDeadLetters", f"letter {number}")
        with of(opened).held() as letters:
            assert len({letter.id for letter in letters}) == 23
            assert opened.depths()["TagDeadLetters"].visible == 0
        assert opened.depths()["TagDeadLetters"].visible == 23


def test_more_letters_than_are_held_at_once_are_told_of_and_all_sent_again(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "MAX_HELD", 10)
    with stack(tmp_path) as opened:
        for number in range(23):
            bury(opened, "TagDeadLetters", f"letter {number}")
        bury(opened, "StoreDeadLetters", RECORD)
    assert main(["dlq", "list", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert (len(said.out.splitlines()), said.err) == (13, "newscast dlq: 13 more are not shown\n")
    assert main(["dlq", "replay", "--all", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "24 letters sent again\n"
    with stack(tmp_path) as opened:
        assert waiting(opened) == {"ArticleQueue": 23, "RecordQueue": 1}


def test_letters_that_come_back_at_once_are_left_for_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "MAX_HELD", 10)
    with stack() as opened:
        for number in range(12):
            bury(opened, "TagDeadLetters", f"letter {number}")
        seen = 0
        for letters in of(opened).rounds("tag"):
            seen += len(letters)
            assert of(opened).again(letters) == (len(letters), {})
            for letter in letters:
                bury(opened, "TagDeadLetters", letter.body)
        assert seen == 20
        assert waiting(opened)["TagDeadLetters"] == 12


@pytest.mark.parametrize(
    ("queue", "body", "attributes", "reason", "what"),
    [
        ("StoreDeadLetters", RECORD, {}, NO_ANSWER, "TaggedArticle US and Russian defense chiefs speak by"),
        ("ScheduleDeadLetters", FAILED_CALL, {}, "SettingsError: TABLE_NAME is not set", "a call with {}"),
        (
            "ScheduleDeadLetters",
            "{}",
            {"ERROR_CODE": "AccessDenied", "ERROR_MESSAGE": "not allowed"},
            "AccessDenied: not allowed",
            "{}",
        ),
        ("TagDeadLetters", "\x1b[31m\nred", {"stage": "tag", "reason": "bad"}, "bad", "[31m red"),
        (
            "TagDeadLetters",
            '{"correlation_id":"c","first_seen":"2024-07-12T12:00:00Z","stored_at":"claim/x.gz"}',
            {},
            NO_ANSWER,
            "a body at claim/x.gz",
        ),
        ("TagDeadLetters", '{"body":{"record":"Entry","title":7,"article":"x"}}', {}, NO_ANSWER, "Entry 7"),
    ],
)
def test_a_letter_says_why_and_what_it_is_about(
    queue: str, body: str, attributes: dict[str, str], reason: str, what: str
) -> None:
    with stack() as opened:
        bury(opened, queue, body.replace("\x1b", "\t"), **attributes)
        with of(opened).held() as (letter,):
            assert letter.about.reason == reason
            assert letter.what.strip().startswith(what)
            assert letter.about.stage == queue.removesuffix("DeadLetters").lower()


def test_a_letter_of_the_schedule_is_removed_since_the_next_round_does_its_work(
    tmp_path: Path, capsys: Out
) -> None:
    with stack(tmp_path) as opened:
        bury(opened, "ScheduleDeadLetters", FAILED_CALL)
    assert main(["dlq", "replay", "--all", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 letter of the schedule removed: its next round finds the same feeds",
        "0 letters sent again",
    ]
    with stack(tmp_path) as opened:
        assert waiting(opened) == {}


# ------------------------------------------------------------------------------ a deployed stack
DEPLOYED = {
    "Resources": {
        "FetchDeadLetters": {"Type": "AWS::SQS::Queue"},
        "FeedQueue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "RedrivePolicy": {
                    "deadLetterTargetArn": {"Fn::GetAtt": ["FetchDeadLetters", "Arn"]},
                    "maxReceiveCount": 5,
                }
            },
        },
    }
}


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A stack in an account (moto's own queues); the URLs of its queues by logical id."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        clients.forget()
        boto3.client("cloudformation").create_stack(StackName="news", TemplateBody=json.dumps(DEPLOYED))
        yield place.deployed_queues("news")
    clients.forget()


def test_the_letters_of_a_deployed_stack(deployed: dict[str, str], capsys: Out) -> None:
    sqs = clients.sqs()
    for number in range(12):
        sqs.send_message(QueueUrl=deployed["FetchDeadLetters"], MessageBody=f"poll {number}")
    assert main(["dlq", "list", "--stack", "news"]) == 0
    assert "fetch: 12 letters since 20" in capsys.readouterr().out
    assert main(["dlq", "replay", "--stage", "fetch", "--stack", "news"]) == 0
    assert capsys.readouterr().out == "12 letters sent again\n"
    counts = {
        name: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        for name, url in deployed.items()
    }
    assert counts["FeedQueue"]["ApproximateNumberOfMessages"] == "12"
    assert counts["FetchDeadLetters"]["ApproximateNumberOfMessages"] == "0"
    assert main(["dlq", "list", "--stack", "other"]) == 1
    assert "--stack other: " in capsys.readouterr().err
