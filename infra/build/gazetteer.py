"""The CSV files of the gazetteer → the compiled file that zips carry instead of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infra.build import BuildError

FOLDER = Path("newscast", "gazetteer", "data")
"""Of the CSV files, under functions/; the compiled file lies in the same place of a zip."""
MODULE = "newscast.gazetteer.packaged"
"""Opens the compiled file: a function that imports this needs it."""

_COMPILE = """
import pathlib, sys
from newscast.gazetteer.compile import CompileError, build
try:
    build(pathlib.Path(sys.argv[1]))
except CompileError as error:
    sys.exit(str(error).splitlines()[0])
"""


def compiled(code: Path, work: Path) -> Path:
    """The compiled gazetteer, made once in `work`. Raises BuildError with file and line of a wrong row."""
    made = work / "gazetteer.sqlite"
    if not made.exists():
        # In a process of its own with a fixed hash seed: the order of a set goes into the file's bytes.
        done = subprocess.run(  # noqa: S603  # our own words
            [sys.executable, "-c", _COMPILE, str(made)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": str(code)},
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["failed"]
            raise BuildError(f"the gazetteer can't be compiled: {said[-1]}")
    return made
