"""RSS, RDF, Atom and CDF that aren't well-formed, or uncommon: UTF-8 bytes in, entries out, by feedparser."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pyexpat import ExpatError, ParserCreate
from typing import Any

from newscast.feeds import fields, texts
from newscast.feeds.hints import hints
from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.feeds.said import Said, SaidOfFeed, Text


def read(data: bytes, url: str | None, names: Collection[str], hints_from: bytes) -> ParsedFeed:
    """What feedparser finds in `data`; `hints_from` is the document without its entries. `names`, those of
    its elements, are no longer asked for. May raise anything that feedparser raises."""
    from newscast.feeds import forgiving

    found, raws, version = forgiving.parse(data)
    feed = _feed(dict(found), version)
    base = feed.base(url)
    entries: list[ParsedEntry] = []
    broken: list[str] = []
    for number, raw in enumerate(raws, 1):
        try:
            entries.append(_said(dict(raw)).entry(base, version or None))
        except Exception as error:  # one entry that can't be read costs that entry
            broken.append(f"entry {number}: {type(error).__name__}")
    return ParsedFeed(
        entries=tuple(entries),
        format=version or None,
        title=feed.title(),
        language=fields.plain(feed.language, 35),
        link=fields.link(feed.link, url),
        self_url=fields.link(feed.rels.get("self"), base),
        hub=fields.link(feed.rels.get("hub"), base),
        hints=hints(hints_from, found),
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


def _feed(raw: Mapping[str, Any], version: str) -> SaidOfFeed:
    feed = SaidOfFeed()
    for name, key in (("title", "title_detail"), ("dc:title", "x_dc_title_detail")):
        if text := _text(raw.get(key)):
            feed.titles[name] = text
    feed.language = raw.get("language")
    links = [item for item in _dicts(raw.get("links")) if item.get("href")]
    feed.link = raw.get("link")
    pages = [item["href"] for item in links if item.get("rel") == "alternate"]
    if version.startswith("atom") and feed.link not in pages:
        feed.link = None  # feedparser takes the feed's id for one
    for item in links:
        if item.get("rel") != "alternate":
            feed.rels.setdefault(str(item.get("rel")), item["href"])
    return feed


_PLACES = {
    "title_detail": "title",
    "x_dc_title_detail": "dc:title",
    "x_itunes_title_detail": "itunes:title",
    "x_media_title_detail": "media:title",
    "summary_detail": "description",
    "x_dc_description_detail": "dc:description",
    "x_itunes_summary_detail": "itunes:summary",
    "x_itunes_subtitle_detail": "itunes:subtitle",
    "x_media_description_detail": "media:description",
}
_TIMES = {"published": "published", "created": "created", "updated": "updated", "x_date": "date"}


def _said(raw: dict[str, Any]) -> Said:
    said = Said()
    for key, place in _PLACES.items():
        if text := _text(raw.get(key)):
            said.says(place, text)
    said.contents = [text for item in _dicts(raw.get("content")) if (text := _text(item))]
    for key, what in _TIMES.items():
        said.notes(what, raw.get(key) or "")
    said.guid, said.link = raw.get("id") or None, raw.get("link") or None
    said.stated_links = [item["href"] for item in _dicts(raw.get("links")) if item.get("href")]
    people = [person.get("name") or person.get("email") or "" for person in _dicts(raw.get("authors"))]
    said.people = [texts.mended(name) for name in people]  # feedparser mends all but Atom's names
    said.categories = [tag.get("term") or tag.get("label") for tag in _dicts(raw.get("tags"))]
    said.language = raw.get("language")
    said.enclosures = [
        (item.get("href"), item.get("type"), item.get("length"))
        for item in _dicts(raw.get("links"))
        if item.get("rel") == "enclosure" and item.get("href")
    ]
    for key in ("media_content", "media_thumbnail"):
        for item in _dicts(raw.get(key)):
            said.shows(item)
    return said


def _text(detail: object) -> Text | None:
    if not isinstance(detail, dict) or not str(detail.get("value") or "").strip():
        return None
    language = detail.get("language")
    return Text(str(detail["value"]), detail.get("type") in texts.HTML_TYPES, language or None)


def _dicts(value: object) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
