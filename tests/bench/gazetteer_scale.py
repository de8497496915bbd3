"""From twenty thousand aliases to millions, behind one interface: size, load, memory, speed.

Each size is compiled, and looked up, in a process of its own, so that memory is that size's alone.
NEWSCAST_SCALE names other sizes ("1000000,5000000"); five million take some minutes to compile.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

SIZES = "20000,200000,1000000"
ARTICLE_WORDS = 470
"""About 2.8 kB."""


def vocabulary(size: int) -> list[str]:
    """Made-up words, each from its number in base 26, so that frequent ones are short."""
    letters = "etaoinshrdlcumwfgypbvkjxqz"
    words = []
    for number in range(26, size + 26):
        rest, made = number, ""
        while rest:
            rest, at = divmod(rest, 26)
            made += letters[at]
        words.append(made)
    return words


def scattered(number: int) -> int:
    """A number that looks random and is the same each time (Knuth's multiplicative hash)."""
    return (number * 2_654_435_761 + 0x9E37) & 0xFFFF_FFFF


class Synthetic:
    """Actors with four aliases each: two or three words of a vocabulary that grows with their number."""

    def __init__(self, aliases: int) -> None:
        self._actors = aliases // 4
        self._words = [word.capitalize() for word in vocabulary(max(2_000, aliases // 20))]

    def name(self, number: int) -> str:
        size, first = len(self._words), scattered(number)
        second, third = scattered(first), scattered(first + 1)
        # A square makes some words start many names, as Ministry and United do.
        words = [self._words[(first % size) * (second % size) // size], self._words[second % size]]
        return " ".join(words if number % 3 else [*words, self._words[third % size]])

    @property
    def actors(self) -> Iterator[Any]:
        from newscast.gazetteer.model import Actor

        for number in range(self._actors):
            yield Actor(
                id=f"org:o{number}", kind="organisation", name=self.name(number), row=f"a.csv:{number}"
            )

    @property
    def aliases(self) -> Iterator[Any]:
        from newscast.gazetteer.model import Alias

        for number in range(self._actors):
            for other in (1, 2, 3):
                text = self.name(number + other * self._actors)
                yield Alias(actor=f"org:o{number}", text=text, language="en", row=f"b.csv:{number}")

    @property
    def roles(self) -> Iterator[Any]:
        from newscast.gazetteer.model import RoleRow

        for number in range(0, self._actors, 10):
            yield RoleRow(
                actor=f"org:o{number}", office="chief", title="Chief", country="USA", start=date(2020, 1, 1)
            )

    @property
    def places(self) -> Iterator[Any]:
        return iter(())


def compile_one(path: str, aliases: int) -> dict[str, float]:
    from newscast.gazetteer.artifact import write
    from newscast.gazetteer.model import Vocabulary

    started = time.process_time()
    write(Path(path), Synthetic(aliases), Vocabulary(), "bench")
    return {
        "compile s of CPU": time.process_time() - started,
        "compile MB": _peak(),
        "file MB": Path(path).stat().st_size / 1e6,
    }


def use_one(path: str, aliases: int) -> dict[str, float]:
    from newscast.gazetteer.artifact import open_gazetteer
    from newscast.gazetteer.tokens import tokenize

    made = Synthetic(aliases)
    articles = [_article(made, aliases, number) for number in range(400)]
    before = _peak()
    started = time.process_time()
    gazetteer = open_gazetteer(Path(path))
    opened = time.process_time() - started
    sum(1 for _ in gazetteer.matches(tokenize(articles[0])))
    first = time.process_time() - started
    found = [sum(1 for _ in gazetteer.matches(tokenize(text))) for text in articles]  # words become known
    started = time.process_time()
    found = [sum(1 for _ in gazetteer.matches(tokenize(text))) for text in articles]
    spent = time.process_time() - started
    keys = [" ".join(made.name(number * 7 % (aliases // 4)).lower().split()) for number in range(20_000)]
    started = time.process_time()
    hits = sum(gazetteer.lookup(key) is not None for key in keys)
    looked = time.process_time() - started
    return {
        "open ms": opened * 1e3,
        "first article ms": first * 1e3,
        "articles/s": len(articles) / spent,
        "MB/s": sum(map(len, articles)) / spent / 1e6,
        "names/article": sum(found) / len(found),
        "cold look-ups/s": len(keys) / looked,
        "hits %": 100 * hits / len(keys),
        "memory MB": _peak() - before,
    }


def _article(made: Synthetic, aliases: int, seed: int) -> str:
    """Ordinary words with a name every thirty: most first words of a text begin no name."""
    pick = random.Random(seed)
    plain = [f"{word}ing" for word in vocabulary(3_000)]
    words: list[str] = []
    while len(words) < ARTICLE_WORDS:
        words += [plain[int(3_000 * pick.random() ** 3)] for _ in range(28)]
        words.append(made.name(pick.randrange(aliases // 4)))
    return " ".join(words)


def _peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """One line a size."""
    for size in map(int, os.environ.get("NEWSCAST_SCALE", SIZES).split(",")):
        with tempfile.TemporaryDirectory() as folder:
            told: dict[str, float] = {}
            for step in ("compile_one", "use_one"):
                code = f"import json; from tests.bench.gazetteer_scale import {step} as step; "
                code += f"print(json.dumps(step({folder + '/g.sqlite'!r}, {size})))"
                done = subprocess.run(
                    [sys.executable, "-c", code], check=True, capture_output=True, text=True
                )
                told |= json.loads(done.stdout)
        print(f"{size:>9,} aliases: " + " · ".join(f"{name} {value:,.1f}" for name, value in told.items()))
