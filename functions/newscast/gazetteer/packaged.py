"""The gazetteer that comes with Newscast, opened once in a process.

A zip carries it compiled. A checkout has only the CSV files: there it is compiled on first use into the
user's cache, under a name that holds a hash of the rows and of the code that compiles them, so that an
edited row is seen and nothing is stale.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from newscast.gazetteer.artifact import open_gazetteer
from newscast.gazetteer.gazetteer import Gazetteer

_HERE = Path(__file__).parent
_DATA = _HERE / "data"
COMPILED = _DATA / "gazetteer.sqlite"
"""Where a zip has it."""
_COMPILER = ("artifact", "entries", "model", "rows", "tokens")
_KEPT = 4
"""Compiled files that a cache keeps: some checkouts and branches, not every edit."""


@cache
def load() -> Gazetteer:
    """The packaged gazetteer. Raises ArtifactError if the compiled file can't be used."""
    return open_gazetteer(COMPILED if COMPILED.exists() else compiled_in_cache(cache_folder()))


def compiled_in_cache(folder: Path) -> Path:
    """Path of a compiled file for the CSV files as they are now; compiled first if there is none."""
    from newscast.gazetteer import compile as compiler  # only a checkout compiles

    digest = hashlib.sha256(compiler.content_hash(_DATA).encode())
    for module in _COMPILER:
        digest.update((_HERE / f"{module}.py").read_bytes())
    path = folder / f"gazetteer-{digest.hexdigest()[:16]}.sqlite"
    if not path.exists():
        compiler.build(path, strict=False)
        for old in sorted(folder.glob("gazetteer-*.sqlite"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    return path


def cache_folder() -> Path:
    """The user's cache, as the XDG base directory specification places it."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "newscast"
