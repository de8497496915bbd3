"""The command `newscast`: one short module a subcommand, each with its arguments and its main."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from newscast import __version__
from newscast.cli.problem import CommandError

COMMANDS = ("run", "up", "feeds", "actors", "dlq", "probe", "parse", "normalise", "explain", "invoke")
"""Modules of this package, in the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 bad input or failure, 2 bad usage, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = next(iter(words[:1]), "")
    try:
        _speak_utf8()
        status = _run(words)
        sys.stdout.flush()
    except CommandError as error:
        print(f"newscast {command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"newscast {command}: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`): nothing to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a full disk, a file that can't be written
        where = f"{error.filename}: " if error.filename else ""
        print(f"newscast {command}: {where}{error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
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


def _speak_utf8() -> None:
    """Output is UTF-8 whatever the locale; what can't be written at all is shown by its escape.

    A stream that the caller closed (`>&-`) swallows what is written.
    """
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
