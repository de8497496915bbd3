"""Pages after the patterns of some thirty publishers and content systems, ours beside two other libraries.

The pages are in `pages/publishers/`, in our own words. Each begins with a comment of JSON that says what a
reader would say of it: title, time (UTC), language, problem. The article's own text stands between `<!--[-->`
and `<!--]-->`, or is in the JSON where only a script holds it. Headings within, quotations, lists, tables and
correction notices are text; captions, credits, boxes and what belongs to the site are not. Both were written
before anything read the pages, and are taken out before anything does.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree
from tests.bench.extraction import PAGES, marked_text, shares, without_marks, words

from newscast import dates
from newscast.normalise.page import page

FIELDS = ("title", "published", "language", "problem")
_GOLD = re.compile(r"<!--(\{.*?\})-->\n", re.DOTALL)


class Case(NamedTuple):
    name: str
    markup: str
    gold: dict[str, str | None]
    text: str


class Read(NamedTuple):
    """What a library makes of a page; null also where it says nothing of a field."""

    text: str
    title: str | None = None
    published: str | None = None
    language: str | None = None
    problem: str | None = None


def cases() -> list[Case]:
    found = []
    for path in sorted((PAGES / "publishers").glob("*.html")):
        written = path.read_text("utf-8")
        gold = _GOLD.match(written)
        assert gold, path
        fields = json.loads(gold[1])
        text = fields.pop("text", None) or marked_text(written)
        found.append(Case(path.stem, without_marks(written[gold.end() :]), fields, text))
    return found


def _newscast(markup: str) -> Read:
    found = page(markup.encode(), "https://site.example/found")
    at = found.published.at.strftime("%Y-%m-%dT%H:%M:%SZ") if found.published else None
    language = found.language.code if found.language else None
    return Read(found.text, found.title, at, language, found.problem)


def _trafilatura(fast: bool) -> Callable[[str], Read]:
    def read(markup: str) -> Read:
        found: Any = trafilatura.bare_extraction(
            markup, fast=fast, include_comments=False, url="https://site.example/found", with_metadata=True
        )
        if found is None:
            return Read("")
        day = dates.read(found.date or "")
        return Read(found.text or "", found.title, day.at.strftime("%Y-%m-%d") if day else None)

    return read


def _resiliparse(markup: str) -> Read:
    title = HTMLTree.parse(markup).title
    return Read(str(extract_plain_text(markup, main_content=True, list_bullets=False)), title)


READERS: dict[str, Callable[[str], Read]] = {
    "newscast": _newscast,
    "trafilatura, fast": _trafilatura(True),
    "trafilatura, full": _trafilatura(False),
    "resiliparse": _resiliparse,
}


def main() -> None:
    logging.disable(logging.CRITICAL)
    every = cases()
    articles = [
        case for case in every if case.gold["problem"] in (None, "a paywall: only the beginning is there")
    ]
    print(f"{len(every)} pages, {len(articles)} of them articles: words of the text, mean over these")
    for name, read in READERS.items():
        found = {case.name: read(case.markup) for case in every}
        each = [shares(words(found[case.name].text), words(case.text)) for case in articles]
        precision, recall, f1 = (sum(column) / len(each) for column in zip(*each, strict=True))
        print(f"  {name:<18} precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}", end="")
        right = {field: sum(_agrees(found[case.name], case, field) for case in every) for field in FIELDS}
        print("".join(f"; {field} {number}" for field, number in right.items() if number))
    print("of newscast's:")
    for case in every:
        for said in _differences(_newscast(case.markup), case):
            print(f"  {case.name}: {said}")


def _agrees(read: Read, case: Case, field: str) -> bool:
    found, wanted = getattr(read, field), case.gold[field]
    # A library that says no more than the day is right if it has the day.
    return found == wanted or bool(field == "published" and found and wanted and wanted[:10] == found)


def _differences(read: Read, case: Case) -> list[str]:
    said = [
        f"{field} is {getattr(read, field)!r}, not {case.gold[field]!r}"
        for field in FIELDS
        if not _agrees(read, case, field)
    ]
    found, wanted = words(read.text), words(case.text)
    return [*said, *(_told("too much", found - wanted)), *(_told("missing", wanted - found))]


def _told(what: str, count: Counter[str]) -> list[str]:
    return [f"{what}, {count.total()} words: {' '.join(count.elements())[:160]}"] if count else []


if __name__ == "__main__":
    main()
