"""Records of the table's rows, and rows of them: every attribute of an article is written here, every key in
`keys`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from newscast.articles.identity import digest, filed_at, page_of, read_time, written
from newscast.articles.items import SCHEMA, Item, Key, item_of, keyed, known, read, schema_of
from newscast.articles.keys import (
    DAY_SHARDS,
    claim_key,
    day_index,
    edge_key,
    head_key,
    page_key,
    revision_key,
    shard_of,
    source_index,
)
from newscast.records import Involvement

PAGES_OUTLIVE = timedelta(days=400)
"""How much longer than its articles a page's row is kept."""


class Actor(Struct, frozen=True, array_like=True):
    """An actor in a head: one short list, as heads hold up to 40."""

    actor_id: str
    involvement: Involvement


class Listed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What lists show of an article: the part of its head that the indexes hold, as one attribute (`shown`).

    What every revision changes is not in it, so that a revision with the same title and actors writes to
    no index.
    """

    article_id: str
    source: str
    feed_id: str
    feed_url: str | None = None
    title: str
    url: str | None = None
    published: str
    """As the shown revision says; the time it is filed under is in the keys."""
    basis: str
    first_seen: str
    language: str | None = None
    title_language: str | None = None
    """Of the title by itself, which lists show."""
    publisher: str | None = None
    actors: tuple[Actor, ...] = ()
    """At most 40, in the order of their weight."""
    actor_count: int = 0
    """All actors of the shown tag run."""

    @property
    def filed(self) -> str:
        """The time that it is filed under, as written in keys; without a published time, first seen."""
        if self.basis == "missing":
            return self.first_seen
        return written(filed_at(read_time(self.published), read_time(self.first_seen)))


class Head(Listed, frozen=True, kw_only=True):
    """What an article's rows come to (`heads.head_of`)."""

    revision: str
    """Of the revision that is shown; with `run` and `name`, where its record lies."""
    run: str
    name: str
    first: str
    """When the shown row was first observed, and `last` when last."""
    last: str
    tagged_at: str
    chosen: str
    """Digest of the shown record."""
    revisions: int
    rows: int
    """Of all its names, runs too."""
    gazetteer: str
    signature: str | None = None
    names: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    """The addresses that it was observed at, the earliest first; at most 16."""
    observers: tuple[str, ...] = ()
    """URLs of the feeds that speak for it, the earliest first; at most 32."""
    correlation_id: str
    stored_at: str
    """When the article was first stored."""


class Redirect(Struct, frozen=True, kw_only=True):
    """A name that is no article's id: where it leads.

    same: to the article that it is of · beside: to the owner's article, which it is an observation of ·
    moved: its feed speaks for its page now, so what was observed has another name.
    """

    leads_to: str
    why: Literal["same", "beside", "moved"]


class Erased(Struct, frozen=True, kw_only=True):
    """A name whose article a person erased; it stays."""

    erased_at: str


AtHead = Head | Redirect | Erased


class Revision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One content of an article under one name, with the actors of one tag run.

    Of several records of it the earliest stands for all; observations only widen `first` to `last`.
    """

    name: str
    revision: str
    run: str
    content: str
    """Content hash."""
    url: str | None = None
    title: str = ""
    feed_id: str
    feed_url: str | None = None
    source: str
    first: str
    last: str
    tagged_at: str = ""
    gazetteer: str = ""
    page: Literal["taken", "same", "kept"] | None = None
    """What became of its page, where it was wanted (records.FullText)."""
    chosen: str
    """Digest of the record that stands here."""
    stored_at: str
    correlation_id: str
    body_at: str | None = None
    """Key of its record in the bucket, where it is too large for the row."""

    @property
    def order(self) -> tuple[str, str, str, str]:
        return self.first, self.name, self.revision, self.run


class Owner(Struct, frozen=True, array_like=True):
    """A name of a feed that speaks for a page."""

    first: str
    """When it was first observed at this page."""
    name: str
    feed_id: str
    home: bool
    """Whether it was first observed here of all pages."""
    titles: tuple[str, ...] = ()
    """Short hashes of its titles, the earliest first; at its home alone, at most 16."""
    erased: bool = False
    """Its article was erased, and others of this page were not."""


class Claim(Struct, frozen=True, array_like=True):
    """A name of a feed that doesn't speak for a page that it observed."""

    first: str
    name: str
    feed_id: str
    feed_url: str
    source: str


