"""The compiled gazetteer: one read-only SQLite file, looked up in place.

Nothing is read at load but the vocabulary, so that opening costs the same for ten thousand names and for
five million, and memory holds only what texts asked for. Keys stand in their order: what longer names begin
with is the next key, so that a text's words are followed only as far as a name goes.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

from newscast.gazetteer.entries import Named, all_names, distinct, note_lower
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Actor, Alias, Entry, Found, PlaceName, RoleRow, Vocabulary
from newscast.gazetteer.tokens import key_of

FORMAT = "6"

_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE lower (first TEXT PRIMARY KEY, words INTEGER) WITHOUT ROWID;
CREATE TABLE names (key TEXT PRIMARY KEY, found BLOB) WITHOUT ROWID;
CREATE TABLE actors (id TEXT PRIMARY KEY, actor BLOB) WITHOUT ROWID;
CREATE TABLE roles (number INTEGER PRIMARY KEY, actor TEXT, office TEXT, country TEXT, body TEXT, role BLOB);
"""
_INDEXES = """
CREATE INDEX roles_of ON roles (actor);
CREATE INDEX seats ON roles (country, office);
CREATE INDEX of_body ON roles (body);
"""

_SORTING = "CREATE TABLE named (key TEXT, place INTEGER, number INTEGER, row BLOB);"

_NOTHING = Entry()
_encode = msgspec.msgpack.Encoder().encode
_ALIAS = msgspec.msgpack.Decoder(Alias)
_PLACE = msgspec.msgpack.Decoder(PlaceName)
_FOUND = msgspec.msgpack.Decoder(Found)
_ACTOR = msgspec.msgpack.Decoder(Actor)
_ROLE = msgspec.msgpack.Decoder(RoleRow)
_VOCABULARY = msgspec.msgpack.Decoder(Vocabulary)


class ArtifactError(ValueError):
    """A file that is no gazetteer, or one of another format; the message names it."""


