"""Feed suites of other parsers, scored by suite and field group beside plain feedparser.

Texts are compared as a reader sees them (no markup, no invisible characters, entities resolved, spaces
collapsed), links after
resolving, times as moments. NEWSCAST_EVAL names the folder that holds the suites (feeds/*.jsonl.gz).
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newscast import dates
from newscast.feeds import fields
from newscast.feeds.parse import parse_document
from newscast.feeds.parsed import ParsedFeed

STATED = {
    "title": "title",
    "title_detail.value": "title",
    "link": "link",
    "id": "id",
    "guid": "id",
    "published": "dates",
    "published_parsed": "dates",
    "updated": "dates",
    "updated_parsed": "dates",
    "description": "content",
    "summary": "content",
    "summary_detail.value": "content",
    "content.0.value": "content",
    "author": "authors",
    "author_detail.name": "authors",
    "tags.0.term": "categories",
}
"""feedparser's own paths in an entry → field group."""
DIFFERENT = {
    "sanitize": "markup is handed on as it came: whoever keeps HTML cleans it (normalise)",
    "base": "links inside markup are not resolved here",
    "entities": "documents that declare entities which can grow without bound are refused",
    "itunes": "podcast fields are not read",
    "dates": "a time is never copied: updated stays empty where only pubDate is given (feed-rs copies it),"
    " and an RSS item's one dc:date is when it was published (feedparser says updated, gofeed both)",
    "id": "an id is never resolved against a base, and an rdf:about that repeats the link is none",
}
"""What differs on purpose, with the reason."""


def main() -> None:
    folder = os.environ.get("NEWSCAST_EVAL")
    if not folder:
        print("NEWSCAST_EVAL is not set: no suites to score")
        return
    for path in sorted((Path(folder) / "feeds").glob("*.jsonl.gz")):
        _suite(path)
    print("different on purpose:")
    for name, why in DIFFERENT.items():
        print(f"  {name}: {why}")


def _suite(path: Path) -> None:
    scores: dict[str, Counter[str]] = defaultdict(Counter)
    refused: Counter[str] = Counter()
    crashes = 0
    mine = theirs = worst = 0.0
    rows = list(_rows(path))
    for row in rows:
        body = base64.b64decode(row["body_base64"])
        started = time.perf_counter()
        document = parse_document(body)
        took = time.perf_counter() - started
        mine, worst = mine + took, max(worst, took)
        if document.refused:
            refused[document.refused] += 1
        started = time.perf_counter()
        try:
            plain = _feedparser(body)
        except Exception:
            crashes += 1
            plain = None
        theirs += time.perf_counter() - started
        for group, wanted, ours, other in _checks(row, document, plain):
            scores[group]["all"] += 1
            scores[group]["ours"] += wanted == ours
            scores[group]["feedparser"] += wanted == other
            if os.environ.get("NEWSCAST_SHOW") and wanted != ours:
                print(f"    {group}: {row['name']}: wanted {wanted!r}, got {ours!r}; feedparser {other!r}")
    name = path.name.partition(".")[0]
    print(
        f"{name}: {len(rows)} documents; ours {mine:.2f} s (longest {worst:.2f} s), feedparser {theirs:.2f} s"
        f", which raised {crashes} times"
    )
    print(f"  refused: {dict(refused) or 'none'}")
    for group, counts in sorted(scores.items()):
        total = counts["all"]
        print(
            f"  {group:<24} {total:5} checks   ours {counts['ours'] / total:6.1%}"
            f"   feedparser {counts['feedparser'] / total:6.1%}"
        )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def _feedparser(body: bytes) -> ParsedFeed | Any:
    import feedparser

    return feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml"})


