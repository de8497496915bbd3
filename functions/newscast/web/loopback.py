"""The one way to this machine's own servers: opened on purpose, for the sample site and for local feeds.

Only the local runtime and the command call `open_loopback`; no setting, variable or record can.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping

LITERALS = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}
"""Names of this machine and the address behind each; any other name leads to 127.0.0.1."""


def is_here(host: str | None) -> bool:
    """Whether a URL's host, in brackets or not, is a name of this machine."""
    return (host or "").strip("[]") in LITERALS


_opened: Mapping[tuple[str, int], int] = {}
_opening = threading.Lock()


@contextlib.contextmanager
def open_loopback(host: str, port: int) -> Iterator[None]:
    """While inside, http to `host` is connected to `port` of this machine, whatever DNS says.

    `host` is this machine (127.0.0.1, localhost, ::1), reached by URLs with that port, or a made-up name,
    whose URLs need no port: they stay the same though the port differs each time.
    """
    global _opened  # noqa: PLW0603  # one process-wide map, replaced here alone and under a lock
    key = (host, port if host in LITERALS else 80)
    with _opening:
        before = _opened.get(key)
        _opened = {**_opened, key: port}
    try:
        yield
    finally:
        with _opening:
            rest = {where: at for where, at in _opened.items() if where != key}
            _opened = rest if before is None else {**rest, key: before}


def opened(scheme: str, host: str, port: int) -> tuple[str, int] | None:
    """The loopback address and port that a URL's host and port were opened to; null for any other."""
    real = _opened.get((host, port)) if scheme == "http" else None
    return None if real is None else (LITERALS.get(host, "127.0.0.1"), real)
