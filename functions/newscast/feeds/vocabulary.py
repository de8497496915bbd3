"""An element's name and namespace in, what it means in a feed out: by the namespace, not by the prefix."""

from __future__ import annotations

import re

NATIVE, FOREIGN = "", "?"
"""The prefix of the feed formats' own elements, and of everything that says nothing to us."""

_NAMESPACES = {
    "backend.userland.com/rss": NATIVE,
    "backend.userland.com/rss2": NATIVE,
    "blogs.law.harvard.edu/tech/rss": NATIVE,
    "purl.org/rss/1.0": NATIVE,
    "my.netscape.com/rdf/simple/0.9": NATIVE,
    "channel.netscape.com/rdf/simple/0.9": NATIVE,
    "purl.org/atom/ns": NATIVE,
    "www.w3.org/2005/atom": NATIVE,
    "purl.org/rss/1.0/modules/rss091": NATIVE,
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "news.yandex.ru": "yandex",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/1999/xhtml": "xhtml",
}
"""Namespace, without scheme, closing slash and case → its usual prefix."""

USUAL = frozenset(_NAMESPACES.values()) | {"atom", "a10", "atom10"}
_ATOM = {"atom", "a10", "atom10"}
_TELLTALES = {
    "content": "content",
    "sy": "syndication",
    "dc": "dublin|/dc",
    "dcterms": "dc|dublin",
    "media": "mrss|yahoo|media",
    "itunes": "itunes|podcast",
    "yandex": "yandex",
    "rdf": "rdf",
    "xhtml": "html",
    "atom": "atom",
    "a10": "atom",
    "atom10": "atom",
}
"""Usual prefix → what a misspelt namespace of its own has in it; without it the prefix is somebody else's."""

ENTRIES = frozenset({"item", "entry"})
FEEDS = frozenset({"channel", "feed"})

TITLES = ("title", "dc:title", "itunes:title", "media:title")
SUMMARIES = ("description", "dc:description", "itunes:summary", "itunes:subtitle", "media:description")
"""Where an entry's title and summary may stand, the likeliest place first. What media elements say is of a
picture or a film, and counts only where the entry is that film (`said.Said.film`)."""

MEANINGS: dict[str, tuple[str, str]] = {
    "title": ("title", "text/plain"),
    "dc:title": ("dc:title", "text/plain"),
    "itunes:title": ("itunes:title", "text/plain"),
    "media:title": ("media:title", "text/plain"),
    "description": ("description", "text/html"),
    "summary": ("description", "text/plain"),
    "abstract": ("description", "text/plain"),
    "dc:description": ("dc:description", "text/html"),
    "itunes:summary": ("itunes:summary", "text/plain"),
    "itunes:subtitle": ("itunes:subtitle", "text/plain"),
    "media:description": ("media:description", "text/plain"),
    "content": ("content", "text/plain"),
    "content:encoded": ("content", "text/html"),
    "fullitem": ("content", "text/html"),
    "yandex:full-text": ("content", "text/html"),
    "body": ("content", "application/xhtml+xml"),
    "xhtml:body": ("content", "application/xhtml+xml"),
}
"""Element of an entry → where its text belongs (`TITLES`, `SUMMARIES` or the contents), and the type of that
text unless it says another."""

PLAIN = {
    "guid": "guid",
    "id": "guid",
    "link": "link",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "dcterms:issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dcterms:modified": "updated",
    "dc:date": "date",
    "created": "created",
    "dcterms:created": "created",
    "author": "person",
    "managingeditor": "person",
    "dc:creator": "person",
    "dc:author": "person",
    "itunes:author": "person",
    "category": "category",
    "dc:subject": "category",
    "media:category": "category",
    "keywords": "category",
    "tags": "keywords",
    "media:keywords": "keywords",
    "itunes:keywords": "keywords",
    "itunes:category": "category",
    "language": "language",
    "dc:language": "language",
    "enclosure": "enclosure",
    "media:group": "media",
    "media:content": "media",
    "media:player": "media",
    "media:thumbnail": "media",
}
"""Element of an entry → what it says besides texts."""

FEED = {
    "title": "title",
    "dc:title": "title",
    "link": "link",
    "language": "language",
    "dc:language": "language",
    "ttl": "ttl",
    "sy:updateperiod": "sy_updateperiod",
    "sy:updatefrequency": "sy_updatefrequency",
}
"""Element of a feed → what it says of the feed."""


def usual(prefix: str, uri: str | None) -> str:
    """The usual prefix for what a document's prefix stands for; `uri` is null where it doesn't declare it."""
    if uri is None:
        return NATIVE if prefix in _ATOM else prefix if prefix in USUAL else FOREIGN
    known = _NAMESPACES.get(_bare(uri))
    if known is not None:
        return known
    if "backend.userland.com/rss" in uri.lower():
        return NATIVE
    telltale = _TELLTALES.get(prefix.lower())
    if telltale and re.search(telltale, uri, re.IGNORECASE):
        return usual(prefix.lower(), None)
    return FOREIGN


def version(prefix: str, uri: str) -> str:
    """The format that a declared namespace speaks for, in feedparser's words; empty for none."""
    bare = _bare(uri)
    if bare == "my.netscape.com/rdf/simple/0.9" and not prefix:
        return "rss090"
    return {"purl.org/rss/1.0": "rss10", "www.w3.org/2005/atom": "atom10"}.get(bare, "")


def _bare(uri: str) -> str:
    return uri.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/#")


def named(prefix: str, local: str) -> str:
    """The name under which the tables above hold an element: `dc:creator`, or `title`."""
    return f"{prefix}:{local}" if prefix else local
