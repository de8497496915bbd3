"""RSS 0.9x to 2.0, RDF, Atom and CDF: UTF-8 bytes in, entries out, by feedparser with its traps shut.

Its sanitiser and its resolving of links inside markup are off (both take minutes on hostile input, and
whoever keeps HTML cleans it better), it never sees a URL or a path, and what it fills in by itself
(an updated time from a published one, a summary from the content) is taken out again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from pyexpat import ExpatError, ParserCreate
from typing import Any

from newscast import dates
from newscast.feeds import fields
from newscast.feeds.feed import Hints
from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.records import Markup, Stamp

HTML_TYPES = {"text/html", "application/xhtml+xml", "application/octet-stream"}
"""Types of a text that may hold markup; the last is that of base64, which nobody takes for a plain text."""
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
"""sy:updatePeriod in minutes."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read(data: bytes, url: str | None, names: Collection[str], hints_from: bytes) -> ParsedFeed:
    """What feedparser finds in `data`; `names` are the elements in it, `hints_from` the document without
    its entries. May raise anything that feedparser raises."""
    import feedparser

    found = feedparser.parse(
        io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + data),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    feed: Mapping[str, Any] = dict(found.feed)
    version = str(found.get("version", "")) or None
    base = _base(feed, url)
    dc_dates = _dates_are_dublin_core(version, names)
    entries, broken = [], []
    for number, raw in enumerate(found.entries, 1):
        try:
            entries.append(_entry(dict(raw), base, version, dc_dates))
        except Exception as error:  # one entry that can't be read costs that entry
            broken.append(f"entry {number}: {type(error).__name__}")
    links = _dicts(feed.get("links"))
    return ParsedFeed(
        entries=tuple(entries),
        format=version,
        title=_feed_title(feed.get("title_detail")),
        language=fields.plain(feed.get("language"), 35),
        link=fields.link(feed.get("link"), url),
        self_url=_rel(links, "self", base),
        hub=_rel(links, "hub", base),
        hints=hints(hints_from, feed),
        problem="left out: " + "; ".join(broken[:5]) if broken else None,
    )


def is_well_formed(data: bytes) -> bool:
    """Whether a strict parser takes it, as a whole and with its prefixes declared."""
    parser = ParserCreate("utf-8", namespace_separator=" ")
    try:
        parser.Parse(data, True)
    except ExpatError:
        return False
    return True


def _feed_title(detail: object) -> str | None:
    found = _detail(detail, fields.TITLE)
    if found is None or found.html:
        return fields.plain(found.value if found else None)
    return " ".join(found.value.split())[: fields.NAME] or None


def _base(feed: Mapping[str, Any], url: str | None) -> str | None:
    # Without any URL the site's own link is still better than a relative one.
    link = fields.link(feed.get("link"), None)
    return url or (link if link and re.match(r"https?:", link, re.IGNORECASE) else None)


def _entry(raw: dict[str, Any], base: str | None, version: str | None, dc_dates: bool) -> ParsedEntry:
    published, updated = stamp(raw.get("published") or raw.get("created")), stamp(raw.get("updated"))
    if dc_dates and published is None:
        published, updated = updated, None  # one date, said once
    content = _content(raw)
    summary = _detail(raw.get("summary_detail"), fields.TEXT)
    return ParsedEntry(
        guid=_guid(raw, version),
        link=_link(raw, base, version),
        title=_detail(raw.get("title_detail"), fields.TITLE),
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=fields.plain_all(
            person.get("name") or person.get("email") for person in _dicts(raw.get("authors"))
        ),
        categories=fields.plain_all(tag.get("term") or tag.get("label") for tag in _dicts(raw.get("tags"))),
        language=_language(raw),
        enclosures=fields.enclosures(
            (
                (item.get("href"), item.get("type"), item.get("length"))
                for item in _dicts(raw.get("links"))
                if item.get("rel") == "enclosure"
            ),
            base,
        ),
    )


def stamp(written: object) -> Stamp | None:
    """A written date; null for none and for one that can't be read."""
    return dates.read(written) if isinstance(written, str) and written.strip() else None


def _detail(detail: object, most: int) -> Markup | None:
    if not isinstance(detail, dict):
        return None
    return fields.markup(detail.get("value"), detail.get("type") in HTML_TYPES, most)


def _content(raw: Mapping[str, Any]) -> Markup | None:
    # Of several contents the longest: the others are teasers and alternatives.
    found = [_detail(dict(item), fields.TEXT) for item in _dicts(raw.get("content"))]
    return max((item for item in found if item), key=lambda item: len(item.value), default=None)


def _guid(raw: Mapping[str, Any], version: str | None) -> str | None:
    # RDF wants each item's rdf:about to repeat its link: then it is the link, and no id besides.
    if version in ("rss10", "rss090") and raw.get("id") == raw.get("link"):
        return None
    return fields.guid(raw.get("id"))


def _link(raw: Mapping[str, Any], base: str | None, version: str | None) -> str | None:
    link = raw.get("link")
    if link and link == raw.get("id"):
        # feedparser takes a guid for a link: right for a permalink of RSS, which by default any guid claims
        # to be, numbers too; wrong for an Atom id.
        absolute = re.match(r"https?:", str(link), re.IGNORECASE)
        stated = link in [item.get("href") for item in _dicts(raw.get("links"))]
        if not absolute or (version and version.startswith("atom") and not stated):
            return None
    return fields.link(link, base)


def _language(raw: Mapping[str, Any]) -> str | None:
    for name in ("content", "title_detail", "summary_detail"):
        for detail in _dicts(raw.get(name) if name == "content" else [raw.get(name)]):
            if found := fields.plain(detail.get("language"), 35):
                return found
    return None


def _dicts(value: object) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _rel(links: Sequence[Mapping[str, Any]], rel: str, base: str | None) -> str | None:
    return next((fields.link(item.get("href"), base) for item in links if item.get("rel") == rel), None)


def _dates_are_dublin_core(version: str | None, names: Collection[str]) -> bool:
    """Whether what feedparser calls updated is dc:date. In RSS that is when an item was published, and
    the only date that RSS 1.0 has."""
    if version is None or version.startswith("atom"):
        return False
    local = {name.rpartition(":")[2].lower() for name in names if ":" in name}
    return "date" in local and not local & {"updated", "modified"}


# ------------------------------------------------------------------------- hints
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([A-Za-z]{6,9})\s*</day>", re.IGNORECASE)


def hints(head: bytes, feed: Mapping[str, Any]) -> Hints:
    """ttl, sy:updatePeriod, skipHours and skipDays; what makes no sense is left out."""
    minutes = _number(feed.get("ttl"))
    period = PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if minutes is None and period:
        minutes = max(period // max(_number(feed.get("sy_updatefrequency")) or 1, 1), 1)
    hours = {int(hour) % 24 for hour in _HOUR.findall(head) if int(hour) <= 24}
    days = {DAYS.index(day) for raw in _DAY.findall(head) if (day := raw.decode().lower()) in DAYS}
    return Hints(ttl_minutes=minutes, skip_hours=tuple(sorted(hours)), skip_days=tuple(sorted(days)))


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0 else None
