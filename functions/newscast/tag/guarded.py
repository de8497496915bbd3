"""A text, tagged by a worker (newscast.guard): who is in it, whatever stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from newscast.guard.budget import TAG
from newscast.guard.worker import Worker
from newscast.records import Tags

WORKER = "newscast.tag.worker"


class Setup(Struct, frozen=True):
    """What the worker tags by."""

    own_actors: tuple[tuple[str, str], ...] = ()
    """A user's CSV files, laid over our gazetteer: name and text."""
    recogniser: str = ""
    """Path of a statistical model's factory; empty for none."""


class Loaded(Struct, frozen=True):
    """What it says of that."""

    problems: tuple[str, ...] = ()
    """Lines of a user's files that can't be used."""


class Asked(Struct, frozen=True):
    """One text for the worker: the arguments of `newscast.tag.tag`."""

    text: str
    on: date | None
    language: str | None
    shouted: int


class Answered(Struct, frozen=True):
    """Who is in it, and of a recogniser its seconds and its problems."""

    tags: Tags
    recogniser_seconds: float | None = None
    recogniser_problems: tuple[str, ...] = ()


def read_many(asked: Sequence[Asked]) -> list[Answered | None]:
    """As `read`, for as many as come without trouble; null for those to be read by themselves."""
    answers = _worker.ask_many([msgspec.msgpack.encode(one) for one in asked])
    return [_ANSWERED.decode(answer) if answer else None for answer in answers]


def read(asked: Asked) -> Answered:
    """As `newscast.tag.tag`, within TAG. Raises OverBudgetError, BrokenWorkerError and WorkerFailedError."""
    return _ANSWERED.decode(_worker.ask(msgspec.msgpack.encode(asked)))


def start(setup: Setup) -> None:
    """Have the worker load the gazetteer; one with another setup is replaced."""
    _worker.start(msgspec.msgpack.encode(setup))


def loaded() -> Loaded:
    """What the worker says of its setup. Raises BrokenWorkerError."""
    return msgspec.msgpack.decode(_worker.told().loaded, type=Loaded)


def close() -> None:
    """End the worker, if there is one."""
    _worker.close()


_worker = Worker(WORKER, TAG, msgspec.msgpack.encode(Setup()))
_ANSWERED = msgspec.msgpack.Decoder(Answered)
