"""The state of a stack: one SQLite file in a directory, and the objects as files beside it.

DIR/state.db has items, index entries, messages and the facts about objects; it is what the embedded AWS
answers from, and nothing of it is held in memory. Each AWS call is one transaction, committed before the
call is answered: a kill at any point loses nothing that anybody was told, and other processes see whole
calls. Tables, queues and buckets go by their logical ids, so that state outlives a template whose parameters
changed. Without a directory all of it is temporary, and goes with the process.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscast.local.problem import StateError

FILE = "state.db"
APPLICATION_ID = 0x4E435354
"""`NCST` in SQLite's header: this file is ours."""
VERSION = 2
"""Of the layout below. An older file is taken over, a newer one refused."""
OLDEST = 1
"""Made by 0.1.0 and 0.2.0."""
BUSY_SECONDS = 30.0
"""How long one call waits for another process's write. None takes a hundredth of it."""
CACHE_KIB = 16 * 1024
"""Pages of the file that SQLite keeps in memory."""

LAYOUT = """
CREATE TABLE item (
  tbl TEXT NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL, body BLOB NOT NULL, expires REAL
);
CREATE UNIQUE INDEX item_key ON item (tbl, hash, range);
CREATE INDEX item_expires ON item (expires) WHERE expires IS NOT NULL;
CREATE TABLE entry (
  tbl TEXT, idx TEXT, hash BLOB, range BLOB, item_hash BLOB, item_range BLOB,
  PRIMARY KEY (tbl, idx, hash, range, item_hash, item_range)
) WITHOUT ROWID;
CREATE TABLE message (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, queue TEXT NOT NULL,
  visible_at REAL NOT NULL, receives INTEGER NOT NULL, delayed INTEGER NOT NULL, sent_at REAL NOT NULL,
  first_received_at REAL, source TEXT, handle TEXT NOT NULL
);
CREATE INDEX message_line ON message (queue, visible_at, receives, seq);
CREATE TABLE content (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, attributes BLOB NOT NULL);
CREATE TABLE object (
  bucket TEXT, key BLOB, etag TEXT NOT NULL, size INTEGER NOT NULL, stored_at REAL NOT NULL,
  file TEXT NOT NULL, about BLOB NOT NULL, PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE TABLE note (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE outlet (path TEXT PRIMARY KEY, seq INTEGER NOT NULL, size INTEGER NOT NULL);
"""
"""item: key values as engine/encoding.py writes them, body in JSON. entry: of a secondary index. message:
what changes of one when it is delivered; content: what doesn't. object: its content is a file. note: what was
just stored (notes.py). outlet: files that records are written to, each with the last note that it has and its
length then."""


class Database:
    """The open state of one directory (or of none). One call at a time: the gate sees to that."""

    def __init__(self, directory: Path | None) -> None:
        """Open or begin one. Raises StateError if it is in use by an earlier version, damaged, foreign or of
        a newer version."""
        self.directory = directory
        self.seconds = 0.0
        """Time spent in beginning and committing so far."""
        self.version = VERSION
        """Of the file as it was found; below VERSION until it is taken over (takeover.py)."""
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        if directory is None:
            # SQLite's own temporary file, which is written only when its cache is full.
            self.db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self.db.execute("PRAGMA journal_mode = MEMORY")
            self.db.execute("PRAGMA synchronous = OFF")
            self._lay_out()
            return
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StateError(f"can't keep state in {directory}: {error.strerror}") from error
        self.db = self._open(directory / FILE)

    def objects(self) -> Path:
        """Where the objects' files lie."""
        if self.directory is not None:
            return self.directory / "objects"
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="newscast-")
        return Path(self._temporary.name)

    def _open(self, path: Path) -> sqlite3.Connection:
        known = path.exists() and path.stat().st_size > 0
        if known:
            _check_whole(path)
        try:
            db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StateError(f"can't open {path}: {error}") from error
        self.db = db
        try:
            # An earlier version locks its file whole, as long as it runs.
            db.execute("PRAGMA busy_timeout = 1000")
            self.version = _version(db, path) if known else 0
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
            # A killed process loses nothing in this mode; only the machine's power failing could.
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            if self.version == 0:
                self._begin_anew()
        except sqlite3.Error as error:
            db.close()
            if _busy(error):
                raise StateError(f"{path.parent} is in use by another newscast process") from error
            raise StateError(f"{path} is damaged or not a Newscast state: {error}") from error
        except StateError:
            db.close()
            raise
        return db

    def _begin_anew(self) -> None:
        """Lay out an empty file; another process may be doing the same."""
        self.db.execute("BEGIN IMMEDIATE")
        (there,) = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not there:
            self._lay_out()
        self.db.execute("COMMIT")
        self.version = VERSION

    def _lay_out(self) -> None:
        for statement in LAYOUT.split(";"):
            self.db.execute(statement)
        self.mark()

    def mark(self) -> None:
        """Write down whose file this is, and that its layout is this version's."""
        self.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self.db.execute(f"PRAGMA user_version = {VERSION}")
        self.version = VERSION

    @contextmanager
    def transaction(self, writes: bool = True) -> Iterator[sqlite3.Connection]:
        """One AWS call: all of it or, when the block raises, nothing. Raises StateError."""
        try:
            began = time.perf_counter()
            self.db.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            self.seconds += time.perf_counter() - began
            try:
                yield self.db
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
            began = time.perf_counter()
            self.db.execute("COMMIT")
            self.seconds += time.perf_counter() - began
        except sqlite3.Error as error:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise StateError(self._problem(error)) from error
        except OSError as error:  # an object's file
            raise StateError(f"can't write to {self.directory}: {error.strerror or error}") from error

    def _problem(self, error: sqlite3.Error) -> str:
        where = self.directory or "the temporary state"
        if _busy(error):
            return f"{where} is being written by another process for more than {BUSY_SECONDS:g} s"
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return f"{where}/{FILE} is damaged: {error}"
        return f"can't write to {where}: {error}"

    def close(self) -> None:
        self.db.close()
        if self._temporary is not None:
            self._temporary.cleanup()


def _version(db: sqlite3.Connection, path: Path) -> int:
    """Of a known file. Raises StateError for one that isn't ours or is too new."""
    (owner,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (there,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not there and owner == 0:
        return 0  # another process is about to lay it out
    if owner != APPLICATION_ID:
        raise StateError(f"{path} is not a Newscast state; give another directory")
    if not OLDEST <= version <= VERSION:
        raise StateError(
            f"{path} is of version {version}, and this Newscast reads up to version {VERSION}; "
            "give another directory"
        )
    return int(version)


def _check_whole(path: Path) -> None:
    """Raises StateError for a file that was cut short, at a cost that doesn't grow with it.

    SQLite itself notices damage only when it comes to a page that isn't there.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
        length = path.stat().st_size
        log = path.with_name(f"{FILE}-wal")
        logged = log.exists() and log.stat().st_size > 0
    except OSError as error:
        raise StateError(f"can't open {path}: {error.strerror}") from error
    if not header.startswith(b"SQLite format 3\0"):
        raise StateError(f"{path} is damaged or not a Newscast state: file is not a database")
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    if not logged and length < pages * (65_536 if page == 1 else page):
        raise StateError(f"{path} is damaged: it is {length} bytes of {pages} pages")


def _busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
