"""Around an open stack: who polls it, what has expired, and what signals do."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscast.local.database import Database
from newscast.local.deployed import Deployment
from newscast.local.engine.gate import Gate
from newscast.local.engine.table import Change
from newscast.local.problem import StateError

LOCK = "polling.lock"
AT_ONCE = 500
"""Expired items or objects that are removed in one transaction."""


@contextmanager
def polling(directory: Path) -> Iterator[None]:
    """The right to poll the queues of a directory, which one process has at a time. Raises StateError.

    The lock is the operating system's: it goes with its process, however that ends. Its file says whose it
    is.
    """
    path = directory / LOCK
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise StateError(f"can't keep state in {directory}: {error.strerror}") from error
    with file:
        try:
            # Not flock: a lock of that kind would live on in a child of a killed process.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            who = file.read(20).strip()
            raise StateError(
                f"{directory} is in use by another newscast run or up" + (f" (process {who})" if who else "")
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def check_places(database: Database, deployment: Deployment) -> None:
    """Raises StateError where the template lost the place of what is kept."""
    places = (
        ("table", "item", "tbl", deployment.tables),
        ("queue", "message", "queue", deployment.queues),
        ("bucket", "object", "bucket", deployment.objects),
    )
    with database.transaction(writes=False) as db:
        for kind, table, column, known in places:
            name = ""
            # From name to name by the index, whatever there is of each.
            least = f"SELECT min({column}) FROM {table} WHERE {column} > ?"  # noqa: S608  # of the constants above
            while (name := db.execute(least, (name,)).fetchone()[0]) is not None:
                if name not in known:
                    raise StateError(
                        f"{database.directory} holds state of the {kind} {name}, which the template lacks"
                    )


def show_again(database: Database) -> None:
    """What a process that ended had in hand is visible again. For who has the right to poll."""
    with database.transaction() as db:
        db.execute("UPDATE message SET visible_at = 0 WHERE receives > 0 AND NOT delayed")


def expire(database: Database, deployment: Deployment, now: float) -> None:
    """Remove what AWS would have removed by now: items by their time to live, objects by lifecycle rules."""
    for table in deployment.tables.values():
        while True:
            with database.transaction():
                over = table.expired(now, AT_ONCE)
                for item in over:
                    table.apply(Change(table, table.key_of(item), item, None))
            if len(over) < AT_ONCE:
                break
    for name, bucket in deployment.objects.items():
        for rule in deployment.plan.buckets[name].lifetimes:
            with database.transaction():
                for key in bucket.older(rule.prefix, now - rule.seconds):
                    bucket.remove(key)
            bucket.sweep()


@contextmanager
def interruptible(gate: Gate) -> Iterator[None]:
    """Ctrl-C ends what runs, but not in the middle of an AWS call."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    signal.signal(signal.SIGINT, lambda _signal, _frame: gate.interrupt(KeyboardInterrupt()))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def stopping(stop: threading.Event, gate: Gate) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(_signal: int, _frame: object) -> None:
        if stop.is_set():
            gate.interrupt(KeyboardInterrupt())
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
