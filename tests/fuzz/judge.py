"""Whether a shape's cost grows faster than its length, or is more than a room may take."""

from __future__ import annotations

from collections.abc import Callable
from math import log

from msgspec import Struct

from tests.fuzz.measure import Cost, cost
from tests.fuzz.rooms import ROOMS, Room
from tests.fuzz.shape import Shape

STEEPEST = 1.5
"""The exponent between the length and four times it. Linear work measures 0.9 to 1.2 (n·log n 1.05; larger
texts leave the processor's caches), quadratic work 1.7 to 2: the middle tells them apart."""
SECONDS = 0.25
"""At four times the length, below which no exponent is believed: what is constant and what is noise is as
much."""
MEGABYTES = 48
"""The same of memory, which comes in blocks."""
LEAST = 0.004
"""Seconds and megabytes that a smaller measurement counts as, so that no ratio is made of noise."""
TRIES = 3
"""Measurements before a shape fails; the least of each length counts, as noise only ever adds."""
EARLY = 16
"""A sixteenth of the room's size is measured first: what is quadratic shows there, and is stopped there."""


class Verdict(Struct, frozen=True):
    """One shape in one room at n, 2n and 4n."""

    room: str
    shape: str
    size: int
    """n, in characters."""
    costs: tuple[Cost, ...]
    problem: str

    @property
    def exponent(self) -> float:
        return _exponent([one.seconds for one in self.costs])


def judged(shape: Shape, name: str, whole: int | None = None, *, early: bool = True) -> Verdict:
    """The verdict on a shape in a room, where 4n is `whole` characters, or the room's own size."""
    room = ROOMS[name]
    whole = whole or room.size
    for size in (whole // EARLY // 4, whole // 4) if early else (whole // 4,):
        costs = _costs(shape, room, size)
        problem = problem_of(costs, room)
        for _ in range(TRIES - 1):
            if not problem or any(one.problem for one in costs):
                break
            costs = tuple(map(_less, costs, _costs(shape, room, size)))
            problem = problem_of(costs, room)
        if problem:
            break
    return Verdict(name, shape.name, size, costs, problem)


def problem_of(costs: tuple[Cost, ...], room: Room) -> str:
    """What is wrong with the costs at n, 2n and 4n; empty if nothing is."""
    if stopped := next((one.problem for one in costs if one.problem), ""):
        return stopped
    most = costs[-1]
    if most.seconds > room.seconds:
        return f"more than {room.seconds:g} s"
    if most.megabytes > room.megabytes:
        return f"more than {room.megabytes} MB"
    if most.seconds > SECONDS and _exponent([one.seconds for one in costs]) > STEEPEST:
        return "time grows too fast"
    if most.megabytes > MEGABYTES and _exponent([max(one.megabytes, 1.0) for one in costs]) > STEEPEST:
        return "memory grows too fast"
    return ""


def _exponent(values: list[float]) -> float:
    """The power of the length with which values at n and 4n grow."""
    return log(max(values[-1], LEAST) / max(values[0], LEAST), 4) if len(values) > 1 else 0.0


def _costs(shape: Shape, room: Room, size: int) -> tuple[Cost, ...]:
    """At n, 2n and 4n, until one is stopped."""
    costs: list[Cost] = []
    for length in (size, 2 * size, 4 * size):
        costs.append(cost(_prepared(shape, room, length)))
        if costs[-1].problem:
            break
    return tuple(costs)


def _prepared(shape: Shape, room: Room, length: int) -> Callable[[], Callable[[], object]]:
    return lambda: room.work(shape, shape.make(length))


def _less(one: Cost, other: Cost) -> Cost:
    return Cost(
        min(one.seconds, other.seconds), min(one.megabytes, other.megabytes), one.problem or other.problem
    )
