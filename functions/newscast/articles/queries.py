"""Reading back what is stored: one article with its history, and lists by actor, source and day.

Lists are lazy and newest first: a caller takes as many as it wants, and goes on later from the
`position` of the last one, which stays right while articles are added. Every query pages to its end: an
answer may hold no item and still not be the last.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain, islice
from typing import Any, NamedTuple

from newscast.articles import rows
from newscast.articles.identity import written
from newscast.articles.items import Item
from newscast.articles.keys import (
    DAY_SHARDS,
    HEAD,
    actor_partition,
    actor_shards,
    day_index,
    head_key,
    month_of,
    partition,
    source_index,
)
from newscast.articles.revisions import Revision, in_head
from newscast.articles.rows import Erased, Head, Listed, Redirect
from newscast.articles.store import Articles

PAGE = 100
"""Rows asked for at once in a list. An edge or head is at most 4 KB, so a page is far below the 1 MB at
which DynamoDB cuts."""
BEYOND = "~"
"""Sorts behind every time."""
MAX_HOPS = 8
"""Rows of names that lead on to others: one, or two where an owner's article was joined with another."""


class _Keys(NamedTuple):
    """Where a list is asked for: an index by its name (None is the table itself), and its keys' names."""

    name: str | None
    pk: str
    sk: str


EDGES = _Keys(None, "PK", "SK")
SOURCES = _Keys("Sources", "SourcePK", "Filed")
DAYS = _Keys("Days", "DayPK", "Filed")


def position(row: Listed) -> str:
    """Where a row stands in a list; pass it as `before` to go on behind it."""
    return f"{row.filed}#{row.article_id}"


def heads(articles: Articles, article_ids: Iterable[str]) -> dict[str, Head]:
    """The heads of articles, by the ids that they were asked by: any that they ever had. An id that is not
    known, or whose article is erased or past its time, has none."""
    asked = {article_id: article_id for article_id in article_ids}
    found: dict[str, Head] = {}
    for _ in range(MAX_HOPS):
        if not asked:
            break
        there = articles.read(head_key(name) for name in asked.values())
        leads = {}
        for article_id, name in asked.items():
            item = there.get(head_key(name))
            at = rows.at_head(item)
            if isinstance(at, Redirect):
                leads[article_id] = at.leads_to
            elif isinstance(at, Head) and item and not rows.expired(item, articles.now()):
                found[article_id] = at
        asked = leads
    return found


def by_actor(
    articles: Articles, actor_id: str, since: datetime, until: datetime, before: str | None = None
) -> Iterator[Listed]:
    """Articles that name an actor, filed from `since` up to, not including, `until`."""
    low, high = written(since), _bound(until, before)
    for month in _months(low, high):
        keys = [actor_partition(actor_id, month, shard) for shard in range(actor_shards(actor_id))]
        edges = _merged(articles, EDGES, keys, low, high)
        while some := [item["SK"]["S"] for item in islice(edges, PAGE)]:
            found = heads(articles, (place.rpartition("#")[2] for place in some))
            for place in some:
                head = found.get(place.rpartition("#")[2])
                # An edge that its head no longer says is a leftover.
                if head and position(head) == place and any(one.actor_id == actor_id for one in head.actors):
                    yield head


def by_source(
    articles: Articles, source: str, since: datetime, until: datetime, before: str | None = None
) -> Iterator[Listed]:
    """A source's articles, filed from `since` up to, not including, `until`."""
    low, high = written(since), _bound(until, before)
    for item in _merged(articles, SOURCES, [source_index(source)], low, high):
        yield rows.listed(item)


def latest(
    articles: Articles, since: datetime, until: datetime, before: str | None = None
) -> Iterator[Listed]:
    """All articles filed from `since` up to, not including, `until`: eight queries a day, merged."""
    low, high = written(since), _bound(until, before)
    day, first = date.fromisoformat(high[:10]), date.fromisoformat(low[:10])
    while day >= first:
        keys = [day_index(day.isoformat(), shard) for shard in range(DAY_SHARDS)]
        for item in _merged(articles, DAYS, keys, low, high):
            yield rows.listed(item)
        if day == date.min:
            return
        day -= timedelta(days=1)


