"""An entry, read by a worker (newscast.guard): an Entry in, its Article out, whatever stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from newscast.extra import revived
from newscast.guard.budget import NORMALISE
from newscast.guard.worker import BrokenWorkerError, OverBudgetError, Worker
from newscast.records import Article, ArticleTime, Cause, Entry, FullTextWish

WORKER = "newscast.normalise.worker"


class Asked(Struct, frozen=True):
    """One entry for the worker, and whether pages are read where its subscriber didn't say."""

    entry: Entry
    full_text: FullTextWish


class Normalised(Struct, frozen=True):
    """Its article, and whether that is to be read on its page."""

    article: Article
    wants_page: bool = False


def read(entry: Entry, full_text: FullTextWish) -> Normalised:
    """As `newscast.normalise.article.article`, within NORMALISE.

    Of an entry over it there is an article without a text: with what else it says, or with nothing but whose
    it is if that is too much as well. Raises BrokenWorkerError and WorkerFailedError.
    """
    try:
        return _ask(entry, full_text)
    except OverBudgetError as over:
        cause = over.cause
    with suppress(OverBudgetError):
        rest = _ask(replace(entry, summary=None, content=None), "never").article
        return Normalised(replace(rest, unread=cause, content_hash=_as_it_came(entry)))
    return Normalised(bare(entry, cause))


def read_many(entries: Sequence[Entry], full_text: FullTextWish) -> list[Normalised | None]:
    """As `read`, for as many as come without trouble; null for those to be read by themselves."""
    questions = [msgspec.msgpack.encode(Asked(entry, full_text)) for entry in entries]
    return [
        _checked(_NORMALISED.decode(answer), entry) if answer else None
        for answer, entry in zip(_worker.ask_many(questions), entries, strict=True)
    ]


def bare(entry: Entry, cause: Cause) -> Article:
    """The article of an entry of which nothing was read."""
    return Article(
        feed_id=entry.feed_id,
        source=entry.source,
        feed_url=entry.feed_url,
        guid=entry.guid,
        url=None,
        link=entry.link,
        title="",
        summary="",
        text="",
        published=ArticleTime(at=entry.observed_at, basis="missing"),
        updated=None,
        observed_at=entry.observed_at,
        content_hash=_as_it_came(entry),
        unread=cause,
    )


def start() -> None:
    """Have the worker load its libraries."""
    _worker.start()


def close() -> None:
    """End the worker, if there is one."""
    _worker.close()


def _ask(entry: Entry, full_text: FullTextWish) -> Normalised:
    answer = _worker.ask(msgspec.msgpack.encode(Asked(entry, full_text)))
    return _checked(_NORMALISED.decode(answer), entry)


def _checked(found: Normalised, entry: Entry) -> Normalised:
    if whose(found.article) != whose(entry):
        close()  # a text has got hold of it
        raise BrokenWorkerError(f"{WORKER} answered for another entry")
    return found


def whose(one: Entry | Article) -> tuple[object, ...]:
    """What no text has a say in: the feed that brought it, its guid there, and when."""
    return one.feed_id, one.source, one.feed_url, one.guid, one.observed_at


def _as_it_came(entry: Entry) -> str:
    """In place of a hash of what it says, so that another such text is another revision."""
    parts = (entry.title, entry.summary, entry.content)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


_worker = Worker(WORKER, NORMALISE)
_NORMALISED = msgspec.msgpack.Decoder(Normalised, dec_hook=revived)
