"""Reading back what is stored: one article with its history, and lists by actor, source and day.

Lists are lazy and newest first: a caller takes as many as it wants, and goes on later from the
`position` of the last one, which stays right while articles are added. Every query pages to its end: an
answer may hold no item and still not be the last.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from newscast.articles import rows
from newscast.articles.identity import identity, written
from newscast.articles.items import Item, read
from newscast.articles.keys import (
    DAY_SHARDS,
    actor_index,
    actor_shards,
    alias_key,
    article_key,
    day_index,
    head_key,
    revision_key,
    source_index,
)
from newscast.articles.rows import AliasRow, Edge, Head, Listed, Revision
from newscast.articles.store import Articles
from newscast.records import Article, TaggedArticle

PAGE = 100
"""Rows asked for at once in a list. An edge or head is at most 4 KB, so a page is far below the 1 MB at
which DynamoDB cuts."""
BEYOND = "~"
"""Sorts behind every time."""


@dataclass(frozen=True)
class History:
    """One article: its head, its revisions (oldest first), and the articles said to be the same."""

    head: Head
    revisions: tuple[Revision, ...]
    same_as: tuple[str, ...]


def position(row: Listed | Edge) -> str:
    """Where a row stands in a list; pass it as `before` to go on behind it."""
    return f"{row.filed}#{row.article_id}"


def history(articles: Articles, article_id: str) -> History | None:
    """An article with all its revisions; `articles.load` gives a revision's record. None: no such id."""
    head: Head | None = None
    revisions, same_as = [], []
    for item in _pages(articles, "PK = :pk", {":pk": article_key(article_id)}):
        match item["SK"]["S"].split("#")[0]:
            case "HEAD":
                head = read(item, Head)
            case "REV":
                revisions.append(read(item, Revision))
            case "SAME":
                same_as.append(read(item, rows.SameAs).other_id)
    if head is None:
        return None
    revisions.sort(key=lambda revision: (revision.observed, revision.content))
    return History(head, tuple(revisions), tuple(same_as))


def find(articles: Articles, article: Article) -> str | None:
    """The id under which an article is stored, by its guid, else its URL; None if it isn't."""
    known_as = identity(article)
    found = articles.read([alias_key(alias) for alias in known_as.aliases])
    for alias in known_as.aliases:
        if item := found.get(alias_key(alias)):
            return read(item, AliasRow).article_id
    return None


def current(articles: Articles, article_ids: Iterable[str]) -> dict[str, TaggedArticle]:
    """The current record of each article, by its id; an id that is not known has none."""
    keys = [head_key(article_id) for article_id in article_ids]
    there = articles.read(keys)
    heads = [read(there[key], Head) for key in keys if key in there]
    wanted = [revision_key(head.article_id, head.content) for head in heads]
    found = articles.read(wanted)
    revisions = [read(found[key], Revision) for key in wanted if key in found]
    return {revision.article_id: articles.load(revision) for revision in revisions}


def by_actor(
    articles: Articles, actor_id: str, since: datetime, until: datetime, before: str | None = None
) -> Iterator[Edge]:
    """Articles that name an actor, filed from `since` up to, not including, `until`."""
    low, high = written(since), _bound(until, before)
    for month in _months(low, high):
        keys = [actor_index(actor_id, month, shard) for shard in range(actor_shards(actor_id))]
        for item in _merged(articles, "GSI1", keys, low, high):
            yield read(item, Edge)


def by_source(
    articles: Articles, source: str, since: datetime, until: datetime, before: str | None = None
) -> Iterator[Listed]:
    """A source's articles, filed from `since` up to, not including, `until`."""
    low, high = written(since), _bound(until, before)
    for item in _merged(articles, "GSI1", [source_index(source)], low, high):
        yield read(item, Listed)


def latest(
    articles: Articles, since: datetime, until: datetime, before: str | None = None
) -> Iterator[Listed]:
    """All articles filed from `since` up to, not including, `until`: eight queries a day, merged."""
    low, high = written(since), _bound(until, before)
    day, first = date.fromisoformat(high[:10]), date.fromisoformat(low[:10])
    while day >= first:
        keys = [day_index(day.isoformat(), shard) for shard in range(DAY_SHARDS)]
        for item in _merged(articles, "GSI2", keys, low, high):
            yield read(item, Listed)
        if day == date.min:
            return
        day -= timedelta(days=1)


def stored_since(articles: Articles, moment: datetime) -> Iterator[TaggedArticle]:
    """Every revision stored at or after a moment, in the order it was stored.

    No index is sorted by the time of storing, so this reads the whole table: for a local run, which asks
    once at its end, and for exports. It needs no ledger: `stored_at` is written in the same transaction
    as the revision, so it holds over kills, lost acknowledgements and redeliveries.
    """
    asked: dict[str, Any] = {
        "FilterExpression": "begins_with(SK, :rev) AND stored_at >= :moment",
        "ExpressionAttributeValues": {":rev": {"S": "REV#"}, ":moment": {"S": written(moment)}},
    }
    pages = articles.dynamodb.get_paginator("scan").paginate(
        TableName=articles.table, ConsistentRead=True, **asked
    )
    revisions = [read(item, Revision) for page in pages for item in page["Items"]]
    revisions.sort(key=lambda revision: (revision.stored_at, revision.article_id, revision.content))
    for revision in revisions:
        yield articles.load(revision)


def _bound(until: datetime, before: str | None) -> str:
    """The exclusive upper end of sort keys."""
    return min(written(until), before or BEYOND)


def _months(low: str, high: str) -> Iterator[str]:
    """YYYYMM from the month of `high` down to that of `low`."""
    year, month = int(high[:4]), int(high[5:7])
    while f"{year:04}-{month:02}" >= low[:7]:
        yield f"{year:04}{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _merged(articles: Articles, index: str, keys: list[str], low: str, high: str) -> Iterator[Item]:
    """Rows of several index keys between two sort keys, `high` not included, newest first."""
    if low > high:
        return iter(())  # DynamoDB refuses a BETWEEN that is upside down
    name = f"{index}SK"
    lists = [
        _pages(
            articles,
            f"{index}PK = :pk AND {name} BETWEEN :low AND :high",
            {":pk": key, ":low": low, ":high": high},
            IndexName=index,
            ScanIndexForward=False,
            PaginationConfig={"PageSize": PAGE},
        )
        for key in keys
    ]
    merged = (
        lists[0] if len(lists) == 1 else heapq.merge(*lists, key=lambda item: item[name]["S"], reverse=True)
    )
    return (item for item in merged if item[name]["S"] < high)  # BETWEEN includes its end


def _pages(articles: Articles, condition: str, values: dict[str, str], **more: Any) -> Iterator[Item]:
    """A query's items, page after page, each asked for when it is needed."""
    pages = articles.dynamodb.get_paginator("query").paginate(
        TableName=articles.table,
        KeyConditionExpression=condition,
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
        **more,
    )
    return chain.from_iterable(page["Items"] for page in pages)
