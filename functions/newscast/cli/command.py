"""One command: its module is imported, its arguments are read, and what goes wrong is told in one line."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newscast import __version__
from newscast.cli.problem import CommandError
from newscast.cli.terminal import say

COMMANDS = (
    *("run", "up", "articles", "erase", "feeds", "actors", "dlq", "migrate", "cost"),
    *("probe", "parse", "normalise", "explain", "invoke"),
)
"""Modules of this package, in the order of the help."""


def run(words: Sequence[str]) -> int:
    """Run one command. Exit status as `newscast.cli.main`. Raises KeyboardInterrupt."""
    command = "".join(words[:1])
    try:
        _speak_utf8()
        status = _run(words)
        sys.stdout.flush()
    except CommandError as error:
        say(f"newscast {command}: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if str(error.name).startswith("newscast"):
            raise
        say(f"newscast {command}: {error.name} is not installed: make setup does it", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader went away (`| head`): nothing to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a full disk, a file that can't be written
        where = f"{error.filename}: " if error.filename else ""
        say(f"newscast {command}: {where}{error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _run(words: Sequence[str]) -> int:
    parser = Parser(
        prog="newscast",
        description="Who is in the news: your own watch over the world's news feeds.",
        epilog="example: newscast run --feed https://example.org/rss.xml",
    )
    parser.add_argument("--version", action="version", version=f"newscast {__version__}")
    subcommands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for number, word in enumerate(words, 1):
        if not word.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in word):
            raise CommandError(f"argument {number} is not UTF-8")
    # Only the chosen command is imported: `explain` needs no embedded AWS, which takes a second to load.
    for command in [word for word in words[:1] if word in COMMANDS] or COMMANDS:
        importlib.import_module(f"newscast.cli.{command}").add(subcommands)
    chosen = parser.parse_args(words)
    return int(chosen.main(chosen))


class Parser(argparse.ArgumentParser):
    """Of the command and, as argparse makes them of the same class, its subcommands: each description is
    wrapped, a text of several lines (examples) stays as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Help, **options)


class _Help(argparse.HelpFormatter):
    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **options)
        self._action_max_length = 4 + max(
            map(len, COMMANDS)
        )  # a subcommand's indent is not counted by itself

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text:
            return text
        return super()._fill_text(text, width, indent)


def _speak_utf8() -> None:
    """Output is UTF-8 whatever the locale; what can't be written at all is shown by its escape.

    A stream that the caller closed (`>&-`) swallows what is written.
    """
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
