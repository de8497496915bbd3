"""A look at an XML document before a parser sees it: what is refused, where its entries stand.

Entity declarations, elements with absurdly many attributes and absurd depth make feedparser burn minutes
or gigabytes; a scan by expat costs a few milliseconds a megabyte and keeps nothing. It also tells where
each entry begins and ends, so that only those that weren't sent before need be parsed at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html.entities import name2codepoint
from pyexpat import ExpatError, ParserCreate

from msgspec import Struct

MAX_ATTRIBUTES = 100
"""On one element. Feeds have a dozen namespaces on their root; 20,000 attributes take feedparser 14 s."""
MAX_DEPTH = 200
"""Elements inside each other. XHTML content has dozens."""
MAX_ELEMENTS = 400_000
"""8 MiB of real feeds hold less than a fourth of it."""
ENTRY_NAMES = {"item", "entry"}
"""Local names of what holds an entry in RSS, RDF and Atom; CDF's items are `item` too."""
AUTHOR_NAMES = {
    "author",
    "creator",
    "managingeditor",
    "webmaster",
    "publisher",
    "contributor",
    "email",
    "name",
}
MAX_AUTHOR = 4_000
"""Characters. feedparser looks for an address in it in quadratic time: 31 KB take 9 s."""
MAX_ENTITIES, MAX_ENTITY, MAX_GROWTH = 50, 300, 256 * 1024
"""Declared by a document, characters of one, and bytes that all their uses may add. Honest ones are short
names of products and signs."""


class RefusedDocumentError(Exception):
    """A document that no parser shall see. `reason` is a word that is counted."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words)
        self.reason = reason


class BrokenParserError(RuntimeError):
    """The parser can't run at all: our fault, whatever the document."""


class Scan(Struct, frozen=True, kw_only=True):
    """What a scan found out."""

    root: str
    """Local name of the outermost element, in lower case."""
    entries: tuple[tuple[int, int], ...]
    """Begin and end of each entry, in bytes."""
    weights: tuple[int, ...]
    """Elements in each entry."""
    head_weight: int
    """Elements outside entries."""
    bad: dict[int, str]
    """Numbers of entries that no parser shall see, and why."""
    names: frozenset[str]
    """Names of all elements as written, prefix and all."""
    error: str | None
    """Where it stops being XML, in words."""
    cut: bool
    """It stops because it ends in the middle."""
    end: int
    """Where the outermost element ends, or the length of the document."""
    entities: dict[str, str]
    """Short plain texts that it declares as entities of its own."""
    unfinished: int | None
    """Where the entry begins in which a cut document ends."""
    doctype: tuple[int, int]
    """Begin and end of the DOCTYPE, in bytes; equal for none."""


class _Watch:
    def __init__(self, data: bytes) -> None:
        # Namespaces are left alone: an undeclared prefix is no reason to stop.
        self.parser = ParserCreate("utf-8")
        self.parser.UseForeignDTD(True)  # so that &nbsp; without a declaration is no error
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.EntityDeclHandler = self.entity
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EndDoctypeDeclHandler = self.doctype_end
        self.parser.ExternalEntityRefHandler = self.external
        self.parser.buffer_text = True
        self.data = data
        self.names: set[str] = set()
        self.entries: list[tuple[int, int]] = []
        self.weights: list[int] = []
        self.bad: dict[int, str] = {}
        self.entities: dict[str, str] = {}
        self.doctype_at = 0
        self.doctype_range = (0, 0)
        self.root = ""
        self.depth = self.elements = self.author = 0
        self.begin: tuple[int, int] | None = None
        self.before = 0
        self.finish = len(data)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if len(attributes) > MAX_ATTRIBUTES:
            self.harm("attributes", f"an element with {len(attributes):,} attributes")
        if self.depth > MAX_DEPTH:
            self.harm("depth", f"more than {MAX_DEPTH} elements inside each other")
        if self.elements > MAX_ELEMENTS:
            raise RefusedDocumentError("elements", f"more than {MAX_ELEMENTS:,} elements")
        self.names.add(name)
        local = name.rpartition(":")[2].lower()
        if self.depth == 1:
            self.root = local
        elif self.begin is None and local in ENTRY_NAMES:
            self.begin, self.before = (self.parser.CurrentByteIndex, self.depth), self.elements - 1
        if local in AUTHOR_NAMES:
            self.author = 0
            self.parser.CharacterDataHandler = self.author_text

    def harm(self, reason: str, words: str) -> None:
        # Inside an entry it costs that entry; elsewhere the document.
        if self.begin is None:
            raise RefusedDocumentError(reason, words)
        self.bad.setdefault(len(self.entries), words)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.parser.CharacterDataHandler = None
        if self.begin and self.begin[1] == self.depth + 1:
            self.entries.append((self.begin[0], self._closing(name)))
            self.weights.append(self.elements - self.before)
            self.begin = None
        if self.depth == 0:
            self.finish = self._closing(name)

    def _closing(self, name: str) -> int:
        # The index is that of "</item>", or past the end for an element that closes itself.
        at = self.parser.CurrentByteIndex
        if self.data.startswith(b"</" + name.encode(), at):
            return self.data.index(b">", at) + 1
        return at

    def author_text(self, text: str) -> None:
        self.author += len(text)
        if self.author > MAX_AUTHOR:
            self.harm("author", f"an author of more than {MAX_AUTHOR:,} characters")

    def entity(self, name: str, is_parameter: bool, value: str | None, *_: object) -> None:
        if is_parameter or value is None:
            raise RefusedDocumentError("entities", "it declares parameter or external entities")
        if len(value) > MAX_ENTITY or len(self.entities) >= MAX_ENTITIES or set(value) & set("&<%"):
            raise RefusedDocumentError("entities", "it declares entities that can grow without bound")
        self.entities.setdefault(name, value)

    def doctype(self, *_: object) -> None:
        # The index may be that of what follows the name.
        self.doctype_at = self.data.rfind(b"<!DOCTYPE", 0, self.parser.CurrentByteIndex + 9)

    def doctype_end(self) -> None:
        self.doctype_range = (self.doctype_at, self.data.index(b">", self.parser.CurrentByteIndex) + 1)

    def external(self, *_: object) -> int:
        return 1  # go on without what a DTD at some URL would say


