"""The state of a stack in a directory: items, objects and unacknowledged messages, in one SQLite file.

Each AWS call is one transaction, committed before the call is answered, so that a kill at any point
loses nothing that anybody was told. Tables, queues and buckets go by their logical ids, so that state
outlives a template whose parameters changed. SQLite's exclusive lock keeps a second process out; it is
the operating system's, and goes when its process does.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

FILE = "state.db"
APPLICATION_ID = 0x4E435354
"""`NCST` in SQLite's header: this file is ours."""
VERSION = 1
"""Of the layout below. A file of another version is refused."""

_LAYOUT = """
CREATE TABLE item (tbl TEXT, key TEXT, body BLOB NOT NULL, PRIMARY KEY (tbl, key)) WITHOUT ROWID;
CREATE TABLE object (
  bucket TEXT, key TEXT, body BLOB NOT NULL, about BLOB NOT NULL, PRIMARY KEY (bucket, key)
);
CREATE TABLE message (id TEXT PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL, about BLOB NOT NULL);
"""


class JournalError(Exception):
    """The directory can't be used; the message is one line for its user."""


@dataclass
class Step:
    """What one AWS call changed. A body of None removes."""

    items: list[tuple[str, str, bytes | None]] = field(default_factory=list)
    """Table, key, item."""
    objects: list[tuple[str, str, bytes | None, bytes]] = field(default_factory=list)
    """Bucket, key, content, what else belongs to it."""
    messages: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    """Message id, queue, body, what else belongs to it."""
    removed: list[str] = field(default_factory=list)
    """Message ids."""

    def __bool__(self) -> bool:
        return bool(self.items or self.objects or self.messages or self.removed)


class Journal:
    """The open journal of one directory."""

    def __init__(self, directory: Path) -> None:
        """Open or begin one. Raises JournalError if it is in use, damaged, foreign or of another version."""
        self.directory = directory
        self.seconds = 0.0
        """Time spent writing so far."""
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalError(f"can't keep state in {directory}: {error.strerror}") from error
        self._db = self._open(directory / FILE)

    def _open(self, path: Path) -> sqlite3.Connection:
        known = path.exists() and path.stat().st_size > 0
        try:
            db = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise JournalError(f"can't open {path}: {error}") from error
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            if known:
                self._check(db, path)
            db.execute("PRAGMA journal_mode = WAL")
            # A killed process loses nothing in this mode; only the machine's power failing could.
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("BEGIN EXCLUSIVE")
            if not known:
                for statement in _LAYOUT.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {VERSION}")
            db.execute("COMMIT")
        except sqlite3.Error as error:
            db.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise JournalError(f"{path.parent} is in use by another newscast process") from error
            raise JournalError(f"{path} is damaged or not a Newscast state: {error}") from error
        except JournalError:
            db.close()
            raise
        return db

    @staticmethod
    def _check(db: sqlite3.Connection, path: Path) -> None:
        (owner,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if owner != APPLICATION_ID:
            raise JournalError(f"{path} is not a Newscast state; give another directory")
        if version != VERSION:
            raise JournalError(
                f"{path} is of version {version}, and this Newscast reads version {VERSION}; "
                "give another directory"
            )
        (health,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if health != "ok":
            raise JournalError(f"{path} is damaged: {health.splitlines()[0]}")

    def write(self, step: Step) -> None:
        """Commit one call's changes. Raises JournalError, after which nothing may be answered any more."""
        began = time.perf_counter()
        db = self._db
        try:
            db.execute("BEGIN")
            for table, key, item in step.items:
                if item is None:
                    db.execute("DELETE FROM item WHERE tbl = ? AND key = ?", (table, key))
                else:
                    db.execute("INSERT OR REPLACE INTO item VALUES (?, ?, ?)", (table, key, item))
            for bucket, key, content, about in step.objects:
                if content is None:
                    db.execute("DELETE FROM object WHERE bucket = ? AND key = ?", (bucket, key))
                else:
                    db.execute(
                        "INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?)", (bucket, key, content, about)
                    )
            if step.messages:
                db.executemany(
                    "INSERT INTO message VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET queue = excluded.queue, about = excluded.about",
                    step.messages,
                )
            if step.removed:
                db.executemany("DELETE FROM message WHERE id = ?", [(id_,) for id_ in step.removed])
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise JournalError(f"can't write to {self.directory}: {error}") from error
        self.seconds += time.perf_counter() - began

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every item with its table."""
        for table, body in self._rows("SELECT tbl, body FROM item"):
            yield table, msgspec.json.decode(body)

    def objects(self) -> Iterator[tuple[str, str, bytes, dict[str, Any]]]:
        """Every object: bucket, key, content, what else belongs to it."""
        for bucket, key, content, about in self._rows("SELECT bucket, key, body, about FROM object"):
            yield bucket, key, content, msgspec.json.decode(about)

    def messages(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Every message in the order of its sending: id, queue, body, what else belongs to it."""
        for id_, queue, body, about in self._rows(
            "SELECT id, queue, body, about FROM message ORDER BY rowid"
        ):
            yield id_, queue, body, msgspec.json.decode(about)

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._db.execute(query)
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise JournalError(f"{self.directory / FILE} is damaged: {error}") from error

    def close(self) -> None:
        self._db.close()
