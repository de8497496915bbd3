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
_DOMAIN = re.compile(r"(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9]+(?:\?subject=\S*)?")
_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-"
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
"""Joiners (\u200c, \u200d) are not among them: in many scripts they change what is read."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Without lone surrogates, which no UTF-8 and no queue can carry."""
    if text.isascii():
        return text
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
    if value.isascii() and "<" not in value and "&" not in value:
        return " ".join(value[: most * 4].split())[:most] or None
    text = " ".join(shown(html.unescape(_TAG.sub(" ", _UNSEEN.sub("", value[: most * 4])))).split())
    return clean(text[:most]) or None


def title(value: str, is_html: bool) -> str | None:
    """A feed's title; what stands in a plain one and looks like a tag is meant so."""
    if is_html:
        return plain(value)
    text = shown(" ".join(value.split()))[:NAME]
    unescaped = html.unescape(text)
    return (text if "<" in unescaped else unescaped) or None


def person(written: str) -> str | None:
    """The name in an author's field such as "jo@site.example (Jo Doe)"; the address where there is none."""
    text = written[: NAME * 4]
    at = text.find("@")
    domain = _DOMAIN.match(text, at + 1) if at > 0 else None
    if domain is None:
        return text or None
    begin = at - len(text[:at]) + len(text[:at].rstrip(_LOCAL))
    rest = (text[:begin] + text[domain.end() :]).replace("()", "").replace("<>", "").replace("&lt;&gt;", "")
    return rest.strip().removeprefix("(").removesuffix(")").strip() or text[begin : domain.end()]


def shown(text: str) -> str:
    """Without characters that nobody sees: zero-width spaces, direction marks, byte order marks."""
    return _INVISIBLE.sub("", text)


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
