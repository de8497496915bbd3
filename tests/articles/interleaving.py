"""Histories with writers that take turns at each step, are killed, fail, or lose their acknowledgement.

Whoever is killed or fails has its message delivered again. When all is drained, the table must be what an
undisturbed run of the same events makes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from newscast.articles.ops import Op, Read, Write
from newscast.articles.regrouping import regrouping
from newscast.articles.writing import ContendedError, Keeping, saving
from tests.articles.histories import Event, history
from tests.articles.memory import Memory
from tests.articles.samples import NOON

KILLED, FAILED, TWICE, CONFLICT = 0.06, 0.05, 0.04, 0.04
"""Chances at each step: killed before it · an error after it was applied · applied, its answer lost, and
tried again by the client · another transaction in the way."""
LOST_ACK = 0.1
WRITERS = 3
MAX_DELIVERIES = 60

Split = Callable[[Op], Iterator[Op]]
"""How an operation is carried out: as one step, or (a planted bug) as several."""
Work = Generator[Op, Any, object]


class KilledError(Exception):
    """The writer is gone; its message will be delivered again."""


def whole(op: Op) -> Iterator[Op]:
    yield op


def torn(op: Op) -> Iterator[Op]:
    """AWS promises no one moment for all rows of a BatchGetItem: others may write between them."""
    yield from (Read((key,)) for key in op.keys) if isinstance(op, Read) else (op,)


@dataclass
class Played:
    """One drained history."""

    events: list[Event]
    memory: Memory
    kills: int = 0
    dead: int = 0
    """Messages given up after MAX_DELIVERIES."""
    outcomes: Counter[str] = field(default_factory=Counter)


def play(seed: int, split: Split = whole, faults: bool = True) -> Played:
    rng = random.Random(seed)
    played = Played(history(rng), Memory())
    queue = [*played.events, *(event for event in played.events if rng.random() < 0.3)]
    rng.shuffle(queue)
    deliveries: Counter[int] = Counter()
    running: list[tuple[Event, Iterator[None]]] = []
    while queue or running:
        if queue and len(running) < WRITERS:
            event = queue.pop()
            deliveries[id(event)] += 1
            running.append((event, _worker(played, event, split, rng if faults else None)))
        place = rng.randrange(len(running))
        event, worker = running[place]
        try:
            next(worker)
            continue
        except StopIteration:
            again = faults and rng.random() < LOST_ACK
        except (KilledError, ContendedError, KeyError):  # the last: a record that another has taken over
            played.kills += 1
            again = True
        running.pop(place)
        if again and deliveries[id(event)] >= MAX_DELIVERIES:
            played.dead += 1
        elif again:
            queue.insert(rng.randint(0, len(queue)), event)
    return played


def _worker(played: Played, event: Event, split: Split, rng: random.Random | None) -> Iterator[None]:
    if isinstance(event, tuple):
        if not _granted(played.memory, event):
            played.memory.grant(*event)
        yield
        yield from _working(played, regrouping(event[0], Keeping(NOON)), split, rng)
    else:
        yield from _working(played, saving(event, "c", Keeping(NOON)), split, rng)


def _granted(memory: Memory, event: tuple[str, str]) -> bool:
    item = memory.items.get((f"AUTH#{event[0]}", "GRANTS"))
    return item is not None and event[1] in item["grants"]["S"]


def _working(played: Played, work: Work, split: Split, rng: random.Random | None) -> Iterator[None]:
    answer: Any = None
    while True:
        try:
            ask = work.send(answer)
        except StopIteration as done:
            played.outcomes[str(getattr(done.value, "outcome", "regrouped"))] += 1
            return
        answers = []
        for op in split(ask):
            yield  # the others' turn
            answers.append(_step(played.memory, op, rng))
        if isinstance(ask, Read):
            answer = {key: item for found in answers for key, item in found.items()}
        else:
            answer = all(answers) if isinstance(ask, Write) else answers[0]


def _step(memory: Memory, op: Op, rng: random.Random | None) -> Any:
    if rng is None:
        return memory.carry_out(op)
    chance = rng.random()
    if chance < KILLED:
        raise KilledError
    if chance < KILLED + CONFLICT and isinstance(op, Write):
        return False
    answer = memory.carry_out(op)
    if rng.random() < FAILED:
        raise KilledError  # applied, but the writer does not learn it
    return memory.carry_out(op) if rng.random() < TWICE else answer
