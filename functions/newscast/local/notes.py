"""What was stored lately, in the order of its storing, and how far each reader of it has come.

A note is written in the same transaction as what it tells of. A file that records are written to keeps its
place here, with the length that it had then: so that whoever opens it again after a kill knows what in it
counts, and where to go on.
"""

from __future__ import annotations

from dataclasses import dataclass

from newscast.local.database import Database
from newscast.local.engine.gate import Gate

PART = 500
"""Notes that are read at once."""


@dataclass(frozen=True)
class Place:
    """How far a file has come: the last note in it, and its length in bytes then."""

    seq: int
    size: int


class Notes:
    """The notes of one state."""

    def __init__(self, database: Database, gate: Gate) -> None:
        self._database = database
        self._gate = gate

    def last(self) -> int:
        """Number of the last note."""
        with self._gate.turn(), self._database.transaction(writes=False) as db:
            row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'note'").fetchone()
        return int(row[0]) if row else 0

    def after(self, seq: int) -> list[tuple[int, str]]:
        """The next notes, with their numbers; at most PART."""
        with self._gate.turn(), self._database.transaction(writes=False) as db:
            return db.execute(
                "SELECT seq, body FROM note WHERE seq > ? ORDER BY seq LIMIT ?", (seq, PART)
            ).fetchall()

    def place(self, path: str) -> Place | None:
        """Where a file is; None for one that this state doesn't know."""
        with self._gate.turn(), self._database.transaction(writes=False) as db:
            row = db.execute("SELECT seq, size FROM outlet WHERE path = ?", (path,)).fetchone()
        return Place(*row) if row else None

    def move(self, path: str, place: Place) -> None:
        """Write down where a file is now."""
        with self._gate.turn(), self._database.transaction() as db:
            db.execute("INSERT OR REPLACE INTO outlet VALUES (?, ?, ?)", (path, place.seq, place.size))


def forget(database: Database) -> None:
    """Remove notes that every file has."""
    with database.transaction() as db:
        db.execute(
            "DELETE FROM note WHERE seq <= "
            "(SELECT coalesce(min(seq), (SELECT max(seq) FROM note)) FROM outlet)"
        )
