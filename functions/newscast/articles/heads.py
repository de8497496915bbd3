"""Rows of an article in, its head out: a pure function of the set, whatever order they came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from newscast.articles.identity import digest_of, revision_of, run_of, written
from newscast.articles.items import item_bytes
from newscast.articles.revisions import Revision, summed
from newscast.articles.rows import Actor, Head, cut, filed_under, head_row, short
from newscast.records import ActorTag, Involvement, TaggedArticle

HEAD_BYTES = 4096
"""A head stays in one read unit and four write units, so that lists of articles stay cheap."""
MAX_EDGES = 40
"""Actors with an edge, each of which is a write. A text that names more is a list. The record keeps every
actor."""
TITLE_BYTES = 600
"""Of a title in a head; the record keeps it whole."""
SHORT_TITLE_BYTES = 200
"""Of a title that JSON makes six times as long."""
URL_BYTES = 1000
"""A longer URL is left out of a head, since a cut one leads nowhere; the record keeps it."""
INVOLVEMENTS: tuple[Involvement, ...] = ("participant", "speaker", "source", "mentioned")
"""Which actors keep their edge where there are more than MAX_EDGES: those who act before those named."""


def row_of(name: str, record: TaggedArticle, correlation_id: str, now: datetime) -> Revision:
    """One record as the row that it is kept in."""
    article = record.article
    observed = written(article.observed_at)
    return Revision(
        name=name,
        revision=revision_of(article),
        run=run_of(record),
        url=article.url,
        title=short(article.title),
        feed_id=article.feed_id,
        feed_url=article.feed_url,
        source=article.source,
        first=observed,
        last=observed,
        tagged_at=written(record.tagged_at) if record.tagged_at else "",
        page=article.full_text.outcome if article.full_text else None,
        chosen=digest_of(record),
        stored_at=written(now),
        correlation_id=correlation_id,
    )


def head_of(article_id: str, rows: Sequence[Revision], record: TaggedArticle) -> Head:
    """The head of an article: its rows, of all its names, and the record that `shown` of them holds."""
    article = record.article
    published, basis = written(article.published.at), article.published.basis
    said = summed(rows)
    return fit(
        Head(
            article_id=article_id,
            filed=filed_under(published, basis, said["first_seen"]),
            title=cut(article.title, TITLE_BYTES),
            url=article.url if article.url and len(article.url.encode()) <= URL_BYTES else None,
            published=published,
            basis=basis,
            language=article.language.code if article.language else None,
            title_language=article.title_language.code if article.title_language else None,
            publisher=cut(article.publisher, 200) if article.publisher else None,
            actors=weigh(record.tags.actors),
            actor_count=len(record.tags.actors),
            **said,
        )
    )


def again(before: Head, rows: Sequence[Revision]) -> Head | None:
    """The same for a head that shows the record that `shown` of the rows holds, without that record; None
    where it has left something out, so that the record must say it."""
    if before.actor_count > len(before.actors) or _bytes(before) > HEAD_BYTES // 2:
        return None
    said = summed(rows)
    filed = filed_under(before.published, before.basis, said["first_seen"])
    return fit(replace(before, filed=filed, **said))


def weigh(actors: tuple[ActorTag, ...]) -> tuple[Actor, ...]:
    """The actors that get an edge: who acts before who is named, then the most mentioned."""
    ranked = sorted(
        actors, key=lambda tag: (INVOLVEMENTS.index(tag.involvement), -len(tag.mentions), tag.actor_id)
    )
    distinct: dict[str, Actor] = {}
    for tag in ranked:
        distinct.setdefault(tag.actor_id, Actor(tag.actor_id, tag.involvement))
    return tuple(distinct.values())[:MAX_EDGES]


def fit(head: Head) -> Head:
    """The head with as many of its actors as 4 KB leave room for, the least go first; then what else may be
    long: a publisher makes its addresses, and may make them as long as it likes."""
    if _bytes(head) <= HEAD_BYTES:  # nearly all
        return head
    while head.actors and _bytes(head) > HEAD_BYTES:
        head = replace(head, actors=head.actors[:-1])
    for less in (
        {"urls": head.urls[:1]},
        {"observers": head.observers[:1]},
        {"urls": ()},
        {"url": None},
        {"observers": ()},
        {"publisher": None},
        {"title": cut(head.title, SHORT_TITLE_BYTES)},
    ):
        if _bytes(head) > HEAD_BYTES:
            head = replace(head, **less)
    return head


def _bytes(head: Head) -> int:
    # With room for any version and its end; a name's rows are bounded by their number.
    return item_bytes(head_row(head, 10**9, timedelta(0), {}))
