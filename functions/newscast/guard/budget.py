"""What one message may cost, by what is done with it. infra/checks holds the template against this."""

from __future__ import annotations

from msgspec import Struct

MIB = 1024 * 1024

CAUSES: dict[str, str] = {
    "cpu": "it takes more time than it may",
    "memory": "it takes more memory than it may",
    "output": "more comes of it than may",
    "depth": "it is nested too deep",
    "crash": "whatever reads it breaks",
}
"""Why a text is given up (records.Cause), in words."""


class Budget(Struct, frozen=True, kw_only=True):
    """What one message may cost."""

    cpu_seconds: float
    """Of the worker."""
    wall_seconds: float
    """How long it may hold up its batch, the start of a worker included: on the slowest processor, a function
    of 512 MB having 0.29 of one, the CPU's time passes first."""
    memory: int
    """Bytes beside what the worker holds once it has loaded its libraries."""
    output: int
    """Bytes of the answer."""


# Beside each the dearest that a person wrote: tests/bench/guard.py measures them.
PARSE = Budget(cpu_seconds=4, wall_seconds=16, memory=224 * MIB, output=32 * MIB)
"""One document of a feed. 8 MiB of entries take a second and 70 MB."""
NORMALISE = Budget(cpu_seconds=1.5, wall_seconds=5.5, memory=128 * MIB, output=8 * MIB)
"""One entry. 400,000 characters take half a second."""
PAGE = Budget(cpu_seconds=5, wall_seconds=15, memory=448 * MIB, output=8 * MIB)
"""One page. A news page takes 0.03 s, the largest honest one half a second and 130 MB."""
TAG = Budget(cpu_seconds=2, wall_seconds=5.5, memory=192 * MIB, output=16 * MIB)
"""One article. A long read of 100,000 characters takes 0.3 s."""
