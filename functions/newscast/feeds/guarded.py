"""A feed's document, read by a worker (newscast.guard): bytes in, its entries out, whatever the bytes are."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from msgspec import Struct

from newscast.feeds.parsed import ParsedFeed
from newscast.guard.budget import PARSE
from newscast.guard.worker import OverBudgetError, Worker

WORKER = "newscast.feeds.worker"


class Asked(Struct, frozen=True):
    """One document for the worker."""

    data: bytes
    content_type: str | None = None
    """As its server said."""
    url: str | None = None
    """Where it was fetched."""
    known: list[bytes] | None = None
    """Raw hashes of entries that were sent on before; null where nobody keeps any."""
    most: int | None = None
    """Entries that are wanted at once; null for as many as are parsed at all."""


def read(
    data: bytes,
    content_type: str | None = None,
    url: str | None = None,
    known: Collection[bytes] | None = None,
    most: int | None = None,
) -> ParsedFeed:
    """As `newscast.feeds.parse.parse_document`, within PARSE: a document over it is refused, with its cause.

    Raises BrokenWorkerError and WorkerFailedError.
    """
    asked = Asked(data, content_type, url, None if known is None else list(known), most)
    try:
        return _PARSED.decode(_worker.ask(msgspec.msgpack.encode(asked)))
    except OverBudgetError as over:
        return ParsedFeed(refused=over.cause, problem=f"not read: {over}")


def start() -> None:
    """Have the worker load its libraries while servers are waited for."""
    _worker.start()


def close() -> None:
    """End the worker, if there is one."""
    _worker.close()


_worker = Worker(WORKER, PARSE)
_PARSED = msgspec.msgpack.Decoder(ParsedFeed)
