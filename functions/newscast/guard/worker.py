"""The asker's end of a worker: started when first needed, asked, ended by what is too much, started anew."""

from __future__ import annotations

import atexit
import logging
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from newscast.guard.budget import CAUSES, Budget
from newscast.guard.confine import shield
from newscast.guard.serving import (
    DEPTH,
    DONE,
    FAILED,
    HEADER,
    LAST,
    MANY,
    MEMORY,
    PASSED_ON,
    READY,
    Start,
    Told,
)
from newscast.records import Cause

_PIECE = 1 << 20
_PROGRAM = "import sys; from newscast.guard.serving import main; main(sys.argv[1])"
_CAUSES: dict[bytes, Cause] = {MEMORY: "memory", DEPTH: "depth"}


DEAR = 0.5
"""Of its CPU's time that a text has taken when its time on the wall is up: then it is the text's doing."""
AT_ONCE = 256 * 1024
"""Bytes of questions that are asked at one go; more are long texts, of which each is worth its own."""
_EACH = msgspec.msgpack.Decoder(list[tuple[bytes, bytes]])


class OverBudgetError(Exception):
    """A text that took more than it may, or broke what reads it. `cause` is a word that is counted."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(CAUSES[cause])
        self.cause: Cause = cause


class BrokenWorkerError(RuntimeError):
    """A worker that can't start, or stands still: no word on the text."""


class WorkerFailedError(RuntimeError):
    """What our own code raised in the worker: a bug. The message holds its name, words and place."""


