"""An article's page, read by a worker (newscast.guard): its bytes in, the fuller Article out."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from newscast.extra import revived
from newscast.guard.budget import PAGE
from newscast.guard.worker import BrokenWorkerError, OverBudgetError, Worker
from newscast.normalise.guarded import whose
from newscast.records import Article, FullText

WORKER = "newscast.normalise.page_worker"


class Asked(Struct, frozen=True):
    """One page for the worker: bytes, where they came from, and what the server said."""

    article: Article
    body: bytes
    url: str | None
    charset: str | None


def read(article: Article, body: bytes, url: str | None, charset: str | None) -> Article:
    """As `newscast.normalise.full.completed` with the page read, within PAGE: a page over it changes nothing.

    Raises BrokenWorkerError and WorkerFailedError.
    """
    try:
        found = _ARTICLE.decode(_worker.ask(msgspec.msgpack.encode(Asked(article, body, url, charset))))
    except OverBudgetError as over:
        return kept(article, over.cause, f"the page was not read: {over}")
    if whose(found) != whose(article) or (found.url, found.link) != (article.url, article.link):
        close()  # a page has got hold of it
        raise BrokenWorkerError(f"{WORKER} answered for another article")
    return found


def kept(article: Article, reason: str, words: str) -> Article:
    """The article with its feed's own text, and why it has no other."""
    return replace(article, full_text=FullText(outcome="kept", reason=reason, words=words))


def start() -> None:
    """Have the worker load its libraries while servers are waited for."""
    _worker.start()


def close() -> None:
    """End the worker, if there is one."""
    _worker.close()


_worker = Worker(WORKER, PAGE)
_ARTICLE = msgspec.msgpack.Decoder(Article, dec_hook=revived)
