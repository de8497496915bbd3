"""A shape: how a hostile text is made, at any length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from msgspec import Struct

Make = Callable[[int], str]
"""Characters that are wanted → so many of them, or one piece's rest fewer."""


class Shape(Struct, frozen=True):
    """One way to hurt a reader. The same length gives the same text."""

    name: str
    kind: str
    """What it is, and so which rooms read it: text, markup, field, json (`rooms.ROOMS`)."""
    make: Make
    language: str = "en"


def repeated(piece: str) -> Make:
    """The same piece again and again."""
    return lambda size: piece * max(1, size // len(piece))


def numbered(pattern: str, letters: tuple[str, str] = ("aeiou", "bdfgklmnprstvz")) -> Make:
    """A piece with words in it that come nowhere else: {u} in capitals, {l} in lower case, {n} a number."""

    def make(size: int) -> str:
        parts, length, words, numbers = list[str](), 0, unique(*letters), count()
        while length < size:
            part = pattern
            while "{u}" in part:
                part = part.replace("{u}", next(words).capitalize(), 1)
            while "{l}" in part:
                part = part.replace("{l}", next(words), 1)
            while "{a}" in part:
                part = part.replace("{a}", next(words)[:5].upper(), 1)
            part = part.replace("{n}", str(next(numbers)))
            parts.append(part)
            length += len(part)
        return "".join(parts)

    return make


def nested(open_: str, close: str = "", inside: str = "word") -> Make:
    """Half of the size is beginnings; ends, where there are any, are the other half."""

    def make(size: int) -> str:
        levels = max(1, (size - len(inside)) // (len(open_) + len(close)))
        return open_ * levels + inside + close * levels

    return make


def cycled(pieces: Iterable[str], between: str = " ", tail: str = "") -> Make:
    """Many pieces in turn for the first half, or for all; then one other, again and again."""
    known = list(pieces)

    def make(size: int) -> str:
        parts: list[str] = []
        length, most = 0, size // 2 if tail else size
        while length < most:
            for piece in known:
                parts.append(piece)
                length += len(piece) + len(between)
                if length >= most:
                    break
        return between.join(parts) + between + tail * ((size - length) // len(tail) if tail else 0)

    return make


def unique(vowels: str = "aeiou", consonants: str = "bdfgklmnprstvz") -> Iterator[str]:
    """Words of three syllables or more, none twice."""
    syllables = [one + other for one in consonants for other in vowels]
    for number in count():
        word, left = "", number
        for _ in range(3):
            left, at = divmod(left, len(syllables))
            word += syllables[at]
        while left:
            left, at = divmod(left, len(syllables))
            word += syllables[at]
        yield word