def write(path: Path, rows: Named, vocabulary: Vocabulary, version: str) -> None:
    """Write the compiled gazetteer; the same rows give the same bytes with the same SQLite.

    Names are grouped by key in the file itself, so that five million take no more memory than a thousand.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")  # two processes may compile at once
    sorting = path.with_name(f"{path.name}.{os.getpid()}.names")
    try:
        with closing(_new(unfinished, _SCHEMA)) as database, closing(_new(sorting, _SORTING)) as names:
            names.execute("BEGIN")
            names.executemany("INSERT INTO named VALUES (?, ?, ?, ?)", _named(rows))
            names.execute("CREATE INDEX by_key ON named (key, place, number)")
            database.execute("BEGIN")
            about = {
                "format": FORMAT.encode(),
                "version": version.encode(),
                "vocabulary": _encode(vocabulary),
            }
            database.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
            lower: dict[str, int] = {}
            database.executemany("INSERT INTO names VALUES (?, ?)", _found(names, lower))
            database.executemany("INSERT INTO lower VALUES (?, ?)", sorted(lower.items()))
            database.executemany(
                "INSERT OR IGNORE INTO actors VALUES (?, ?)", ((one.id, _encode(one)) for one in rows.actors)
            )
            database.executemany("INSERT INTO roles VALUES (?, ?, ?, ?, ?, ?)", _roles(rows.roles))
            database.execute("COMMIT")
            database.executescript(_INDEXES)
        unfinished.replace(path)
    finally:
        sorting.unlink(missing_ok=True)
        unfinished.unlink(missing_ok=True)


def _new(path: Path, schema: str) -> sqlite3.Connection:
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    # Nobody reads the file before it is renamed: a crash leaves nothing that a journal could save.
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
    database.executescript(schema)
    return database


def _named(rows: Named) -> Iterator[tuple[str, int, int, bytes]]:
    """(key, is it a place, number, row) of all names; a name without a word is left out."""
    for number, alias in enumerate(all_names(rows)):
        if key := key_of(alias.text):
            yield key, 0, number, _encode(alias)
    for number, place in enumerate(rows.places):
        if key := key_of(place.text):
            yield key, 1, number, _encode(place)


def _found(names: sqlite3.Connection, lower: dict[str, int]) -> Iterator[tuple[str, bytes]]:
    """(key, all that it can mean) in the order of keys; fills `lower` by first words."""
    cursor = names.execute("SELECT key, place, row FROM named ORDER BY key, place, number")
    for key, group in groupby(cursor, itemgetter(0)):
        members = list(group)
        aliases = distinct(_ALIAS.decode(row) for _, place, row in members if not place)
        places = tuple(_PLACE.decode(row) for _, place, row in members if place)
        note_lower(lower, key, [*aliases, *places])
        yield key, _encode(Found(aliases, places))


def _roles(roles: Iterable[RoleRow]) -> Iterator[tuple[object, ...]]:
    ordered = sorted(roles, key=lambda role: (role.actor, role.start or date.min))
    for number, role in enumerate(ordered):
        yield number, role.actor, role.office, role.country, role.body, _encode(role)


class Artifact:
    """A compiled gazetteer, opened. One instance may serve several threads: SQLite's own lock guards it."""

    def __init__(self, path: Path) -> None:
        """Open. Raises ArtifactError if the file is missing, is none of ours or has another format."""
        # immutable: nobody writes it while it is open; no locks, no journal: /var/task is read-only.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise ArtifactError(f"{path} can't be opened: {error}") from error
        weakref.finalize(self, self._database.close)
        try:
            about: dict[str, bytes] = dict(self._database.execute("SELECT name, value FROM about"))
            if about["format"].decode() != FORMAT:
                raise ArtifactError(f"{path} is a gazetteer of another format; compile it again")
            self.version = about["version"].decode()
            self.vocabulary = _VOCABULARY.decode(about["vocabulary"])
        except (sqlite3.Error, KeyError, msgspec.DecodeError) as error:
            raise ArtifactError(f"{path} is no compiled gazetteer: {error}") from error

    def entry(self, key: str) -> Entry:
        # A space sorts before all that a word is made of: longer names follow their beginning at once.
        rows = self._database.execute(
            "SELECT key, found FROM names WHERE key >= ? ORDER BY key LIMIT 2", (key,)
        ).fetchall()
        found = _FOUND.decode(rows.pop(0)[1]) if rows and rows[0][0] == key else None
        longer = bool(rows) and rows[0][0].startswith(f"{key} ")
        return Entry(found, longer) if found or longer else _NOTHING

    def lower(self, first: str) -> int:
        row = self._database.execute("SELECT words FROM lower WHERE first = ?", (first,)).fetchone()
        return row[0] if row else 0

    def actor(self, actor_id: str) -> Actor | None:
        row = self._database.execute("SELECT actor FROM actors WHERE id = ?", (actor_id,)).fetchone()
        return _ACTOR.decode(row[0]) if row else None

    def every_actor(self) -> Iterator[Actor]:
        return (_ACTOR.decode(row[0]) for row in self._database.execute("SELECT actor FROM actors"))

    def roles_of(self, actor_id: str) -> tuple[RoleRow, ...]:
        rows = self._database.execute("SELECT role FROM roles WHERE actor = ? ORDER BY number", (actor_id,))
        return tuple(_ROLE.decode(row[0]) for row in rows)

    def seats(self, office: str | None, country: str | None, body: str | None) -> tuple[RoleRow, ...]:
        asked = {"office": office, "country": country, "body": body}
        given = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given) or "1"
        # The names are those three above; only values come from outside.
        query = f"SELECT role FROM roles WHERE {where} ORDER BY number"  # noqa: S608
        return tuple(_ROLE.decode(row[0]) for row in self._database.execute(query, tuple(given.values())))


def open_gazetteer(path: Path) -> Gazetteer:
    """A compiled file as a gazetteer. Raises ArtifactError."""
    artifact = Artifact(path)
    return Gazetteer([artifact], artifact.vocabulary, artifact.version)
