"""Rows of an article in, its head out: a pure function of the set, whatever order they came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from newscast.articles.identity import digest_of, revision_of, run_of, written
from newscast.articles.items import item_bytes
from newscast.articles.rows import Actor, Head, Revision, cut, head_row
from newscast.records import ActorTag, Involvement, TaggedArticle

HEAD_BYTES = 4096
"""A head stays in one read unit and four write units, so that lists of articles stay cheap."""
MAX_EDGES = 40
"""Actors with an edge. A text that names more is a list, and one transaction (100 writes) must be able to
replace them all: 40 gone + 40 new + head, revision, page. The revision keeps every actor."""
TITLE_BYTES = 600
"""Of a title in a head or an edge; the revision keeps it whole."""
SHORT_TITLE_BYTES = 200
"""Of a title that JSON makes six times as long."""
URL_BYTES = 1000
"""A longer URL is left out of head and edges, since a cut one leads nowhere; the revision keeps it."""
MAX_ROWS = 1000
"""Revisions and their runs under one name, the earliest first. A live text has some hundreds a day."""
MAX_URLS, MAX_OBSERVERS, MAX_NAMES = 16, 32, 32
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
        content=article.content_hash,
        url=article.url,
        title=cut(article.title, TITLE_BYTES),
        feed_id=article.feed_id,
        feed_url=article.feed_url,
        source=article.source,
        first=observed,
        last=observed,
        tagged_at=written(record.tagged_at) if record.tagged_at else "",
        gazetteer=record.tags.gazetteer_version,
        page=article.full_text.outcome if article.full_text else None,
        chosen=digest_of(record),
        stored_at=written(now),
        correlation_id=correlation_id,
    )


def joined(one: Revision, other: Revision) -> Revision:
    """Two rows of one name, revision and run as one: the earlier record stands for both."""
    chosen = min(one, other, key=lambda row: (row.first, row.chosen))
    return replace(
        chosen,
        last=max(one.last, other.last),
        tagged_at=min(one.tagged_at, other.tagged_at),
        stored_at=min(one.stored_at, other.stored_at),
    )


def kept(rows: Iterable[Revision]) -> list[Revision]:
    """Of one name's rows those that count, the earliest first."""
    return sorted(rows, key=lambda row: row.order)[:MAX_ROWS]


def shown(rows: Sequence[Revision]) -> Revision:
    """The row that an article with these rows shows.

    The revision that was last observed, and of two the greater hash; but a whole text before a teaser whose
    page could not be had. Of its tag runs the newest; of the rows of that run the earliest.
    """
    revisions: dict[str, list[Revision]] = {}
    for row in rows:
        revisions.setdefault(row.revision, []).append(row)

    def place(revision: str) -> tuple[bool, str, str]:
        its = revisions[revision]
        return any(row.page != "kept" for row in its), max(row.last for row in its), revision

    its = revisions[max(revisions, key=place)]
    tagged: dict[str, str] = {}
    for row in its:
        tagged[row.run] = min(row.tagged_at, tagged.get(row.run, row.tagged_at))
    run = max(tagged, key=lambda one: (tagged[one], one))
    return min((row for row in its if row.run == run), key=lambda row: row.order)


def head_of(article_id: str, rows: Sequence[Revision], record: TaggedArticle) -> Head:
    """The head of an article: its rows, of all its names, and the record that `shown` of them holds."""
    top = shown(rows)
    article = record.article
    by_time = sorted(rows, key=lambda row: row.order)
    first = by_time[0]
    taken = any(row.page == "taken" for row in rows)
    # A teaser whose page was read at another time is no version of the text.
    revisions = {row.revision for row in rows if not (taken and row.page == "kept")}
    same_run = [row for row in rows if (row.revision, row.run) == (top.revision, top.run)]
    return fit(
        Head(
            article_id=article_id,
            source=first.source,
            feed_id=first.feed_id,
            feed_url=first.feed_url,
            title=cut(article.title, TITLE_BYTES),
            url=article.url if article.url and len(article.url.encode()) <= URL_BYTES else None,
            published=written(article.published.at),
            basis=article.published.basis,
            first_seen=first.first,
            language=article.language.code if article.language else None,
            title_language=article.title_language.code if article.title_language else None,
            publisher=cut(article.publisher, 200) if article.publisher else None,
            actors=weigh(record.tags.actors),
            actor_count=len(record.tags.actors),
            revision=top.revision,
            run=top.run,
            name=top.name,
            first=top.first,
            last=max(row.last for row in rows if row.revision == top.revision),
            tagged_at=min(row.tagged_at for row in same_run),
            chosen=top.chosen,
            revisions=len(revisions),
            rows=len(rows),
            gazetteer=record.tags.gazetteer_version,
            signature=article.signature,
            names=tuple(dict.fromkeys(row.name for row in by_time))[:MAX_NAMES],
            urls=tuple(dict.fromkeys(row.url for row in by_time if row.url))[:MAX_URLS],
            observers=tuple(dict.fromkeys(row.feed_url or row.source for row in by_time))[:MAX_OBSERVERS],
            correlation_id=top.correlation_id,
            stored_at=min(row.stored_at for row in rows),
        )
    )


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
    while head.actors and _bytes(head) > HEAD_BYTES:
        head = replace(head, actors=head.actors[:-1])
    for less in (
        {"urls": head.urls[:1]},
        {"observers": head.observers[:1]},
        {"urls": ()},
        {"url": None},
        {"observers": ()},
        {"feed_url": None},
        {"publisher": None},
        {"title": cut(head.title, SHORT_TITLE_BYTES)},
    ):
        if _bytes(head) > HEAD_BYTES:
            head = replace(head, **less)
    return head


def _bytes(head: Head) -> int:
    return item_bytes(head_row(head, 10**9, timedelta(0)))  # with room for any version and its end
