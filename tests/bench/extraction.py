"""Main text of invented pages beside three other libraries: precision, recall, F1 over words, ms a page.

The pages are the golden ones, whose expected texts a person read, and those in `pages/`, one a shape, in
which the article's own text stands between `<!--[-->` and `<!--]-->`: these marks are taken out before any
library sees the page. Every second of them is held out: nothing was mended with an eye on it. A set of our
own shows regressions and gross differences, no more.
"""

from __future__ import annotations

import html
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import justext
import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from tests.normalise.golden_cases import GOLDEN, expected, names

from newscast.normalise import fingerprint
from newscast.normalise.page import decode, page

PAGES = Path(__file__).with_name("pages")
LANGUAGES = (
    "English",
    "German",
    "Russian",
    "French",
    "Spanish",
    "Turkish",
    "Arabic",
    "Persian",
    "Hindi",
    "Korean",
)
STOPWORDS = frozenset().union(*(justext.get_stoplist(name) for name in LANGUAGES))

EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "newscast": lambda body: page(body).text,
    "trafilatura": lambda body: (
        (trafilatura.extract(decode(body), fast=True, include_comments=False) if body.strip() else "") or ""
    ),
    "resiliparse": lambda body: str(extract_plain_text(decode(body), main_content=True)),
    "jusText": lambda body: "\n".join(
        part.text
        for part in justext.justext(decode(body) or "<p>", STOPWORDS, length_low=30, length_high=100)
        if not part.is_boilerplate
    ),
}
_MARKED = re.compile(r"<!--\[-->(.*?)<!--\]-->", re.DOTALL)
_MARK = re.compile(r"<!--[\[\]]-->")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


class Case(NamedTuple):
    name: str
    body: bytes
    wanted: Counter[str]


def marked() -> list[Case]:
    """The pages with marks, by name."""
    cases = []
    for path in sorted(PAGES.glob("*.html")):
        markup = path.read_text("utf-8")
        cases.append(Case(path.stem, without_marks(markup).encode(), words(marked_text(markup))))
    return cases


def marked_text(markup: str) -> str:
    """The article's own text in a page with marks."""
    return html.unescape(_TAG.sub(" ", " ".join(_MARKED.findall(markup))))


def without_marks(markup: str) -> str:
    return _MARK.sub("", markup)


def golden() -> list[Case]:
    """The golden pages that have a text."""
    texts = ((name, " ".join(expected(name, ".page.json")["text"])) for name in names(".html"))
    return [Case(name, (GOLDEN / f"{name}.html").read_bytes(), words(text)) for name, text in texts if text]


def words(text: str) -> Counter[str]:
    """Words with their number; in Chinese and Japanese, which part no words, signs."""
    return Counter(fingerprint.words(re.sub(r"([\u3041-\u30ff\u3400-\u9fff])", r" \1 ", text)))


def shares(found: Counter[str], wanted: Counter[str]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    shared = (found & wanted).total()
    precision, recall = shared / max(1, found.total()), shared / max(1, wanted.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if shared else 0.0


def main() -> None:
    cases = marked()
    sets: dict[str, Sequence[Case]] = {
        "golden": golden(),
        "seen while mending": cases[::2],
        "held out": cases[1::2],
    }
    for title, some in sets.items():
        print(f"{title}: {len(some)} pages")
        for name, extract in EXTRACTORS.items():
            extract(some[0].body)  # its imports
            found, took = [], time.process_time()
            for case in some:
                found.append(extract(case.body))
            took = (time.process_time() - took) / len(some) * 1000
            each = [shares(words(text), case.wanted) for text, case in zip(found, some, strict=True)]
            precision, recall, f1 = (sum(column) / len(each) for column in zip(*each, strict=True))
            worst = min(zip(each, some, strict=True), key=lambda pair: pair[0][2])
            print(
                f"  {name}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"
                f" (worst {worst[0][2]:.3f}, {worst[1].name}), {took:.1f} ms a page"
            )
