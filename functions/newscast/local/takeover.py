"""A state of version 1, as 0.1.0 and 0.2.0 kept it, becomes one of this version: all of it or nothing.

Version 1 had each item as it was sent, each object in a row, and of a message all that isn't its body in one
value. Everything is moved in one transaction; objects' files are written before it is committed, and a kill
before that leaves the old state as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from newscast.local.database import LAYOUT, Database
from newscast.local.deployed import Deployment
from newscast.local.engine.queue import Message
from newscast.local.engine.table import Change
from newscast.local.problem import StateError

OLD = ("item", "object", "message")
T = TypeVar("T")


def take_over(database: Database, deployment: Deployment) -> None:
    """Raises StateError where the template lacks a place for what is kept, or the old state is damaged."""
    with database.transaction() as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 1:  # another process may have been faster
            try:
                _move(db, database, deployment)
            except msgspec.DecodeError as error:
                raise StateError(f"{database.directory}/state.db is damaged: {error}") from error
        database.mark()


def _move(db: sqlite3.Connection, database: Database, deployment: Deployment) -> None:
    def place(found: Mapping[str, T], kind: str, name: str) -> T:
        if name not in found:
            raise StateError(
                f"{database.directory} holds state of the {kind} {name}, which the template lacks"
            )
        return found[name]

    for name in OLD:
        db.execute(f"ALTER TABLE {name} RENAME TO old_{name}")
    for statement in LAYOUT.split(";"):
        db.execute(statement)
    for name, body in db.execute("SELECT tbl, body FROM old_item"):
        table, item = place(deployment.tables, "table", name), msgspec.json.decode(body)
        table.apply(Change(table, table.key_of(item), None, item))
    for name, key, body, about in db.execute("SELECT bucket, key, body, about FROM old_object"):
        told = msgspec.json.decode(about)
        headers = {f"x-amz-meta-{each}": value for each, value in told["metadata"].items()}
        place(deployment.objects, "bucket", name).put(key, bytes(body), headers, told["stored_at"])
    sources = _by_stable_part(deployment)
    for id_, name, body, about in db.execute("SELECT id, queue, body, about FROM old_message ORDER BY rowid"):
        told = msgspec.json.decode(about)
        place(deployment.queues, "queue", name).add(_message(id_, body, told, sources))
    for name in OLD:
        db.execute(f"DROP TABLE old_{name}")


def _message(id_: str, body: str, told: Mapping[str, Any], queue_of: Callable[[str], str | None]) -> Message:
    """What was in flight is visible again."""
    return Message(
        id=id_,
        body=body,
        sent_at=told["sent_at"],
        attributes=told["attributes"],
        receives=told["receives"],
        first_received_at=told["first_received_at"],
        visible_at=told["delayed_until"] or 0.0,
        delayed=told["delayed_until"] is not None,
        source=queue_of(told["source"]) if told["source"] else None,
    )


def _by_stable_part(deployment: Deployment) -> Callable[[str], str | None]:
    """Queues by ARN, though what moto added to an unnamed queue's name was another each time."""
    fixed = {queue.arn: name for name, queue in deployment.queues.items()}

    def queue_of(arn: str) -> str | None:
        if arn in fixed:
            return fixed[arn]
        name = arn.rpartition(":")[2]
        return next((each for each in deployment.queues if f"-{each}-" in name), None)

    return queue_of
