"""A process shuts itself in, and its asker shuts it out: what may be called, opened, and looked at.

In order: no new privileges, no capabilities (root's too), no files but its own code (Landlock), no network,
no processes, no looking into others (seccomp). Each is asked of the kernel; what it doesn't give is said, and
the process runs on with the rest.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable

from newscast.guard import landlock, seccomp

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_CAPABILITIES = 0x20080522
"""The version of capset's structures. https://man7.org/linux/man-pages/man2/capset.2.html"""


def confine(code: Iterable[str]) -> tuple[str, ...]:
    """Shut this process in for good; `code` are the folders that it still reads. Returns what it lacks."""
    if not sys.platform.startswith("linux"):
        return (f"{sys.platform} has none of Linux's confinement",)
    libc = ctypes.CDLL(None, use_errno=True)
    lacks = []
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        lacks.append(f"no new privileges: {_why()}")
    if _drop_capabilities(libc):
        lacks.append(f"no capabilities: {_why()}")
    if problem := landlock.close(libc, code):
        lacks.append(f"landlock: {problem}")
    if problem := seccomp.close(libc):
        lacks.append(f"seccomp: {problem}")
    return tuple(lacks)


def shield() -> None:
    """Make this process one that others of its user can't look into: /proc/PID/environ, ptrace."""
    if sys.platform.startswith("linux") and not _shielded:
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        _shielded.append(True)


_shielded: list[bool] = []


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def _drop_capabilities(libc: ctypes.CDLL) -> bool:
    """True if they stay."""
    none = (ctypes.c_uint32 * 6)()
    return bool(libc.capset(ctypes.byref(_Header(_CAPABILITIES, 0)), none))


def _why() -> str:
    return os.strerror(ctypes.get_errno())
