"""Article in, what it is known by out: its name, its revision and its tag run, each from itself alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from newscast import sites
from newscast.records import Article, TaggedArticle

NameKind = Literal["entry", "address", "claim", "text"]

FUTURE_ALLOWED = timedelta(hours=1)
"""How far after its first observation an article may be filed: publishers' clocks run fast, and some
date a teaser by the event it announces; without a bound such an article stands on top for months."""
MAX_KEY_PART = 256
"""UTF-8 bytes of a publisher's text in a key. DynamoDB allows 1,024 for a sort key; a longer part is
hashed, which keeps keys readable where publishers are sane, and rows small where they are not."""


class Name(Struct, frozen=True):
    """What one observation is known by; `id` is 128 bits in hex, an article's id if it is its earliest name.

    entry: a feed's guid · address: a feed's entry without a guid, by its URL · claim: a feed's entry about a
    page that it doesn't speak for · text: an entry with neither guid nor URL, by what it says.
    """

    kind: NameKind
    id: str


def speaks(article: Article, scopes: Iterable[str]) -> bool:
    """Whether its feed speaks for its URL: by where it is subscribed to, or by one of these granted scopes.
    An article without a URL is its feed's own."""
    if article.url is None:
        return True
    if sites.same_site(article.subscribed, article.url):
        return True
    return any(sites.covers(one, article.url) for one in scopes)


def name_of(article: Article, owned: bool) -> Name:
    """An article's name. `owned`: its feed speaks for its URL."""
    guid = _guid(article)
    if not owned:
        return Name("claim", digest("claim", article.feed_id, guid or "", article.url or ""))
    if guid:
        return Name("entry", digest("entry", article.feed_id, guid))
    if article.url:
        return Name("address", digest("address", article.feed_id, article.url))
    return Name("text", digest("text", article.feed_id, article.content_hash))


def _guid(article: Article) -> str | None:
    """The guid. One that is the entry's own link and a number behind it (the BBC's `…/article#3`) counts the
    updates of one entry: it is taken without the number."""
    page, _, number = (article.guid or "").partition("#")
    if number.isascii() and number.isdigit() and page and page == (article.link or "").partition("?")[0]:
        return page
    return article.guid or None


def revision_of(article: Article) -> str:
    """What a reader would call one version of an article: what it says, and where."""
    return digest("revision", article.content_hash, article.url or "")[:16]


def run_of(record: TaggedArticle) -> str:
    """The tag run that a record's actors are from: the gazetteer and the code that looked for them."""
    return digest("run", record.tags.gazetteer_version, record.tagger or "")[:16]


def digest_of(record: TaggedArticle) -> str:
    """Tells records apart that were observed at the same moment."""
    return hashlib.sha256(msgspec.json.encode(record)).hexdigest()[:16]


def page_of(url: str) -> str:
    """The digest by which a page's rows are found."""
    return digest("url", url)


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
