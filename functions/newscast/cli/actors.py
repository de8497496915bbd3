"""`newscast actors`: the user's own actors, laid over ours without a deploy."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscast.aws.objects import ACTORS, Objects
from newscast.cli import place
from newscast.cli.problem import CommandError, given, read_bytes
from newscast.cli.terminal import say
from newscast.cli.words import counted
from newscast.gazetteer import packaged
from newscast.gazetteer.overlay import COLUMNS, actor_id, lines, overlay
from newscast.gazetteer.problems import Problem

MINE = "mine.csv"
"""The file that `add` writes to."""
ABOUT = {
    "id": "as explain shows it; of a new actor made from kind and name",
    "kind": "person, organisation, group, body or country",
    "name": "the best known one",
    "country": "three letters (ISO 3166); of a line with an office, the one that it serves",
    "aliases": "other names",
    "office": "a key of the gazetteer's offices.csv: minister, spokesperson, defence-minister",
    "title": "the office as it is called there",
    "body": "id of the body or organisation of the office",
    "from": "YYYY, YYYY-MM or YYYY-MM-DD",
    "to": "the same; empty while it is held",
    "confirmed": "the day on which it was last known to be held",
    "cameo": "CAMEO code, if it isn't that of country and office",
    "plover": "PLOVER code, the same",
    "qid": "Wikidata's id (Q159)",
}
"""What each column of COLUMNS holds, in the help of `add`."""
EXAMPLES = f"""examples:
  newscast actors check beat.csv
  newscast actors import beat.csv --stack newscast
  newscast actors add --kind person --name "Ann Example" --country FRA --aliases "A. Example"
  newscast actors add --id person:ann-example --country FRA --office spokesperson --from 2024-03
  newscast actors list --data mydata
  newscast actors remove person:ann-example --data mydata

columns, in any order, any of them may be missing: {", ".join(COLUMNS)}
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "actors",
        help="your own actors, over ours",
        description="Checks, adds, lists and removes actors of your own beat. They count within ten minutes,"
        " without a deploy; a line that can't be used is named and left out, the others count.",
        epilog=EXAMPLES,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="what is wrong with a CSV file of yours")
    check.add_argument("file", metavar="FILE.csv")
    take = actions.add_parser("import", help="check a CSV file and put it into the stack")
    take.add_argument("file", metavar="FILE.csv")
    one = actions.add_parser(
        "add",
        help="one actor, or one more role of an actor",
        epilog='example:\n  newscast actors add --kind person --name "Ann Example" --country FRA',
    )
    for column in COLUMNS:
        metavar = "a|b" if column == "aliases" else column.upper()
        one.add_argument(f"--{column}", metavar=metavar, default="", help=ABOUT[column])
    listing = actions.add_parser("list", help="your files, and what is wrong with them")
    away = actions.add_parser(
        "remove",
        help="a file of yours, or an actor that was added",
        description=f"Removes a file from the stack, or from {MINE} all lines of one actor.",
        epilog="example: newscast actors remove beat.csv --data mydata",
    )
    away.add_argument("name", type=given, metavar="FILE.csv|ID")
    for each in (take, one, listing, away):
        place.add_arguments(each, begins=each in (take, one))
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Exit status 1 if a line can't be used."""
    if arguments.action == "check":
        return report(arguments.file, read_bytes(arguments.file)).status
    with place.objects(arguments) as objects:
        return ACTIONS[arguments.action](objects, arguments)


@dataclass(frozen=True)
class Report:
    """How many lines of a file count, and the exit status that says so."""

    count: int
    status: int


def report(name: str, data: bytes) -> Report:
    """Say what is wrong with a file, a line each, and how many lines count."""
    text = data.decode("utf-8", "replace")  # a line that is not UTF-8 is told by its number
    _, problems = overlay(packaged.load(), text, name)
    for one in problems:
        say(one, file=sys.stderr)
    wrong = {one.line for one in problems if one.level == "error"}
    unread: list[Problem] = []
    read = {line.number for line in lines(text, name, unread)}
    told = read | {one.line for one in unread if read and one.level == "error"}
    count = len(read - wrong)
    if told:
        say(f"{name}: {count} of {len(told)} lines count")
    elif problems:
        say(f"{name}: no line in it counts")
    else:
        say(f"{name}: nothing below its first line, which names the columns")
    return Report(count, 0 if told and not wrong else 1)


