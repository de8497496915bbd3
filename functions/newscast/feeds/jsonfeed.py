"""JSON Feed 1.0 and 1.1: bytes in, entries out. Fields of a wrong type are as if they weren't there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from newscast.feeds import fields
from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.feeds.said import stamp
from newscast.feeds.scan import RefusedDocumentError

MAX_OBJECTS, MAX_VALUES = 200_000, 1_000_000
"""Objects and lists, and values; 10,000 items have 50,000. 2.7 million empty objects take 600 MB."""


def read(data: bytes, url: str | None) -> ParsedFeed:
    """A JSON Feed's entries. Raises RefusedDocumentError for more values than memory should hold."""
    if data.count(b"{") + data.count(b"[") > MAX_OBJECTS or data.count(b",") > MAX_VALUES:
        raise RefusedDocumentError("elements", f"more than {MAX_OBJECTS:,} JSON objects")
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return ParsedFeed(refused="not_a_feed", problem=f"broken JSON: {str(error)[:200]}")
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return ParsedFeed(refused="not_a_feed", problem="JSON, but no JSON Feed: it has no list of items")
    version = str(found.get("version", ""))
    is_feed = "jsonfeed.org/version/" in version
    items = [item for item in found["items"] if isinstance(item, dict)]
    odd = len(found["items"]) - len(items)
    words = [] if is_feed else ["it doesn't say that it is a JSON Feed"]
    words += [f"left out: {odd} items that are no objects"] if odd else []
    base = fields.link(found.get("home_page_url"), url) or url
    return ParsedFeed(
        entries=tuple(_entry(item, base) for item in items),
        format="json11" if version.rstrip("/").endswith("1.1") else "json10",
        title=fields.plain(found.get("title")),
        language=fields.plain(found.get("language"), 35),
        link=fields.link(found.get("home_page_url"), url),
        self_url=fields.link(found.get("feed_url"), url),
        hub=next((fields.link(hub.get("url"), url) for hub in _dicts(found.get("hubs"))), None),
        problem="; ".join(words) or None,
    )


def _entry(item: Mapping[str, Any], base: str | None) -> ParsedEntry:
    number = item.get("id")
    # 1.0 asked for strings, but wrote that a number is to be read as one.
    guid = str(number) if isinstance(number, int | float) and not isinstance(number, bool) else number
    html = fields.markup(item.get("content_html"), True)
    authors = [*_dicts(item.get("authors")), *_dicts([item.get("author")])]
    tags = item.get("tags")
    return ParsedEntry(
        guid=fields.guid(guid),
        link=fields.link(item.get("url") or item.get("external_url"), base),
        title=fields.markup(item.get("title"), False, fields.TITLE),
        summary=fields.markup(item.get("summary"), False),
        content=html or fields.markup(item.get("content_text"), False),
        published=stamp(item.get("date_published")),
        updated=stamp(item.get("date_modified")),
        authors=fields.plain_all(author.get("name") for author in authors),
        categories=fields.plain_all(tags if isinstance(tags, list) else ()),
        language=fields.plain(item.get("language"), 35),
        enclosures=fields.enclosures(
            (
                (file.get("url"), file.get("mime_type"), file.get("size_in_bytes"))
                for file in _dicts(item.get("attachments"))
            ),
            base,
        ),
    )


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
