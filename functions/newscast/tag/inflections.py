"""Words of a text in a language that bends names → keys that the gazetteer knows: "России" → "Россия"."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from newscast.gazetteer.tokens import fold
from newscast.tag.match import Matcher
from newscast.tag.reading import Reading

_TABLE = Path(__file__).parent / "data" / "inflections.tsv"
SHORTEST_STEM = 3
"""Letters that must stay of a word, else an ending is the word."""
CLITICS = ("وال", "بال", "لل", "و", "ب", "ل", "ف", "ك")
"""Arabic writes and, in, for, so, like, and their sum with the article onto the next word."""


@cache
def _endings(language: str) -> tuple[tuple[str, str], ...]:
    rows = (line.split("\t") for line in _TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return tuple((fold(ending), fold(base)) for code, ending, base in rows if code == language)


def unbend(reading: Reading, matcher: Matcher) -> None:
    """Change the keys of bent names in place; a clitic before an Arabic name is cut off its word."""
    if reading.language == "ar":
        _cut_clitics(reading, matcher)
    endings = _endings(reading.language)
    if not endings:
        return
    for at, key in enumerate(reading.keys):
        if not reading.caps[at] or matcher.begins(key):
            continue
        for ending, base in endings:
            stem = key[: len(key) - len(ending)]
            if key.endswith(ending) and len(stem) >= SHORTEST_STEM and matcher.gazetteer.lookup(stem + base):
                reading.keys[at] = stem + base
                break


def _cut_clitics(reading: Reading, matcher: Matcher) -> None:
    for at, key in enumerate(reading.keys):
        if matcher.begins(key):
            continue
        for clitic in CLITICS:
            rest = key[len(clitic) :]
            if not key.startswith(clitic) or len(rest) < SHORTEST_STEM:
                continue
            start, end = reading.spans[at]
            if reading.text[start : start + len(clitic)] == clitic and (found := _known(matcher, rest)):
                reading.keys[at] = found
                reading.spans[at] = (start + len(clitic), end)
                reading.words[at] = reading.text[start + len(clitic) : end]
                break


def _known(matcher: Matcher, rest: str) -> str:
    return next((key for key in (rest, "ال" + rest) if matcher.begins(key)), "")
