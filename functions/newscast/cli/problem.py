"""What a person is told when a command can't go on: one line that says what and where."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


class CommandError(Exception):
    """Ends a command with exit status 1; its text is the line that is printed."""


def given(text: str) -> str:
    """An argument that is not empty, as an unset variable is: argparse makes that a line and status 2."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty")
    return text


def read_bytes(path: str) -> bytes:
    """A file's bytes, or those of standard input for `-`. Raises CommandError that names the file."""
    if path == "-":
        if sys.stdin is None:
            raise CommandError("standard input is closed")
        return sys.stdin.buffer.read()
    if not path:
        raise CommandError("the name of a file is empty")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
