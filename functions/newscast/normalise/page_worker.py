"""The worker that reads articles' pages (newscast.guard)."""

from __future__ import annotations

import msgspec

from newscast.extra import revived
from newscast.guard.serving import Answer
from newscast.normalise import language
from newscast.normalise.full import completed
from newscast.normalise.guarded_page import Asked
from newscast.normalise.language import Languages
from newscast.normalise.page import Page, page
from newscast.records import Article

_ASKED = msgspec.msgpack.Decoder(Asked, dec_hook=revived)
ENOUGH = 2 * language.SHORT
"""Letters from which a text's language is told by the small model alone."""


def load(_: bytes) -> tuple[Answer, bytes]:
    """See newscast.guard.serving."""
    page(b"<html><title>Ministers speak</title><p>" + b"They spoke of it. " * 40, None, None, languages)
    return answer, b""


def answer(question: bytes) -> bytes:
    """`Asked` in, its Article out."""
    asked = _ASKED.decode(question)
    try:
        return msgspec.msgpack.encode(_read(asked))
    except (MemoryError, RecursionError):
        raise  # over its budget
    except Exception as error:  # libraries raise whatever they like: one page's trouble
        trouble = Page(problem=f"it can't be read ({type(error).__name__})")
        return msgspec.msgpack.encode(completed(asked.article, trouble))


def _read(asked: Asked) -> Article:
    return completed(asked.article, page(asked.body, asked.url, asked.charset, languages))


def languages(_: str, text: str, declared: str | None) -> Languages:
    """Those of long texts alone, since an article brings its own."""
    found = language.detect(text, declared) if len(text) >= ENOUGH else None
    return Languages(found, None, found)
