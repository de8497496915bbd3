"""Rhythm, hints and hours: when a feed is polled next."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.feeds import timing
from newscast.feeds.feed import Hints, State
from newscast.feeds.manners import BACKOFFS
from newscast.feeds.spread import spread
from tests.feeds.world import DAY, HOUR, NOON

MINUTE = timedelta(minutes=1)
NONE = Hints()


@pytest.mark.parametrize(
    ("per_day", "expected"),
    [(0.0, DAY), (0.1, DAY), (1.0, 12 * HOUR), (3.0, 4 * HOUR), (12.0, HOUR), (500.0, HOUR)],
)
def test_a_feed_is_polled_about_twice_for_each_entry(per_day: float, expected: timedelta) -> None:
    assert timing.interval(per_day, floor=HOUR) == expected


def test_the_rate_follows_what_a_feed_publishes() -> None:
    state = State(next_due=NOON, rate_per_day=10.0, rate_at=NOON)
    assert timing.rate(state, 10, NOON + DAY) == pytest.approx(10.0)
    assert timing.rate(state, 0, NOON + 2 * DAY) == pytest.approx(7.5, abs=0.1)  # a weekend
    assert timing.rate(state, 0, NOON + 30 * DAY) < 0.2
    assert timing.rate(state, 100, NOON + DAY) == pytest.approx(22, abs=1)


@pytest.mark.parametrize(
    ("published", "per_day"),
    [
        ([NOON - HOUR, NOON - 6 * DAY, NOON - 8 * DAY, NOON + DAY], 2 / 7),
        ([NOON - number * HOUR for number in range(49)], 24.5),  # a document that holds two days
        ([NOON - HOUR, NOON - 2 * HOUR], 2.0),
        ([NOON - 8 * DAY], 0.0),
        ([], 0.0),
    ],
)
def test_the_first_rate_is_that_of_the_documents_own_days(published: list[datetime], per_day: float) -> None:
    assert timing.first_rate(published, NOON) == pytest.approx(per_day)


HINTS = [
    # hints, max-age, next poll, why
    (NONE, 0 * HOUR, NOON + HOUR, "rhythm"),
    (Hints(ttl_minutes=120), 0 * HOUR, NOON + 2 * HOUR, "ttl"),
    (Hints(ttl_minutes=5), 0 * HOUR, NOON + HOUR, "rhythm"),
    (Hints(ttl_minutes=10**6), 0 * HOUR, NOON + DAY, "ttl"),
    (Hints(ttl_minutes=120), 3 * HOUR, NOON + 3 * HOUR, "max-age"),
    (Hints(skip_hours=(13,)), 0 * HOUR, NOON + 2 * HOUR, "skip"),
    (Hints(skip_hours=(13, 14, 15)), 30 * MINUTE, NOON + 4 * HOUR, "skip"),
    (Hints(skip_days=(4, 5, 6)), 0 * HOUR, datetime.fromisoformat("2024-07-15T00:00:00Z"), "skip"),
    (Hints(skip_hours=(13,), skip_days=(5,)), 11 * HOUR, NOON + 11 * HOUR, "max-age"),
    (Hints(skip_hours=tuple(range(24))), 0 * HOUR, NOON + HOUR, "rhythm"),  # a mistake
    (Hints(skip_days=tuple(range(7))), 0 * HOUR, NOON + HOUR, "rhythm"),
]


@pytest.mark.parametrize(("hints", "fresh", "due", "why"), HINTS)
def test_hints_raise_the_interval_and_close_hours(
    hints: Hints, fresh: timedelta, due: datetime, why: str
) -> None:
    assert timing.after_success(NOON, HOUR, hints, fresh, dice=0.0) == (due, why)


@given(
    st.sets(st.integers(0, 23), max_size=23),
    st.sets(st.integers(0, 6), max_size=6),
    st.integers(0, 7 * 24 * 60),
)
def test_the_next_open_hour_is_open_and_not_earlier(hours: set[int], days: set[int], minutes: int) -> None:
    at = NOON + minutes * MINUTE
    hints = Hints(skip_hours=tuple(hours), skip_days=tuple(days))
    opened = timing.next_open(at, hints)
    assert opened >= at
    assert opened.hour not in hours
    assert opened.weekday() not in days


def test_every_backoff_has_a_reachable_cap() -> None:
    for backoff in BACKOFFS.values():
        assert backoff.first <= backoff.cap <= backoff.then


# ------------------------------------------------------------------------- bursts at the schedule
def test_a_small_round_goes_out_at_once() -> None:
    hosts = [f"h{number}" for number in range(10)]
    assert list(spread(hosts, window=240, gap=5)) == [(0, list(range(10)))]


def test_feeds_of_one_host_are_a_gap_apart() -> None:
    sent = {place: delay for delay, places in spread(["a", "a", "b", "a"], 240, 5) for place in places}
    assert sent == {0: 0, 2: 0, 1: 5, 3: 10}


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=300),
    st.floats(0, 900),
    st.floats(0, 30),
)
def test_all_are_sent_once_in_batches_that_sqs_takes(hosts: list[str], window: float, gap: float) -> None:
    batches = list(spread(hosts, window, gap))
    assert sorted(itertools.chain.from_iterable(places for _, places in batches)) == list(range(len(hosts)))
    assert all(1 <= len(places) <= 10 and 0 <= delay <= 900 for delay, places in batches)
    assert [delay for delay, _ in batches] == sorted(delay for delay, _ in batches)
    ranks: Counter[str] = Counter()
    sent = {place: delay for delay, places in batches for place in places}
    for place, host in enumerate(hosts):
        assert sent[place] >= min(int(ranks[host] * gap), 900)
        ranks[host] += 1


def test_a_large_round_is_spread_over_the_window() -> None:
    hosts = [f"h{number}" for number in range(20_000)]
    delays = Counter(delay for delay, places in spread(hosts, window=240, gap=5) for _ in places)
    assert max(delays) <= 240
    assert max(delays.values()) <= 100  # about 20,000 / 240
