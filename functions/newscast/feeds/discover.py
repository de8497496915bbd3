"""A web page's bytes in, the URLs of its feeds out (autodiscovery)."""

from __future__ import annotations

import html
import re

from newscast.feeds import fields

TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
"""Media types that a page gives to its feeds. Plain JSON and XML are mostly something else."""
HEAD_BYTES = 512 * 1024
"""How far links are looked for; they stand in the head."""
MOST = 20

_LINK = re.compile(r"<(?:link|a)\s[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


def feeds(page: bytes, url: str | None) -> tuple[str, ...]:
    """Feeds that a page names, in its order, those of comments last. `url` is the page's own."""
    found: dict[str, bool] = {}
    for tag in _LINK.findall(page[:HEAD_BYTES].decode("utf-8", "replace")):
        of = {name.lower(): html.unescape("".join(value)) for name, *value in _ATTRIBUTE.findall(tag)}
        if "alternate" not in of.get("rel", "").lower().split():
            continue
        if of.get("type", "").partition(";")[0].strip().lower() not in TYPES:
            continue
        where = fields.link(of.get("href"), url)
        if where:
            found.setdefault(where, "comment" in (where + of.get("title", "")).lower())
    return tuple(sorted(found, key=lambda where: found[where]))[:MOST]
