"""Pages read in a process of its own, with limits: what a hostile page can hurt is thrown away.

`read` is the asker's end; `python -m newscast.normalise.child` is the process. Every page is read there:
200,000 headings in a page of 3 MB take minutes, 300,000 attributes on one element too, and the libraries
that a page needs stay out of the asker's memory.
"""

from __future__ import annotations

import atexit

import msgspec
from msgspec import Struct

from newscast.limited import OverLimitError, Process, serve
from newscast.normalise import language
from newscast.normalise.language import Languages
from newscast.normalise.page import Page, page

MEMORY = 512 * 1024 * 1024
"""Beside 60 MB of libraries; the largest page that is read takes about 130 MB if a person wrote it."""
CPU_SECONDS = 5
"""For one page. A news page takes 0.03 s, the largest honest one half a second."""
WALL_SECONDS = 15.0
"""Until the asker gives up on it, on a machine that is busy with other things."""
OVER_LIMIT = "a page that takes too long, or too much memory, to read"
ENOUGH = 2 * language.SHORT
"""Letters from which a text's language is told by the small model alone."""


class Asked(Struct, frozen=True):
    """One page for the process: the arguments of `page`."""

    body: bytes
    url: str | None
    charset: str | None


_ASKED = msgspec.msgpack.Decoder(Asked)
_PAGE = msgspec.msgpack.Decoder(Page)


def read(body: bytes, url: str | None, charset: str | None) -> Page | None:
    """As `page`, within the limits; null for a page that they end. Languages are those of long texts alone,
    since an article brings its own. Raises BrokenProcessError when the process can't run at all."""
    try:
        return _PAGE.decode(_process.ask(msgspec.msgpack.encode(Asked(body, url, charset))))
    except OverLimitError:
        return None


def start() -> None:
    """Have the process read its libraries while others wait for the network."""
    _process.start()


def close() -> None:
    """End the process, if there is one."""
    _process.close()


_process = Process("newscast.normalise.child", WALL_SECONDS)
atexit.register(_process.close)


# ------------------------------------------------------------------------- the process
def _answer(question: bytes) -> bytes:
    asked = _ASKED.decode(question)
    try:
        return msgspec.msgpack.encode(page(asked.body, asked.url, asked.charset, _languages))
    except MemoryError:
        raise  # a limit
    except Exception as error:  # one page's trouble: ended by it, the process would seem broken
        return msgspec.msgpack.encode(Page(problem=f"it can't be read ({type(error).__name__})"))


def _languages(_: str, text: str, declared: str | None) -> Languages:
    found = language.detect(text, declared) if len(text) >= ENOUGH else None
    return Languages(found, None, found)


if __name__ == "__main__":
    serve(_answer, MEMORY, CPU_SECONDS)
