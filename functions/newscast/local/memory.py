"""How much memory this process held at most since it was last asked."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def reset_peak() -> None:
    """Begin anew, where the system can (Linux); elsewhere the peak is that of the whole run."""
    with suppress(OSError):
        _CLEAR.write_text("5")  # https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html


def peak_mib() -> float:
    """The peak in MiB."""
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
