"""page: an article whose page is wanted → the page is visited and read → ArticleQueue, with what came of it.

The servers of a batch are asked at the same time, since all of that is waiting; each page is then read by
itself, by a worker. Whatever a publisher's server does, the article goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from newscast import sites
from newscast.aws import clients
from newscast.aws.ahead import Ahead
from newscast.aws.edge import Edge
from newscast.aws.stage import stage
from newscast.extra import carried
from newscast.guard.budget import PAGE
from newscast.normalise import guarded_page
from newscast.records import Article, Message, PageWanted
from newscast.web.claims import Claims
from newscast.web.lease import Leases
from newscast.web.robots import RobotsTable
from newscast.web.target import redacted
from newscast.web.visit import Fetched, Later, Missed, Visitor

_ahead: Ahead[Fetched | Missed | Later] = Ahead()


def _visitor(edge: Edge) -> Visitor:
    table, dynamodb = edge.settings.need("table_name").table_name, clients.dynamodb()
    return Visitor(
        Leases(dynamodb, table),
        RobotsTable(dynamodb, table),
        Claims(dynamodb, table),
        edge.settings,
        edge.now,
        edge.random,
    )


def prepare(messages: Sequence[Message], edge: Edge) -> None:
    """Visit all pages of a batch."""
    visitor = _visitor(edge)
    guarded_page.start()
    _ahead.ask(messages, _visiting(visitor))


def _visiting(visitor: Visitor) -> Callable[[Message], Fetched | Missed | Later]:
    def visit(message: Message) -> Fetched | Missed | Later:
        wanted = cast(PageWanted, message.body)
        article = wanted.article
        return visitor.visit(article.url or "", wanted.asked_at, message.correlation_id, publisher(article))

    return visit


def publisher(article: Article) -> str:
    """Whose feed wants the page: the site that it speaks for; where that isn't certain, the feed itself."""
    return sites.scope(article.subscribed) or article.feed_id


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """Finish one article: with its page, without it, or later."""
    wanted = cast(PageWanted, message.body)
    article = wanted.article
    answer = _ahead.take(message, _visiting(_visitor(edge)))
    if isinstance(answer, Later):
        edge.pages.send([message], delay_seconds=answer.delay)
        edge.log.info("host busy", extra={"url": redacted(article.url or ""), "delay": answer.delay})
        edge.count("HostBusy")
        return ()
    made = _read(article, answer)
    _report(edge, made, answer)
    return [message.carrying(carried(wanted, made))]


def _read(article: Article, answer: Fetched | Missed) -> Article:
    if isinstance(answer, Missed):
        return guarded_page.kept(article, answer.reason, answer.words)
    return guarded_page.read(article, answer.body, answer.url, answer.charset)


def _report(edge: Edge, article: Article, answer: Fetched | Missed) -> None:
    became = article.full_text
    if became is None:
        raise RuntimeError("an article without a word on its page")
    edge.log.info(
        "page",
        extra={
            "feed_id": article.feed_id,
            "url": redacted(article.url or ""),
            "outcome": became.outcome,
            "reason": became.reason,
            "words": became.words,
            "status": answer.status,
            "bytes": len(answer.body) if isinstance(answer, Fetched) else 0,
        },
    )
    edge.count("Pages")
    if became.outcome == "taken":
        edge.count("PagesTaken")
    if became.reason:
        edge.failure(became.reason)


handler = stage("page", PageWanted, step, prepare, budget=PAGE)
