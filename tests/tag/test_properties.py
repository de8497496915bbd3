"""Whatever a text holds: spans are true, apart and in order, and nothing raises."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscast.gazetteer import packaged
from newscast.records import Tags
from newscast.tag import explain, tag

GAZETTEER = packaged.load()
PIECES = [
    "Moscow",
    "said",
    "the minister",
    "President",
    "Putin",
    "'s",
    "U.S.",
    "-led",
    "Bank of",
    "China",
    "and",
    "Georgia",
    "In",
    "\n\n",
    ". ",
    ", ",
    "“",
    "”",
    "(AP)",
    "al-",
    "Maliki",
    "troops",
    "police",
    "俄罗斯",
    "США",
    "روسيا",
    "🇺🇦",
    "2024",
    "election",
    "New York",
    "De",
    "von",
    "O'",
    "Neill",
    "ISIS",
    "Dr.",
    "ministry",
    " ",
    "Foreign Minister",
    "former",
    "Indian",
    "Party",
    "Smith",
    "John",
    "THE",
    "US",
    "İ",
    "ß",
    "é",
    "\u200f",
]


def _spans(tags: Tags) -> list[tuple[int, int, str]]:
    found = [(one.start, one.end, one.surface) for actor in tags.actors for one in actor.mentions]
    found += [(one.start, one.end, one.surface) for one in tags.unknown]
    found += [(one.start, one.end, one.surface) for one in tags.places]
    return sorted(found)


def _hold(text: str, tags: Tags) -> None:
    end = 0
    for start, stop, surface in _spans(tags):
        assert text[start:stop] == surface != ""
        assert start >= end, "spans overlap"
        end = stop


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300), st.sampled_from(["en", "ru", "ar", "zh", "xx", None]))
def test_any_text(text: str, language: str | None) -> None:
    _hold(text, tag(text, GAZETTEER, date(2024, 7, 12), language))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans())
def test_any_order_of_telling_pieces(pieces: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(pieces)
    tags = tag(text, GAZETTEER, None, "en")
    _hold(text, tags)
    assert explain(text, GAZETTEER, None, "en").tags == tags


@pytest.mark.parametrize(
    "piece",
    ["Moscow said the minister. ", "Bank of ", "O'", "Al-", "Russian ", "A", "(", "\n", "俄罗斯", "U.S. "],
)
def test_a_long_text_of_anything_is_read(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    _hold(text, tag(text, GAZETTEER, date(2024, 7, 12), "en"))
