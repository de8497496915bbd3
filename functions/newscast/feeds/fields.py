"""The fields of an entry, held to what an entry can honestly have: lengths, counts, kinds of links."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable

from newscast import urls
from newscast.records import Enclosure, Markup

TITLE, TEXT, NAME, GUID, LINK = 2_000, 500_000, 300, 2_000, 4_000
"""Characters that are kept of a title, a body, a name or category, a guid and a link."""
NAMES, ENCLOSURES = 50, 20
"""Authors or categories, and enclosures, that are kept of one entry."""

_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(
    r"<!--.*?(?:--\s*>|$)|<(script|style)\b[^<>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL
)
"""What no reader sees; without an end, up to the end. For short texts: each beginning looks for its end."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Without lone surrogates, which no UTF-8 and no queue can carry."""
    return _SURROGATE.sub("\ufffd", text)


def markup(value: object, is_html: bool, most: int = TEXT) -> Markup | None:
    """A text that may hold markup; null for none."""
    if not isinstance(value, str) or not value.strip():
        return None
    return Markup(value=clean(value.strip()[:most]), html=is_html)


def plain(value: object, most: int = NAME) -> str | None:
    """A short text in one line, without tags, comments, scripts and entities; null for none."""
    if not isinstance(value, str):
        return None
    text = " ".join(html.unescape(_TAG.sub(" ", _UNSEEN.sub("", value[: most * 4]))).split())
    return clean(text[:most]) or None


def plain_all(values: Iterable[object]) -> tuple[str, ...]:
    """Names or categories, each once, in their order."""
    found = (plain(value) for value in values)
    return tuple(list(dict.fromkeys(name for name in found if name))[:NAMES])


def guid(value: object) -> str | None:
    """A guid as given; one too long to be kept is known by its hash."""
    if not isinstance(value, str) or not value.strip():
        return None
    text = clean(value.strip())
    return text if len(text) <= GUID else "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def link(value: object, base: str | None) -> str | None:
    """A link made absolute where the base allows it; null for what leads to no page (javascript:, data:)."""
    if not isinstance(value, str) or not (text := clean(value.strip())) or len(text) > LINK:
        return None
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() in ("http", "https"):
        absolute = base is None or text[scheme.end() :].startswith("//")
        return text if absolute else urls.resolve(text, base)  # "https:a" is relative (WHATWG)
    if scheme and not re.match(r"[\w.-]+:\d", text):
        return None
    return urls.resolve(text, base) if base else text


def enclosures(values: Iterable[tuple[object, object, object]], base: str | None) -> tuple[Enclosure, ...]:
    """Media files from their URL, type and length in bytes."""
    found = []
    for url, media_type, length in values:
        if where := link(url, base):
            digits = str(length).strip() if isinstance(length, str | int) else ""
            size = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
            found.append(Enclosure(url=where, media_type=plain(media_type, 100), length=size))
    return tuple(found[:ENCLOSURES])
