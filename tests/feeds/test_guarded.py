"""Documents by the worker that fetch asks: hostile ones end within the budget, and the next is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newscast.feeds import guarded
from newscast.guard.budget import PARSE
from newscast.records import Cause
from tests.feeds.hostile import CASES
from tests.feeds.world import item, rss

FEED = rss(item(1), item(2))


@pytest.fixture(autouse=True, scope="module")
def _ended() -> Iterator[None]:
    yield
    guarded.close()


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_document_is_read_or_refused_and_the_next_is_read(name: str) -> None:
    make, size = CASES[name]
    found = guarded.read(make(size))
    assert found.refused is None or found.problem
    assert len(guarded.read(FEED).entries) == 2


def test_a_document_larger_than_the_worker_may_hold_is_refused() -> None:
    refused: Cause = "memory"
    assert guarded.read(bytes(PARSE.memory)).refused == refused
    assert len(guarded.read(FEED).entries) == 2
