"""Text → words and their keys: the one way to cut and fold that the gazetteer and its readers share.

A key forgives what writers vary in: case, accents, dots of abbreviations, hyphens and apostrophes
(which part words). Scripts without spaces between words are cut into single characters.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate
from typing import NamedTuple

from newscast.gazetteer.memory import Remembered

_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
"""Thai, Lao, Burmese, Khmer, hiragana, Han, Hangul: one character is one word."""
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30fe"
"""Foreign names in Japanese: a run is a word, else America would stand inside Latin America."""
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u0730-\u074a\u07a6-\u07b0\u0900-\u0963\u0966-\u0df3\u0f71-\u0f87\u135d-\u135f"
)
"""Combining marks, which `\\w` leaves out, and whole Indic blocks, where vowels are marks."""
_WORD = re.compile(
    rf"([{_ALONE}]"
    '|[\u05d0-\u05ea]+["\u05f4][\u05d0-\u05ea](?![\u05d0-\u05ea])'  # או״ם: Hebrew marks initials so
    rf"|[{_KATAKANA}]+"
    r"|(?<![^\W_])[^\W\d_](?:\.[^\W\d_])+(?![^\W_])\.?"  # U.S. · U.A.E. · J.D
    rf"|(?:(?![{_ALONE}{_KATAKANA}])[^\W_]|[{_MARKS}])+)"
)
_ASCII_WORD = re.compile(
    r"([A-Za-z0-9]+(?:\.(?<=(?<![A-Za-z0-9])[A-Za-z]\.)[A-Za-z](?:\.[A-Za-z])*(?![A-Za-z0-9])\.?)?)"
)
"""The same where all letters are ASCII: three times as fast."""
_TYPOGRAPHY = (
    ("’", "'"),
    ("‘", "'"),
    ("“", '"'),
    ("”", '"'),
    ("–", "-"),
    ("—", "-"),
    ("…", " "),
    ("\u00a0", " "),
)
"""Marks that part words as their plain forms do: a text with no others beyond ASCII is cut as ASCII."""

_DROPPED = re.compile(
    '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670."\u05f4]'
)
_SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t"}
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ک": "ك", "ی": "ي"}
)
"""Letters that no decomposition reaches; Arabic alef forms, which newspapers use freely."""


MOST_MARKS = 30
"""Combining marks on one letter; to put marks into their order takes the square of their number."""
_COMBINING = "".join(filter(unicodedata.combining, map(chr, range(0x300, 0x1360))))
_MANY_MARKS = re.compile(rf"[{_COMBINING}]{{{MOST_MARKS + 1},}}")


class Tokens(NamedTuple):
    """The words of a text, in parallel lists; starts and ends count code points."""

    keys: list[str]
    starts: list[int]
    ends: list[int]
    words: list[str]
    """As written."""
    gaps: list[str]
    """What stands before each word, back to the word before it; last, what follows them all."""


def tokenize(text: str) -> Tokens:
    """All words of a text with their keys."""
    parts = (_ASCII_WORD if _ascii_letters(text) else _WORD).split(text)
    gaps, words = parts[0::2], parts[1::2]
    ends = list(accumulate(map(len, parts)))
    return Tokens(_keys(words), ends[0:-1:2], ends[1::2], words, gaps)


def _ascii_letters(text: str) -> bool:
    if not text.isascii():
        for mark, plain_mark in _TYPOGRAPHY:
            text = text.replace(mark, plain_mark)
    return text.isascii()


def _keys(words: list[str]) -> list[str]:
    """`fold` of each; those of ASCII all at once."""
    together = " ".join(words)
    if together.isascii():
        return together.replace(".", "").lower().split(" ") if words else []
    return list(map(_FOLDED.__getitem__, words))


def fold(word: str) -> str:
    """One word's key: "Élysée" → elysee, "U.S." → us, "Türkiye" → turkiye, "Зелёный" → зеленыи."""
    if word.isascii():
        return word.replace(".", "").lower()
    if len(word) > MOST_MARKS:
        word = _MANY_MARKS.sub(lambda found: found[0][:MOST_MARKS], word)
    # Twice apart: a styled letter (𝒜) has a case only once it is taken apart, and İ folds to a mark.
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", letters.translate(_SPELT)))


_FOLDED = Remembered(fold, 10_000)


def key_of(text: str) -> str:
    """The key of a whole name: its words' keys with a space between them; empty if it has no word."""
    return " ".join(tokenize(text).keys)


def plain(text: str) -> str:
    """A name with its case kept and all else that a key forgives taken out, for case rules."""
    together = " ".join(tokenize(text).words)
    if together.isascii():
        return together.replace(".", "")
    return _DROPPED.sub("", unicodedata.normalize("NFKD", together))
