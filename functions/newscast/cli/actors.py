"""`newscast actors`: the user's own actors, laid over ours without a deploy."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from newscast.aws.objects import ACTORS, Objects
from newscast.cli import place
from newscast.cli.problem import CommandError, read_bytes
from newscast.gazetteer import packaged
from newscast.gazetteer.overlay import COLUMNS, overlay

MINE = "mine.csv"
"""The file that `add` writes to."""
EXAMPLES = f"""examples:
  newscast actors check beat.csv
  newscast actors import beat.csv --stack newscast
  newscast actors add --kind person --name "Ann Example" --country FRA --aliases "A. Example"
  newscast actors add --id person:ann-example --office spokesperson --title Spokeswoman --from 2024-03
  newscast actors list --data mydata

columns, in any order, any of them may be missing: {", ".join(COLUMNS)}
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "actors",
        help="your own actors, over ours",
        description="Checks, adds and lists actors of your own beat. They count a minute later, without a"
        " deploy; a line that can't be used is named and left out, the others count.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="what is wrong with a CSV file of yours")
    check.add_argument("file", metavar="FILE.csv")
    take = actions.add_parser("import", help="check a CSV file and put it into the stack")
    take.add_argument("file", metavar="FILE.csv")
    one = actions.add_parser("add", help="one actor, or one more role of an actor")
    for column in COLUMNS:
        one.add_argument(f"--{column}", metavar="a|b" if column == "aliases" else column.upper(), default="")
    listing = actions.add_parser("list", help="your files, and what is wrong with them")
    for each in (take, one, listing):
        place.add_arguments(each)
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Exit status 1 if a line can't be used."""
    if arguments.action == "check":
        return report(arguments.file, text_of(arguments.file))
    with place.objects(arguments) as objects:
        return ACTIONS[arguments.action](objects, arguments)


def text_of(file: str) -> str:
    """A CSV file's text. Raises CommandError."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: not UTF-8 at byte {error.start}") from error


def report(name: str, text: str) -> int:
    """Say what is wrong, a line each, and how many lines count."""
    _, problems = overlay(packaged.load(), text, name)
    for one in problems:
        print(one, file=sys.stderr)
    wrong = {one.line for one in problems if one.level == "error"}
    lines = max(0, sum(1 for row in csv.reader(io.StringIO(text)) if any(row)) - 1)
    print(f"{name}: {lines - len(wrong)} of {lines} lines count")
    return 1 if wrong else 0


def _import(objects: Objects, arguments: argparse.Namespace) -> int:
    text = text_of(arguments.file)
    status = report(arguments.file, text)
    objects.write_file(f"{ACTORS}{Path(arguments.file).stem}.csv", text.encode())
    return status


def _add(objects: Objects, arguments: argparse.Namespace) -> int:
    row = {column: getattr(arguments, column) for column in COLUMNS}
    if not row["id"] and not (row["kind"] and row["name"]):
        raise CommandError("an actor needs --kind and --name, or the --id of one that is there")
    key = ACTORS + MINE
    before = objects.read_file(key).decode() if key in objects.listed(ACTORS) else _csv([COLUMNS])
    line = _csv([[row[column] for column in COLUMNS]])
    _, problems = overlay(packaged.load(), _csv([COLUMNS]) + line, MINE)
    if errors := [one.what for one in problems if one.level == "error"]:
        raise CommandError("; ".join(errors))
    objects.write_file(key, (before + line).encode())
    print(f"added to {key}: {row['name'] or row['id']}")
    return 0


def _list(objects: Objects, _: argparse.Namespace) -> int:
    files = [key for key in objects.listed(ACTORS) if key.endswith(".csv")]
    if not files:
        print("no actors of your own (newscast actors import FILE.csv)")
    return max((report(key, objects.read_file(key).decode("utf-8", "replace")) for key in files), default=0)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


ACTIONS: dict[str, Callable[[Objects, argparse.Namespace], int]] = {
    "import": _import,
    "add": _add,
    "list": _list,
}
