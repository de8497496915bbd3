"""feedparser in a process of its own, with limits: what a hostile document can hurt is thrown away.

`Child` is the parent's end; `python -m newscast.feeds.child` is the process. Documents that a scan found
well-formed and small are parsed without it: every slow path of feedparser that is known needs its forgiving
parser or a large document.
"""

from __future__ import annotations

import atexit
import subprocess
from collections.abc import Collection

import msgspec
from msgspec import Struct

from newscast.feeds import syndication
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.scan import BrokenParserError, RefusedDocumentError
from newscast.limited import BrokenProcessError, OverLimitError, Process, serve

MEMORY = 256 * 1024 * 1024
"""A document of 8 MiB takes about 70 MB."""
CPU_SECONDS = 5
"""For one document. The slowest within the other bounds takes about one."""
WALL_SECONDS = 15.0
"""Until the parent gives up on it, on a machine that is busy with other things."""
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
        self._process = Process("newscast.feeds.child", wall_seconds)

    def read(self, data: bytes, url: str | None, names: Collection[str], hints_from: bytes) -> ParsedFeed:
        """As `syndication.read`, within the limits. Raises RefusedDocumentError when they end it,
        BrokenParserError when the process can't run at all."""
        try:
            answer = self._process.ask(msgspec.msgpack.encode(Asked(data, url, sorted(names), hints_from)))
        except OverLimitError as error:
            raise RefusedDocumentError("cpu", str(error)) from error
        except BrokenProcessError as error:
            raise BrokenParserError(str(error)) from error
        found = _ANSWER.decode(answer)
        if isinstance(found, Failed):
            if found.error == "MemoryError":
                raise RefusedDocumentError("memory", "it takes too much memory to parse")
            raise ParserError(found.error)
        return found.document

    def close(self) -> None:
        """End the process, if there is one."""
        self._process.close()

    def _started(self) -> subprocess.Popen[bytes]:
        return self._process.start()


_child = Child()
atexit.register(_child.close)


def read(data: bytes, url: str | None, names: Collection[str], hints_from: bytes) -> ParsedFeed:
    """As `syndication.read`: in this process for a small document that is well-formed, else in another."""
    if len(data) <= SMALL and syndication.is_well_formed(data):
        return syndication.read(data, url, names, hints_from)
    return _child.read(data, url, names, hints_from)


# ------------------------------------------------------------------------- the process
def _answer(body: bytes) -> bytes:
    try:
        asked = _ASKED.decode(body)
        found: Read | Failed = Read(syndication.read(asked.data, asked.url, asked.names, asked.hints_from))
        return msgspec.msgpack.encode(found)
    except Exception as error:  # whatever feedparser raises; the parent reads around the entry
        return msgspec.msgpack.encode(Failed(type(error).__name__))


if __name__ == "__main__":
    serve(_answer, MEMORY, CPU_SECONDS)
