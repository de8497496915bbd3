"""A folder → a zip whose bytes depend on nothing but the files' names and contents."""

from __future__ import annotations

import zipfile
from fnmatch import fnmatch
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can say."""
MODE = 0o100644
"""A file that all may read: Lambda runs it as another user than its owner."""

LEFT_OUT = {
    "*.dist-info/RECORD": "lists files of this machine's installation",
    "*.dist-info/INSTALLER": "as above",
    "*.dist-info/REQUESTED": "as above",
    "*.dist-info/direct_url.json": "as above",
    "*.dist-info/uv_*": "as above",
    "*.dist-info/WHEEL": "read by installers alone",
    "*.dist-info/entry_points.txt": "commands, which a function has none of",
    "bin/*": "commands, with the path of this machine's Python",
    ".lock": "the installer's",
    "*/tests/*": "tests of packages",
    "*/swagger_ui/*": "Powertools' viewer of an API's description, 1.7 MB, which nothing serves",
    "eld/resources/ngrams/ngramsL60*": "eld's larger model, 6 MB, which is not asked",
    "eld/resources/ngrams/subset/*": "eld's models for fewer languages",
    "*.pyi": "read by type checkers alone",
    "*py.typed": "read by type checkers alone",
    "*-stubs/*": "read by type checkers alone",
    "*.pyx": "sources of extensions",
    "*.pxd": "sources of extensions",
    "*.c": "sources of extensions",
    "*.h": "sources of extensions",
    "*.cpp": "sources of extensions",
}
"""Files of installed packages that no function reads, by reason. Licences stay."""


def left_out(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in LEFT_OUT)


def trim(folder: Path) -> None:
    """Remove what no function reads."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and left_out(path.relative_to(folder).as_posix()):
            path.unlink()


def pack(folder: Path, out: Path) -> int:
    """Write the zip of a folder; its size in bytes."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
            if path.is_file():
                about = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
                about.external_attr = MODE << 16
                about.create_system = 3  # as from Unix, wherever it is built
                about.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(about, path.read_bytes(), compresslevel=9)
    return out.stat().st_size
