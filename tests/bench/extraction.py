"""Main text of the golden pages beside two other libraries: precision, recall, F1 over words, ms a page.

A small set of our own, whose expected texts were read by a person: it shows regressions and gross
differences, no more. A dateline that we keep as a field counts as missing for nobody.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import justext
from resiliparse.extract.html2text import extract_plain_text
from tests.normalise.golden_cases import GOLDEN, expected, names

from newscast.normalise.fingerprint import words
from newscast.normalise.page import decode, page

STOPWORDS = frozenset().union(*(justext.get_stoplist(name) for name in ("English", "German", "Russian")))

EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "newscast": lambda body: page(body).text,
    "resiliparse": lambda body: str(extract_plain_text(decode(body), main_content=True)),
    "jusText": lambda body: "\n".join(
        part.text
        for part in justext.justext(decode(body) or "<p>", STOPWORDS, length_low=30, length_high=100)
        if not part.is_boilerplate
    ),
}


def main() -> None:
    cases = [(GOLDEN / f"{name}.html", expected(name, ".page.json")["text"]) for name in names(".html")]
    articles = [(path.read_bytes(), Counter(words(" ".join(text)))) for path, text in cases if any(text)]
    for name, extract in EXTRACTORS.items():
        shared = found_words = wanted_words = 0
        extract(articles[0][0])  # its imports
        began = time.perf_counter()
        for body, wanted in articles:
            found = Counter(words(extract(body)))
            shared += (found & wanted).total()
            found_words += found.total()
            wanted_words += wanted.total()
        took = (time.perf_counter() - began) / len(articles) * 1000
        precision, recall = shared / max(1, found_words), shared / wanted_words
        f1 = 2 * precision * recall / (precision + recall) if shared else 0.0
        print(f"{name}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}, {took:.1f} ms a page")
