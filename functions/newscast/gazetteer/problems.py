"""What is wrong with a row, and where it stands."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Problem(Struct, frozen=True):
    """One finding; `line` 0 means the whole file. An error must be mended; a warning should be read."""

    file: str
    line: int
    level: Literal["error", "warning"]
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.what}"
