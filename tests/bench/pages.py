"""CPU of a page of the size that news sites send: ours, ours with its pruning by XPath, other libraries.

The pages are those of `pages/`, blown up in a dozen publishers' styles (see `_real_size`). All read each page
in turn, and of several rounds the least counts, so that a busy machine is nobody's disadvantage. Then pages
of one thing many times over: what a page costs must grow with its size, not with its square (see `_growth`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median

import trafilatura
from lxml import html
from resiliparse.extract.html2text import extract_plain_text
from tests.bench._growth import GROWING
from tests.bench._real_size import STYLES, blown_up
from tests.bench.extraction import PAGES, without_marks
from tests.normalise.test_pruning import prune_by_xpath

from newscast.normalise import pruning
from newscast.normalise.page import page

ROUNDS = 3
NOW, BEFORE, FAST, FULL = "newscast", "newscast, pruning by XPath", "trafilatura, fast", "trafilatura, full"


def _before(markup: str) -> str:
    now = pruning.prune
    pruning.prune = prune_by_xpath
    try:
        return page(markup.encode()).text
    finally:
        pruning.prune = now


def _trafilatura(markup: str, fast: bool) -> str:
    found = trafilatura.bare_extraction(markup, fast=fast, include_comments=False, with_metadata=False)
    return str(getattr(found, "text", ""))


READERS: dict[str, Callable[[str], str]] = {
    NOW: lambda markup: page(markup.encode()).text,
    BEFORE: _before,
    FAST: lambda markup: _trafilatura(markup, True),
    FULL: lambda markup: _trafilatura(markup, False),
    "resiliparse": lambda markup: str(extract_plain_text(markup, main_content=True)),
}


def real_size() -> list[str]:
    """Two pages in each style."""
    crafted = sorted(Path(PAGES).glob("*.html"))
    return [
        without_marks(blown_up(crafted[(3 * n) % len(crafted)].read_text("utf-8"), style, n))
        for n, style in enumerate(STYLES * 2)
    ]


def main() -> None:
    logging.disable(logging.CRITICAL)
    pages = real_size()
    kilobytes = [len(markup.encode()) / 1024 for markup in pages]
    elements = [len(html.document_fromstring(markup).xpath("//*")) for markup in pages]
    print(
        f"{len(pages)} pages of {min(kilobytes):.0f} to {max(kilobytes):.0f} KB (mean {mean(kilobytes):.0f}),"
        f" {min(elements):,} to {max(elements):,} elements; CPU ms a page, least of {ROUNDS} rounds"
    )
    spent, texts = _time(pages)
    full = mean(spent[FULL])
    for name, each in spent.items():
        print(
            f"  {name:<28} mean {mean(each):7.1f}, median {median(each):7.1f},"
            f" {min(each):6.1f} to {max(each):7.1f}; {mean(each) / full:5.2f} of trafilatura, full"
        )
    below = sum(ours < theirs for ours, theirs in zip(spent[NOW], spent[FULL], strict=True))
    equal = sum(one == other for one, other in zip(texts[NOW], texts[BEFORE], strict=True))
    print(
        f"  below trafilatura, full: {below} of {len(pages)}; texts equal to before: {equal} of {len(pages)}"
    )
    _grow()


def _time(pages: list[str]) -> tuple[dict[str, list[float]], dict[str, list[str]]]:
    """CPU milliseconds and text by reader, page by page."""
    spent: dict[str, list[float]] = {name: [] for name in READERS}
    texts: dict[str, list[str]] = {name: [] for name in READERS}
    for read in READERS.values():
        read(pages[0])  # its imports
    for markup in pages:
        least = dict.fromkeys(READERS, float("inf"))
        found = dict.fromkeys(READERS, "")
        for turn in range(ROUNDS):
            for name, read in READERS.items():
                if turn and name == BEFORE:
                    continue  # it takes a second a page, which no noise changes
                began = time.process_time()
                found[name] = read(markup)
                least[name] = min(least[name], time.process_time() - began)
        for name in READERS:
            spent[name].append(least[name] * 1000)
            texts[name].append(found[name])
    return spent, texts


def _grow() -> None:
    print("pages of one thing many times over: CPU ms at 1, 2, 4 times as many; where 4 times cost over 5")
    for name, (count, make) in GROWING.items():
        took = []
        for times in (1, 2, 4):
            body = make(count * times).encode()
            began = time.process_time()
            page(body)
            took.append((time.process_time() - began) * 1000)
        if took[2] > 5 * max(took[0], 10):
            print(f"  {name}: {', '.join(f'{each:.0f}' for each in took)}")
    print(f"  the other of {len(GROWING)} grow with their size")


if __name__ == "__main__":
    main()
