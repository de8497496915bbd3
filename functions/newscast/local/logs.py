"""What handlers print, kept apart by function, so that the screen stays the command's own."""

from __future__ import annotations

import io
import sys
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TextIO

KEPT_LINES = 5_000
"""Lines kept in memory for each function; a file keeps all."""


class Logs:
    """The logs of one stack: the last lines in memory and, with a directory, all of them in files."""

    def __init__(self, directory: Path | None = None, screen: TextIO | None = None) -> None:
        """`directory` gets a file for each function; `screen` gets every line as it comes."""
        self.bytes: defaultdict[str, int] = defaultdict(int)
        """Written so far by each function (logical id), in UTF-8."""
        self._directory = directory
        self._screen = screen
        self._lines: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=KEPT_LINES))
        self._partial: dict[str, str] = {}
        self._files: dict[str, TextIO] = {}

    def write(self, function: str, text: str) -> None:
        self.bytes[function] += len(text.encode("utf-8", "replace"))
        *whole, rest = (self._partial.pop(function, "") + text).split("\n")
        self._lines[function].extend(whole)
        if rest:
            self._partial[function] = rest
        if self._screen:
            self._screen.write(text)
        if self._directory:
            self._file(self._directory, function).write(text)

    def lines(self, function: str) -> list[str]:
        """The last lines of a function (logical id)."""
        return list(self._lines[function])

    def _file(self, directory: Path, function: str) -> TextIO:
        if function not in self._files:
            directory.mkdir(parents=True, exist_ok=True)
            path = directory / f"{function}.log"
            # Line by line, so that a kill leaves what was said before it.
            self._files[function] = path.open("a", encoding="utf-8", errors="replace", buffering=1)
        return self._files[function]

    def close(self) -> None:
        for file in self._files.values():
            file.close()


class _Outlet(io.TextIOBase):
    """One stream for all invocations of this process: a logger made in the first keeps hold of it."""

    def __init__(self) -> None:
        self.logs: Logs | None = None
        self.function = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.logs is not None:
            self.logs.write(self.function, text)
        elif sys.__stderr__ is not None:
            sys.__stderr__.write(text)  # a thread that outlived its invocation and its stack
        return len(text)


_OUTLET = _Outlet()


@contextmanager
def captured(logs: Logs, function: str) -> Iterator[None]:
    """While a function (logical id) runs, what it prints goes to its log."""
    before = _OUTLET.logs, _OUTLET.function
    _OUTLET.logs, _OUTLET.function = logs, function
    try:
        with redirect_stdout(_OUTLET), redirect_stderr(_OUTLET):
            yield
    finally:
        # The stream stays with the last function for its threads, until the stack closes.
        _OUTLET.logs, _OUTLET.function = before if before[0] is not None else (logs, function)


def released(logs: Logs) -> None:
    """Let go of a stack's logs when it closes."""
    if _OUTLET.logs is logs:
        _OUTLET.logs = None
