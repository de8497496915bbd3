"""A sample of `make fuzz`: what once grew too fast doesn't, and a few shapes more, always the same.

What is compared is CPU time at one length and at four times as much, measured again before it fails.
"""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.composed import composed, fixed
from tests.fuzz.judge import judged, problem_of
from tests.fuzz.measure import Cost
from tests.fuzz.rooms import ROOMS
from tests.fuzz.shape import Shape
from tests.fuzz.warm import warm

ONCE = {
    # what once grew too fast, or raised: (room, characters at which that shows)
    "combining marks of two classes, in the wrong order": ("normalise", 20_000),
    "Hebrew points in the wrong order": ("tag", 20_000),
    "<ul> in each other, not closed": ("normalise", 30_000),
    "<ol><li><p> in each other": ("normalise", 40_000),
    "desks in paragraphs": ("normalise", 60_000),
    "invitations": ("normalise", 60_000),
    "demonyms with and": ("tag", 16_000),
    "country and": ("tag", 16_000),
    "one surname of many": ("tag", 40_000),
    "one surname of all, then alone": ("tag", 40_000),
    "combining forms and a country": ("tag", 40_000),
    "peoples after a hyphen": ("tag", 40_000),
    "ru: {u}ами": ("tag", 6_000),
    "ru: бывший": ("tag", 30_000),
    "lists in lists, at body.extra": ("letter", 30_000),
}
SEED, MORE = 20261125, 6
KNOWN = {shape.name: shape for shape in fixed()}


def _more() -> list[tuple[str, Shape]]:
    chance = Random(SEED)
    rooms = [name for name in ROOMS if name not in ("feed", "raw feed", "page")]
    drawn = []
    for room in chance.choices(rooms, k=MORE):
        drawn.append((room, chance.choice([one for one in KNOWN.values() if one.kind in ROOMS[room].kinds])))
    return [*drawn, *(("normalise", composed(chance.randrange(10**6))) for _ in range(2))]


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm()


@pytest.mark.parametrize("name", ONCE)
def test_what_once_grew_too_fast(name: str) -> None:
    room, size = ONCE[name]
    verdict = judged(KNOWN[name], room, size, early=False)
    assert verdict.problem == "", verdict


@pytest.mark.parametrize(("room", "shape"), _more(), ids=lambda one: getattr(one, "name", one))
def test_a_few_more(room: str, shape: Shape) -> None:
    verdict = judged(shape, room, 20_000, early=False)
    assert verdict.problem == "", verdict


def _costs(
    *seconds: float, megabytes: tuple[float, float, float] = (1, 1, 1), problem: str = ""
) -> tuple[Cost, ...]:
    return tuple(Cost(one, other, problem) for one, other in zip(seconds, megabytes, strict=True))


@pytest.mark.parametrize(
    ("costs", "problem"),
    [
        (_costs(0.1, 0.2, 0.4), ""),
        (_costs(0.1, 0.21, 0.5), ""),  # the caches are left
        (_costs(0.1, 0.4, 1.6), "time grows too fast"),
        (_costs(0.01, 0.04, 0.16), ""),  # too little to tell
        (_costs(0.0, 0.0, 0.3), "time grows too fast"),
        (_costs(2, 4, 8), "more than 6 s"),
        (_costs(0.1, 0.2, 0.4, megabytes=(10, 40, 160)), "memory grows too fast"),
        (_costs(0.1, 0.2, 0.4, megabytes=(100, 200, 400)), "more than 256 MB"),
        (_costs(0.1, 0.2, 0.4, problem="RecursionError"), "RecursionError"),
    ],
)
def test_what_is_too_much(costs: tuple[Cost, ...], problem: str) -> None:
    assert problem_of(costs, ROOMS["tag"]) == problem


def test_every_shape_has_its_name_and_its_length() -> None:
    shapes = fixed()
    assert len(shapes) > 600
    assert len(KNOWN) == len(shapes)
    assert {
        shape.name: len(shape.make(4000)) for shape in shapes if not 3000 < len(shape.make(4000)) < 5500
    } == {}


def test_compositions_are_the_same_for_a_seed_and_differ() -> None:
    names = [composed(seed).name for seed in range(40)]
    assert [composed(seed).name for seed in range(40)] == names
    assert len({name.split(":", 1)[1] for name in names}) == 40
    assert composed(7).make(5000) == composed(7).make(5000)
