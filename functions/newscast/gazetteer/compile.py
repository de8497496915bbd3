"""CSV files → the compiled gazetteer.

The build of the zips calls `build`; a checkout compiles on first use (`packaged`).
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from newscast.gazetteer import artifact
from newscast.gazetteer.check import check
from newscast.gazetteer.rows import Rows, read

DATA = Path(__file__).parent / "data"
NAME = "gazetteer.sqlite"
"""The compiled file's name, beside the CSV files in a zip."""


class CompileError(ValueError):
    """Rows that can't be compiled; the message holds one line for each."""


def build(out_path: Path, data: Path = DATA, *, strict: bool = True) -> str:
    """Compile a data folder into `out_path`; its version.

    Raises CompileError with file and line for rows that are wrong; not `strict`, it leaves out lines that
    can't be read and goes on, which is how a checkout under edit stays usable.
    """
    rows, problems = read(data)
    as_of = _as_of(rows)
    if strict and (errors := [one for one in [*problems, *check(rows, as_of)] if one.level == "error"]):
        raise CompileError("\n".join(map(str, errors)))
    version = f"{as_of.isoformat()}.{content_hash(data)[:12]}"
    artifact.write(out_path, rows, rows.vocabulary, version)
    return version


def content_hash(data: Path) -> str:
    """Hex SHA-256 over all CSV files: their paths and bytes, in the order of their paths."""
    digest = hashlib.sha256()
    for file in sorted(data.rglob("*.csv"), key=lambda path: path.relative_to(data).as_posix()):
        digest.update(f"{file.relative_to(data).as_posix()}\0".encode())
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def _as_of(rows: Rows) -> date:
    """Up to when the rows are known to hold: the latest day on which an open one was confirmed."""
    return max((row.confirmed for row in rows.roles if row.confirmed), default=date(2000, 1, 1))
