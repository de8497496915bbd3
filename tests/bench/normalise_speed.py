"""CPU time: articles a second over the golden entries, microseconds a step, pages a second, peak memory."""

from __future__ import annotations

import resource
import time
import timeit
from collections.abc import Callable

import msgspec
from tests.normalise.golden_cases import GOLDEN, names

from newscast.normalise import dateline, fingerprint, furniture, language, text
from newscast.normalise.article import article
from newscast.normalise.page import page
from newscast.records import Entry, Markup

PARAGRAPH = (
    "The minister said on Friday that the talks in <b>Geneva</b> would go on and that all would come. "
)


def _microseconds(work: Callable[[], object], number: int = 100) -> float:
    return min(timeit.repeat(work, number=number, repeat=5, timer=time.process_time)) / number * 1e6


def main() -> None:
    entries = [
        msgspec.json.decode((GOLDEN / f"{name}.entry.json").read_bytes(), type=Entry)
        for name in names(".entry.json")
    ]
    took = _microseconds(lambda: [article(entry) for entry in entries], 10) / len(entries)
    print(f"golden entries: {took:.0f} µs an article, {1e6 / took:.0f} articles a second")
    markup = Markup(value="<p>MOSCOW, July 12 (AP) — " + f"<p>{PARAGRAPH * 2}</p>" * 15)
    plain = text.plain(markup)
    long = msgspec.structs.replace(entries[0], content=markup)
    said = fingerprint.words(plain)
    print(f"an article of {len(said)} words: {_microseconds(lambda: article(long)):.0f} µs, of which")
    steps: dict[str, Callable[[], object]] = {
        "text": lambda: text.plain(markup),
        "furniture": lambda: furniture.strip(plain),
        "dateline": lambda: dateline.take(plain),
        "language": lambda: language.detect(plain),
        "words": lambda: fingerprint.words(plain),
        "hash": lambda: fingerprint.content_hash("", said),
        "signature": lambda: fingerprint.signature(said),
    }
    for name, work in steps.items():
        print(f"  {name}: {_microseconds(work):.0f} µs")
    pages = [(GOLDEN / f"{name}.html").read_bytes() for name in names(".html")]
    took = _microseconds(lambda: [page(body) for body in pages], 3) / len(pages)
    print(f"golden pages: {took / 1000:.1f} ms a page")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
