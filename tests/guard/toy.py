"""A worker that does what it is told, harm included: what a text would do that got hold of one."""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def load(setup: bytes) -> tuple[Callable[[bytes], bytes], bytes]:
    """`setup` is a word: what goes wrong while it loads."""
    if setup == b"raise":
        raise ValueError("no such gazetteer")
    if setup == b"exit":
        os._exit(3)
    if setup == b"hang":
        time.sleep(60)
    return answer, setup


def answer(question: bytes) -> bytes:
    """[what to do, its argument] as JSON → what came of it."""
    what, argument = json.loads(question)
    return str(DOES[what](argument)).encode()


def _burn(_: Any) -> None:
    while True:
        pass


def _spend(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def _grow(mib: int) -> int:
    return len(bytearray(mib << 20))


def _leak(mib: int) -> int:
    _kept.append(bytearray(mib << 20))
    return len(_kept)


_kept: list[bytearray] = []


def _map(mib: int) -> int:
    return len(mmap.mmap(-1, mib << 20))


def _deep(_: Any) -> int:
    return _deep(_) + 1


def _bug(_: Any) -> None:
    raise KeyError("a bug of ours")


def _crash(_: Any) -> None:
    ctypes.string_at(8)


def _die(code: int) -> None:
    os._exit(code)


def _kill(number: int) -> None:
    os.kill(os.getpid(), number)


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _refused(call: Callable[[], object]) -> str:
    """What the kernel says to a call."""
    try:
        return f"done: {call()}"
    except OSError as error:
        return type(error).__name__


def _connect(port: int) -> str:
    return _refused(lambda: socket.create_connection(("127.0.0.1", port), timeout=5))


def _socketpair(_: Any) -> str:
    return _refused(socket.socketpair)


def _open(path: str) -> str:
    return _refused(Path(path).read_bytes)


def _write(path: str) -> str:
    return _refused(lambda: Path(path).write_text("mine"))


def _unlink(path: str) -> str:
    return _refused(lambda: Path(path).unlink())


def _run(_: Any) -> str:
    return _refused(lambda: subprocess.run([sys.executable, "-c", ""], check=True))


def _fork(_: Any) -> str:
    return _refused(os.fork)


def _signal(pid: int) -> str:
    return _refused(lambda: os.kill(pid, signal.SIGTERM))


def _call(asked: list[int]) -> str:
    """A system call by its number."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(*asked) < 0:
        return os.strerror(ctypes.get_errno())
    return "done"


def _thread(_: Any) -> int:
    found: list[int] = []
    one = threading.Thread(target=found.append, args=(1,))
    one.start()
    one.join()
    return len(found)


def _code(name: str) -> str:
    """A part of Python that was not loaded before."""
    return str(__import__(name).__name__)


DOES: dict[str, Callable[[Any], Any]] = {
    "say": lambda text: text,
    "long": lambda size: "x" * size,
    "environment": lambda _: sorted(os.environ),
    "burn": _burn,
    "spend": _spend,
    "grow": _grow,
    "leak": _leak,
    "map": _map,
    "deep": _deep,
    "bug": _bug,
    "crash": _crash,
    "die": _die,
    "kill": _kill,
    "sleep": _sleep,
    "connect": _connect,
    "socketpair": _socketpair,
    "open": _open,
    "write": _write,
    "unlink": _unlink,
    "run": _run,
    "fork": _fork,
    "signal": _signal,
    "call": _call,
    "thread": _thread,
    "code": _code,
}
