"""Bytes in any encoding in, clean UTF-8 out: what servers and XML declarations say is weighed."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
"""Python's name of what is declared → what is meant: the superset that browsers read it as (WHATWG)."""
STATEFUL = {
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_3",
    "iso2022_jp_ext",
    "iso2022_kr",
    "hz",
}
"""Encodings whose bytes look like ASCII, so that being valid UTF-8 says nothing."""
NOT_TEXT = {"idna", "punycode", "undefined", "utf-7", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
"""Codecs that are no character set of a document, or a way to hide markup from a scan."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""How a document in each encoding can begin; UTF-32 stands before UTF-16, whose mark begins the same."""
EBCDIC = b"\x4c\x6f\xa7\x94"
"""`<?xm` in EBCDIC; which of its code pages, the declaration says."""
ALIASES = {
    "csmacintosh": "mac_roman",
    "mac": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "ms-ansi": "cp1252",
    "ms-cyrl": "cp1251",
    "ms-ee": "cp1250",
    "ms-grek": "cp1253",
    "ms-turk": "cp1254",
    "x-sjis": "shift_jis",
    "x-gbk": "gbk",
}
"""Names that Python doesn't know."""

_DECLARATION = re.compile(rb"^\s*<\?xml\b[^>]{0,400}?\?>", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml\b[^>]{0,300}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
"""Characters that XML 1.0 forbids; no longer UTF-8 sequence holds them."""


class Utf8(Struct, frozen=True):
    """A document as UTF-8 without an XML declaration, and what was wrong with its encoding, in words."""

    data: bytes
    problem: str | None


def to_utf8(data: bytes, content_type: str | None = None) -> Utf8:
    """A document's bytes as UTF-8, without byte order mark, XML declaration and control characters.

    A byte order mark decides; else UTF-8, if the bytes are valid and not all ASCII; else the charset of
    the Content-Type, then that of the XML declaration, then Windows-1252. Never raises.
    """
    stated = _CHARSET.search(content_type or "")
    head = data[:1024]
    if head.startswith(EBCDIC):
        head = head.decode("cp037").encode("latin-1", "replace")
    declared = _DECLARED.match(head)
    names = [stated[1]] if stated else []
    names += [declared[1].decode("ascii")] if declared else []
    text, problem = _decode(data, names)
    utf8 = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    return Utf8(_DECLARATION.sub(b"", utf8[:1024], count=1) + utf8[1024:], problem)


def _decode(data: bytes, names: list[str]) -> tuple[str, str | None]:
    for beginning, encoding in MARKS:
        if data.startswith(beginning):
            text = data.decode(encoding, "replace").removeprefix("\ufeff")
            return text, "bytes that its encoding doesn't allow" if "\ufffd" in text else None
    known = [codec for name in names if (codec := _codec(name))]
    if not set(known) & STATEFUL:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if text.isascii() or not known or "utf-8" in known:
                return text, None
            return text, f"declared as {names[0]}, but it is UTF-8"
    for codec in known:
        try:
            return data.decode(codec), None
        except (UnicodeError, ValueError):
            continue
    # Windows-1252 reads nearly every byte; mostly-UTF-8 with a few broken bytes stays UTF-8.
    broken = data.decode("utf-8", "replace")
    if broken.count("\ufffd") * 20 < sum(1 for byte in data if byte > 127):
        return broken, "bytes that its encoding doesn't allow"
    said = f"declared as {names[0]}, which it is not" if names else "of no declared encoding"
    return data.decode("cp1252", "replace"), f"{said}; read as Windows-1252"


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(ALIASES.get(name.lower(), name))
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name in NOT_TEXT:
        return None
    return SUPERSETS.get(found.name, found.name)
