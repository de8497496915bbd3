"""What a run stores, told as it is stored: to the screen, and to the file of --out.

With --data the file keeps its place beside the state (newscast.local.notes): opened again it is cut back to
what is known to be whole, and gets what it missed, whatever ended the run before.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from newscast.articles import stored
from newscast.articles.items import SCHEMA, Item, Key, key_of, read, schema_of
from newscast.articles.keys import HEAD, REVISIONS, partition
from newscast.articles.revisions import Revision, in_head
from newscast.articles.store import Articles
from newscast.articles.stored import Stored
from newscast.cli.problem import CommandError
from newscast.local.engine.table import Change
from newscast.local.notes import Notes, Place
from newscast.local.stack import Stack

MOST_TOLD = 20_000
"""Articles whose told revisions are remembered, so that two feeds of one publisher tell one once."""


def noted(changes: Sequence[Change]) -> Iterable[str]:
    """Names whose articles got a revision or a tag run by what one call wrote, with the time of its storing.

    A row that only moves, from a head to its own item or back, is not new.
    """
    before: dict[Key, Revision] = {}
    after: dict[Key, Revision] = {}
    for change in changes:
        before |= _revisions(change.old)
        after |= _revisions(change.new)
    times: dict[str, str] = {}
    for key in after.keys() - before.keys():
        row = after[key]
        times[row.name] = min(row.stored_at, times.get(row.name, row.stored_at))
    return [json.dumps(pair) for pair in times.items()]


def _revisions(item: Item | None) -> dict[Key, Revision]:
    if not item or not item["PK"]["S"].startswith(partition("")) or schema_of(item) != SCHEMA:
        return {}  # also what 0.1.0 wrote: `migrate` tells nothing anew
    if item["SK"]["S"].startswith(REVISIONS):
        return {key_of(item): read(item, Revision)}
    if item["SK"]["S"] == HEAD:
        name = item["PK"]["S"].removeprefix(partition(""))
        return {row.key: row for row in in_head(name, item)}
    return {}


class Teller:
    """Tells what an open stack stores from now on, and a file what it missed before."""

    def __init__(self, stack: Stack, articles: Articles, out: str | None, keeps: bool) -> None:
        """`keeps`: the state, and with it the file's place in it, outlives this process."""
        self._stack = stack
        self._articles = articles
        self._notes: Notes = stack.notes
        self._told: stored.Told = {}
        self._began = self._at = self._notes.last()
        self._file: IO[bytes] | None = None
        self._path = str(Path(out).resolve()) if out else ""
        self._keeps = keeps
        if out:
            self._open(out)

    def _open(self, out: str) -> None:
        path = Path(out)
        place = self._notes.place(self._path) if self._keeps else None
        with _said(out):
            regular = path.is_file() or not path.exists()
            if self._keeps and regular:
                self._file = path.open("ab")
                length = path.stat().st_size
                if place and place.size <= length:
                    os.truncate(path, place.size)  # what is behind was written but not known to be whole
                else:  # the user's, or begun by another state
                    os.truncate(path, _whole(path))
                self._file.seek(0, os.SEEK_END)
            else:
                self._file = path.open("wb")
        self._at = place.seq if place else self._began
        self._move()

    def tell(self) -> Iterator[Stored]:
        """What was stored since the last call, written to the file; the caller gets what is of this run."""
        while found := self._notes.after(self._at):
            moments: dict[str, str] = {}
            for _, body in found:
                name, moment = json.loads(body)
                moments[name] = min(moment, moments.get(name, moment))
            if len(self._told) > MOST_TOLD:
                self._told.clear()
            with self._stack.unbilled():
                records = list(stored.told(self._articles, moments, self._told))
            if self._file:
                with _said(self._path):
                    for record in records:
                        self._file.write(msgspec.json.encode(record) + b"\n")
                    self._file.flush()
            self._at = found[-1][0]
            self._move()
            if self._at > self._began:
                yield from records

    def _move(self) -> None:
        if self._file and self._keeps:
            size = self._file.tell() if self._file.seekable() else 0
            self._notes.move(self._path, Place(self._at, size))

    def close(self) -> None:
        if self._file:
            self._file.close()


@contextmanager
def telling(stack: Stack, articles: Articles, out: str | None, keeps: bool) -> Iterator[Teller]:
    """An open teller, whose file has what it missed before. Raises CommandError."""
    teller = Teller(stack, articles, out, keeps)
    try:
        for _ in teller.tell():
            pass
        yield teller
    finally:
        teller.close()


def _whole(path: Path) -> int:
    """Length of a file up to its last line's end."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65_536)
            file.seek(start)
            at = file.read(end - start).rfind(b"\n")
            if at >= 0:
                return start + at + 1
            end = start
    return 0


@contextmanager
def _said(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # the disk is full, there is no such directory
        raise CommandError(f"{path}: {error.strerror or error}") from error
