"""Makers of CSV files from packaged facts; run by hand when a source has a new edition, never deployed.

Each module says how it is run, with the packages that it needs beside the project's own. What they write
is committed and may be edited by hand only where the module says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from newscast.gazetteer.rows import HEADERS


def write(out: Path, kind: str, rows: Iterable[list[str]]) -> None:
    """Write a file of the data folder `kind` (actors, aliases, places) anew."""
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADERS[kind].split(","), *rows])