def scan(data: bytes) -> Scan:
    """Look at UTF-8 bytes. Raises RefusedDocumentError; a document that isn't XML has an `error` instead."""
    watch = _Watch(data)
    error, cut = None, False
    try:
        watch.parser.Parse(data, True)
    except ExpatError as failure:
        # After the end of the root, what follows is junk and no harm.
        ended = watch.root != "" and watch.depth == 0
        if watch.bad and watch.begin:  # its end is not known, so it can't be left out
            raise RefusedDocumentError("harmful", next(iter(watch.bad.values()))) from None
        error = f"not well-formed at line {failure.lineno}: {str(failure).partition(':')[0]}"
        cut = not ended and failure.offset is not None and watch.parser.ErrorByteIndex >= len(data.rstrip())
        unread = data[watch.doctype_range[1] :] if watch.doctype_range[1] else data
        if re.search(rb"<!\s*ENTITY", unread, re.IGNORECASE):
            # What expat did not reach, the forgiving parser would expand.
            raise RefusedDocumentError(
                "entities", "it is not well-formed and declares entities of its own"
            ) from None
    return Scan(
        root=watch.root,
        entries=tuple(watch.entries),
        weights=tuple(watch.weights),
        head_weight=watch.elements - sum(watch.weights),
        bad=watch.bad,
        names=frozenset(watch.names),
        error=error,
        cut=cut,
        end=watch.finish,
        entities=watch.entities,
        doctype=watch.doctype_range,
        unfinished=watch.begin[0] if cut and watch.begin else None,
    )


HTML_ENTITIES = {
    name.encode(): chr(code).encode()
    for name, code in name2codepoint.items()
    if name not in ("amp", "lt", "gt", "quot", "apos")
}
"""What feeds use without declaring it (&nbsp;, &rsquo;); XML's own five are left to the parser."""


def _character(code: int, written: bytes) -> bytes:
    # A reference to what is no character stops strict parsers, and makes forgiving ones raise.
    fits = (
        code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD or 0x10000 <= code < 0x110000
    )
    return written if fits else b""


_REFERENCE = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&([A-Za-z_][\w.-]{0,60});|&#(?:(\d{1,40})|[xX]([0-9a-fA-F]{1,40}));",
    re.DOTALL,
)


_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z#]")


def has_entities(data: bytes, seen: Scan) -> bool:
    """Whether `resolved` would change anything."""
    return seen.doctype[1] > 0 or _NAMED.search(data) is not None


def resolved(data: bytes, seen: Scan) -> bytes:
    """The document without its DOCTYPE and with its own entities and HTML's replaced, so that no parser
    need know them. Raises RefusedDocumentError when that makes it grow by more than MAX_GROWTH bytes."""
    values = HTML_ENTITIES | {name.encode(): value.encode() for name, value in seen.entities.items()}
    grown = 0

    def replace(found: re.Match[bytes]) -> bytes:
        nonlocal grown
        named, decimal, hexadecimal = found.groups()
        value = values.get(named or b"", found[0])
        if decimal or hexadecimal:
            value = _character(int(decimal) if decimal else int(hexadecimal, 16), found[0])
        grown += len(value) - len(found[0])
        if grown > MAX_GROWTH:
            raise RefusedDocumentError("entities", "its own entities make it grow far too large")
        return value

    return _REFERENCE.sub(replace, data[: seen.doctype[0]] + data[seen.doctype[1] :])


_BARE = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?!(?:[A-Za-z_][\w.-]{0,60}|#\d{1,10}|#[xX][0-9a-fA-F]{1,8});)",
    re.DOTALL,
)
"""An ampersand that begins no reference: the commonest thing that makes a feed no XML."""
MAX_BARE = 250_000
"""Of those in one document: 10,000 entries whose links have two dozen parameters each. feedparser takes
quadratic time over many."""


def escaped(data: bytes) -> bytes:
    """The document with its bare ampersands escaped. Raises RefusedDocumentError for more than MAX_BARE."""
    found = 0

    def replace(bare: re.Match[bytes]) -> bytes:
        nonlocal found
        if bare[0] != b"&":
            return bare[0]
        found += 1
        if found > MAX_BARE:
            raise RefusedDocumentError("entities", f"more than {MAX_BARE:,} bare ampersands")
        return b"&amp;"

    return _BARE.sub(replace, data)


def without(data: bytes, entries: Sequence[tuple[int, int]], left_out: Collection[int]) -> bytes:
    """The document without the entries of these numbers."""
    if not left_out:
        return data
    pieces, at = [], 0
    for number in sorted(left_out):
        begin, end = entries[number]
        pieces.append(data[at:begin])
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)
