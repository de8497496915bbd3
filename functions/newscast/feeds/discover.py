"""A web page's bytes in, the feeds that it names out (autodiscovery)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from newscast import urls
from newscast.feeds import fields, head

TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
"""Media types that a page gives to its feeds. Plain JSON and XML are mostly something else."""
HEAD_BYTES = 512 * 1024
"""How far links are looked for; they stand in the head."""
MOST = 20
MOST_VOUCHED = 1000
"""Feeds that a page vouches for; a publisher has hundreds."""
NAMED, LONGEST = 3, 300
"""Feeds that are named in words, and the characters of the longest URL that is: words are kept in a row."""

_BASE = re.compile(r"<base\s[^<>]{1,2000}>", re.IGNORECASE)
_LINK = re.compile(r"<(?:link|a)\s[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


class Offer(Struct, frozen=True):
    """A feed that a page names."""

    url: str
    title: str | None = None
    comments: bool = False
    """Of readers' comments, by its name."""


def feeds(page: bytes, url: str | None) -> tuple[Offer, ...]:
    """Feeds that a page names, in its order, those of comments last. `url` is the page's own."""
    beginning = _without_comments(page[:HEAD_BYTES].decode("utf-8", "replace"))
    base = _BASE.search(beginning)
    if base:
        url = fields.link(_attributes(base[0]).get("href"), url) or url
    found: dict[str, Offer] = {}
    for tag in _LINK.findall(beginning):
        of = _attributes(tag)
        if not _names_feed(of):
            continue
        where = fields.link(of.get("href"), url)
        if where and where.isprintable():  # it is shown on terminals
            title = fields.plain("".join(sign if sign.isprintable() else " " for sign in of.get("title", "")))
            found.setdefault(where, Offer(where, title, "comment" in f"{where} {title}".lower()))
    return tuple(sorted(found.values(), key=lambda offer: offer.comments))[:MOST]


def vouched(page: bytes, url: str) -> tuple[str, ...]:
    """URLs of the feeds that a page names in its head, where only its own site writes. `url` is the page's
    own. In the rest of a page anyone may have written an <a>, in a browser's eyes even a <link>."""
    # Japanese in 7 bits (ISO-2022-JP) spells out any tag: what anyone wrote would look like the site's own.
    text = page[:HEAD_BYTES].partition(b"\x1b")[0].decode("utf-8", "replace")
    base, hrefs = None, []
    for tag in head.tags(text):
        if tag.name == "base" and "href" in tag.attributes and base is None:
            base = urls.resolve(tag.attributes["href"], url) or url
        elif tag.name == "link" and "href" in tag.attributes and _names_feed(tag.attributes):
            hrefs.append(tag.attributes["href"])
    found = (urls.resolve(href, base or url) for href in hrefs[:MOST_VOUCHED])
    return tuple(dict.fromkeys(where for where in found if where))


def _names_feed(of: Mapping[str, str]) -> bool:
    """Whether a tag's attributes are those of a link to a feed."""
    media_type = of.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in of.get("rel", "").lower().split() and media_type in TYPES


def words(offers: Sequence[Offer]) -> str:
    """What a page's feeds are, for the end of a sentence about it; empty for none."""
    named = [offer.url for offer in offers if len(offer.url) <= LONGEST][:NAMED]
    if not named:
        return ""
    more = f" and {len(offers) - len(named)} more" if len(offers) > len(named) else ""
    return f"; it names {'these feeds' if len(offers) > 1 else 'this feed'}: {', '.join(named)}{more}"


def _without_comments(text: str) -> str:
    # Not by a pattern, which would look for the end again from each beginning that has none.
    pieces, at = [], 0
    while (begin := text.find("<!--", at)) >= 0:
        pieces.append(text[at:begin])
        end = text.find("-->", begin + 2)
        if end < 0:
            return "".join(pieces)
        at = end + 3
    return "".join([*pieces, text[at:]])


def _attributes(tag: str) -> dict[str, str]:
    return {name.lower(): html.unescape("".join(value)) for name, *value in _ATTRIBUTE.findall(tag)}
