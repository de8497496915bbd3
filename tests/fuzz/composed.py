"""Shapes that nobody thought of: pieces of the others, strung together at random."""

from __future__ import annotations

from random import Random

from tests.fuzz import fields, markups, texts
from tests.fuzz.shape import Make, Shape

PIECE = 60
"""Characters of a shape that is taken as one piece."""
MOST = 4
"""Shapes in one composition."""


def fixed() -> list[Shape]:
    """All shapes with a name of their own."""
    return [*texts.shapes(), *markups.shapes(), *fields.shapes()]


def composed(seed: int) -> Shape:
    """One composition; the same seed gives the same."""
    chance = Random(seed)
    kind = chance.choice(("text", "text", "markup"))
    known = [shape for shape in fixed() if shape.kind in ("text", kind)]
    parts = chance.sample(known, chance.randint(2, MOST))
    if kind == "markup" and not any(part.kind == "markup" for part in parts):
        parts[0] = chance.choice([shape for shape in known if shape.kind == "markup"])
    way = chance.choice((_in_turns, _one_after_another, _mixed))
    name = f"{seed}: {way.__name__.strip('_').replace('_', ' ')}: " + " + ".join(part.name for part in parts)
    return Shape(name, kind, way(parts, seed), parts[0].language)


def _in_turns(parts: list[Shape], seed: int) -> Make:
    """Piece by piece: the whole is as long as is wanted, each piece as short as a few words."""
    length = Random(seed).choice((12, PIECE, 5 * PIECE))
    return lambda size: _cut("".join(part.make(length) for part in parts), size)


def _cut(piece: str, size: int) -> str:
    return (piece * (size // max(1, len(piece)) + 1))[:size]


def _one_after_another(parts: list[Shape], seed: int) -> Make:
    return lambda size: "".join(part.make(size // len(parts)) for part in parts)


def _mixed(parts: list[Shape], seed: int) -> Make:
    """Pieces of each, cut anywhere, in any order."""

    def make(size: int) -> str:
        chance = Random(seed)
        whole = [part.make(size) for part in parts]
        cut, length = list[str](), 0
        while length < size:
            text = chance.choice(whole)
            at, more = chance.randrange(max(1, len(text))), chance.randint(1, 2 * PIECE)
            cut.append(text[at : at + more])
            length += max(1, len(cut[-1]))
        return "".join(cut)

    return make
