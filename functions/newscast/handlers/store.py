"""RecordQueue → the table: store a tagged article once, with its history and its actors; and group anew what
a feed observed before it was granted more to speak for."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from newscast.articles.archive import Archive
from newscast.articles.items import Item, Key
from newscast.articles.packs import Place
from newscast.articles.regrouping import regrouping
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping, Outcome
from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.sender import Sender
from newscast.aws.stage import stage
from newscast.feeds.meter import Meter
from newscast.feeds.months import Months
from newscast.guard.budget import CAUSES
from newscast.records import Message, Regroup, TaggedArticle

COUNTED = {
    Outcome.NEW: "Stored",
    Outcome.REVISED: "Revised",
    Outcome.RETAGGED: "Revised",
    Outcome.STALE: "Revised",
    Outcome.OBSERVED: "Duplicates",
    Outcome.BESIDE: "Beside",
    Outcome.DUPLICATE: "Duplicates",
    Outcome.ERASED: "Erased",
    Outcome.TOO_OLD: "TooOld",
    Outcome.DROPPED: "Dropped",
}
"""The metric that each outcome counts for: a revision is one, however late it comes."""
AT_ONCE = 25
"""Names that one message groups anew; the rest is for the next one."""

_ahead: dict[Key, Item | None] = {}
"""What `prepare` read for the batch."""
_kept: dict[tuple[str, str], Place] = {}
"""Where the batch's records lie, by name and digest."""
_stored: Counter[tuple[str, date]] = Counter()
"""What the batch stored, by feed and the day it was observed on."""
_unread: Counter[tuple[str, date, str]] = Counter()
"""Of these, whose text was given up, by cause too."""
_used: Counter[str] = Counter()
"""What the batch adds to the month's use, by the names of its counts."""
WRITTEN = {Outcome.NEW, Outcome.REVISED, Outcome.RETAGGED, Outcome.STALE, Outcome.BESIDE}
"""Outcomes that are stored, for the ledger of coverage."""


def _articles(edge: Edge) -> Articles:
    settings = edge.settings.need("table_name")
    keep = timedelta(days=settings.retention_days) if settings.retention_days else None
    archive = Archive(edge.objects, edge.now, _kept)
    return Articles(clients.dynamodb(), settings.table_name, archive, edge.now, time.sleep, keep=keep)


def prepare(messages: Sequence[Message], edge: Edge) -> None:
    """Read what is known of all articles of a batch in one call, and keep its records in one object."""
    _ahead.clear()
    _stored.clear()
    _unread.clear()
    _used.clear()
    records = [message.body for message in messages if isinstance(message.body, TaggedArticle)]
    articles = _articles(edge)
    _ahead.update(articles.look_ahead(records))
    articles.gather(records, _ahead)


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """Store one record, or group some of a feed's anew; nothing goes on."""
    body = message.body
    if isinstance(body, Regroup):
        _regroup(message, body, edge)
    elif isinstance(body, TaggedArticle):
        _store(message, body, edge)
    else:
        raise TypeError(f"store takes a TaggedArticle, not {type(body).__name__}")
    return ()


def _store(message: Message, record: TaggedArticle, edge: Edge) -> None:
    saved = _articles(edge).save(record, message.correlation_id, _ahead)
    edge.count(COUNTED[saved.outcome])
    if saved.outcome in WRITTEN:
        _stored[record.article.feed_id, record.article.observed_at.date()] += 1
        if cause := _given_up(record):
            _unread[record.article.feed_id, record.article.observed_at.date(), cause] += 1
        new = saved.outcome is Outcome.NEW
        _used.update({"articles": 1, "actors": len(record.tags.actors)} if new else {"revisions": 1})
        _used["pages"] += record.article.full_text is not None
    if saved.unlisted_claim:
        edge.count("ClaimsUnlisted")
    published = record.article.published
    if saved.outcome is Outcome.NEW and published.basis == "given":
        edge.seconds("AgeAtStore", max(0.0, (edge.now() - published.at).total_seconds()))
    edge.log.info(
        "article stored",
        extra={
            "article_id": saved.article_id,
            "revision": saved.revision,
            "outcome": saved.outcome,
            "correlation_id": message.correlation_id,
        },
    )


def _given_up(record: TaggedArticle) -> str | None:
    """Why a part of its text was: the entry, its page, or the tagging of it."""
    page = record.article.full_text
    of_page = page.reason if page and page.reason in CAUSES else None
    return record.article.unread or record.untagged or of_page or None


def _regroup(message: Message, wanted: Regroup, edge: Edge) -> None:
    articles = _articles(edge)
    done = articles.carry(regrouping(wanted.feed_id, Keeping(edge.now(), articles.keep), AT_ONCE))
    edge.count("Regrouped", done)
    edge.log.info("regrouped", extra={"feed_id": wanted.feed_id, "names": done})
    if done == AT_ONCE:
        queue = edge.settings.need("record_queue_url").record_queue_url
        Sender(clients.sqs(), queue, edge.objects).send([message])


def count(edge: Edge) -> None:
    """Write into the ledger what the batch stored, a row for each day that it was observed on, and add it to
    the month's use where there is a ceiling. A batch that dies before has stored what neither says."""
    table = edge.settings.need("table_name").table_name
    months = Months(clients.dynamodb(), table)
    for day in {day for _, day in _stored}:
        counts = {feed_id: number for (feed_id, its), number in _stored.items() if its == day}
        unread: dict[str, Counter[str]] = {}
        for (feed_id, its, cause), number in _unread.items():
            if its == day:
                unread.setdefault(feed_id, Counter())[cause] += number
        months.stored(day, counts, f"{edge.random.getrandbits(80):020x}", unread)
    if edge.settings.monthly_ceiling and _used:
        Meter(clients.dynamodb(), table).add(edge.now(), _used)
    _stored.clear()


handler = stage("store", (TaggedArticle, Regroup), step, prepare, count)
