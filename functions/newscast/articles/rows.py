"""Records to rows of the table and back: every attribute of an article is written here, every key in `keys`.

The head alone says which edges an article has: `edges` derives them, and the two are only ever written in
one transaction.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from newscast.articles.identity import Alias, filed_at, own, read_time, written
from newscast.articles.items import Item, Key, item_bytes, item_of
from newscast.articles.keys import (
    DAY_SHARDS,
    actor_index,
    actor_shards,
    alias_key,
    day_index,
    edge_key,
    head_key,
    month_of,
    revision_key,
    same_as_key,
    shard_of,
    source_index,
)
from newscast.records import ActorTag, Article, Involvement, TaggedArticle

HEAD_BYTES = 4096
"""A head stays in one read unit and four write units, so that lists of articles stay cheap."""
MAX_EDGES = 40
"""Actors with an edge. A text that names more is a list, and one transaction (100 writes) must be able to
replace them all: 40 gone + 40 new + head, revision, aliases. The revision keeps every actor."""
TITLE_BYTES = 600
"""Of a title in a head or an edge; the revision keeps it whole."""
URL_BYTES = 1000
"""A longer URL is left out of head and edges, since a cut one leads nowhere; the revision keeps it."""
INLINE_BYTES = 200_000
"""Of a compressed body in a row; a larger one goes to the bucket. A row may be 400 KB, but a read of one
costs a unit each 4 KB."""
BODIES = "bodies/"
"""Prefix of bodies in the bucket. Nothing expires them."""
MAX_BODY_BYTES = 64 * 1024 * 1024
"""Of a body once unpacked; no message holds more."""
INVOLVEMENTS: tuple[Involvement, ...] = ("participant", "speaker", "source", "mentioned")
"""Which actors keep their edge where there are more than MAX_EDGES: those who act before those named."""


class Actor(Struct, frozen=True, array_like=True):
    """An actor in a head: one short list, as heads hold up to 40."""

    actor_id: str
    involvement: Involvement


class Listed(Struct, frozen=True, kw_only=True):
    """What lists show of an article: the part of its head that the indexes hold (infra/template.yaml).

    What every revision changes is not in it, so that a revision with the same title and actors writes to
    no index.
    """

    article_id: str
    source: str
    feed_id: str
    title: str
    url: str | None = None
    published: str
    """As the newest observation says; the time it is filed under is in the keys."""
    basis: str
    first_seen: str
    language: str | None = None
    title_language: str | None = None
    """Of the title by itself, which lists show."""
    publisher: str | None = None
    actors: tuple[Actor, ...] = ()
    """At most 40, in the order of their weight."""
    actor_count: int = 0
    """All actors of the current revision."""

    @property
    def filed(self) -> str:
        """The time that it is filed under, as written in keys; without a published time, first seen."""
        if self.basis == "missing":
            return self.first_seen
        return written(filed_at(read_time(self.published), read_time(self.first_seen)))


class Head(Listed, frozen=True, kw_only=True):
    """What the newest observation of an article said.

    `version` counts the head's writes: each is conditional on the version that was read.
    """

    version: int
    observed: str
    """When `content` was last observed, the newest observation of all."""
    content: str
    """Content hash of the current revision."""
    own: bool = False
    """Whether that revision is its own publisher's, which another source's never replaces."""
    page: Literal["taken", "same", "kept"] | None = None
    """What became of its page, where it was wanted (records.FullText)."""
    revisions: int = 1
    signature: str | None = None
    gazetteer: str
    same_as: tuple[str, ...] = ()
    correlation_id: str
    """Of the message that brought the current revision."""
    stored_at: str
    """When the article was first stored."""

    @property
    def standing(self) -> int:
        """How much what it says counts, before how new it is: a whole text of the article's own publisher,
        one that another's feed led to, a teaser of its own publisher, what others say of it. A teaser is a
        text known to be one, since its page was wanted and not had."""
        teaser = self.page == "kept"
        if self.own:
            return 2 if teaser else 4
        return 3 if self.page == "taken" else 0 if teaser else 1


class Revision(Struct, frozen=True, kw_only=True):
    """One content that an article had: written once, never changed."""

    article_id: str
    content: str
    observed: str
    """When the observation was made that brought it here first."""
    stored_at: str
    correlation_id: str
    body: bytes | None = None
    """A TaggedArticle, packed."""
    body_at: str | None = None
    """Its key in the bucket, where it is too large for a row."""


class Edge(Struct, frozen=True, kw_only=True):
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


class AliasRow(Struct, frozen=True, kw_only=True):
    """Where an alias leads."""

    article_id: str


class SameAs(Struct, frozen=True, kw_only=True):
    """Two articles whose guid and URL say that they are one. Written to both."""

    article_id: str
    other_id: str


# ------------------------------------------------------------------------------------------- rows
def alias_row(alias: Alias, article_id: str) -> Item:
    return item_of(alias_key(alias), AliasRow(article_id=article_id))


def head_row(head: Head) -> Item:
    """The head's row; `fit` has seen to its size."""
    index = f"{head.filed}#{head.article_id}"
    shard = shard_of(head.article_id, DAY_SHARDS)
    return item_of(head_key(head.article_id), head) | {
        "GSI1PK": {"S": source_index(head.source)},
        "GSI1SK": {"S": index},
        "GSI2PK": {"S": day_index(head.filed[:10], shard)},
        "GSI2SK": {"S": index},
    }


