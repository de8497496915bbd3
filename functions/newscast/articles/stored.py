"""Stored articles as the one record that `newscast articles`, `--out` and exports give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Literal, TypeVar

from msgspec import Struct

from newscast.articles import queries, rows
from newscast.articles.identity import page_of, written
from newscast.articles.items import read
from newscast.articles.keys import head_key, page_key, partition
from newscast.articles.revisions import Revision
from newscast.articles.rows import Head, Page, Redirect
from newscast.articles.store import Articles
from newscast.records import Article, TaggedArticle, Tags

TOGETHER = 100
"""Articles whose rows are read in one call."""

Made = Literal["new", "revised", "retagged", "beside"]
T = TypeVar("T")
Told = dict[str, set[tuple[str, str]]]
"""By article, the revisions and runs that were told already."""


class Stored(Struct, frozen=True, kw_only=True):
    """One article as it stands, or one revision of it."""

    article_id: str
    revision: str
    change: Made
    """What this revision was when it was stored; of an article as it stands, whether it was revised. beside:
    what a feed said of it that doesn't speak for its page."""
    source: str
    feed: str
    """URL of the feed that said so."""
    url: str | None
    title: str
    published: datetime
    observed_by: tuple[str, ...]
    """URLs of the feeds that observed it: those that speak for it, then those beside it."""
    article: Article
    tags: Tags


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    left = iter(things)
    while some := list(islice(left, TOGETHER)):
        yield some


def current(articles: Articles, article_ids: Iterable[str]) -> Iterator[Stored]:
    """Articles as they stand, in this order; ids that are not known, or erased, have none."""
    for ids in _batches(article_ids):
        found = queries.heads(articles, ids)
        wanted = {head.article_id: head for each in ids if (head := found.get(each))}
        beside = observers(articles, wanted.values())
        its = {head.name: head for head in wanted.values()}
        rows_of = dict(zip(its, articles.rows(its), strict=True))
        shown = {
            head.article_id: row
            for head in wanted.values()
            for row in rows_of[head.name]
            if (row.revision, row.run) == (head.revision, head.run)
        }
        records = articles.archive.load_all(row.body for row in shown.values())
        for each, row in shown.items():
            head = wanted[each]
            change: Made = "revised" if head.revisions > 1 else "new"
            yield _stored(head, row, records[row.body], change, beside[each])


def history(articles: Articles, article_id: str) -> list[Stored]:
    """All that an article was, and all that was said beside it, in the order in which it was first observed;
    none for an id that isn't known, or whose article is erased."""
    head = queries.heads(articles, [article_id]).get(article_id)
    if head is None:
        return []
    pages = articles.read(page_key(page_of(url)) for url in head.urls)
    known = [page for item in pages.values() if (page := read(item, Page)).owners]
    beside = [one.name for page in known for one in page.claims]
    names = dict.fromkeys([*head.names, *beside])
    found = [row for its in articles.rows(names) for row in its]
    found.sort(key=lambda row: (row.first, row.tagged_at, *row.order))
    told: set[tuple[str, str]] = set()
    seen: set[str] = set()
    observed_by = observers(articles, [head])[head.article_id]
    chosen: list[tuple[Revision, Made]] = []
    for row in found:
        change: Made = "beside"
        if row.name in head.names:
            if (row.revision, row.run) in told:
                continue  # two feeds of one publisher
            change = "retagged" if row.revision in seen else "revised" if seen else "new"
            seen.add(row.revision)
            told.add((row.revision, row.run))
        chosen.append((row, change))
    records = articles.archive.load_all(row.body for row, _ in chosen)
    return [_stored(head, row, records[row.body], change, observed_by) for row, change in chosen]


def observers(articles: Articles, heads: Iterable[Head]) -> dict[str, tuple[str, ...]]:
    """By article: the URLs of all feeds that observed it."""
    found = {head.article_id: head for head in heads}
    pages = articles.read(page_key(page_of(url)) for head in found.values() for url in head.urls)
    known = {key: read(item, Page) for key, item in pages.items()}
    told = {}
    for article_id, head in found.items():
        its = [known[key] for url in head.urls if (key := page_key(page_of(url))) in known]
        beside = [one.feed_url or one.source for page in its if page.owners for one in page.claims]
        told[article_id] = tuple(dict.fromkeys([*head.observers, *beside]))
    return told


def since(articles: Articles, moment: datetime) -> Iterator[Stored]:
    """Every revision and tag run that articles got at or after a moment, in the order it was stored.

    No index is sorted by the time of storing, so this reads the whole table: for a local run, which asks
    once at its end, and for exports. It needs no ledger: `stored_at` is written with the revision, so it
    holds over kills, lost acknowledgements and redeliveries. What strangers said beside is not among it.
    """
    names = (item["PK"]["S"].removeprefix(partition("")) for item in queries.every_head(articles))
    return told(articles, dict.fromkeys(names, written(moment)), {})


def told(articles: Articles, moments: Mapping[str, str], before: Told) -> Iterator[Stored]:
    """What names got at or after a moment, which is each name's own (as `written`); `before` has what was
    told already, and grows."""
    found = [
        (row, its)
        for some in _batches(moments)
        for its in articles.rows(some)
        for row in its
        if row.stored_at >= moments[row.name]
    ]
    found.sort(key=lambda pair: (pair[0].stored_at, *pair[0].order))
    for some in _batches(found):
        yield from _told(articles, some, before)


def _told(
    articles: Articles, some: Sequence[tuple[Revision, Sequence[Revision]]], told: Told
) -> Iterator[Stored]:
    there = articles.read(head_key(row.name) for row, _ in some)
    now = articles.now()
    at = {row.name: rows.at_head(there.get(head_key(row.name))) for row, _ in some}
    at = {name: one for name, one in at.items() if not rows.expired(there.get(head_key(name), {}), now)}
    leads = {name: to.leads_to for name, to in at.items() if isinstance(to, Redirect) and to.why == "same"}
    others = queries.heads(articles, set(leads.values()))
    heads = {name: its for name, its in at.items() if isinstance(its, Head)}
    heads |= {name: others[to] for name, to in leads.items() if to in others}
    beside = observers(articles, heads.values())
    chosen: list[tuple[Head, Revision, Made]] = []
    for row, its in some:
        head = heads.get(row.name)
        if head is None:  # beside another's, moved or erased
            continue
        known = told.setdefault(head.article_id, set())
        if (row.revision, row.run) in known:  # two feeds of one publisher brought it
            continue
        chosen.append((head, row, _change(head, row, its, known)))
        known.add((row.revision, row.run))
    records = articles.archive.load_all(row.body for _, row, _ in chosen)
    for head, row, change in chosen:
        yield _stored(head, row, records[row.body], change, beside[head.article_id])


def _change(head: Head, row: Revision, its: Iterable[Revision], told: set[tuple[str, str]]) -> Made:
    if row.stored_at == head.stored_at and not told:
        return "new"
    if any(revision == row.revision for revision, _ in told):
        return "retagged"
    earlier = any(one.revision == row.revision and one.stored_at < row.stored_at for one in its)
    return "retagged" if earlier else "revised"


def _stored(
    head: Head, row: Revision, record: TaggedArticle, change: Made, observed_by: tuple[str, ...]
) -> Stored:
    article = record.article
    return Stored(
        article_id=head.article_id,
        revision=row.revision,
        change=change,
        source=head.source if change != "beside" else row.source,
        feed=row.feed_url or row.source,
        url=article.url,
        title=article.title,
        published=article.published.at,
        observed_by=observed_by,
        article=article,
        tags=record.tags,
    )
