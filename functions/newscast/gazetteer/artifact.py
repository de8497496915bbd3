"""The compiled gazetteer: one read-only SQLite file, looked up in place.

Nothing is read at load but the vocabulary, so that opening costs the same for ten thousand names and for
five million, and memory holds only what texts asked for. First words are remembered, hits and misses,
since a text's words repeat: after the first articles, matching runs at the speed of a dict.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from newscast.gazetteer.entries import Entries
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Actor, Found, RoleRow, Vocabulary

FORMAT = "1"
REMEMBERED_WORDS = 50_000
"""First words kept, misses too; about 6 MB when full. News uses fewer distinct words in a Lambda's life."""
REMEMBERED_NAMES = 8_192

_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE words (first TEXT PRIMARY KEY, longest INTEGER) WITHOUT ROWID;
CREATE TABLE names (key TEXT PRIMARY KEY, found BLOB) WITHOUT ROWID;
CREATE TABLE actors (id TEXT PRIMARY KEY, actor BLOB) WITHOUT ROWID;
CREATE TABLE roles (number INTEGER PRIMARY KEY, actor TEXT, office TEXT, country TEXT, body TEXT, role BLOB);
"""
_INDEXES = """
CREATE INDEX roles_of ON roles (actor);
CREATE INDEX seats ON roles (country, office);
CREATE INDEX of_body ON roles (body);
"""

_encode = msgspec.msgpack.Encoder().encode
_FOUND = msgspec.msgpack.Decoder(Found)
_ACTOR = msgspec.msgpack.Decoder(Actor)
_ROLE = msgspec.msgpack.Decoder(RoleRow)
_VOCABULARY = msgspec.msgpack.Decoder(Vocabulary)


class ArtifactError(ValueError):
    """A file that is no gazetteer, or one of another format; the message names it."""


def write(path: Path, rows: Entries, vocabulary: Vocabulary, version: str) -> None:
    """Write the compiled gazetteer; the same rows give the same bytes with the same SQLite."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")  # two processes may compile at once
    unfinished.unlink(missing_ok=True)
    database = sqlite3.connect(unfinished, isolation_level=None)
    try:
        database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;"
        )
        database.executescript(_SCHEMA)
        database.execute("BEGIN")
        about = {"format": FORMAT.encode(), "version": version.encode(), "vocabulary": _encode(vocabulary)}
        _insert(database, "about", about.items())
        _insert(database, "words", rows.longest.items())
        _insert(database, "names", ((key, _encode(found)) for key, found in rows.names.items()))
        _insert(database, "actors", ((key, _encode(actor)) for key, actor in rows.actors.items()))
        roles = [role for key in sorted(rows.roles) for role in rows.roles[key]]
        database.executemany(
            "INSERT INTO roles VALUES (?, ?, ?, ?, ?, ?)",
            (
                (n, role.actor, role.office, role.country, role.body, _encode(role))
                for n, role in enumerate(roles)
            ),
        )
        database.execute("COMMIT")
        database.executescript(_INDEXES)
    finally:
        database.close()
    unfinished.replace(path)


def _insert(database: sqlite3.Connection, table: str, pairs: Iterable[tuple[str, Any]]) -> None:
    ordered: list[tuple[str, Any]] = sorted(pairs, key=lambda pair: pair[0])
    # Table names are this module's own; sorted keys fill pages in order and make the bytes repeatable.
    statement = f"INSERT INTO {table} VALUES (?, ?)"  # noqa: S608
    database.executemany(statement, ordered)


class Artifact:
    """A compiled gazetteer, opened. One instance may serve several threads: SQLite's own lock guards it."""

    def __init__(self, path: Path) -> None:
        """Open. Raises ArtifactError if the file is missing, is none of ours or has another format."""
        try:
            # immutable: nobody writes it while it is open; no locks, no journal: /var/task is read-only.
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            about: dict[str, bytes] = dict(self._database.execute("SELECT name, value FROM about"))
            if about["format"].decode() != FORMAT:
                raise ArtifactError(f"{path} is a gazetteer of another format; compile it again")
            self.version = about["version"].decode()
            self.vocabulary = _VOCABULARY.decode(about["vocabulary"])
        except (sqlite3.Error, KeyError, msgspec.DecodeError) as error:
            raise ArtifactError(f"{path} is no compiled gazetteer: {error}") from error
        self._words: dict[str, int] = {}
        self.found = lru_cache(REMEMBERED_NAMES)(self._found)
        self.actor = lru_cache(REMEMBERED_NAMES)(self._actor)
        self.roles_of = lru_cache(REMEMBERED_NAMES)(self._roles_of)
        self.seats = lru_cache(REMEMBERED_NAMES)(self._seats)

    def words(self, first: str) -> int:
        known = self._words.get(first)
        if known is None:
            if len(self._words) >= REMEMBERED_WORDS:
                self._words.clear()
            row = self._database.execute("SELECT longest FROM words WHERE first = ?", (first,)).fetchone()
            known = self._words[first] = row[0] if row else 0
        return known

    def _found(self, key: str) -> Found | None:
        row = self._database.execute("SELECT found FROM names WHERE key = ?", (key,)).fetchone()
        return _FOUND.decode(row[0]) if row else None

    def _actor(self, actor_id: str) -> Actor | None:
        row = self._database.execute("SELECT actor FROM actors WHERE id = ?", (actor_id,)).fetchone()
        return _ACTOR.decode(row[0]) if row else None

    def _roles_of(self, actor_id: str) -> tuple[RoleRow, ...]:
        rows = self._database.execute("SELECT role FROM roles WHERE actor = ? ORDER BY number", (actor_id,))
        return tuple(_ROLE.decode(row[0]) for row in rows)

    def _seats(self, office: str | None, country: str | None, body: str | None) -> tuple[RoleRow, ...]:
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
