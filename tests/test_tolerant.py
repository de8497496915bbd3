"""What is ours goes to its place, the rest is kept; of two the one in its place."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from newscast import tolerant
from newscast.extra import MAX_NESTING, NewerError, carried
from newscast.records import SCHEMA, Article, Enclosure, Entry, Extra, FullText, Markup, Message, Role, utc

NOON = utc("2024-07-12T12:00:00Z")
ENTRY = Entry(feed_id="f", source="s", feed_url="u", observed_at=NOON)


@pytest.mark.parametrize(
    ("given", "value", "extra"),
    [
        ({"value": "a"}, "a", UNSET),
        ({"value": "a", "dir": "rtl"}, "a", {"dir": "rtl"}),
        ({"value": "a", "dir": None}, "a", {"dir": None}),
        ({"value": "a", "extra": {"dir": "rtl"}}, "a", {"dir": "rtl"}),
        ({"extra": {"value": "a"}}, "a", UNSET),
        ({"value": "a", "extra": {"value": "b"}}, "a", UNSET),
        ({"value": "a", "dir": "ltr", "extra": {"dir": "rtl"}}, "a", {"dir": "ltr"}),
        ({"value": "a", "extra": {}}, "a", UNSET),
        ({"value": "a", "extra": None}, "a", UNSET),
        ({"value": "a", "extra": 7}, "a", {"extra": 7}),
        ({"value": "a", "extra": {"extra": {"dir": "rtl"}}}, "a", {"extra": {"dir": "rtl"}}),
        ({"value": "a", "record": "Telegram"}, "a", {"record": "Telegram"}),
    ],
)
def test_names_of_ours_go_to_their_place_and_others_into_extra(
    given: dict[str, Any], value: str, extra: Any
) -> None:
    read = tolerant.decode(json.dumps(given), Markup)
    assert read == Markup(value=value, extra=extra)
    assert tolerant.decode(msgspec.json.encode(read), Markup) == read


def test_a_name_is_known_as_it_is_written() -> None:
    read = tolerant.decode(b'{"from":"2024-01-01","start":"x"}', Role)
    assert (str(read.start), read.extra) == ("2024-01-01", {"start": "x"})


def test_what_is_said_of_a_record_goes_along_under_its_name() -> None:
    entry = msgspec.structs.replace(
        ENTRY,
        extra=Extra(tone=1),
        title=Markup(value="a", extra=Extra(dir="rtl")),
        enclosures=(Enclosure(url="u"), Enclosure(url="u", extra=Extra(alt="a"))),
    )
    made = carried(entry, FullText(outcome="same", extra=Extra(dir="ltr")))
    assert made.extra == {
        "dir": "ltr",
        "Entry": {"tone": 1, "title": {"dir": "rtl"}, "enclosures": [{}, {"alt": "a"}]},
    }
    assert carried(ENTRY, made) is made


def test_records_with_more_in_them_can_be_hashed() -> None:
    one, other = (Markup(value="a", extra=Extra(a=[number], b={})) for number in (1, 2))
    assert one != other
    assert len({one, other, Markup(value="a", extra=Extra(b={}, a=[1]))}) == 2


@pytest.mark.parametrize("raw", ["", "[]", "1", "null", '"x"', "{", "{}", "\ud800", '{"schema":true}'])
def test_what_is_no_message_is_a_decode_error(raw: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        tolerant.message(raw)


@pytest.mark.parametrize("schema", ["3", 3.5, None, 0, -1])
def test_a_schema_is_a_number_from_one(schema: object) -> None:
    told = {"schema": schema, "correlation_id": "c", "first_seen": "2024-07-12T12:00:00Z", "stored_at": "k"}
    with pytest.raises(msgspec.ValidationError, match="schema"):
        tolerant.message(json.dumps(told))


def test_a_body_is_newer_if_its_message_is() -> None:
    raw = msgspec.json.encode(ENTRY).replace(b'"full_text":null', b'"full_text":"perhaps"')
    with pytest.raises(msgspec.ValidationError, match="full_text"):
        tolerant.payload(raw)
    with pytest.raises(NewerError, match=f"schema {SCHEMA + 1}.*full_text"):
        tolerant.payload(raw, SCHEMA + 1)
    with pytest.raises(NewerError, match="'Telegram'"):
        tolerant.payload(raw.replace(b'"Entry"', b'"Telegram"'))


def test_a_stored_record_of_a_known_kind_needs_no_tag_and_takes_no_other() -> None:
    raw = msgspec.json.encode(ENTRY)
    assert tolerant.decode(raw.replace(b'"record":"Entry",', b'"tone":1,'), Entry).extra == {"tone": 1}
    with pytest.raises(msgspec.ValidationError):
        tolerant.decode(raw, Article)


def test_what_goes_on_says_the_newest_schema_that_had_a_part_in_it() -> None:
    for schema in (1, SCHEMA, SCHEMA + 1):
        message = Message(schema=schema, correlation_id="c", first_seen=NOON, body=ENTRY, extra=Extra(hops=1))
        on = message.carrying(ENTRY, 3)
        assert (on.schema, on.extra, on.correlation_id) == (max(schema, SCHEMA), {"hops": 1}, "c.3")


@pytest.mark.parametrize(
    "wrap", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["lists", "objects"]
)
def test_a_field_that_we_do_not_know_may_be_nested_so_deep_and_no_deeper(wrap: Any) -> None:
    nested: Any = 1
    for _ in range(MAX_NESTING - 1):
        nested = wrap(nested)
    assert tolerant.decode(json.dumps({"value": "a", "newer": nested}), Markup).extra == {"newer": nested}
    with pytest.raises(msgspec.ValidationError, match="nested deeper"):
        tolerant.decode(json.dumps({"value": "a", "newer": wrap(nested)}), Markup)


def test_a_body_with_a_field_more_is_read() -> None:
    raw = msgspec.json.encode(ENTRY).replace(b'"record":"Entry",', b'"record":"Entry","tone":1,')
    assert tolerant.payload(raw) == msgspec.structs.replace(ENTRY, extra=Extra(tone=1))
