"""What is kept of words has bounds."""

from __future__ import annotations

from newscast.gazetteer.memory import LONGEST, Remembered


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
