"""Wikidata's JSON dump → entities, one at a time: the file is never held, nor unpacked to disk.

The dump is one JSON array with an entity a line (`latest-all.json.bz2` or `.gz`), over a hundred
gigabytes unpacked, so a line that can't matter is dropped before it is decoded, and only the properties
of `Claims` are. https://www.wikidata.org/wiki/Wikidata:Database_download
"""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct


class Text(Struct):
    """A label or an alias."""

    value: str


class DataValue(Struct):
    """A value whose form depends on its property: an item, a time, a text."""

    value: msgspec.Raw


class Snak(Struct):
    """`snaktype` is value, somevalue (there is one, unknown) or novalue (there is none)."""

    snaktype: str
    datavalue: DataValue | None = None


class Statement(Struct):
    """One claim with its qualifiers; a deprecated one is known to be wrong."""

    mainsnak: Snak
    rank: str = "normal"
    qualifiers: dict[str, list[Snak]] | list[None] = {}


class Claims(Struct):
    """The properties that we read; the others are skipped undecoded."""

    P31: list[Statement] = []
    """instance of"""
    P39: list[Statement] = []
    """position held"""
    P17: list[Statement] = []
    """country"""
    P27: list[Statement] = []
    """country of citizenship"""
    P298: list[Statement] = []
    """ISO 3166-1 alpha-3 code"""
    P1001: list[Statement] = []
    """applies to jurisdiction"""


class Sitelink(Struct):
    title: str


class Entity(Struct):
    """One item. PHP writes an empty map as `[]`, hence the lists."""

    id: str
    labels: dict[str, Text] | list[None] = {}
    aliases: dict[str, list[Text]] | list[None] = {}
    claims: Claims | list[None] = msgspec.field(default_factory=Claims)
    sitelinks: dict[str, Sitelink] | list[None] = {}

    def statements(self, property_id: str) -> list[Statement]:
        """A property's statements, the deprecated left out."""
        if isinstance(self.claims, list):
            return []
        found: list[Statement] = getattr(self.claims, property_id)
        return [one for one in found if one.rank != "deprecated"]

    def label(self, language: str) -> str:
        one = self.labels.get(language) if isinstance(self.labels, dict) else None
        return one.value if one else ""

    def names(self, language: str) -> list[str]:
        """Label and aliases in one language."""
        more = self.aliases.get(language, []) if isinstance(self.aliases, dict) else []
        label = self.label(language)
        return ([label] if label else []) + [one.value for one in more]

    def items(self, property_id: str) -> list[str]:
        """The QIDs that a property points to."""
        return [qid for one in self.statements(property_id) if (qid := item(one.mainsnak))]


class _Item(Struct):
    id: str = ""


class _Time(Struct):
    time: str
    precision: int


_ENTITY = msgspec.json.Decoder(Entity)
DAY, MONTH, YEAR = 11, 10, 9
"""Wikidata's precision of a time."""


def entities(path: Path, matters: Callable[[bytes], bool]) -> Iterator[Entity]:
    """Entities of a dump (.json, .json.gz, .json.bz2) whose line `matters`; a broken line is skipped."""
    with _opened(path) as file:
        for raw in file:
            line = raw.strip().rstrip(b",")
            if len(line) > 2 and matters(line):
                try:
                    yield _ENTITY.decode(line)
                except msgspec.DecodeError:
                    continue  # a property or lexeme entity has another form; one bad line costs itself


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile | bz2.BZ2File:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    if path.suffix == ".bz2":
        return bz2.open(path, "rb")
    return path.open("rb")


def item(snak: Snak) -> str:
    """The QID of a snak, or empty."""
    if snak.datavalue is None:
        return ""
    try:
        return msgspec.json.decode(snak.datavalue.value, type=_Item).id
    except msgspec.DecodeError:
        return ""


def text(snak: Snak) -> str:
    """The string of a snak, or empty."""
    try:
        return msgspec.json.decode(snak.datavalue.value, type=str) if snak.datavalue else ""
    except msgspec.DecodeError:
        return ""


def moment(snak: Snak) -> str:
    """A time as our rows write it (2021-01-22, 2021-01 or 2021), or empty if it is vaguer or no time."""
    try:
        value = msgspec.json.decode(snak.datavalue.value, type=_Time) if snak.datavalue else None
    except msgspec.DecodeError:
        return ""
    if value is None or value.precision < YEAR or not value.time.startswith("+"):
        return ""
    written = value.time[1:11]
    written = written if value.precision >= DAY else written[:7] if value.precision == MONTH else written[:4]
    return written if _is_date(written) else ""


def _is_date(written: str) -> bool:
    try:
        date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        return False
    return True
