"""The records of a batch in one object of the bucket, each found by where it begins. Pure.

A pack is the records one behind the other, each compressed by itself (`bodies`), then a list of whose they
are, then the list's length in eight digits. A revision's row names its record's place (`Place`), so a reader
asks for those bytes alone. What is erased is overwritten with zeros: the places of the others stay right.

A pack's key begins with the day it was written on, and names the first four digits of each name in it. So
all packs that may hold something of a name are found by listing its days, also those of a writer who died
before any row led to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

PACKS = "packs/"
"""Prefix of packs in the bucket. Nothing but erasure and their age removes what lies there."""
MARK = 4
"""Digits of a name in a pack's key: one pack in some thousands is looked into for nothing."""
MOST_BYTES = 4 * 1024 * 1024
"""Of a pack, unless a single record is larger."""
_TAIL = 8
"""Digits of the list's length."""


@dataclass(frozen=True)
class Place:
    """Where a record lies: an object's key without its prefix, and its bytes there."""

    key: str
    offset: int
    length: int

    @classmethod
    def read(cls, text: str) -> Place:
        """As rows say it. Raises ValueError."""
        key, _, span = text.rpartition(":")
        offset, _, length = span.partition("+")
        if not key:
            raise ValueError(f"not a place in a pack: {text!r}")
        return cls(key, int(offset), int(length))

    def __str__(self) -> str:
        return f"{self.key}:{self.offset}+{self.length}"

    @property
    def object(self) -> str:
        """The object's key in the bucket."""
        return PACKS + self.key


@dataclass(frozen=True)
class Pack:
    """An object to be put, and the place of each of its records in their order."""

    key: str
    content: bytes
    places: tuple[Place, ...]

    @property
    def object(self) -> str:
        return PACKS + self.key


def packed(records: Sequence[tuple[str, bytes]], day: date) -> Iterator[Pack]:
    """(name, compressed record) of a batch → its packs, each of MOST_BYTES at most or of one record."""
    some: list[tuple[str, bytes]] = []
    for record in records:
        if some and sum(len(body) for _, body in some) + len(record[1]) > MOST_BYTES:
            yield _pack(some, day)
            some = []
        some.append(record)
    if some:
        yield _pack(some, day)


def _pack(records: Sequence[tuple[str, bytes]], day: date) -> Pack:
    listed, content = [], bytearray()
    for name, body in records:
        listed.append((name, len(content), len(body)))
        content += body
    index = msgspec.json.encode(listed)
    content += index + f"{len(index):0{_TAIL}}".encode()
    # The same batch, delivered again, is the same object.
    digest = hashlib.sha256(content).hexdigest()[:12]
    key = f"{day.isoformat()}/{marks(name for name, _ in records)}-{digest}"
    return Pack(key, bytes(content), tuple(Place(key, offset, length) for _, offset, length in listed))


def marks(names: Iterator[str]) -> str:
    return "".join(name[:MARK] for name in names)


def may_hold(key: str, name: str) -> bool:
    """Whether a pack may hold something of a name, by its key in the bucket."""
    said = key.rpartition("/")[2].rpartition("-")[0]
    return name[:MARK] in (said[at : at + MARK] for at in range(0, len(said), MARK))


def held(content: bytes, name: str) -> list[tuple[int, int]]:
    """(offset, length) of a name's records in a pack. Raises ValueError for what is no pack."""
    try:
        length = int(content[-_TAIL:])
        listed = msgspec.json.decode(content[-_TAIL - length : -_TAIL], type=list[tuple[str, int, int]])
    except (ValueError, msgspec.DecodeError) as error:
        raise ValueError(f"not a pack: {error}") from error
    return [(offset, size) for its, offset, size in listed if its == name]


def blanked(content: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    """A pack without what lies there."""
    found = bytearray(content)
    for offset, length in spans:
        found[offset : offset + length] = bytes(length)
    return bytes(found)
