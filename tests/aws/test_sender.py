"""Sending: every limit kept, every character carried, every failure named and no mate taken along."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscast.aws import sender
from newscast.aws.objects import Objects
from newscast.aws.sender import Sender, SendError, encode
from newscast.records import Entry, FeedPoll, Markup, Message, Payload
from tests.aws.fake_bucket import FakeBucket
from tests.aws.fake_sqs import FakeSqs

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)


def message(text: str = "poll", body: Payload | None = None) -> Message:
    poll = FeedPoll(feed_id=text, poll_id="p", asked_at=NOON)
    return Message(correlation_id="p.1", first_seen=NOON, body=body or poll)


def entry(size: int) -> Message:
    found = Entry(
        feed_id="f", source="s", feed_url="u", observed_at=NOON, content=Markup(value="x" * size, html=False)
    )
    return message(body=found)


def to(sqs: FakeSqs, bucket: FakeBucket | None = None) -> Sender:
    bucket = bucket or FakeBucket()
    return Sender(cast(Any, sqs), "queue", Objects(lambda: cast(Any, bucket), "bucket"))


@pytest.mark.parametrize(
    ("sizes", "batches"),
    [
        ([], []),
        ([10], [1]),
        ([10] * 10, [10]),
        ([10] * 25, [10, 10, 5]),
        ([100_000] * 5, [2, 2, 1]),
        ([199_000, 199_000, 10], [1, 2]),
        ([300_000] * 12, [10, 2]),  # claim checks are small
    ],
)
def test_messages_go_in_as_few_calls_as_the_limits_allow(sizes: list[int], batches: list[int]) -> None:
    sqs = FakeSqs()
    to(sqs).send(entry(size) for size in sizes)
    assert [len(call) for call in sqs.calls] == batches


@settings(max_examples=40)
@given(st.lists(st.integers(0, 210_000), max_size=30))
def test_no_call_is_too_large_and_order_is_kept(sizes: list[int]) -> None:
    sqs, sent = FakeSqs(), [entry(size) for size in sizes]
    to(sqs).send(sent)
    for call in sqs.calls:
        assert len(call) <= 10
        assert sum(len(part["MessageBody"]) for part in call) <= 262_144
    assert [part["Id"] for call in sqs.calls for part in call] == [str(place) for place in range(len(sent))]


@pytest.mark.parametrize(
    "text", ["é", "Привет, мир", "🌍🏽 \U0010ffff", "\x00\x0b\x1f\x7f", "\ufffe\uffff", "\\u00e9", '"']
)
def test_every_character_is_carried_in_ascii(text: str) -> None:
    body = encode(message(text))
    assert body.isascii()
    assert min(body) >= " "  # SQS takes the characters of XML 1.0
    assert msgspec.json.decode(body, type=Message) == message(text)


@given(st.text(min_size=1))
def test_any_text_comes_back(text: str) -> None:
    assert msgspec.json.decode(encode(message(text)), type=Message) == message(text)


def test_a_message_that_is_no_json_fails_alone() -> None:
    sqs = FakeSqs()
    with pytest.raises(SendError, match="a message not accepted by the queue: UnicodeEncodeError") as error:
        to(sqs).send([message("a"), message("half a pair \ud800"), message("b")])
    assert list(error.value.failed) == [1]
    assert len(sqs.bodies()) == 2


def test_entries_that_the_queue_refuses_are_named() -> None:
    sqs = FakeSqs()
    sqs.refuse = {"3", "11"}
    with pytest.raises(
        SendError, match="2 messages not accepted by the queue: InternalError: try later"
    ) as error:
        to(sqs).send(message() for _ in range(12))
    assert set(error.value.failed) == {3, 11}
    assert len(sqs.bodies()) == 10


def test_when_a_call_fails_what_was_accepted_stays_accepted_and_the_rest_is_not_tried() -> None:
    sqs = FakeSqs()
    sqs.down_after = 1
    with pytest.raises(SendError, match="ConnectionError: no answer") as error:
        to(sqs).send(message() for _ in range(35))
    assert set(error.value.failed) == set(range(10, 35))


def test_a_body_without_room_in_the_bucket_fails_alone() -> None:
    class FullBucket(FakeBucket):
        def put_object(self, **_: Any) -> Any:
            raise PermissionError("AccessDenied")

    sqs = FakeSqs()
    with pytest.raises(SendError) as error:
        to(sqs, FullBucket()).send([entry(10), entry(300_000), entry(10)])
    assert error.value.failed == {1: "PermissionError: AccessDenied"}
    assert len(sqs.bodies()) == 2


def test_a_large_body_is_in_the_bucket_and_its_message_says_where() -> None:
    sqs, bucket = FakeSqs(), FakeBucket()
    large = entry(sender.SAFE_BYTES)
    to(sqs, bucket).send([large, large])
    claims = [msgspec.json.decode(body, type=Message) for body in sqs.bodies()]
    (key,) = bucket.bodies  # the same body twice is one object
    assert {claim.stored_at for claim in claims} == {key}
    assert key.startswith("claim/")
    assert (
        msgspec.json.decode(Objects(lambda: cast(Any, bucket), "bucket").get(key), type=Entry) == large.body
    )
    assert (claims[0].correlation_id, claims[0].first_seen) == (large.correlation_id, large.first_seen)
