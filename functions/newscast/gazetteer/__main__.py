"""`python -m newscast.gazetteer compile | check | wikidata`: the gazetteer's workshop."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from newscast.gazetteer import stale
from newscast.gazetteer.check import check
from newscast.gazetteer.compile import DATA, CompileError, build
from newscast.gazetteer.packaged import load
from newscast.gazetteer.rows import Rows, read
from newscast.gazetteer.wikidata.results import ResultsError
from newscast.gazetteer.wikidata.rows import Wanted, refresh


def main(arguments: list[str]) -> int:
    """0 done · 1 what was given is wrong, one line for each problem · 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m newscast.gazetteer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("compile", help="CSV files → the one file that is looked up")
    one.add_argument("out", type=Path, metavar="OUT.sqlite")
    one.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="CSV files (default: ours)")
    one = commands.add_parser("check", help="what is wrong with the CSV files, how old and how sure they are")
    one.add_argument("data", type=Path, nargs="?", default=DATA, metavar="FOLDER")
    one = commands.add_parser("wikidata", help="a dump, or an answer of the query service → CSV files")
    one.add_argument("file", type=Path, help="*.json.bz2, *.json.gz or *.json of a dump; *.srj or *.csv")
    one.add_argument("out", type=Path, metavar="FOLDER", help="gets actors/, aliases/ and roles/wikidata.csv")
    one.add_argument("--languages", default="en", metavar="en,fr,…", help="of names (default: en)")
    one.add_argument("--since", type=date.fromisoformat, default=date(2000, 1, 1), metavar="YYYY-MM-DD")
    one.add_argument(
        "--as-of", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD"
    )
    given = parser.parse_args(arguments)
    try:
        if given.command == "compile":
            return _compile(given.out, given.data)
        if given.command == "check":
            return _check(given.data)
        wanted = Wanted(languages=tuple(given.languages.split(",")), since=given.since, as_of=given.as_of)
        counts = refresh(given.file, given.out, load(), wanted)
        sys.stdout.write("".join(f"{count:>9,}  rows of {name}\n" for name, count in counts.items()))
    except (CompileError, ResultsError, OSError, EOFError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _compile(out: Path, data: Path) -> int:
    version = build(out, data)
    sys.stdout.write(f"{out}: {version}, {out.stat().st_size:,} bytes\n")
    return 0


def _check(folder: Path) -> int:
    today = datetime.now(UTC).date()
    rows, problems = read(folder)
    problems += check(rows, today)
    ages = [f"{count:>7}  roles: {what}" for what, count in stale.report(rows.roles, today).items()]
    for line in [*problems, *summary(rows), *ages]:
        sys.stdout.write(f"{line}\n")
    return 1 if any(one.level == "error" for one in problems) else 0


def summary(rows: Rows) -> list[str]:
    """Rows by kind, with the share that is checked."""
    kinds = Counter(one.kind for one in rows.actors)
    lines = [f"{count:>7}  actors: {kind}" for kind, count in sorted(kinds.items())]
    for folder in ("actors", "aliases", "roles", "places"):
        marks = [mark for row, (_, mark) in rows.evidence.items() if row.startswith(f"{folder}/")]
        share = 100 * marks.count("checked") / len(marks) if marks else 0
        lines.append(f"{len(marks):>7}  rows of {folder}, {share:.0f} % checked")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
