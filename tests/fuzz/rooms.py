"""The rooms that hostile text comes into: each takes what a shape made and works on it as production does."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from newscast import dates, tolerant, urls
from newscast.aws import dead_letters
from newscast.extra import NewerError
from newscast.feeds.parse import parse_document
from newscast.gazetteer import packaged
from newscast.normalise.article import article
from newscast.normalise.page import page
from newscast.records import Enclosure, Markup
from newscast.tag import explain, tag
from tests.fuzz.fields import ENTRY
from tests.fuzz.shape import Shape

Work = Callable[[], object]
"""What is measured; all that it needs is made before."""


class Room(Struct, frozen=True):
    """A room, what it reads, and what it may cost."""

    kinds: tuple[str, ...]
    """Of shapes that come into it."""
    size: int
    """Characters of the largest honest input."""
    seconds: float
    """CPU that an input of that size may take."""
    megabytes: int
    """Memory that it may take beyond what the libraries hold already."""
    work: Callable[[Shape, str], Work]


def _tagged(shape: Shape, value: str) -> Work:
    return lambda: tag(value, packaged.load(), date(2024, 7, 12), shape.language)


def _explained(shape: Shape, value: str) -> Work:
    return lambda: explain(value, packaged.load(), None, shape.language)


def _normalised(shape: Shape, value: str) -> Work:
    entry = replace(ENTRY, content=Markup(value=value), language=shape.language)
    return lambda: article(entry)


def _fields(shape: Shape, value: str) -> Work:
    field, parts = shape.name.split(":")[0], tuple(part for part in value.split("|") if part)
    match field:
        case "title":
            entry = replace(ENTRY, title=Markup(value=value), feed_title="News")
        case "authors" | "categories":
            entry = msgspec.structs.replace(ENTRY, **{field: parts})
        case "enclosures":
            entry = replace(ENTRY, enclosures=tuple(Enclosure(url=part) for part in parts))
        case "date":
            return lambda: (dates.read(value), [dates.read(value[:length]) for length in range(100)])
        case "link":
            link = f"https://google.com/url?q=https://example.org/{value}"
            entry = replace(ENTRY, link=link)
            cut = link[: urls.MAX_LENGTH]
            return lambda: (article(entry), urls.canonical(cut), urls.resolve(cut), urls.host(cut))
        case _:
            entry = replace(ENTRY, **{field: value})
    return lambda: article(entry)


def _feed(shape: Shape, value: str) -> Work:
    """In an entry's description, as careful publishers write it."""
    return lambda: parse_document(_rss(html.escape(value)))


def _raw_feed(shape: Shape, value: str) -> Work:
    """The same among a feed's elements, as it stands."""
    return lambda: parse_document(_rss(value))


def _rss(description: str) -> bytes:
    items = f"<item><title>a</title><guid>a</guid><description>{description}</description></item>"
    whole = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    return whole.encode("utf-8", "replace")


def _page(shape: Shape, value: str) -> Work:
    head = "<!DOCTYPE html><html><head><title>Ministers meet</title></head><body><article><p>They met.</p>"
    whole = f"{head}{value}</article></body></html>".encode("utf-8", "replace")
    return lambda: page(whole, "https://example.org/a", "utf-8")


def _letter(shape: Shape, value: str) -> Work:
    def work() -> object:
        told = (
            dead_letters.about("tag", value, {}, datetime(2024, 7, 12, tzinfo=UTC)),
            dead_letters.what(value),
        )
        try:
            return told, tolerant.message(value)
        except (msgspec.DecodeError, NewerError):
            return told

    return work


CHARACTERS = 400_000
"""Of an entry's text: what is beyond is cut off."""
DOCUMENT = 8_000_000
MESSAGE = 1_000_000
"""SQS carries a mebibyte."""
ROOMS = {
    "tag": Room(("text",), CHARACTERS, 6, 256, _tagged),
    "explain": Room(("text",), CHARACTERS, 6, 256, _explained),
    "normalise": Room(("text", "markup"), CHARACTERS, 6, 256, _normalised),
    "fields": Room(("field",), CHARACTERS, 6, 256, _fields),
    "letter": Room(("json",), MESSAGE, 2, 256, _letter),
    "feed": Room(("markup",), DOCUMENT, 30, 512, _feed),
    "raw feed": Room(("markup",), DOCUMENT, 30, 512, _raw_feed),
    "page": Room(("markup",), DOCUMENT, 30, 512, _page),
}
