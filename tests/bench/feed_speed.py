"""Feeds of real sizes read by four parsers, CPU time in one process: ours, ours by way of feedparser,
feedparser plain, fastfeedparser. The feeds are those of `tests/feeds/publishers`, their entries repeated.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable

from tests.feeds import publishers

from newscast.feeds import syndication, wellformed
from newscast.feeds.encoding import to_utf8
from newscast.feeds.parse import parse_document
from newscast.feeds.scan import resolved, scan

SIZE = 60_000
"""Bytes of a document: the median of real ones."""
ROUNDS = 3
_BEGIN = re.compile(rb"<(?:a:)?(?:item|entry)[ >]")
_END = re.compile(rb"</(?:a:)?(?:item|entry)>")


def main() -> None:
    """Milliseconds for a megabyte and microseconds for an entry, of each parser; then ours by its parts."""
    documents = [found for name in publishers.names() if (found := _blown_up(publishers.document(name)))]
    megabytes = sum(map(len, documents)) / 1e6
    entries = sum(len(parse_document(document).entries) for document in documents)
    print(f"{len(documents)} documents, {megabytes:.1f} MB, {entries:,} entries; best of {ROUNDS}")
    clean = [_clean(document) for document in documents]
    rows: list[tuple[str, Callable[[bytes], object], list[bytes]]] = [
        ("ours", parse_document, documents),
        ("  of which the scan", scan, clean),
        ("  of which the reading", _quick, clean),
        ("ours, by feedparser", _slow, clean),
        ("feedparser", _feedparser, documents),
    ]
    try:
        import fastfeedparser
    except ImportError:
        print("fastfeedparser is not there: uv sync --group bench")
    else:
        rows.append(("fastfeedparser", fastfeedparser.parse, documents))
    took = {name: _seconds(read, over) for name, read, over in rows}
    for name, seconds in took.items():
        times = seconds / took["ours"]
        print(
            f"{name:<24}{seconds / megabytes * 1000:>8.0f} ms/MB{seconds / entries * 1e6:>8.0f} µs/entry"
            f"{times:>8.2f} × ours"
        )


def _blown_up(document: bytes) -> bytes | None:
    """A well-formed document with its entries repeated; null for what is no RSS, RDF or Atom."""
    begin, ends = _BEGIN.search(document), list(_END.finditer(document))
    if begin is None or not ends or scan(_clean(document)).error:
        return None
    entries = document[begin.start() : ends[-1].end()]
    return document[: begin.start()] + entries * (SIZE // len(entries) + 1) + document[ends[-1].end() :]


def _clean(document: bytes) -> bytes:
    body = to_utf8(document).data.strip()
    return resolved(body, scan(body))


def _quick(body: bytes) -> object:
    return wellformed.read(body, None, (), b"")


def _slow(body: bytes) -> object:
    scan(body)
    return syndication.read(body, None, (), b"")


def _feedparser(document: bytes) -> object:
    import feedparser

    return feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)


def _seconds(read: Callable[[bytes], object], documents: list[bytes]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for document in documents:
            read(document)
        best = min(best, time.process_time() - started)
    return best


if __name__ == "__main__":
    main()
