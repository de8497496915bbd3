"""No file but our own code can be opened, by the kernel's word (Linux 5.13 and newer).

What is open stays open. https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from contextlib import suppress

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""System calls, the same on every processor."""
_VERSION = 1
"""Flag: which version of it the kernel has."""
_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights on files each version knows: bits 0, 1, …"""
_TCP_FROM, _TCP = 4, 0b11
"""From this version it also forbids to bind and to connect."""
_SCOPES_FROM, _SCOPES = 6, 0b11
"""From this version also signals to, and abstract sockets of, others."""
SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/dev/null", "/dev/urandom")
"""What Python and its libraries read beside their own folders."""


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def close(libc: ctypes.CDLL, code: Iterable[str]) -> str | None:
    """Close all files to this process but those to read in the folders of its code. Returns why not."""
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    if version < 1:
        return os.strerror(ctypes.get_errno())
    files = (1 << _RIGHTS.get(version, 16)) - 1
    rules = _Rules(files, _TCP if version >= _TCP_FROM else 0, _SCOPES if version >= _SCOPES_FROM else 0)
    size = 24 if version >= _SCOPES_FROM else 16 if version >= _TCP_FROM else 8
    ruleset = libc.syscall(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return os.strerror(ctypes.get_errno())
    try:
        for path in {*code, sys.prefix, sys.base_prefix, *SYSTEM}:
            with suppress(OSError):  # not there
                _allow(libc, ruleset, path)
        if libc.syscall(_RESTRICT, ruleset, ctypes.c_uint32(0)):
            return os.strerror(ctypes.get_errno())
    finally:
        os.close(ruleset)
    return None


def _allow(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0)  # noqa: PTH112
        beneath = _Beneath(allowed, folder)
        if libc.syscall(_ADD, ruleset, _BENEATH, ctypes.byref(beneath), ctypes.c_uint32(0)):
            raise OSError(ctypes.get_errno(), path)
    finally:
        os.close(folder)