def _import(objects: Objects, arguments: argparse.Namespace) -> int:
    data = read_bytes(arguments.file)
    found = report(arguments.file, data)
    name = "stdin" if arguments.file == "-" else Path(arguments.file).stem
    key = f"{ACTORS}{name}.csv"
    if not found.count:
        raise CommandError(f"{arguments.file}: not imported")
    there = key in objects.listed(ACTORS)
    objects.write_file(key, data)
    say(f"{'replaced' if there else 'imported as'} {key}; it counts within ten minutes")
    return found.status


def _add(objects: Objects, arguments: argparse.Namespace) -> int:
    row = {column: getattr(arguments, column) for column in COLUMNS}
    if not row["id"] and not (row["kind"] and row["name"]):
        raise CommandError("an actor needs --kind and --name, or the --id of one that is there")
    key = ACTORS + MINE
    head, line = _csv([COLUMNS]), _csv([[row[column] for column in COLUMNS]])
    if line.count("\n") > 1 or "\r" in line:
        raise CommandError("an actor is one line: there is a line break in it")
    before = head
    if key in objects.listed(ACTORS):
        before = objects.read_file(key).decode("utf-8", "replace")
        if not before.startswith(head):
            raise CommandError(f"{key} is a file of yours with columns of its own: add the line there")
        if not before.endswith("\n"):
            before += "\n"
    if line in before.splitlines(keepends=True):
        say(f"already in {key}: {row['name'] or row['id']}")
        return 0
    last = before.count("\n") + 1
    over, problems = overlay(packaged.load(), before + line, MINE)
    for one in problems:
        if one.line == last and one.level == "error":
            raise CommandError(one.what)
        if one.line == last:
            say(one.what, file=sys.stderr)
    objects.write_file(key, (before + line).encode())
    added = next(read for read in lines(before + line, MINE, []) if read.number == last)
    actor = over.actor(actor_id(added.cells))
    say(f"added to {key}: {actor.id} {actor.name}" if actor else f"added to {key}")
    return 0


def _remove(objects: Objects, arguments: argparse.Namespace) -> int:
    name = arguments.name.removeprefix(ACTORS)
    there = objects.listed(ACTORS)
    if ACTORS + name in there:
        objects.remove_file(ACTORS + name)
        say(f"removed {ACTORS}{name}; it counts within ten minutes")
        return 0
    mine = ACTORS + MINE
    before = objects.read_file(mine).decode("utf-8", "replace") if mine in there else ""
    of_it = {line.number for line in lines(before, MINE, []) if _names(line.cells, name)}
    if not of_it:
        raise CommandError(f"no file and no actor of {mine} is {name} (newscast actors list shows the files)")
    rest = [line for number, line in enumerate(before.split("\n"), 1) if number not in of_it]
    objects.write_file(mine, "\n".join(rest).encode())
    say(f"removed {name} from {mine}: {counted(len(of_it), 'line')}; it counts within ten minutes")
    return 0


def _names(cells: Mapping[str, str], wanted: str) -> bool:
    try:
        return actor_id(cells) == wanted
    except ValueError:  # a line that counts for nobody
        return False


def _list(objects: Objects, _: argparse.Namespace) -> int:
    files = [key for key in objects.listed(ACTORS) if key.endswith(".csv")]
    if not files:
        say("no actors of your own (newscast actors import FILE.csv)", file=sys.stderr)
    return max((report(key, objects.read_file(key)).status for key in files), default=0)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


ACTIONS: dict[str, Callable[[Objects, argparse.Namespace], int]] = {
    "import": _import,
    "add": _add,
    "list": _list,
    "remove": _remove,
}
