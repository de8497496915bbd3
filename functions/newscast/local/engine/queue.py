"""One queue, answered from SQLite: its messages in the order in which they show.

A receive costs what it returns, whatever the queue's depth. Times are Unix seconds, passed in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

Attributes = dict[str, dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A queue as its template declares it."""

    logical_id: str
    name: str
    arn: str
    url: str
    visibility: float
    """Seconds that a delivered message is hidden."""
    retention: float
    """Seconds that a message is kept from its sending on."""
    delay: float
    max_bytes: int
    dead_letter: str | None = None
    """Logical id of its dead-letter queue."""
    max_receives: int = 0


@dataclass
class Message:
    """A message until it is deleted."""

    id: str
    body: str
    sent_at: float
    attributes: Attributes = field(default_factory=dict)
    """Message attributes as they were sent (`{"reason": {"DataType": "String", "StringValue": "…"}}`)."""
    receives: int = 0
    first_received_at: float | None = None
    visible_at: float = 0.0
    delayed: bool = False
    """Waits for its DelaySeconds (and is not in flight)."""
    source: str | None = None
    """Logical id of the queue that a redrive policy took it from."""
    handle: str = ""
    """The latest receipt handle; older ones no longer delete it."""
    seq: int = 0
    """Counts messages as they are sent."""


class Queue:
    """A standard queue."""

    def __init__(self, db: sqlite3.Connection, declared: Declared) -> None:
        self.declared = declared
        self.logical_id = declared.logical_id
        self.name = declared.name
        self.arn = declared.arn
        self.url = declared.url
        self.visibility = declared.visibility
        self.retention = declared.retention
        self.delay = declared.delay
        self.max_bytes = declared.max_bytes
        self.max_receives = declared.max_receives
        self.dead_letter: Queue | None = None
        """Set once all queues are there (deployed.py)."""
        self._db = db

    def add(self, message: Message) -> None:
        """Put a message in: a new one (`seq` of 0), or one that another queue had."""
        row = _row(message)
        if message.seq:
            self._db.execute(
                f"UPDATE message SET queue = ?, {_SET} WHERE seq = ?",  # noqa: S608  # of constants
                (self.logical_id, *row, message.seq),
            )
            return
        made = self._db.execute(
            "INSERT INTO message (queue, visible_at, receives, delayed, first_received_at, source, handle, "
            "id, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.logical_id, *row, message.id, message.sent_at),
        )
        message.seq = made.lastrowid or 0
        self._db.execute(
            "INSERT INTO content VALUES (?, ?, ?)",
            (message.seq, message.body, msgspec.json.encode(message.attributes)),
        )

    def update(self, message: Message) -> None:
        """Write down what a call changed of a message; its content stays."""
        self._db.execute(
            f"UPDATE message SET {_SET} WHERE seq = ?",  # noqa: S608  # of constants
            (*_row(message), message.seq),
        )

    def remove(self, message: Message) -> None:
        self._db.execute("DELETE FROM message WHERE seq = ?", (message.seq,))
        self._db.execute("DELETE FROM content WHERE seq = ?", (message.seq,))

    def clear(self) -> None:
        """Remove every message."""
        mine = "(SELECT seq FROM message WHERE queue = ?)"
        self._db.execute(f"DELETE FROM content WHERE seq IN {mine}", (self.logical_id,))  # noqa: S608
        self._db.execute("DELETE FROM message WHERE queue = ?", (self.logical_id,))

    def find(self, message_id: str) -> Message | None:
        """A message of this queue, without its body and attributes."""
        row = self._db.execute(
            f"SELECT {_FACTS}, '', x'7b7d' FROM message AS m WHERE m.id = ? AND m.queue = ?",  # noqa: S608
            (message_id, self.logical_id),
        ).fetchone()
        return None if row is None else _message(row)

    def line(self, now: float) -> Iterator[Message]:
        """Visible messages, in order; what is done to one that was given doesn't bring it back into line."""
        after = (float("-inf"), 0, 0)
        given: set[int] = set()
        while True:
            rows = self._db.execute(
                f"SELECT {_FACTS}, c.body, c.attributes FROM message AS m JOIN content AS c USING (seq) "  # noqa: S608
                "WHERE m.queue = ? AND m.visible_at <= ? AND (m.visible_at, m.receives, m.seq) > (?, ?, ?) "
                "ORDER BY m.visible_at, m.receives, m.seq LIMIT 10",
                (self.logical_id, now, *after),
            ).fetchall()
            if not rows:
                return
            messages = [_message(row) for row in rows]
            last = messages[-1]
            after = (last.visible_at, last.receives, last.seq)
            for message in messages:
                if message.seq not in given:  # else it was shown again at once
                    given.add(message.seq)
                    yield message

    def visible(self, now: float, most: int) -> int:
        """How many a receive could take now; counted up to `most`."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM message WHERE queue = ? AND visible_at <= ? LIMIT ?)",
            (self.logical_id, now, most),
        ).fetchone()
        return int(count)

    def first_visible_at(self) -> float | None:
        """When its first message shows, or did; None if it is empty."""
        (at,) = self._db.execute(
            "SELECT min(visible_at) FROM message WHERE queue = ?", (self.logical_id,)
        ).fetchone()
        return None if at is None else float(at)

    def expired(self, message: Message, now: float) -> bool:
        return message.sent_at + self.retention <= now

    def counts(self, now: float) -> Counts:
        """How many are visible, in flight and delayed (walks the queue: for people, not for pollers)."""
        total, hidden, delayed = self._db.execute(
            "SELECT count(*), total(visible_at > ?1), total(visible_at > ?1 AND delayed) FROM message "
            "WHERE queue = ?2",
            (now, self.logical_id),
        ).fetchone()
        return Counts(int(total - hidden), int(hidden - delayed), int(delayed))

    @property
    def depth(self) -> int:
        """All its messages. Not its length: an empty queue is still a queue."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM message WHERE queue = ?", (self.logical_id,)
        ).fetchone()
        return int(count)

    def __iter__(self) -> Iterator[Message]:
        """All messages, as they were sent."""
        rows = self._db.execute(
            f"SELECT {_FACTS}, c.body, c.attributes FROM message AS m JOIN content AS c USING (seq) "  # noqa: S608
            "WHERE m.queue = ? ORDER BY m.seq",
            (self.logical_id,),
        ).fetchall()
        return map(_message, rows)


@dataclass(frozen=True)
class Counts:
    """Messages of a queue by what they wait for."""

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        return self.visible + self.in_flight + self.delayed


_FACTS = (
    "m.id, m.sent_at, m.receives, m.first_received_at, m.visible_at, m.delayed, m.source, m.handle, m.seq"
)
_SET = "visible_at = ?, receives = ?, delayed = ?, first_received_at = ?, source = ?, handle = ?"


def _row(message: Message) -> tuple[object, ...]:
    """The values of _SET."""
    return (
        message.visible_at,
        message.receives,
        message.delayed,
        message.first_received_at,
        message.source,
        message.handle,
    )


def _message(row: tuple[Any, ...]) -> Message:
    id_, sent_at, receives, first, visible_at, delayed, source, handle, seq, body, attributes = row
    return Message(
        id=id_,
        body=body,
        sent_at=sent_at,
        attributes=_attributes(attributes),
        receives=receives,
        first_received_at=first,
        visible_at=visible_at,
        delayed=bool(delayed),
        source=source,
        handle=handle,
        seq=seq,
    )


_attributes = msgspec.json.Decoder(Attributes).decode
