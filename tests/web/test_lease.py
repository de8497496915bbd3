"""One request at a time to a host, and a gap between two, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from newscast.web.lease import Held, Lease, Leases
from tests.web.lost import Repeating
from tests.web.table import empty_table

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LASTS = 25 * SECOND


@pytest.fixture
def leases() -> Iterator[Leases]:
    with empty_table() as dynamodb:
        yield Leases(dynamodb, "t")


def take(leases: Leases, who: str, seconds: float) -> Lease | Held:
    return leases.take("site.example", who, NOON + seconds * SECOND, LASTS)


def test_one_at_a_time_and_a_gap_after_it(leases: Leases) -> None:
    mine = take(leases, "me", 0)
    assert isinstance(mine, Lease)
    assert take(leases, "you", 1) == Held("site.example", NOON + LASTS, quiet=False)
    assert isinstance(leases.take("other.example", "you", NOON, LASTS), Lease)
    leases.give_back(mine, NOON + 2 * SECOND, gap=5 * SECOND)
    assert take(leases, "you", 6.9) == Held("site.example", NOON + 7 * SECOND, quiet=False)
    assert isinstance(take(leases, "you", 7), Lease)


def test_a_lease_that_is_taken_again_since_the_answer_was_lost_is_mine(leases: Leases) -> None:
    repeating = Leases(cast(Any, Repeating(leases.dynamodb)), "t")
    assert isinstance(take(repeating, "me", 0.1234), Lease)
    assert isinstance(take(leases, "you", 1), Held)
    assert isinstance(take(leases, "me", 1), Held)  # another request of the same poll


def test_a_fetcher_that_dies_blocks_its_host_no_longer_than_its_lease(leases: Leases) -> None:
    take(leases, "dies", 0)
    assert isinstance(take(leases, "you", 24.9), Held)
    yours = take(leases, "you", 25)
    assert isinstance(yours, Lease)


def test_a_lease_that_ran_out_gives_nothing_back(leases: Leases) -> None:
    late = take(leases, "late", 0)
    assert isinstance(late, Lease)
    take(leases, "you", 25)
    leases.give_back(late, NOON + 26 * SECOND, gap=SECOND)
    assert take(leases, "third", 30) == Held("site.example", NOON + 50 * SECOND, quiet=False)


def test_a_host_that_asks_for_quiet_gets_it(leases: Leases) -> None:
    mine = take(leases, "me", 0)
    assert isinstance(mine, Lease)
    leases.give_back(mine, NOON, 5 * SECOND, quiet_until=NOON + 3600 * SECOND)
    assert take(leases, "you", 3599) == Held("site.example", NOON + 3600 * SECOND, quiet=True)
    assert isinstance(take(leases, "you", 3600), Lease)


def test_a_longer_wish_is_not_shortened(leases: Leases) -> None:
    leases.ask_quiet("site.example", NOON + 100 * SECOND)
    leases.ask_quiet("site.example", NOON + 50 * SECOND)
    assert leases.quiet_until("site.example") == NOON + 100 * SECOND
    assert leases.quiet_until("other.example") is None
    assert take(leases, "me", 60) == Held("site.example", NOON + 100 * SECOND, quiet=True)


def test_who_waits_gets_a_turn_after_the_others(leases: Leases) -> None:
    apart, latest = 7 * SECOND, NOON + 60 * SECOND
    turns = [leases.turn("site.example", NOON, apart, latest) for _ in range(9)]
    assert turns[:8] == [NOON + number * apart for number in range(1, 9)]
    assert turns[8] is None  # after the latest
    assert leases.turn("site.example", NOON + 30 * SECOND, apart, NOON + 90 * SECOND) == NOON + 63 * SECOND
    assert leases.turn("other.example", NOON, apart, latest) == NOON + apart
    # When all have had theirs, the next begins anew.
    assert leases.turn("site.example", NOON + 70 * SECOND, apart, NOON + 130 * SECOND) == NOON + 77 * SECOND
    assert isinstance(take(leases, "anyone", 0), Lease)
