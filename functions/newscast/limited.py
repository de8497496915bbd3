"""Work that hostile input can blow up, in a process of its own with limits: bytes in, bytes out.

`Process` is the asker's end; the module that it names calls `serve` when it is run. The process knows no
credentials and inherits nothing but its pipes, and answers one question after another, since starting takes
longer than most answers. What a hostile document can hurt is thrown away with it.
"""

from __future__ import annotations

import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO

ANSWERS = 500
"""By one process; a parser's own leaks end with it."""
PASSED_ON = ("LD_LIBRARY_PATH",)
"""Of the environment: Lambda's python finds its own shared library by it."""
OUT_OF_MEMORY = 77
"""Exit code of a process that had no memory for a whole question; any other but 0 says that it's broken."""


class OverLimitError(Exception):
    """A question that its limits ended: not answered, and the next one gets a fresh process."""


class BrokenProcessError(Exception):
    """A process that can't run at all: no word on the question."""


class Process:
    """A process that answers questions, started when first needed and again after each death.

    `module` is run with -m. It limits itself; `wall_seconds` is how long it is waited for on a machine that
    is busy with other things.
    """

    def __init__(self, module: str, wall_seconds: float) -> None:
        self._module = module
        self._wall_seconds = wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        self._lock = threading.Lock()

    def start(self) -> subprocess.Popen[bytes]:
        """Have it running; its imports go on while others wait for the network."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
                | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
            )
        return self._process

    def ask(self, question: bytes) -> bytes:
        """Its answer. Raises OverLimitError when a limit ends it, BrokenProcessError if it can't run."""
        with self._lock:
            process = self.start()
            try:
                answer = self._talk(process, question)
            except BaseException:
                self.close()
                raise
            self._answered += 1
            if self._answered == ANSWERS:
                self.close()
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process, self._answered = self._process, None, 0
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(BrokenPipeError):  # what it died before reading
                        pipe.close()

    def _talk(self, process: subprocess.Popen[bytes], question: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:  # it was started with pipes
            raise RuntimeError("a process without pipes")
        until = time.monotonic() + self._wall_seconds
        # It reads a whole question before it answers, so this can't block for long; the answer can.
        try:
            _send(process.stdin, question)
            size = struct.unpack(">I", _receive(process.stdout, 4, until))[0]
            return _receive(process.stdout, size, until)
        except (EOFError, BrokenPipeError):
            code = _exit_code(process)
            if self._answered == 0 and code > 0 and code != OUT_OF_MEMORY:
                # The limits end it by a signal. This is our fault and not the question's.
                raise BrokenProcessError(f"the process ended with exit code {code}") from None
            raise OverLimitError("it takes more time to parse, or more memory, than it may") from None
        except TimeoutError:
            raise OverLimitError(f"it isn't parsed after {self._wall_seconds:g} s") from None


def _exit_code(process: subprocess.Popen[bytes]) -> int:
    # Of a process that closed its pipes and so is about to end; below 0 for a signal.
    try:
        return process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return 0


def _send(pipe: IO[bytes], body: bytes) -> None:
    pipe.write(struct.pack(">I", len(body)) + body)
    pipe.flush()


def _receive(pipe: IO[bytes], size: int, until: float) -> bytes:
    number = pipe.fileno()
    pieces = bytearray()
    while len(pieces) < size:
        ready, _, _ = select.select([number], [], [], max(until - time.monotonic(), 0))
        if not ready:
            raise TimeoutError
        piece = os.read(number, min(size - len(pieces), 1 << 20))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)


# ------------------------------------------------------------------------- the process
def serve(answer: Callable[[bytes], bytes], memory: int, cpu_seconds: int) -> None:
    """Answer questions from standard input until it ends, each within `cpu_seconds`, in `memory` bytes.

    What counts is memory that is written, not address space, of which some libraries reserve a gigabyte.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a parser prints is no answer
    try:
        while header := source.read(4):
            question = source.read(struct.unpack(">I", header)[0])
            used = resource.getrusage(resource.RUSAGE_SELF)
            spent = int(used.ru_utime + used.ru_stime) + 1
            _, most = resource.getrlimit(resource.RLIMIT_CPU)  # only the soft limit can be raised again
            allowed = spent + cpu_seconds
            resource.setrlimit(resource.RLIMIT_CPU, (allowed if most < 0 else min(allowed, most), most))
            _send(sink, answer(question))
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