def revision_row(revision: Revision) -> Item:
    return item_of(revision_key(revision.article_id, revision.content), revision)


def edge_row(edge: Edge) -> Item:
    shard = shard_of(edge.article_id, actor_shards(edge.actor_id))
    return item_of(edge_key(edge.article_id, edge.actor_id), edge) | {
        "GSI1PK": {"S": actor_index(edge.actor_id, month_of(edge.filed), shard)},
        "GSI1SK": {"S": f"{edge.filed}#{edge.article_id}"},
    }


def same_as_row(article_id: str, other_id: str) -> Item:
    return item_of(same_as_key(article_id, other_id), SameAs(article_id=article_id, other_id=other_id))


def edges(head: Head) -> dict[Key, Item]:
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
        found[edge_key(head.article_id, actor.actor_id)] = edge_row(edge)
    return found


# --------------------------------------------------------------------------------- records to rows
def weigh(actors: tuple[ActorTag, ...]) -> tuple[Actor, ...]:
    """The actors that get an edge: who acts before who is named, then the most mentioned."""
    ranked = sorted(
        actors, key=lambda tag: (INVOLVEMENTS.index(tag.involvement), -len(tag.mentions), tag.actor_id)
    )
    distinct: dict[str, Actor] = {}
    for tag in ranked:
        distinct.setdefault(tag.actor_id, Actor(tag.actor_id, tag.involvement))
    return tuple(distinct.values())[:MAX_EDGES]


def head_of(record: TaggedArticle, article_id: str, correlation_id: str, now: datetime) -> Head:
    """The first head of an article that is stored for the first time."""
    article = record.article
    observed = written(article.observed_at)
    return fit(
        Head(
            article_id=article_id,
            version=1,
            source=article.source,
            feed_id=article.feed_id,
            title=title_of(article),
            url=article.url if article.url and len(article.url.encode()) <= URL_BYTES else None,
            published=written(article.published.at),
            basis=article.published.basis,
            first_seen=observed,
            observed=observed,
            content=article.content_hash,
            own=own(article),
            page=article.full_text.outcome if article.full_text else None,
            language=article.language.code if article.language else None,
            title_language=article.title_language.code if article.title_language else None,
            publisher=cut(article.publisher, 200) if article.publisher else None,
            signature=article.signature,
            gazetteer=record.tags.gazetteer_version,
            actors=weigh(record.tags.actors),
            actor_count=len(record.tags.actors),
            correlation_id=correlation_id,
            stored_at=written(now),
        )
    )


def title_of(article: Article) -> str:
    """A title as heads hold it."""
    return cut(article.title, TITLE_BYTES)


def fit(head: Head) -> Head:
    """The head with as many of its actors as 4 KB leave room for, the least go first; then its URL goes, as
    the source of a publisher's own making may take half of them."""
    while head.actors and item_bytes(head_row(head)) > HEAD_BYTES:
        head = msgspec.structs.replace(head, actors=head.actors[:-1])
    if item_bytes(head_row(head)) > HEAD_BYTES:
        head = msgspec.structs.replace(head, url=None)
    return head


def pack(record: TaggedArticle) -> bytes:
    """A record as it is kept: JSON, compressed."""
    return zlib.compress(msgspec.json.encode(record), 6)


def unpack(body: bytes) -> TaggedArticle:
    """What `pack` packed. Raises ValueError if it is something else."""
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(body, MAX_BODY_BYTES)
    except zlib.error as error:
        raise ValueError(f"a body that can't be unpacked: {error}") from error
    if not stream.eof:
        raise ValueError(f"a body cut short, or of more than {MAX_BODY_BYTES} bytes")
    return _RECORD.decode(raw)


_RECORD = msgspec.json.Decoder(TaggedArticle)


def cut(text: str, size: int) -> str:
    """The text, or its beginning in at most `size` UTF-8 bytes, with an ellipsis."""
    raw = text.encode()
    return text if len(raw) <= size else raw[: size - 3].decode(errors="ignore").rstrip() + "…"
