"""What is kept of words has bounds."""

from __future__ import annotations

import gc
import tracemalloc

from newscast.gazetteer import packaged
from newscast.gazetteer.memory import LONGEST, Remembered
from newscast.tag import tag


def test_an_answer_is_worked_out_once() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    known = Remembered(length, 10)
    assert [known["one"], known["three"], known["one"]] == [3, 5, 3]
    assert asked == ["one", "three"]


def test_neither_many_words_nor_endless_ones_stay() -> None:
    known = Remembered(len, 10)
    for number in range(95):
        assert known[f"{number:02}"] == 2
        assert len(known) <= 10
    assert known["a" * (LONGEST + 1)] == LONGEST + 1
    assert max(map(len, known)) == 2


def test_a_text_of_endless_words_leaves_nothing_behind() -> None:
    gazetteer = packaged.load()
    tag("The United Nations met John Smith in Geneva.", gazetteer, None, "en")
    endless = 50_000
    text = " ".join(
        f"United {chr(65 + n % 26)}{'x' * endless}{n} and John B{'y' * endless}{n}." for n in range(40)
    )
    tracemalloc.start()
    try:
        tag(text, gazetteer, None, "en")
        gc.collect()
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left < 10 * endless  # of eighty such words
