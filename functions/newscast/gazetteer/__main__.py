"""`python -m newscast.gazetteer compile OUT | check [FOLDER]`: the gazetteer's workshop."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from newscast.gazetteer import stale
from newscast.gazetteer.check import check
from newscast.gazetteer.compile import DATA, CompileError, build
from newscast.gazetteer.rows import Rows, read

USAGE = "usage: python -m newscast.gazetteer compile OUT.sqlite | check [FOLDER]\n"


def main(arguments: list[str]) -> int:
    """0 done · 1 rows are wrong, one line for each · 2 wrong usage."""
    match arguments:
        case ["compile", out]:
            return _compile(Path(out))
        case ["check"]:
            return _check(DATA)
        case ["check", folder]:
            return _check(Path(folder))
    sys.stderr.write(USAGE)
    return 2


def _compile(out: Path) -> int:
    try:
        version = build(out)
    except CompileError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{out}: {version}, {out.stat().st_size:,} bytes\n")
    return 0


def _check(folder: Path) -> int:
    today = datetime.now(UTC).date()
    rows, problems = read(folder)
    problems += check(rows, today)
    for one in problems:
        sys.stdout.write(f"{one}\n")
    for line in summary(rows) + [
        f"{count:>7}  {what}" for what, count in stale.report(rows.roles, today).items()
    ]:
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