def _checks(row: dict[str, Any], document: ParsedFeed, plain: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    expected = row["expected"] or {}
    if "checks" in expected:
        yield from _feedparsers_own(expected, document, plain)
    elif "entries" in expected:
        yield from _stated(expected, document, plain)


def _feedparsers_own(
    expected: dict[str, Any], document: ParsedFeed, plain: Any
) -> Iterator[tuple[str, Any, Any, Any]]:
    suite = expected["group"].rpartition("/")[2]
    for path, wanted in expected["checks"] or []:
        if path[0] == "entries" and len(path) > 2:
            field = ".".join(str(part) for part in path[2:])
            group = STATED.get(field)
            if group is None:
                continue
            number = path[1]
            entry = document.entries[number] if number < len(document.entries) else None
            ours = None if entry is None else _ours(entry, field)
            kind = f"{group} ({suite})" if suite in DIFFERENT else group
        elif path == ["feed", "title"]:
            # Ours is plain text: what looks like a tag in it was escaped twice, and is meant so.
            title = " ".join((document.title or "").split()) or None
            kind, field, ours = "feed title", "title", title
        else:
            continue
        yield kind, _form(field, wanted), ours, _form(field, _at(plain, path))


def _ours(entry: Any, field: str) -> Any:
    name = field.partition(".")[0]
    if name in ("title", "title_detail"):
        return _text(entry.title.value if entry.title else None)
    if name == "link":
        return entry.link
    if name in ("id", "guid"):
        return entry.guid
    if name.startswith(("published", "updated")):
        stamp = entry.published if name.startswith("published") else entry.updated
        return stamp.at.replace(microsecond=0) if stamp else None
    if name == "content":
        return _text(entry.content.value if entry.content else None)
    if name in ("description", "summary", "summary_detail"):
        found = entry.summary or entry.content
        return _text(found.value if found else None)
    if name.startswith("author"):
        return entry.authors[0] if entry.authors else None
    return entry.categories[0] if entry.categories else None


def _at(plain: Any, path: list[Any]) -> Any:
    try:
        for part in path:
            plain = plain[part]
    except (KeyError, IndexError, TypeError, AttributeError):
        return None
    return plain


def _form(field: str, value: Any) -> Any:
    if value is None:
        return None
    if field.endswith("_parsed"):
        year, month, day, hour, minute, second = list(value)[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    if field == "author":  # feedparser's own joining of a name and an address; ours are names
        return re.sub(r" \([^()\s]+@[^()\s]+\)$", "", value)
    if field in ("published", "updated"):
        stamp = dates.read(str(value))
        return stamp.at.replace(microsecond=0) if stamp else None
    if STATED.get(field) in ("title", "content"):
        return _text(value)
    return value


def _stated(
    expected: dict[str, Any], document: ParsedFeed, plain: Any
) -> Iterator[tuple[str, Any, Any, Any]]:
    yield (
        "feed title",
        _text(expected.get("title")),
        _text(document.title),
        _text(_at(plain, ["feed", "title"])),
    )
    count = expected["n_entries"]
    yield "number of entries", count, len(document.entries), len(plain.entries) if plain else None
    for number, wanted in enumerate(expected["entries"]):
        ours = document.entries[number] if number < len(document.entries) else None
        for field in ("title", "link", "id", "published", "updated"):
            group = STATED[field]
            # feed-rs fills what an RSS item doesn't say with its pubDate.
            copied = field == "updated" and wanted.get(field) and _is_copy(expected, document, ours)
            words = f"{field} (copied)" if copied else field
            yield (
                f"{group}: {words}" if group == "dates" else group,
                _form(field, wanted.get(field)),
                _ours(ours, field) if ours else None,
                _form(field, _at(plain, ["entries", number, field])),
            )


def _is_copy(expected: dict[str, Any], document: ParsedFeed, ours: Any) -> bool:
    is_rss = (document.format or "").startswith("rss")
    return bool(expected["suite"] == "feed-rs" and is_rss and ours and not ours.updated)


def _text(value: str | None) -> str | None:
    if value is None:
        return None
    text = fields.shown(html.unescape(html.unescape(re.sub(r"<[^<>]*>", " ", value))))
    return " ".join(text.split()) or None


if __name__ == "__main__":
    main()