class _DiedError(Exception):
    """It ended, and left no word. `code` is its exit code; below 0 a signal's number."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Worker:
    """A process that answers questions, each within a budget; `setup` is what its module loads.

    `module` has a function `load` (see `newscast.guard.serving`). One question is answered at a time.
    """

    def __init__(self, module: str, budget: Budget, setup: bytes = b"") -> None:
        self._module = module
        self._budget = budget
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._told: Told | None = None
        self._received = bytearray()
        self._lock = threading.RLock()
        _workers.add(self)

    def start(self, setup: bytes | None = None) -> None:
        """Have it running; it loads while others wait. With another `setup` a running one is replaced."""
        with self._lock:
            if setup is not None and setup != self._setup:
                self.close()
                self._setup = setup
            self._running(time.monotonic() + self._budget.wall_seconds)

    @property
    def pid(self) -> int | None:
        """Of the process, if there is one."""
        return self._process.pid if self._process else None

    def told(self) -> Told:
        """What it said when it was ready. Raises BrokenWorkerError."""
        with self._lock:
            until = time.monotonic() + self._budget.wall_seconds
            return self._ready(self._running(until), until)

    def ask(self, question: bytes) -> bytes:
        """Its answer. Raises OverBudgetError, BrokenWorkerError and WorkerFailedError.

        A worker that dies without a word is asked once more, anew: somebody else may have ended it.
        """
        if len(question) > self._budget.memory // 2:  # it and what is made of it
            raise OverBudgetError("memory")
        until = time.monotonic() + self._budget.wall_seconds
        with self._lock:
            try:
                try:
                    return self._once(question, until)
                except _DiedError as death:
                    if death.code == -signal.SIGPROF:
                        raise OverBudgetError("cpu") from None
                self.close()
                try:
                    return self._once(question, until)
                except _DiedError as death:
                    raise OverBudgetError("cpu" if death.code == -signal.SIGPROF else "crash") from None
            except WorkerFailedError:
                raise
            except BaseException:
                self.close()
                raise

    def ask_many(self, questions: Sequence[bytes]) -> list[bytes | None]:
        """Answers to as many as come without trouble, at one go, since each change from one process to the
        other costs; null for those that are to be asked by themselves. Raises BrokenWorkerError where it
        can't start."""
        none: list[bytes | None] = [None] * len(questions)
        if len(questions) < 2 or sum(map(len, questions)) > AT_ONCE:
            return none
        until = time.monotonic() + self._budget.wall_seconds
        with self._lock:
            process = self._running(until)
            try:
                self._ready(process, until)
            except BaseException:
                self.close()
                raise
            try:
                self._send(process, msgspec.msgpack.encode(questions), until, MANY)
                status, answer = self._receive(process, until)
            except (_DiedError, OverBudgetError, BrokenWorkerError):
                self.close()  # one of them was too dear, which the asking of each will show
                return none
            if status != DONE:
                self.close()
            if status not in (DONE, LAST):
                return none
        return [body if how == DONE else None for how, body in _EACH.decode(answer)]

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            process, self._process, self._told = self._process, None, None
            self._received.clear()
            if process is None:
                return
            if self._owner == os.getpid():  # a fork's copy of this is nobody's asker
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):  # what it died before reading
                        pipe.close()

    # --------------------------------------------------------------------- its life
    def _running(self, until: float) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and self._owner == os.getpid():
            return process  # or it has died by now, which asking it tells
        self.close()
        shield()
        self._owner = os.getpid()
        self._process = process = subprocess.Popen(  # noqa: S603  # our own code
            [sys.executable, "-S", "-P", "-c", _PROGRAM, self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
            | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
        for pipe in (process.stdin, process.stdout):
            os.set_blocking(_number(pipe), False)
        budget = self._budget
        start = Start(cpu_seconds=budget.cpu_seconds, memory=budget.memory, setup=self._setup)
        with suppress(_DiedError):  # `_ready` says so
            self._send(process, msgspec.msgpack.encode(start), until)
        return process

    def _ready(self, process: subprocess.Popen[bytes], until: float) -> Told:
        if self._told is None:
            try:
                status, body = self._receive(process, until)
            except _DiedError as death:
                raise BrokenWorkerError(f"{self._module} ended with exit code {death.code}") from None
            if status != READY:
                raise BrokenWorkerError(f"{self._module} can't start: {body.decode(errors='replace')}")
            self._told = msgspec.msgpack.decode(body, type=Told)
            _tell(self._told.lacks)
        return self._told

    # --------------------------------------------------------------------- one question
    def _once(self, question: bytes, until: float) -> bytes:
        process = self._running(until)
        self._ready(process, until)
        began = _spent(process.pid)
        try:
            self._send(process, question, until)
            status, answer = self._receive(process, until)
        except BrokenWorkerError:
            # On a machine that is busy with other things the clock on the wall may be first.
            if _spent(process.pid) - began >= self._budget.cpu_seconds * DEAR:
                raise OverBudgetError("cpu") from None
            raise
        if status in (DONE, LAST):
            if status == LAST:  # it has grown, and ends by itself
                self.close()
            return answer
        if status == FAILED:
            raise WorkerFailedError(answer.decode(errors="replace"))
        raise OverBudgetError(_CAUSES[status])

    def _send(
        self, process: subprocess.Popen[bytes], body: bytes, until: float, status: bytes = DONE
    ) -> None:
        number, left = _number(process.stdin), memoryview(struct.pack(HEADER, status, len(body)) + body)
        while left:
            try:
                left = left[os.write(number, left) :]
            except BlockingIOError:
                self._wait(number, select.POLLOUT, until)
            except BrokenPipeError:
                raise _DiedError(_exit_code(process)) from None

    def _receive(self, process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bytes]:
        """(status, body) of its next word; longer ones than may be are not taken in."""
        number, received, begin = _number(process.stdout), self._received, struct.calcsize(HEADER)
        size = begin
        while len(received) < size:
            self._wait(number, select.POLLIN, until)
            piece = os.read(number, _PIECE)
            if not piece:
                raise _DiedError(_exit_code(process))
            received += piece
            if len(received) >= begin:
                size = begin + struct.unpack_from(HEADER, received)[1]
                if size > begin + self._budget.output:
                    raise OverBudgetError("output")
        status: bytes = struct.unpack_from(HEADER, received)[0]
        body = bytes(received[begin:size])
        if len(received) > size:  # it was asked nothing else
            raise BrokenWorkerError(f"{self._module} says more than it was asked")
        received.clear()
        return status, body

    def _wait(self, number: int, what: int, until: float) -> None:
        ready = select.poll()
        ready.register(number, what)
        if not ready.poll(max(until - time.monotonic(), 0) * 1000):
            raise BrokenWorkerError(
                f"{self._module} stands still for {self._budget.wall_seconds:g} s: the machine is too busy"
            )


def _spent(pid: int) -> float:
    """Seconds of CPU of a process so far; 0 where that can't be told."""
    try:
        # Its clock, as in https://man7.org/linux/man-pages/man3/clock_getcpuclockid.3.html
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _tell(lacks: Sequence[str]) -> None:
    """Say once what the kernel doesn't give."""
    if lacks and lacks not in _said:
        _said.append(lacks)
        _log.warning("workers run with limits, but without: %s", "; ".join(lacks))


_said: list[Sequence[str]] = []
_log = logging.getLogger(__name__)
_workers: weakref.WeakSet[Worker] = weakref.WeakSet()


def close_all() -> None:
    """End all workers of this process."""
    for worker in list(_workers):
        worker.close()


atexit.register(close_all)


def _number(pipe: object) -> int:
    number: int = pipe.fileno()  # type: ignore[attr-defined]  # it was started with pipes
    return number


def _exit_code(process: subprocess.Popen[bytes]) -> int:
    # Of a process that closed its pipes and so is about to end; below 0 for a signal.
    try:
        return process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return 0