class Page(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who observed an address: those who speak for it, and others. In order, and bounded (`grouping`)."""

    url: str
    owners: tuple[Owner, ...] = ()
    claims: tuple[Claim, ...] = ()
    unsettled: tuple[str, ...] = ()
    """Heads of its names are being made anew, together with those of these pages (itself among them): who
    finds this does it."""
    erased: str | None = None
    """When its article was erased."""


class Edge(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An actor in an article, with what a list of the actor's articles shows."""

    article_id: str
    actor_id: str
    involvement: Involvement
    filed: str
    source: str
    title: str
    url: str | None = None
    language: str | None = None
    title_language: str | None = None


# ------------------------------------------------------------------------------------------- rows
def at_head(item: Mapping[str, Any] | None) -> AtHead | None:
    """What stands at a name's HEAD; None for a row of 0.1.0, which `migrating` takes over. Raises
    NewerRowError."""
    if not item or schema_of(item) == 1:
        return None
    known(item)
    match item["kind"]["S"]:
        case "redirect":
            return read(item, Redirect)
        case "erased":
            return read(item, Erased)
    shown: dict[str, Any] = msgspec.json.decode(item["shown"]["S"])
    rest: dict[str, Any] = msgspec.json.decode(item["json"]["S"])
    return msgspec.convert(shown | rest, Head)


def listed(item: Mapping[str, Any]) -> Listed:
    """A head's row as an index gives it."""
    return msgspec.json.decode(item["shown"]["S"], type=Listed)


def head_row(head: Head, version: int, keep: timedelta | None) -> Item:
    """A head's row; `keep`: how long after its filed time, None for ever."""
    fields: dict[str, Any] = msgspec.to_builtins(head)
    shown = {name: fields.pop(name) for name in Listed.__struct_fields__ if name in fields}
    end = _expiry(head.filed, keep)
    if end:
        shown["expires_at"] = int(end["expires_at"]["N"])  # indexes hold nothing else that says so
    index = f"{head.filed}#{head.article_id}"
    shard = shard_of(head.article_id, DAY_SHARDS)
    return (
        keyed(head_key(head.article_id))
        | {
            "schema": {"N": str(SCHEMA)},
            "version": {"N": str(version)},
            "kind": {"S": "head"},
            "shown": {"S": msgspec.json.encode(shown).decode()},
            "json": {"S": msgspec.json.encode(fields).decode()},
            "SourcePK": {"S": source_index(head.source)},
            "SourceSK": {"S": index},
            "DayPK": {"S": day_index(head.filed[:10], shard)},
            "DaySK": {"S": index},
        }
        | end
    )


def lead_row(name: str, at: Redirect | Erased, version: int) -> Item:
    """The row of a name that has no head. It has no end: an id once given leads somewhere for ever."""
    kind = "redirect" if isinstance(at, Redirect) else "erased"
    return item_of(head_key(name), at) | {"version": {"N": str(version)}, "kind": {"S": kind}}


def revision_row(
    row: Revision, body: bytes | None, keep: timedelta | None, over: Mapping[str, Any] | None
) -> Item:
    """A revision's row; `over` is the one that it replaces."""
    item = item_of(revision_key(row.name, row.revision, row.run), row, over)
    # `stored_at` by itself, so that a scan can choose by it.
    item |= {"stored_at": {"S": row.stored_at}} | _expiry(row.first, keep)
    return item | ({"body": {"B": body}} if body is not None else {})


def page_row(page: Page, version: int, keep: timedelta | None, over: Mapping[str, Any] | None) -> Item:
    # An owner's page lasts as long as its article, whoever claimed it long before.
    first = min((one.first for one in page.owners or page.claims), default="")
    item = item_of(page_key(page_of(page.url)), page, over) | {"version": {"N": str(version)}}
    if keep is None or not first or page.erased:
        return item
    return item | _expiry(first, keep + PAGES_OUTLIVE)


def claim_row(feed_id: str, name: str, url: str, keep: timedelta | None, first: str) -> Item:
    """That a feed observed a page that it doesn't speak for, found by its feed when it comes to."""
    return keyed(claim_key(feed_id, name)) | {"url": {"S": url}} | _expiry(first, keep)


def edges(head: Head, keep: timedelta | None) -> dict[Key, Item]:
    """All edge rows that an article with this head has, by key."""
    found: dict[Key, Item] = {}
    for actor in head.actors:
        edge = Edge(
            article_id=head.article_id,
            actor_id=actor.actor_id,
            involvement=actor.involvement,
            filed=head.filed,
            source=head.source,
            title=head.title,
            url=head.url,
            language=head.language,
            title_language=head.title_language,
        )
        key = edge_key(actor.actor_id, head.filed, head.article_id)
        found[key] = item_of(key, edge) | _expiry(head.filed, keep)
    return found


def _expiry(start: str, keep: timedelta | None) -> Item:
    if keep is None:
        return {}
    return {"expires_at": {"N": str(int((read_time(start) + keep).timestamp()))}}


def expired(item: Mapping[str, Any], now: datetime) -> bool:
    """Whether a row, of the table or of an index, is past its time; DynamoDB removes it within days."""
    if "expires_at" in item:
        end: int | None = int(item["expires_at"]["N"])
    else:
        end = msgspec.json.decode(item["shown"]["S"], type=_Ends).expires_at if "shown" in item else None
    return end is not None and end <= now.timestamp()


class _Ends(Struct):
    expires_at: int | None = None


def short(title: str) -> str:
    """A title's short hash, as pages hold it."""
    return digest("title", title)[:8]


def cut(text: str, size: int) -> str:
    """The text, or its beginning in at most `size` UTF-8 bytes, with an ellipsis."""
    raw = text.encode()
    return text if len(raw) <= size else raw[: size - 3].decode(errors="ignore").rstrip() + "…"
