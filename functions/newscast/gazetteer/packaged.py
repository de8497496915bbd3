"""The gazetteer that comes with Newscast, opened once in a process.

A zip carries it compiled. A checkout has only the CSV files: there it is compiled on first use into the
user's cache, under a name that holds the rows' hash, so that an edited row is seen and nothing is stale.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from newscast.gazetteer.artifact import FORMAT, open_gazetteer
from newscast.gazetteer.gazetteer import Gazetteer

_DATA = Path(__file__).parent / "data"
_COMPILED = _DATA / "gazetteer.sqlite"


@cache
def load() -> Gazetteer:
    """The packaged gazetteer. Raises ArtifactError if the compiled file can't be used."""
    return open_gazetteer(_COMPILED if _COMPILED.exists() else compiled_in_cache())


def compiled_in_cache() -> Path:
    """Path of a compiled file for the CSV files as they are now; compiled first if there is none."""
    from newscast.gazetteer import compile as compiler  # only a checkout compiles

    name = f"gazetteer-{FORMAT}-{compiler.content_hash(_DATA)[:16]}.sqlite"
    path = _cache_folder() / name
    if not path.exists():
        compiler.build(path, strict=False)
    return path


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "newscast"
