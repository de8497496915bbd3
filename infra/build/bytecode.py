"""Sources → bytecode of Lambda's Python beside them, so that a cold start doesn't compile.

A zip's folder is read-only on Lambda, so without bytecode every cold start compiles all that it imports:
two to three times the time of its imports. Unchecked-hash bytecode holds no time and is never compared
with its source, so it is the same in every build. Sources stay for tracebacks.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from infra.build import BuildError
from infra.build.dependencies import PYTHON

ROOT = "/var/task"
"""Where Lambda unpacks a zip; the path that tracebacks show."""

_COMPILE = """
import pathlib, py_compile, sys
made = {}
for folder in sys.argv[2:]:
    root = pathlib.Path(folder)
    for source in sorted(root.rglob("*.py")):
        name = source.relative_to(root).as_posix()
        cached = source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc"
        same = (name, source.read_bytes())
        if same not in made:
            py_compile.compile(str(source), str(cached), f"{sys.argv[1]}/{name}", doraise=True,
                               invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
            made[same] = cached.read_bytes()
        cached.parent.mkdir(exist_ok=True)
        cached.write_bytes(made[same])
"""


def interpreter(version: str = PYTHON) -> str | None:
    """An interpreter of the runtime's version on PATH that does run, or None."""
    found = shutil.which(f"python{version}")
    if found is None:
        return None
    ask = [found, "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"]
    said = subprocess.run(ask, capture_output=True, text=True, check=False)  # noqa: S603  # found on PATH
    return found if said.stdout.strip() == f"{version} cpython" else None


def compile_trees(python: str, folders: list[Path]) -> None:
    """Compile every source under the folders, one that several have only once.

    Raises BuildError for a source that isn't Python of that version.
    """
    command = [python, "-S", "-B", "-c", _COMPILE, ROOT, *map(str, folders)]
    done = subprocess.run(  # noqa: S603  # as above
        command, capture_output=True, text=True, check=False, env={"PYTHONHASHSEED": "0"}
    )
    if done.returncode:
        raise BuildError(f"a source can't be compiled: {done.stderr.strip().splitlines()[-1]}")
