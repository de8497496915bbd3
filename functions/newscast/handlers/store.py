"""RecordQueue → the table: store a tagged article once, with its history and its actors."""

from __future__ import annotations

import time
from collections.abc import Iterable

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


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """Store one record; nothing goes on."""
    record = message.body
    if not isinstance(record, TaggedArticle):
        raise TypeError(f"store takes a TaggedArticle, not {type(record).__name__}")
    table = edge.settings.need("table_name").table_name
    articles = Articles(clients.dynamodb(), table, edge.objects, edge.now, time.sleep)
    saved = articles.save(record, message.correlation_id)
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


handler = stage("store", TaggedArticle, step)
