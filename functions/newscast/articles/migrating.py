"""The rows of 0.1.0 become rows of this code: each of its revisions is stored anew, by who may say it.

In 0.1.0 an article belonged to whoever had its address first, and any feed could overwrite it. So a revision
goes where its own feed, guid and address lead now, and what strangers said of an article falls away from it.
Its old id leads on to the article of the revision that it showed, if that is its source's own: a stranger's
text could be shown under it.

Can be stopped anywhere and begun again: an article's old rows go when its new ones are there, and where the
scan has got to is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from msgspec.structs import replace

from newscast.articles import bodies, heads, rows
from newscast.articles.identity import read_time, written
from newscast.articles.items import SCHEMA, Item, Key, key_of, keyed, schema_of
from newscast.articles.keys import head_key, partition
from newscast.articles.ops import Put, Write
from newscast.articles.regrouping import deleting
from newscast.articles.rows import Redirect
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping, Saved, saving
from newscast.records import TaggedArticle

CURSOR: Key = ("MIGRATION#2", "CURSOR")
"""Where the scan has got to; deleted at its end."""
PAGE = 200
"""Rows of one page of the scan; the cursor is kept after each."""
ALIASES = "KEY#"


@dataclass
class Progress:
    """What a migration has done, those before it that were stopped included."""

    articles: int = 0
    revisions: int = 0
    rows: int = 0
    """Rows looked at."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """What became of the revisions (`writing.Outcome`)."""
    unread: dict[str, str] = field(default_factory=dict)
    """Articles with a row whose body can't be read, and what is wrong: left as they are."""


def migrate(
    articles: Articles, feed_urls: Callable[[str], str | None], tell: Callable[[Progress], None]
) -> Progress:
    """Take over all rows of 0.1.0. `feed_urls` gives a feed's URL by its id, None for one that is gone."""
    progress = Progress()
    for page in _pages(articles, progress):
        for key in page:
            if key[0].startswith(ALIASES):
                articles.carry(deleting([key]))
            elif key[0] not in progress.unread and (key[1] == "HEAD" or key[1].startswith("REV#")):
                _article(articles, key[0], feed_urls, progress)
        tell(progress)
    _remove_bodies(articles)
    return progress


def left(articles: Articles) -> int:
    """Articles of 0.1.0 that are still to be taken over."""
    pages = articles.dynamodb.get_paginator("scan").paginate(
        TableName=articles.table,
        FilterExpression="begins_with(PK, :article) AND SK = :head AND attribute_not_exists(#schema)",
        ExpressionAttributeNames={"#schema": "schema"},
        ExpressionAttributeValues={":article": {"S": "ART#"}, ":head": {"S": "HEAD"}},
        Select="COUNT",
    )
    return sum(page["Count"] for page in pages)


def _pages(articles: Articles, progress: Progress) -> Iterator[list[Key]]:
    """Keys of old rows, page by page; each page counts as done when the next is asked for."""
    start: Item | None = None
    if there := articles.read([CURSOR]).get(CURSOR):
        kept = msgspec.json.decode(there["json"]["S"])
        start = kept["start"]
        progress.articles, progress.revisions, progress.rows = kept["done"]
    while True:
        asked: dict[str, Any] = {"ExclusiveStartKey": start} if start else {}
        answer = articles.dynamodb.scan(TableName=articles.table, Limit=PAGE, ConsistentRead=True, **asked)
        progress.rows += len(answer["Items"])
        yield [key_of(item) for item in answer["Items"] if schema_of(item) == 1 and _old(key_of(item))]
        start = answer.get("LastEvaluatedKey")
        if start is None:
            articles.carry(deleting([CURSOR]))
            return
        done = [progress.articles, progress.revisions, progress.rows]
        row = keyed(CURSOR) | {
            "schema": {"N": str(SCHEMA)},
            "json": {"S": msgspec.json.encode({"start": start, "done": done}).decode()},
        }
        articles.carry_out(Write((Put(row),)))


def _old(key: Key) -> bool:
    return key[0].startswith(("ART#", ALIASES))


def _article(articles: Articles, pk: str, feed_urls: Callable[[str], str | None], progress: Progress) -> None:
    """One article of 0.1.0, all its rows."""
    old = {key_of(item): item for item in articles.query(pk, "") if schema_of(item) == 1}
    if not old:
        return  # a page before this one has taken it over
    head = old.get((pk, "HEAD"))
    shown, best = "", (False, False)
    kept: set[Key] = set()
    for key, item in old.items():
        if not key[1].startswith("REV#"):
            continue
        try:
            record = _record(articles, item)
        except (ValueError, msgspec.DecodeError) as error:
            progress.unread[pk] = f"{key[1]}: {error}"
            kept.add(key)
            continue
        saved = _saved(articles, item, record, head, feed_urls)
        progress.revisions += 1
        progress.outcomes[saved.outcome] = progress.outcomes.get(saved.outcome, 0) + 1
        fits = (_says(head, "source", record.article.source), _says(head, "content", item["content"]["S"]))
        if saved.article_id and (not shown or fits > best):
            shown, best = saved.article_id, fits
    if kept:
        return
    name = pk.removeprefix(partition(""))
    if shown:
        at = rows.lead_row(name, Redirect(leads_to=shown, why="moved"), 1, {})
        # Without the old head it was told already where it leads, by one that knew it.
        articles.carry_out(Write((Put(at, None if head else 0),)))
    articles.carry(deleting([key for key in old if key != head_key(name) or not shown]))
    progress.articles += 1


def _remove_bodies(articles: Articles) -> None:
    """The large bodies go of all articles that have no old rows any more."""
    objects = articles.archive.objects
    for name, keys in groupby(objects.listed(bodies.BODIES), key=lambda key: key.split("/")[1]):
        if not any(schema_of(item) == 1 for item in articles.query(partition(name), "")):
            for key in keys:
                objects.remove_file(key)


def _says(head: Mapping[str, Any] | None, field: str, text: str) -> bool:
    return head is not None and field in head and bool(head[field]["S"] == text)


def _record(articles: Articles, item: Mapping[str, Any]) -> TaggedArticle:
    if "body" in item:
        return bodies.unpack(item["body"]["B"])
    return bodies.unpack(articles.archive.objects.get(item["body_at"]["S"]))


def _saved(
    articles: Articles,
    item: Mapping[str, Any],
    record: TaggedArticle,
    head: Mapping[str, Any] | None,
    feed_urls: Callable[[str], str | None],
) -> Saved:
    """A revision stored anew. Of the one that was shown, the head knows when it was last observed."""
    article = record.article
    record = replace(record, article=replace(article, feed_url=feed_urls(article.feed_id)))
    correlation_id = item["correlation_id"]["S"]
    row = heads.row_of("", record, correlation_id, _stored(item))
    if head and head["content"] == item["content"]:
        row = replace(row, last=max(row.last, written(read_time(head["observed"]["S"]))))
    keeping = Keeping(articles.now(), articles.keep)
    return articles.carry(saving(record, correlation_id, keeping, row))


def _stored(item: Mapping[str, Any]) -> datetime:
    return read_time(item["stored_at"]["S"])
