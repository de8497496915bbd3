"""Feeds written by hand after the habits of real publishers, each with what a reader should get of it.

`<name>.xml` (or `.json`) is the document, `<name>.toml` what was expected before any parser had seen it.
Each field is that of `Given`, but title, summary and text are the article's, plain, as they are stored.
A field that isn't there is null or empty.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.normalise.article import article
from newscast.records import Entry

FOLDER = Path(__file__).parent
FEED_FIELDS = ("title", "language")
FIELDS = (
    "guid", "link", "title", "summary", "text", "published", "updated", "authors", "categories", "language",
    "media",
)  # fmt: skip
WORDS = ("title", "summary", "text")
EMPTY: Mapping[str, Any] = {
    "title": "",
    "summary": "",
    "text": "",
    "authors": [],
    "categories": [],
    "media": [],
}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def names() -> list[str]:
    """The documents' names, without their endings."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "differences")


def document(name: str) -> bytes:
    """A document's bytes."""
    return next(path for path in FOLDER.glob(f"{name}.*") if path.suffix in (".xml", ".json")).read_bytes()


def expected(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(the feed's fields, those of each entry) as they were written by hand."""
    said = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    entries = said.pop("entry")
    return {field: said.get(field) for field in FEED_FIELDS}, [whole(entry) for entry in entries]


def whole(entry: Mapping[str, Any]) -> dict[str, Any]:
    """With every field, those that nobody gave empty."""
    return {field: entry.get(field, EMPTY.get(field)) for field in FIELDS}


def fields_of(given: ParsedEntry, url: str | None = None) -> dict[str, Any]:
    """An entry as the expectations are written."""
    put = {name: getattr(given, name) for name in ParsedEntry.__struct_fields__}
    stored = article(
        Entry(**put, feed_id="f", source="s", feed_url=url or "https://feed.example/", observed_at=NOON)
    )
    return {
        "guid": given.guid,
        "link": given.link,
        "title": stored.title,
        "summary": stored.summary,
        "text": stored.text,
        "published": second(given.published.at) if given.published else None,
        "updated": second(given.updated.at) if given.updated else None,
        "authors": list(given.authors),
        "categories": list(given.categories),
        "language": given.language,
        "media": [file.url for file in given.enclosures],
    }


def second(time: datetime) -> str:
    """A time to the second, as expectations are written."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def feed_of(found: ParsedFeed) -> dict[str, Any]:
    """A feed's own fields."""
    return {field: getattr(found, field) for field in FEED_FIELDS}
