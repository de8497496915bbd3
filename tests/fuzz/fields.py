"""What stands in the small fields of an entry, and JSON of messages that somebody else wrote."""

from __future__ import annotations

import json

import msgspec

from newscast.records import Entry, Markup, Message, utc
from tests.fuzz.shape import Make, Shape, numbered, repeated

FIELDS = {
    # name: (field, piece, what stands between pieces where the field is a list; "" for one value)
    "a title of words": ("title", "The minister said ", ""),
    "a title that ends in its feed's name, again and again": ("title", " - News", ""),
    "a title of dashes": ("title", " - ", ""),
    "a feed's name without an end": ("feed_title", "News ", ""),
    "a feed's name of marks": ("feed_title", ".*(a+)+", ""),
    "an author of words": ("authors", "Anna Moss ", ""),
    "an author of and": ("authors", "Anna Moss and ", ""),
    "an author of commas": ("authors", "Anna, ", ""),
    "an author of addresses": ("authors", "a@a.", ""),
    "an author of addresses in brackets": ("authors", "a@a (a) ", ""),
    "an author of angle brackets": ("authors", "a <a@a.org> ", ""),
    "an author of brackets": ("authors", "(", ""),
    "an author of slashes": ("authors", "AFP/", ""),
    "an author of by": ("authors", "by by ", ""),
    "an author of spaces": ("authors", " a", ""),
    "an author of desks": ("authors", "staff writer ", ""),
    "many authors": ("authors", "Anna {u}", "|"),
    "many authors of one letter": ("authors", "{n}", "|"),
    "many agencies": ("authors", "AFP", "|"),
    "many categories": ("categories", "{u}", "|"),
    "many categories of one letter": ("categories", "a", "|"),
    "one long category": ("categories", "a ", ""),
    "a link of directories": ("link", "a/../", ""),
    "a link of percents": ("link", "%2525", ""),
    "a link of parameters": ("link", "&utm_a=b", ""),
    "a link of amp": ("link", "/amp", ""),
    "a link in a link": ("link", "/url?q=https://google.com", ""),
    "a link of ampersands": ("link", "&amp;amp;", ""),
    "a link of letters": ("link", "ß", ""),
    "a declared language": ("language", "en-", ""),
    "a date of digits": ("date", "1", ""),
    "a date of months": ("date", "jan ", ""),
    "a date of clocks": ("date", "12:12:12 ", ""),
    "a date of zones": ("date", "Europe/", ""),
    "a date of offsets": ("date", "+01:00", ""),
    "many enclosures": ("enclosures", "https://example.org/{l}.mp3", "|"),
    "enclosures in each other": ("enclosures", "https://example.org/", ""),
}
ENTRY = Entry(
    feed_id="f",
    source="example.org",
    feed_url="https://example.org/rss",
    observed_at=utc("2024-07-12T20:00:00Z"),
    title=Markup(value="Ministers meet in Geneva"),
)
MESSAGE = msgspec.to_builtins(
    Message(body=ENTRY, first_seen=ENTRY.observed_at, correlation_id="c"), str_keys=True
)
DEEP = {
    # what stands again and again, and how it is closed
    "lists in lists": ("[", "]"),
    "objects in objects": ('{"a":', "}"),
    "lists in objects": ('{"a":[', "]}"),
    "lists in lists, never closed": ("[", ""),
    "objects in objects, never closed": ('{"a":', ""),
    "lists beside lists": ("[],", ""),
}
WIDE = {
    "fields that nobody knows": '"f{n}": {n}, ',
    "one field again and again": '"a": 1, ',
    "text that is escaped": '"a": "\\u0041\\u0042", ',
    "numbers": '"a{n}": 1e400, ',
    "digits": '"a{n}": 12345678901234567890123456789012345678901234567890, ',
    "halves of characters": '"a{n}": "\\ud83d", ',
}
PLACES = ("", "body", "extra", "body.title", "body.extra", "requestPayload", "first_seen")


def shapes() -> list[Shape]:
    """All of them."""
    made = []
    for name, (field, piece, between) in FIELDS.items():
        inside = numbered(piece + between) if "{" in piece else repeated(piece + between)
        made.append(Shape(f"{field}: {name}", "field", inside))
    for name, (open_, close) in DEEP.items():
        made += [
            Shape(f"{name}, at {place or 'the top'}", "json", _deep(open_, close, place)) for place in PLACES
        ]
    for name, piece in WIDE.items():
        made += [
            Shape(f"{name}, at {place or 'the top'}", "json", _wide(piece, place)) for place in PLACES[:5]
        ]
    made += [
        Shape("no JSON at all", "json", repeated("a ")),
        Shape("no JSON but a beginning", "json", lambda size: '{"schema":' + "1" * size),
        Shape("one string", "json", lambda size: '"' + "a" * size + '"'),
        Shape("one number", "json", lambda size: "1" * size),
        Shape(
            "one long title",
            "json",
            lambda size: _placed("body.title", json.dumps({"value": "a " * (size // 2)})),
        ),
        Shape("signs that don't show", "json", repeated("\x1b[31m\u202e\x00")),
        Shape("spaces alone", "json", repeated(" ")),
    ]
    return made


def _deep(open_: str, close: str, place: str) -> Make:
    return lambda size: _placed(
        place,
        open_ * (size // len(open_ + close)) + ("1" if close else "") + close * (size // len(open_ + close)),
    )


def _wide(piece: str, place: str) -> Make:
    inside = numbered(piece) if "{n}" in piece else repeated(piece)
    return lambda size: _placed(place, "{" + inside(size) + '"z": 0}')


def _placed(place: str, value: str) -> str:
    """A message with that value at a place: the whole, or a field of it."""
    if not place:
        return value
    message = json.loads(json.dumps(MESSAGE))
    *outer, last = place.split(".")
    where = message
    for name in outer:
        where = where[name]
    where[last] = "\x00"
    return json.dumps(message).replace(json.dumps("\x00"), value)
