"""What is wrong with a row, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Level = Literal["error", "warning"]


class Problem(Struct, frozen=True):
    """One finding; `line` 0 means the whole file. An error must be mended; a warning should be read."""

    file: str
    line: int
    level: Level
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.what}"


Rule = Iterator[Problem]
"""What one rule finds."""


def problem(row: str, level: Level, what: str) -> Problem:
    """A finding about a row (`roles/people-europe.csv:12`)."""
    file, _, line = row.rpartition(":")
    return Problem(file, int(line), level, what)