def _bound(until: datetime, before: str | None) -> str:
    """The exclusive upper end of sort keys."""
    return min(written(until), before or BEYOND)


def _months(low: str, high: str) -> Iterator[str]:
    """YYYYMM from the month of `high` down to that of `low`."""
    year, month = int(high[:4]), int(high[5:7])
    while f"{year:04}{month:02}" >= month_of(low):
        yield f"{year:04}{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _merged(articles: Articles, where: _Keys, keys: list[str], low: str, high: str) -> Iterator[Item]:
    """Rows of several keys between two sort keys, `high` not included, newest first."""
    if low > high:
        return  # DynamoDB refuses a BETWEEN that is upside down
    lists = [
        _pages(
            articles,
            f"{where.pk} = :pk AND {where.sk} BETWEEN :low AND :high",
            {":pk": key, ":low": low, ":high": high},
            ScanIndexForward=False,
            PaginationConfig={"PageSize": PAGE},
            **({"IndexName": where.name} if where.name else {}),
        )
        for key in keys
    ]
    merged = (
        lists[0]
        if len(lists) == 1
        else heapq.merge(*lists, key=lambda item: item[where.sk]["S"], reverse=True)
    )
    for item in merged:
        if item[where.sk]["S"] < high and not rows.expired(item, articles.now()):  # BETWEEN includes its end
            yield item


def _pages(articles: Articles, condition: str, values: dict[str, str], **more: Any) -> Iterator[Item]:
    """A query's items, page after page, each asked for when it is needed."""
    pages = articles.dynamodb.get_paginator("query").paginate(
        TableName=articles.table,
        KeyConditionExpression=condition,
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
        **more,
    )
    return chain.from_iterable(page["Items"] for page in pages)


def everything(articles: Articles, until: datetime) -> Iterator[Listed]:
    """All articles filed before `until`, the newest first: reads the index of days whole."""
    pages = articles.dynamodb.get_paginator("scan").paginate(TableName=articles.table, IndexName="Days")
    found = [
        rows.listed(item)
        for page in pages
        for item in page["Items"]
        if not rows.expired(item, articles.now())
    ]
    found.sort(key=position, reverse=True)
    return (row for row in found if row.filed < written(until))


def every_row(articles: Articles) -> Iterator[Revision]:
    """The latest rows of every name, in no order: reads the whole table."""
    for item in every_head(articles):
        yield from in_head(item["PK"]["S"].removeprefix(partition("")), item)


def every_head(articles: Articles) -> Iterator[Item]:
    """The HEAD of every name, in no order: reads the whole table."""
    pages = articles.dynamodb.get_paginator("scan").paginate(
        TableName=articles.table,
        ConsistentRead=True,
        FilterExpression="SK = :head AND begins_with(PK, :name) AND attribute_exists(#schema)",
        ExpressionAttributeNames={"#schema": "schema"},
        ExpressionAttributeValues={":head": {"S": HEAD}, ":name": {"S": partition("")}},
    )
    return (item for page in pages for item in page["Items"])


def erased(articles: Articles, article_id: str) -> bool:
    """Whether an id's article was erased."""
    key = head_key(article_id)
    return isinstance(rows.at_head(articles.read([key]).get(key)), Erased)


def divided(articles: Articles, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names in: the ids of the articles that they are of, and those names that stand beside others'."""
    wanted = list(dict.fromkeys(names))
    there = {key: rows.at_head(item) for key, item in articles.read(map(head_key, wanted)).items()}
    own: list[str] = []
    beside: list[str] = []
    for name in wanted:
        at = there.get(head_key(name))
        (beside if isinstance(at, Redirect) and at.why == "beside" else own).append(name)
    ids = dict.fromkeys(head.article_id for head in heads(articles, own).values())
    return list(ids), beside
