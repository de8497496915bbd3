"""Random calls on the engine and on another backend, side by side: they agree, but for the shapes listed.

NEWSCAST_SEEDS: sequences of 100 calls (in CI the sample below); NEWSCAST_BACKEND: the other backend.
"""

from __future__ import annotations

import os
from collections import Counter

from tests.contract import differences
from tests.contract.backends import opened
from tests.contract.random_calls import queues_apart, tables_apart
from tests.contract.shapes import SHAPES

SAMPLE = 12
"""Sequences on tables in CI; on queues a third of that."""
SEEDS = int(os.environ.get("NEWSCAST_SEEDS", SAMPLE))
CALLS = 100
OTHER = os.environ.get("NEWSCAST_BACKEND", "moto").replace("engine", "moto")


def test_two_backends_agree() -> None:
    shapes = [shape for shape in SHAPES if shape.backend == OTHER]
    met: Counter[str] = Counter()
    with opened("engine", OTHER) as (ours, theirs):
        for apart, seeds in ((tables_apart, SEEDS), (queues_apart, SEEDS // 3)):
            for seed in range(seeds):
                for found in apart(ours, theirs, seed, CALLS):
                    shape = next((each for each in shapes if each.is_of(found)), None)
                    assert shape, f"{apart.__name__} {seed}: {found}"
                    met[shape.does] += 1
    print(f"{(SEEDS + SEEDS // 3) * CALLS} calls, {met.total()} otherwise: {dict(met)}")
    assert {shape.does for shape in shapes if not shape.rare} <= set(met), "a shape that no longer occurs"


def test_each_shape_is_shown_by_a_probe() -> None:
    known = {(backend, probe) for backend, probe in differences.known()}
    for shape in SHAPES:
        assert any(backend == shape.backend and probe.startswith(shape.probe) for backend, probe in known), (
            shape.does
        )
