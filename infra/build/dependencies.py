"""A function's dependency group → its packages, from the lock file, as wheels for Lambda's platform."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from infra.build import BuildError

PYTHON = "3.13"
PLATFORMS = {
    # Lambda's Python 3.13 runs on Amazon Linux 2023, whose glibc is 2.34.
    "arm64": "aarch64-manylinux_2_34",
    "x86_64": "x86_64-manylinux_2_34",
}

IN_RUNTIME = "in Lambda's runtime"
LEFT_OUT = {
    "boto3": IN_RUNTIME,
    "botocore": IN_RUNTIME,
    "s3transfer": IN_RUNTIME,
    "jmespath": IN_RUNTIME,
    "fastwarc": "resiliparse draws it in for web archives; its HTML side imports none of it",
    "brotli": "drawn in by fastwarc; 5 MB, and urllib3 would then accept brotli, whose bombs are the worst",
    "click": "drawn in by fastwarc's command",
    "tqdm": "drawn in by fastwarc's command",
}
"""Packages of the lock file that stay out of every zip, by reason."""


def install(root: Path, group: str, architecture: str, target: Path) -> list[str]:
    """Install a group's locked wheels into a folder; their names and versions. Raises BuildError."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        raise BuildError("uv is not there: run make setup")
    listing = target.with_suffix(".txt")
    listing.write_text(_locked(uv, root, group), encoding="utf-8")
    names = re.findall(r"^([a-z0-9][\w.-]*==[^\s;\\]+)", listing.read_text(encoding="utf-8"), re.MULTILINE)
    _run(
        [
            uv,
            *_INSTALL.split(),
            f"--python-version={PYTHON}",
            f"--python-platform={PLATFORMS[architecture]}",
            f"--target={target}",
            f"-r{listing}",
        ],
        root,
    )
    installed = {path.name.lower().split("-")[0].replace("_", "-") for path in target.glob("*.dist-info")}
    # The list holds packages for other platforms and versions too.
    return [name for name in names if name.split("==")[0].replace("_", "-").replace(".", "-") in installed]


_EXPORT = "export --quiet --frozen --no-header --no-annotate --no-emit-project --no-default-groups"
_INSTALL = "pip install --quiet --no-deps --require-hashes --only-binary=:all: --link-mode=copy"


def _locked(uv: str, root: Path, group: str) -> str:
    left_out = [f"--no-emit-package={name}" for name in LEFT_OUT]
    return _run(
        [uv, *_EXPORT.split(), f"--group={group}", *left_out],
        root,
    )


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise BuildError(f"{Path(command[0]).name} {command[1]}: {' '.join(lines[-2:]) or 'failed'}")
    return done.stdout


def missing(foreign: frozenset[str], target: Path) -> list[str]:
    """Top-level modules that are imported and neither in the folder nor, for Lambda's sake, elsewhere."""
    there = {path.name.split(".")[0] for path in target.iterdir()}
    return sorted(foreign - there)
