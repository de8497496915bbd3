"""What a person is told when a command can't go on: one line that says what and where."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class CommandError(Exception):
    """Ends a command with exit status 1; its text is the line that is printed."""


def given(text: str) -> str:
    """An argument that is not empty, as an unset variable is: argparse makes that a line and status 2."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty")
    return text


MIB = 1024 * 1024
TEXT, FILE, LIST = 4 * MIB, 8 * MIB, 32 * MIB
"""Bytes that are read at most: of a text (700,000 words) or a line of many; of a page, an event or a CSV
file; of a feed or an OPML file. What is longer was not meant, has no end, or would fill the memory."""


def read_bytes(path: str, most: int = FILE) -> bytes:
    """A file's bytes, or those of standard input for `-`. Raises CommandError that names the file, also for
    one with more than `most`, of which no more is read."""
    with opened(path) as file:
        data = file.read(most + 1)
        while 0 < len(data) <= most and (more := file.read(most + 1 - len(data))):  # a pipe gives what it has
            data += more
    if len(data) > most:
        raise CommandError(f"{path}: more than {most // MIB} MiB, the most that is read of such a file")
    return data


def read_lines(path: str, most: int = TEXT) -> Iterator[bytes]:
    """A file's lines as they come, however many. Raises CommandError, also for a line of more than `most`
    bytes."""
    with opened(path) as file:
        number = 0
        while line := file.readline(most + 1):
            number += 1
            if len(line) > most:
                words = f"line {number} is longer than {most // MIB} MiB: nothing after it is read"
                raise CommandError(f"{path}: {words}")
            yield from line.splitlines()


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """A file, or standard input for `-`. Raises CommandError that names it, as for what goes wrong inside."""
    if path == "-":
        if sys.stdin is None:
            raise CommandError("standard input is closed")
        yield sys.stdin.buffer
        return
    if not path:
        raise CommandError("the name of a file is empty")
    try:
        with Path(path).open("rb") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
