"""`python -m newscast.gazetteer OUT`: compile the CSV files into OUT."""

from __future__ import annotations

import sys
from pathlib import Path

from newscast.gazetteer.compile import CompileError, build


def main(arguments: list[str]) -> int:
    """Compile and say what was made; 1 and a line for each problem if the rows can't be compiled."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python -m newscast.gazetteer OUT.sqlite\n")
        return 2
    out = Path(arguments[0])
    try:
        version = build(out)
    except CompileError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{out}: {version}, {out.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
