"""Every shape in every room that reads its kind, at n, 2n and 4n; then compositions at random.

python -m tests.fuzz --seeds 40 --only "tag:surname" --size 100000
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.fuzz.composed import composed, fixed
from tests.fuzz.judge import Verdict, judged
from tests.fuzz.rooms import ROOMS
from tests.fuzz.shape import Shape
from tests.fuzz.warm import warm


def main() -> int:
    """Exit status 1 if a shape costs too much."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seeds", type=int, default=60, help="compositions at random")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--only", default="", help="ROOM, or ROOM:WORDS of a shape's name")
    parser.add_argument("--size", type=int, help="characters at 4n, instead of the room's own")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    room, _, words = asked.only.partition(":")
    shapes = fixed() + [composed(seed) for seed in range(asked.first, asked.first + asked.seeds)]
    _SHAPES.update((shape.name, shape) for shape in shapes)
    asks = [
        (name, shape.name, asked.size)
        for name, known in ROOMS.items()
        for shape in _SHAPES.values()
        if shape.kind in known.kinds and room in ("", name) and words in shape.name
    ]
    warm()
    print(f"{'n':>9}  {'ms at n':>8} {'2n':>8} {'4n':>8}  {'exp':>5} {'MB':>6}  room: shape", flush=True)
    bad = []
    # What is measured is forked again from each of these, which hold the tables already.
    with ProcessPoolExecutor(asked.jobs, multiprocessing.get_context("fork")) as pool:
        for verdict in pool.map(_one, asks):
            print(line(verdict), flush=True)
            bad += [verdict] if verdict.problem else []
    print(f"{len(asks)} measured, {len(bad)} cost too much")
    for verdict in bad:
        print(line(verdict))
    return 1 if bad else 0


_SHAPES: dict[str, Shape] = {}
"""By name; the processes of the pool have them from this one."""


def _one(ask: tuple[str, str, int | None]) -> Verdict:
    name, shape, size = ask
    return judged(_SHAPES[shape], name, size, early=size is None)


def line(verdict: Verdict) -> str:
    """One line of the table."""
    ms = [f"{one.seconds * 1000:8.0f}" for one in verdict.costs] + ["        "] * (3 - len(verdict.costs))
    most = max(one.megabytes for one in verdict.costs)
    exponent = f"{verdict.exponent:5.2f}" if verdict.costs[-1].seconds > 0.02 else "    -"
    problem = f"   {verdict.problem.upper()}" if verdict.problem else ""
    return (
        f"{verdict.size:>9}  {' '.join(ms)}  {exponent} {most:6.0f}  {verdict.room}: {verdict.shape}{problem}"
    )


if __name__ == "__main__":
    sys.exit(main())
