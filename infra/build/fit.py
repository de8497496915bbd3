"""Whether a zip's folder is one for Lambda: machine code of its processor and Python, and imports that work.

The second needs an interpreter of the runtime's version on a machine of the same kind; where there is none,
the first alone is looked at.
"""

from __future__ import annotations

import platform
import re
import struct
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.build import BuildError
from infra.build.dependencies import PYTHON

MACHINES = {"arm64": ("aarch64", 0xB7), "x86_64": ("x86_64", 0x3E)}
"""What the system and what ELF calls each processor."""
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")
"""What Lambda's Python brings, taken from our own environment: all of it is Python alone."""
FOREIGN = (".pyd", ".dll", ".dylib")
_TAG = re.compile(r"\.cpython-(\d+)")

_IMPORT = """
import importlib, os, pathlib, sys
task, runtime, handler = sys.argv[1:]
sys.path[:0] = [task, runtime]
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
for path in sorted(pathlib.Path(task, "newscast").rglob("*.py")):
    name = ".".join(path.relative_to(task).with_suffix("").parts)
    importlib.import_module(name.removesuffix(".__init__"))
module, _, name = handler.rpartition(".")
if not callable(getattr(sys.modules[module], name, None)):
    sys.exit(f"{handler} is nothing to call")
"""


def misfits(folder: Path, architecture: str) -> Iterator[str]:
    """Files of machine code that Lambda's Python could not load, each with the reason."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            head = file.read(20)
        if path.suffix in FOREIGN:
            yield f"{name} is for another system"
        elif head.startswith(b"\x7fELF") and struct.unpack("<H", head[18:20])[0] != MACHINES[architecture][1]:
            yield f"{name} is not for {architecture}"
        elif (tag := _TAG.search(path.name)) and path.suffix == ".so" and tag[1] != PYTHON.replace(".", ""):
            yield f"{name} is not for Python {PYTHON}"


def runs_here(architecture: str) -> bool:
    """Whether machine code for a processor runs here."""
    return platform.machine() == MACHINES[architecture][0] and platform.system() == "Linux"


def link_runtime(folder: Path) -> None:
    """Fill a folder with what Lambda's Python brings."""
    ours = Path(sysconfig.get_path("purelib"))
    for name in RUNTIME:
        (folder / name).symlink_to(ours / name)


def try_import(python: str, folder: Path, handler: str) -> None:
    """Import all modules of ours in a zip's folder with what it holds and Lambda's Python has.

    Raises BuildError with what an import raised.
    """
    with tempfile.TemporaryDirectory() as runtime:
        link_runtime(Path(runtime))
        done = subprocess.run(  # noqa: S603  # found on PATH, our own words
            [python, "-P", "-S", "-B", "-c", _IMPORT, str(folder), runtime, handler],
            capture_output=True,
            text=True,
            check=False,
            env={},
        )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise BuildError(f"{handler} can't be imported by Python {PYTHON}: {said[-1]}")
