"""Measurements: `python -m tests.bench` runs every module here that has a `main()`; names pick some."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run the named measurements, or all; 2 for a name that isn't one."""
    there = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    if unknown := [name for name in names if name not in there]:
        print(f"no measurement named {', '.join(unknown)}; there are {', '.join(there)}", file=sys.stderr)
        return 2
    for name in names or there:
        run = getattr(importlib.import_module(f"tests.bench.{name}"), "main", None)
        if run is None:
            continue
        print(f"== {name}", flush=True)
        run()
        print(flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
