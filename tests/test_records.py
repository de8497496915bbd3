"""What travels is closed, frozen and in UTC."""

from datetime import UTC, datetime

import msgspec
import pytest
from msgspec import structs

from newscast import records
from newscast.records import FeedPoll, Message, Record, Timed

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)
POLL = FeedPoll(feed_id="f1", poll_id="p1", asked_at=NOON)
MESSAGE = Message(correlation_id="p1", first_seen=NOON, body=POLL)
WIRE = msgspec.json.encode(MESSAGE).decode()


def test_a_message_comes_back_as_it_went() -> None:
    assert msgspec.json.decode(WIRE, type=Message) == MESSAGE


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (WIRE.replace('"forced":false', '"forced":false,"colour":"red"'), "unknown field `colour`"),
        (WIRE.replace("12:00:00Z", "12:00:00"), "timezone component"),
        (WIRE.replace("12:00:00Z", "12:00:00+02:00"), "must be a time in UTC"),
        (WIRE.replace('"feed_id":"f1"', '"feed_id":""'), "length >= 1"),
        (WIRE.replace('"FeedPoll"', '"Telegram"'), "Telegram"),
        ('{"correlation_id":"p1","first_seen":"2024-07-12T12:00:00Z"}', "either a body or a stored_at key"),
    ],
)
def test_what_is_not_a_record_is_refused_by_name(changed: str, complaint: str) -> None:
    assert changed != WIRE
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.json.decode(changed, type=Message)


def test_every_record_that_holds_a_time_is_checked() -> None:
    kept = [one for one in vars(records).values() if isinstance(one, type) and issubclass(one, Record)]
    timed = {
        one for one in kept if any("datetime.datetime" in repr(field.type) for field in structs.fields(one))
    }
    assert {FeedPoll, Message} < timed
    assert all(issubclass(one, Timed) for one in timed)


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        POLL.feed_id = "f2"  # type: ignore[misc]
