"""RecordQueue → the table: store a tagged article once, with its history and its actors."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from newscast.articles.items import Item, Key
from newscast.articles.store import Articles
from newscast.articles.writing import Outcome
from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.stage import stage
from newscast.records import Message, TaggedArticle

COUNTED = {
    Outcome.NEW: "Stored",
    Outcome.REVISED: "Revised",
    Outcome.STALE: "Revised",
    Outcome.ALIAS_ADDED: "Duplicates",
    Outcome.DUPLICATE: "Duplicates",
}
"""The metric that each outcome counts for: a revision is one, however late it comes."""


_ahead: dict[Key, Item | None] = {}
"""What `prepare` read for the batch."""


def _articles(edge: Edge) -> Articles:
    table = edge.settings.need("table_name").table_name
    return Articles(clients.dynamodb(), table, edge.objects, edge.now, time.sleep)


def prepare(messages: Sequence[Message], edge: Edge) -> None:
    """Read what is known of all articles of a batch in one call."""
    _ahead.clear()
    records = [message.body for message in messages if isinstance(message.body, TaggedArticle)]
    _ahead.update(_articles(edge).look_ahead(records))


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """Store one record; nothing goes on."""
    record = message.body
    if not isinstance(record, TaggedArticle):
        raise TypeError(f"store takes a TaggedArticle, not {type(record).__name__}")
    saved = _articles(edge).save(record, message.correlation_id, _ahead)
    edge.count(COUNTED[saved.outcome])
    published = record.article.published
    if saved.outcome is Outcome.NEW and published.basis == "given":
        edge.seconds("AgeAtStore", max(0.0, (edge.now() - published.at).total_seconds()))
    edge.log.info(
        "article stored",
        extra={
            "article_id": saved.article_id,
            "content": saved.content,
            "outcome": saved.outcome,
            "same_as": saved.same_as,
            "correlation_id": message.correlation_id,
        },
    )
    return ()


handler = stage("store", TaggedArticle, step, prepare)
