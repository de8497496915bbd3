"""What an element of a feed holds in, the text it means out: type guessed, base64 read, slips mended."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from collections.abc import Sequence
from html.entities import entitydefs
from xml.sax.saxutils import escape

HTML_TYPES = {"text/html", "application/xhtml+xml", "application/octet-stream"}
"""Types of a text that may hold markup; the last is that of base64, which nobody takes for a plain text."""
XHTML = "application/xhtml+xml"
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}

_NAMES = """
a abbr acronym address area article aside audio b big blockquote br button canvas caption center
cite code col colgroup command datagrid datalist dd del details dfn dialog dir div dl dt em
event-source fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i img input
ins kbd keygen label legend li m map menu meter multicol nav nextid noscript ol optgroup option
output p pre progress q s samp section select small sound source spacer span strike strong sub
sup table tbody td textarea tfoot th thead time tr tt u ul var video
"""
ELEMENTS = frozenset(_NAMES.split())
"""HTML that feeds hold; a text with another tag in it is about tags."""

_CLOSING = re.compile(r"</\w")
_REFERENCE = re.compile(r"&#?\w+;")
_TAG = re.compile(r"</?(\w+)")
_ENTITY = re.compile(r"&(\w+);")
_C1 = re.compile("[\x80-\x9f]")
_WINDOWS = {
    code: bytes([code]).decode("cp1252") for code in range(128, 160) if code not in (129, 141, 143, 144, 157)
}


def media_type(written: str) -> str:
    """The type of a text as a media type: `html` is text/html."""
    kind = written.lower()
    return _TYPES.get(kind, kind)


def is_base64(kind: str, mode: str) -> bool:
    """Whether a text of this type is written in base64: Atom's content of any type that is no text."""
    return mode == "base64" or not (kind.startswith("text/") or kind.endswith(("+xml", "/xml")))


def looks_like_html(text: str) -> bool:
    """Whether what claims to be plain is HTML: it closes a tag or refers to a character, and holds no tag and
    no entity that HTML doesn't have. When in doubt it is plain, for a tag that is taken off is lost."""
    if not (_CLOSING.search(text) or _REFERENCE.search(text)):
        return False
    if any(name.lower() not in ELEMENTS for name in _TAG.findall(text)):
        return False
    return all(name in entitydefs for name in _ENTITY.findall(text))


def mended(text: str) -> str:
    """A text with what others broke mended: UTF-8 that was read as Latin-1, and Windows-1252 likewise."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS) if _C1.search(text) else text


def decoded(text: str) -> str:
    """A text in base64, read; as it is where it can't be."""
    try:
        return base64.decodebytes(text.encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text


def unwrapped(pieces: Sequence[str]) -> Sequence[str]:
    """Pieces of Atom's XHTML without the div that has to stand around it."""
    begin, end = 0, len(pieces)
    while end - begin > 1 and not pieces[end - 1].strip():
        end -= 1
    while end - begin > 1 and not pieces[begin].strip():
        begin += 1
    pieces = pieces[begin:end]
    if not pieces or pieces[-1] != "</div>" or not (pieces[0] == "<div>" or pieces[0].startswith("<div ")):
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return pieces[1:-1]


def tag(name: str, attributes: dict[str, str]) -> str:
    """An inline start tag as HTML has it: no prefix, no declarations of namespaces."""
    written = [f"<{name.rpartition(':')[2].lower()}"]
    for key, value in attributes.items():
        if not key.startswith("xmlns"):
            written.append(f' {key.lower()}="{escape(value, _QUOTE)}"')
    written.append(">")
    return "".join(written)


_QUOTE = {'"': "&quot;"}
