"""The worker's end: it loads what it needs, shuts itself in, and answers one question after another.

A module that is run as a worker has a function `load`: what was set up in, and out comes the function that
answers, with what the asker should know of what was loaded. Loading is trusted and comes before the door is
shut; questions come after.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import struct
import sys
import traceback
from collections.abc import Callable

import msgspec
from msgspec import Struct

from newscast.guard.confine import confine

Answer = Callable[[bytes], bytes]
"""One question's answer. What it raises is our bug; MemoryError and RecursionError are the text's doing."""
Load = Callable[[bytes], tuple[Answer, bytes]]

PASSED_ON = ("LD_LIBRARY_PATH", "HOME", "XDG_CACHE_HOME")
"""Of the asker's environment. Lambda's Python finds its own shared library by the first; a checkout keeps its
compiled gazetteer in the user's cache."""
HEADER = ">cI"
"""Before each message either way: its status and its length in bytes."""
READY, DONE, LAST, FAILED, MEMORY, DEPTH = b"r", b"+", b".", b"!", b"m", b"d"
MANY = b"*"
"""Statuses: loaded and shut in · answered · answered, and that was the last · our bug · over its budget;
and, of a question, that it is several, each of which is answered by itself and all in one answer."""
LOOK_EVERY = 64
"""Answers between two looks at how the process has grown."""
_PIECE = 1 << 16
"""Bytes that are read at once: what a pipe holds."""
FILES = 32
"""That it may have open."""


class Start(Struct, frozen=True, kw_only=True):
    """The first thing that a worker is told."""

    cpu_seconds: float
    memory: int
    setup: bytes


class Told(Struct, frozen=True, kw_only=True):
    """What a worker says when it is ready."""

    lacks: tuple[str, ...] = ()
    """What the kernel doesn't give, so that it runs without."""
    loaded: bytes = b""
    """What its module has to say of what it loaded."""


def main(module: str) -> None:
    """Be a worker until nobody asks any more."""
    for sent in (signal.SIGINT, signal.SIGHUP):  # by a terminal, for the asker
        signal.signal(sent, signal.SIG_IGN)
    source, sink = os.dup(0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):  # what a library prints is no answer
        os.dup2(quiet, number)
    asked = _Source(source)
    begin = asked.next()
    if begin is None:
        return
    start = msgspec.msgpack.decode(begin, type=Start)
    try:
        load: Load = importlib.import_module(module).load
        answer, loaded = load(start.setup)
        sys.dont_write_bytecode = True
        size = Size()
        limit = size.now() + start.memory
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        lacks = confine(path for path in sys.path if path)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    except Exception as error:
        _send(sink, FAILED, f"{type(error).__name__}: {error}".encode(errors="replace"))
        return
    _send(sink, READY, msgspec.msgpack.encode(Told(lacks=lacks, loaded=loaded)))
    _serve(asked, sink, answer, start, lambda: size.now() > limit - start.memory // 2)


def _serve(asked: _Source, sink: int, answer: Answer, start: Start, is_grown: Callable[[], bool]) -> None:
    answered = 0
    while (question := asked.next()) is not None:
        if asked.status == MANY:
            each = [_answered(answer, one, start.cpu_seconds) for one in _SEVERAL.decode(question)]
            statuses = {status for status, _ in each}
            status, body = (MEMORY, b"") if MEMORY in statuses else (DONE, msgspec.msgpack.encode(each))
            answered += len(each)
        else:
            status, body = _answered(answer, question, start.cpu_seconds)
            answered += 1
        if status == DONE and answered >= LOOK_EVERY:
            answered = 0
            if is_grown():
                status = LAST
        _send(sink, status, body)
        if status in (LAST, MEMORY):  # what leaked, or is in pieces, ends with the process
            return


def _answered(answer: Answer, question: bytes, cpu_seconds: float) -> tuple[bytes, bytes]:
    """(status, body) of one question's answer."""
    # The process's own CPU time; where it ends, so does the process.
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return DONE, answer(question)
    except MemoryError:
        return MEMORY, b""
    except RecursionError:
        return DEPTH, b""
    except Exception:
        return FAILED, traceback.format_exc(limit=-4).encode(errors="replace")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)  # what is left of it is not the next one's


_SEVERAL = msgspec.msgpack.Decoder(list[bytes])


class Size:
    """How much memory this process has for itself: what RLIMIT_DATA counts."""

    def __init__(self) -> None:
        self._page = resource.getpagesize()
        try:
            self._file = os.open("/proc/self/statm", os.O_RDONLY)
        except OSError:  # no Linux, and no such limit either
            self._file = -1

    def now(self) -> int:
        """In bytes."""
        if self._file < 0:
            return 0
        return int(os.pread(self._file, 200, 0).split()[5]) * self._page


class _Source:
    """Questions from a pipe."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.status = DONE
        """Of the one that came last."""

    def next(self) -> bytes | None:
        """The next one; null once nobody asks any more."""
        # The asker waits for each answer, so that a piece never holds the begin of another question.
        begin = struct.calcsize(HEADER)
        received = os.read(self._number, _PIECE)
        while received and (len(received) < begin or len(received) < begin + _size(received)):
            received = self._rest(received, begin)
        self.status = received[:1]
        return received[begin:] if received else None

    def _rest(self, received: bytes, begin: int) -> bytes:
        left = begin + _size(received) - len(received) if len(received) >= begin else 1
        pieces = [received]
        while left > 0:
            piece = os.read(self._number, min(left, _PIECE))
            if not piece:
                return b""
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)


def _size(received: bytes) -> int:
    size: int = struct.unpack_from(HEADER, received)[1]
    return size


def _send(number: int, status: bytes, body: bytes) -> None:
    left = memoryview(struct.pack(HEADER, status, len(body)) + body)
    while left:
        left = left[os.write(number, left) :]
