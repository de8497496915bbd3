"""Objects of a bucket: their content in files, what belongs to it in SQLite.

A file is named by a digest of its key and a number of its own, so that no key, whatever it holds, leads
anywhere else, and no content is ever written over. It is whole before its row names it, and goes after its
row: a kill between the two leaves a file that no row names, never a row without its file.
"""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from newscast.local.engine.encoding import after_prefix


@dataclass(frozen=True)
class Stored:
    """An object without its content."""

    key: str
    etag: str
    """MD5 of the content, as S3 makes it (without quotes)."""
    size: int
    stored_at: float
    file: str
    """Its content, within the bucket's folder."""
    headers: dict[str, str]
    """Content-Type and what else is given back with it; metadata as `x-amz-meta-…`."""


class Bucket:
    """The objects of one bucket. Called within a transaction of the database."""

    def __init__(
        self, db: sqlite3.Connection, logical_id: str, name: str, folder: Callable[[], Path]
    ) -> None:
        """`folder` says where files are put, when the first is."""
        self.logical_id = logical_id
        self.name = name
        self._db = db
        self._folder = folder
        self._over: list[Path] = []

    def put(self, key: str, content: bytes, headers: dict[str, str], now: float) -> Stored:
        """Store an object, or another content under a known key. Raises OSError, with nothing changed."""
        old = self.find(key)
        digest = hashlib.sha256(_encoded(key)).hexdigest()
        new = Stored(
            key=key,
            etag=hashlib.md5(content, usedforsecurity=False).hexdigest(),
            size=len(content),
            stored_at=now,
            file=f"{digest[:2]}/{digest[2:34]}.{uuid.uuid4().hex[:12]}",
            headers=headers,
        )
        path = self._path(new)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.write_bytes(content)
        except OSError:
            with suppress(OSError):
                path.unlink()
            raise
        about = msgspec.json.encode(headers)
        self._db.execute(
            "INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self.logical_id, _encoded(key), new.etag, new.size, now, new.file, about),
        )
        if old is not None:
            self._over.append(self._path(old))
        return new

    def find(self, key: str) -> Stored | None:
        row = self._db.execute(
            f"{_SELECT} WHERE bucket = ? AND key = ?", (self.logical_id, _encoded(key))
        ).fetchone()
        return None if row is None else _stored(row)

    def read(self, stored: Stored) -> bytes:
        """The content. Raises OSError where its file was taken away."""
        return self._path(stored).read_bytes()

    def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        if (old := self.find(key)) is not None:
            self._db.execute(
                "DELETE FROM object WHERE bucket = ? AND key = ?", (self.logical_id, _encoded(key))
            )
            self._over.append(self._path(old))

    def listed(self, prefix: str, after: str, most: int) -> Iterator[Stored]:
        """Objects whose key begins with a prefix and stands behind `after`, by key."""
        low = _encoded(prefix)
        end = after_prefix(low)
        rows = self._db.execute(
            f"{_SELECT} WHERE bucket = ? AND key >= ? AND key > ? AND (? IS NULL OR key < ?) "
            "ORDER BY key LIMIT ?",
            (self.logical_id, low, _encoded(after), end, end, most),
        )
        return map(_stored, rows.fetchall())

    def older(self, prefix: str, stored_at: float) -> list[str]:
        """Keys under a prefix of what was stored no later than a moment."""
        low = _encoded(prefix)
        rows = self._db.execute(
            "SELECT key FROM object WHERE bucket = ? AND key >= ? AND (? IS NULL OR key < ?) "
            "AND stored_at <= ?",
            (self.logical_id, low, end := after_prefix(low), end, stored_at),
        )
        return [key.decode("utf-8", "surrogatepass") for (key,) in rows.fetchall()]

    def sweep(self) -> None:
        """Remove the files of what was removed or replaced, once the call is committed."""
        while self._over:
            path = self._over.pop()
            with suppress(OSError):
                path.unlink()

    def keep(self) -> None:
        """The call was given up: the old files are the right ones still."""
        self._over.clear()

    def _path(self, stored: Stored) -> Path:
        return self._folder() / self.logical_id / stored.file


_SELECT = "SELECT key, etag, size, stored_at, file, about FROM object"


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _stored(row: tuple[bytes, str, int, float, str, bytes]) -> Stored:
    key, etag, size, stored_at, file, about = row
    headers: dict[str, str] = msgspec.json.decode(about)
    return Stored(key.decode("utf-8", "surrogatepass"), etag, size, stored_at, file, headers)
