"""Article in, what it is known by out: its id, the aliases that lead to it, and the parts of its keys.

One publisher's guid names one article, and so does one canonical URL; an alias is the hash of either.
An entry with neither is known by what it says, so that it is stored once, and a changed one is another
article: nothing tells that they belong together, and a wrong merge loses what a wrong split keeps.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from newscast.records import Article

AliasKind = Literal["guid", "url", "content"]

FUTURE_ALLOWED = timedelta(hours=1)
"""How far after its first observation an article may be filed: publishers' clocks run fast, and some
date a teaser by the event it announces; without a bound such an article stands on top for months."""
MAX_KEY_PART = 256
"""UTF-8 bytes of a publisher's text in a key. DynamoDB allows 1,024 for a sort key; a longer part is
hashed, which keeps keys readable where publishers are sane, and rows small where they are not."""


class Alias(Struct, frozen=True):
    """One name that leads to an article; `digest` is 128 bits in hex."""

    kind: AliasKind
    digest: str


class Identity(Struct, frozen=True):
    """What an article is known by: at least one alias, the strongest first.

    `article_id` is the id it gets if none of its aliases is known yet.
    """

    article_id: str
    aliases: tuple[Alias, ...]


def identity(article: Article) -> Identity:
    """Aliases of an article: its guid within its source, its canonical URL, else its content."""
    aliases = []
    if article.guid:
        aliases.append(Alias("guid", digest("guid", article.source, article.guid)))
    if article.url:
        aliases.append(Alias("url", digest("url", article.url)))
    if not aliases:
        aliases.append(Alias("content", digest("content", article.source, article.content_hash)))
    strongest = aliases[0]
    return Identity(digest("article", strongest.kind, strongest.digest), tuple(aliases))


def own(article: Article) -> bool:
    """Whether it comes from its own publisher: its URL, if it has one, is of the feed's host."""
    if article.url is None:
        return True
    host = (urlsplit(article.url).hostname or "").removeprefix("www.")
    source = article.source
    return host == source or host.endswith(f".{source}") or source.endswith(f".{host}")


def digest(kind: str, *parts: str) -> str:
    """128 bits in hex that no other kind and no other cut of the same characters shares.

    Every part goes in behind its length, so ("a", "bc") and ("ab", "c") differ.
    """
    hashed = hashlib.sha256()
    for part in (kind, *parts):
        raw = part.encode("utf-8", "surrogatepass")
        hashed.update(len(raw).to_bytes(8, "big"))
        hashed.update(raw)
    return hashed.hexdigest()[:32]


def key_part(text: str) -> str:
    """A publisher's text as a part of a key: never empty, at most 256 bytes, without the `#` that parts
    keys. Different texts give different parts."""
    quoted = text.replace("%", "%25").replace("#", "%23")
    if quoted and len(quoted.encode("utf-8", "surrogatepass")) <= MAX_KEY_PART and quoted.isprintable():
        return quoted
    return "%~" + digest("part", text)  # in a quoted text, % is followed by 2


def filed_at(published: datetime, first_seen: datetime) -> datetime:
    """The time an article is filed under: as published, but at most an hour after it was first seen."""
    return published if published - first_seen <= FUTURE_ALLOWED else first_seen + FUTURE_ALLOWED


def written(time: datetime) -> str:
    """A time in keys: UTC, microseconds, always 27 characters, so that text order is time order."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_time(text: str) -> datetime:
    """The time that `written` wrote."""
    return datetime.fromisoformat(text)
