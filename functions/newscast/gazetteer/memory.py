"""What was worked out of words, kept within bounds: news repeats its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
LONGEST = 64
"""Letters of a word that is kept: a feed of endless words must not fill the memory."""


class Remembered(dict[str, Answer]):
    """Answers by word; a known one costs a plain look-up. Forgets all when it holds `most`."""

    def __init__(self, ask: Callable[[str], Answer], most: int) -> None:
        super().__init__()
        self._ask = ask
        self._most = most

    def __missing__(self, word: str) -> Answer:
        answer = self._ask(word)
        if len(word) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[word] = answer
        return answer
