"""feedparser in a process of its own, with limits: what a hostile document can hurt is thrown away.

`Child` is the parent's end; `python -m newscast.feeds.child` is the process. It knows no credentials and
inherits nothing but its pipes, and answers one document after another, since starting takes longer than
parsing. Documents that a scan found well-formed and small are parsed without it: every slow path of
feedparser that is known needs its forgiving parser or a large document.
"""

from __future__ import annotations

import atexit
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from typing import IO

import msgspec
from msgspec import Struct

from newscast.feeds import syndication
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.scan import BrokenParserError, RefusedDocumentError

MEMORY = 256 * 1024 * 1024
"""Of address space. A document of 8 MiB takes about 70 MB."""
CPU_SECONDS = 5
"""For one document. The slowest within the other bounds takes about one."""
WALL_SECONDS = 15.0
"""Until the parent gives up on it, on a machine that is busy with other things."""
DOCUMENTS = 500
"""Answered by one process; a parser's own leaks end with it."""
PASSED_ON = ("LD_LIBRARY_PATH",)
"""Of the environment: Lambda's python finds its own shared library by it."""
OUT_OF_MEMORY = 77
"""Exit code of a process that had no memory for a whole document; any other but 0 says that it's broken."""
SMALL = 64 * 1024
"""Bytes of a well-formed document that is parsed in the parent's own process."""


class Asked(Struct, frozen=True):
    """One document for the process: the arguments of `syndication.read`."""

    data: bytes
    url: str | None
    names: list[str]
    hints_from: bytes


class Failed(Struct, frozen=True, tag=True):
    """What the parser raised, by name."""

    error: str


class Read(Struct, frozen=True, tag=True):
    """What it found."""

    document: ParsedFeed


_ASKED = msgspec.msgpack.Decoder(Asked)
_ANSWER: msgspec.msgpack.Decoder[Read | Failed] = msgspec.msgpack.Decoder(Read | Failed)


class ParserError(Exception):
    """The parser failed on a document; the message is the name of what it raised."""


class Child:
    """A process that reads documents, started when first needed and again after each death."""

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        self._lock = threading.Lock()

    def read(self, data: bytes, url: str | None, names: Collection[str], hints_from: bytes) -> ParsedFeed:
        """As `syndication.read`, within the limits. Raises RefusedDocumentError when they end it,
        BrokenParserError when the process can't run at all."""
        asked = msgspec.msgpack.encode(Asked(data, url, sorted(names), hints_from))
        with self._lock:
            process = self._started()
            try:
                answer = self._talk(process, asked)
            except BaseException:
                self.close()
                raise
            self._answered += 1
            if self._answered == DOCUMENTS:
                self.close()
        found = _ANSWER.decode(answer)
        if isinstance(found, Failed):
            if found.error == "MemoryError":
                raise RefusedDocumentError("memory", "it takes too much memory to parse")
            raise ParserError(found.error)
        return found.document

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

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "newscast.feeds.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
                | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
            )
        return self._process

    def _talk(self, process: subprocess.Popen[bytes], asked: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:  # it was started with pipes
            raise RuntimeError("a parser without pipes")
        until = time.monotonic() + self._wall_seconds
        # The child reads a whole request before it answers, so this can't block for long; the answer can.
        try:
            _send(process.stdin, asked)
            size = struct.unpack(">I", _receive(process.stdout, 4, until))[0]
            return _receive(process.stdout, size, until)
        except (EOFError, BrokenPipeError):
            code = _exit_code(process)
            if self._answered == 0 and code > 0 and code != OUT_OF_MEMORY:
                # The limits end it by a signal. This is our fault and not the document's.
                raise BrokenParserError(f"the parser's process ended with exit code {code}") from None
            raise RefusedDocumentError(
                "cpu", f"it takes more than {CPU_SECONDS} s to parse, or more memory than there is"
            ) from None
        except TimeoutError:
            raise RefusedDocumentError("cpu", f"it isn't parsed after {self._wall_seconds:g} s") from None


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


_child = Child()
atexit.register(_child.close)


def read(data: bytes, url: str | None, names: Collection[str], hints_from: bytes) -> ParsedFeed:
    """As `syndication.read`: in this process for a small document that is well-formed, else in another."""
    if len(data) <= SMALL and syndication.is_well_formed(data):
        return syndication.read(data, url, names, hints_from)
    return _child.read(data, url, names, hints_from)


# ------------------------------------------------------------------------- the process
def main() -> None:
    """Answer documents from standard input until it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a parser prints is no answer
    while header := source.read(4):
        body = source.read(struct.unpack(">I", header)[0])
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        _, most = resource.getrlimit(resource.RLIMIT_CPU)  # only the soft limit can be raised again
        allowed = spent + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (allowed if most < 0 else min(allowed, most), most))
        answer = _answer(body)
        _send(sink, answer)


def _answer(body: bytes) -> bytes:
    try:
        asked = _ASKED.decode(body)
        found: Read | Failed = Read(syndication.read(asked.data, asked.url, asked.names, asked.hints_from))
        return msgspec.msgpack.encode(found)
    except Exception as error:  # whatever feedparser raises; the parent reads around the entry
        return msgspec.msgpack.encode(Failed(type(error).__name__))


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
