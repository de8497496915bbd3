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
    partition,
    shard_of,
    source_index,
)
from newscast.articles.revisions import end_of, in_head, summed
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
    """Not in `shown`: the row's key says it."""
    source: str
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

    feed_id: str
    revision: str
    """Of the revision that is shown; with `run` and `name`, its row."""
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
    shown = _read_shown(item)
    rest: dict[str, Any] = msgspec.json.decode(item["json"]["S"])
    return msgspec.convert(summed(in_head(shown["article_id"], item)) | shown | rest, Head)


def listed(item: Mapping[str, Any]) -> Listed:
    """A head's row as an index gives it."""
    return msgspec.convert(_read_shown(item), Listed)


# An index holds `shown` once more, and each kilobyte of a row is a unit: so it says nothing twice.
_PARTS: dict[str, Involvement] = {"p": "participant", "s": "speaker", "o": "source", "m": "mentioned"}
_LETTERS = {part: letter for letter, part in _PARTS.items()}


def _read_shown(item: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.json.decode(item["shown"]["S"])
    actors = [(actor_id, _PARTS.get(part, part)) for actor_id, part in shown.get("actors", ())]
    usual = {
        "basis": "given",
        "published": item["Filed"]["S"].partition("#")[0],
        "title_language": shown.get("language"),
        "actor_count": len(actors),
    }
    name = item["PK"]["S"].removeprefix(partition(""))
    return usual | shown | {"article_id": name, "actors": actors}


def _write_shown(head: Head, end: Item) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(head, name) for name in Listed.__struct_fields__[1:]}
    shown = {name: value for name, value in shown.items() if value or name in _ALWAYS}
    if head.actors:
        shown["actors"] = [(one.actor_id, _LETTERS[one.involvement]) for one in head.actors]
    usual = {
        "basis": "given",
        "published": head.filed,
        "title_language": head.language,
        "actor_count": len(head.actors),
    }
    shown = {name: value for name, value in shown.items() if usual.get(name, shown) != value}
    if end:
        shown["expires_at"] = int(end["expires_at"]["N"])  # indexes hold nothing else that says so
    return shown


_ALWAYS = {"source", "title", "published", "basis", "first_seen", "title_language", "actor_count"}
"""What `shown` says even if it is empty, unless that is the usual."""


def head_row(head: Head, version: int, keep: timedelta | None, held: Item) -> Item:
    """A head's row; `keep`: how long after its filed time, None for ever. `held` are the attributes with its
    name's rows, and what those say by themselves the head doesn't say again."""
    fields: dict[str, Any] = {name: getattr(head, name) for name in head.__struct_fields__[1:]}
    for name in Listed.__struct_fields__[1:]:
        del fields[name]
    end = end_of(head.filed, keep)
    said = summed(in_head(head.article_id, held))
    rest = {name: value for name, value in fields.items() if name not in said or said[name] != value}
    shard = shard_of(head.article_id, DAY_SHARDS)
    return (
        keyed(head_key(head.article_id))
        | {
            "schema": {"N": str(SCHEMA)},
            "version": {"N": str(version)},
            "kind": {"S": "head"},
            "shown": {"S": msgspec.json.encode(_write_shown(head, end)).decode()},
            "json": {"S": msgspec.json.encode(rest).decode()},
            "SourcePK": {"S": source_index(head.source)},
            "DayPK": {"S": day_index(head.filed[:10], shard)},
            "Filed": {"S": f"{head.filed}#{head.article_id}"},
        }
        | held
        | end
    )


def lead_row(
    name: str, at: Redirect | Erased, version: int, held: Item, keep: timedelta | None = None
) -> Item:
    """The row of a name that has no head. An erased one has no end, and one that leads to an article lasts
    as long as the article's page."""
    kind = "redirect" if isinstance(at, Redirect) else "erased"
    item = item_of(head_key(name), at) | {"version": {"N": str(version)}, "kind": {"S": kind}} | held
    rows = in_head(name, held)
    if keep is None or not rows or isinstance(at, Erased):
        return item
    return item | end_of(max(row.first for row in rows), keep + PAGES_OUTLIVE)


def page_row(page: Page, version: int, keep: timedelta | None, over: Mapping[str, Any] | None) -> Item:
    # An owner's page lasts as long as its article, whoever claimed it long before.
    first = min((one.first for one in page.owners or page.claims), default="")
    item = item_of(page_key(page_of(page.url)), page, over) | {"version": {"N": str(version)}}
    if keep is None or not first or page.erased:
        return item
    return item | end_of(first, keep + PAGES_OUTLIVE)


def claim_row(feed_id: str, name: str, url: str, keep: timedelta | None, first: str) -> Item:
    """That a feed observed a page that it doesn't speak for, found by its feed when it comes to."""
    return keyed(claim_key(feed_id, name)) | {"url": {"S": url}} | end_of(first, keep)


def edges(head: Head, keep: timedelta | None) -> dict[Key, Item]:
    """All edges that an article with this head has, by key. They say nothing but the actor's part: whoever
    lists them reads the heads, and an edge whose head doesn't name the actor counts for nothing.

    As they are written, each also says the version of the head that needed it first.
    """
    end = end_of(head.filed, keep)
    return {
        (key := edge_key(actor.actor_id, head.filed, head.article_id)): keyed(key)
        | {"part": {"S": actor.involvement}}
        | end
        for actor in head.actors
    }


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
    """A title's short hash, as rows and pages hold it."""
    return digest("title", title)[:8]


def cut(text: str, size: int) -> str:
    """The text, or its beginning in at most `size` UTF-8 bytes, with an ellipsis."""
    raw = text.encode()
    return text if len(raw) <= size else raw[: size - 3].decode(errors="ignore").rstrip() + "…"
