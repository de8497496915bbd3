"""The monthly ceiling: months played round by round, and what a stretch makes of each feed."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from newscast.cost.basis import polls_of
from newscast.cost.spending import spent
from newscast.feeds import ceiling
from newscast.feeds.ceiling import HEADROOM, LONGEST, SLOWEST, comes, later, share
from newscast.feeds.feed import Hints, State
from newscast.feeds.meter import Pace, Use
from newscast.feeds.rhythm import TURNS, after
from newscast.feeds.rows import Due
from tests.feeds.world import DAY, HOUR, NOON

JULY = datetime(2024, 7, 1, tzinfo=UTC)
ROUND = 3 * HOUR
QUIET: Mapping[int, float] = {}
BUSY = ({2: 10.0}, {9: 10.0, 20: 10.0}, {28: 10.0})
"""Ten times the news on a day of the month."""
WINDOW = 40
"""Entries that a feed's document holds: what is older when it is polled is lost."""


class Month:
    """Feeds that bring so many entries a day each, polled under a ceiling."""

    def __init__(self, usd: float, feeds: int, a_day: float, bursts: Mapping[int, float], held: float = 0):
        self.use = Use()
        self.stretches: list[float] = []
        self.interval = DAY / polls_of(a_day)[0]
        days = calendar.monthrange(JULY.year, JULY.month)[1]
        for number in range(days * DAY // ROUND):
            now = JULY + number * ROUND
            self.pace = ceiling.pace(self.use, now, usd, held)
            self.stretches.append(self.pace.stretch)
            waited = self.interval * share(self.pace.stretch, self.interval)
            polls = feeds * (ROUND / waited)
            brought = min(a_day * bursts.get(now.day, 1.0) * (waited / DAY), WINDOW)
            self.use = replace(
                self.use,
                polls=self.use.polls + polls,
                articles=self.use.articles + polls * brought / 1.3,
                revisions=self.use.revisions + polls * brought * 0.3 / 1.3,
                actors=self.use.actors + polls * brought * 8 / 1.3,
                pace=self.pace,
            )
        end = JULY + days * DAY - timedelta(seconds=1)
        self.spent = ceiling.pace(self.use, end, usd, held).spent

    @property
    def at_slowest(self) -> bool:
        return share(self.pace.stretch, self.interval) == LONGEST / self.interval


def at_rest() -> float:
    return spent(polls=0, articles=0, revisions=0, elapsed_days=31)


@cache
def free_month(feeds: int, a_day: float, busy: int | None) -> Month:
    month = Month(1e6, feeds, a_day, QUIET if busy is None else BUSY[busy])
    assert set(month.stretches) == {1.0}
    return month


@pytest.mark.parametrize("busy", [None, 0, 1, 2])
@pytest.mark.parametrize("part", [0.4, 0.9])
@pytest.mark.parametrize(("feeds", "a_day"), [(200, 16.0), (2000, 0.5), (20_000, 60.0)])
def test_a_month_ends_at_its_ceiling_or_at_the_slowest_pace(
    feeds: int, a_day: float, part: float, busy: int | None
) -> None:
    free = free_month(feeds, a_day, busy)
    usd = at_rest() + (free.spent - at_rest()) * part
    month = Month(usd, feeds, a_day, QUIET if busy is None else BUSY[busy])
    assert month.spent < free.spent
    assert month.spent < usd * 1.02 or month.at_slowest
    assert month.spent > usd * 0.99
    # A tenth in a round of five minutes at most, also when ten times as much comes late in the month.
    assert max(max(a / b, b / a) for a, b in pairwise(month.stretches)) < ceiling.STEP ** (ROUND / HOUR * 12)
    # It settles: between neighbouring steps it goes to and fro every other day.
    steps = [each for each, _ in groupby(month.stretches)]
    turns = sum((a < b) != (b < c) for a, b, c in zip(steps, steps[1:], steps[2:], strict=False))
    assert turns <= 20


def test_what_is_left_is_spread_over_the_rest_of_the_month() -> None:
    free = free_month(20_000, 60.0, None)
    month = Month(at_rest() + (free.spent - at_rest()) * 0.6, 20_000, 60.0, QUIET)
    later_half = month.stretches[len(month.stretches) // 2 :]
    assert not month.at_slowest
    assert max(later_half) < 1.5 * min(later_half)


@pytest.mark.parametrize("bursts", [QUIET, *BUSY])
def test_a_month_under_its_ceiling_is_never_slowed(bursts: Mapping[int, float]) -> None:
    held = 8e9
    free = Month(1e6, 2000, 3.0, bursts, held)
    month = Month(free.spent * 1.25, 2000, 3.0, bursts, held)
    assert set(month.stretches) == {1.0}
    assert month.spent == pytest.approx(free.spent)


@settings(max_examples=200, deadline=None)
@given(
    elapsed=st.floats(0, 1),
    ahead=st.floats(-1, 1),
    at_rest=st.floats(0, 50),
    for_polls=st.floats(0.1, 1000),
    last=st.floats(1, SLOWEST),
)
def test_the_line_below_which_nothing_is_slowed(
    elapsed: float, ahead: float, at_rest: float, for_polls: float, last: float
) -> None:
    line = elapsed + HEADROOM * (1 - elapsed)
    used = max(0.0, (line + ahead) * for_polls)
    found = ceiling.stretch(used + at_rest * elapsed, at_rest, elapsed, at_rest + for_polls, last)
    assert 1 <= found <= SLOWEST
    if ahead < -1e-9:
        assert found == 1
    more = ceiling.stretch(used + at_rest * elapsed + 0.1, at_rest, elapsed, at_rest + for_polls, 1.0)
    raised = ceiling.stretch(used + at_rest * elapsed, at_rest, elapsed, at_rest + for_polls + 5, 1.0)
    assert raised <= found * ceiling.STEP
    assert more * ceiling.STEP >= found or last > 1


def test_what_costs_at_rest_alone_is_over_the_ceiling_polls_at_the_slowest_pace() -> None:
    assert ceiling.stretch(0, 6, 0, 5, 1.0) == SLOWEST
    assert ceiling.pace(Use(), JULY + DAY, 1, 0).stretch == SLOWEST
    # Storage is at rest too.
    assert ceiling.pace(Use(), JULY + DAY, 20, 0).stretch == 1
    assert ceiling.pace(Use(), JULY + DAY, 20, 60e9).stretch == SLOWEST


def test_it_recovers_when_the_ceiling_is_raised_and_when_the_month_turns() -> None:
    now = JULY + 15 * DAY
    use = Use(polls=2e6, articles=1e6, actors=8e6)
    slowed = ceiling.pace(use, now, 18, 0)
    assert slowed.stretch > 2
    use = replace(use, pace=slowed)
    assert ceiling.pace(use, now, 80, 0).stretch == 1
    assert ceiling.pace(Use(), datetime(2024, 8, 1, tzinfo=UTC), 18, 0).stretch == 1


# ------------------------------------------------------------------------- feeds
def found(number: int, turn: int | None, at: datetime) -> Due:
    return Due(feed_id=f"f{number:016x}", due=at, interval_minutes=turn or 1440, turn=turn)


@pytest.mark.parametrize(
    ("turn", "stretch"),
    [(5, 2.0), (5, SLOWEST), (60, 1.0), (60, 1.5), (60, 2.0), (60, 2.7), (60, SLOWEST), (480, SLOWEST)],
)
def test_feeds_in_turn_sit_out_alike_and_in_no_turn_all_at_once(turn: int, stretch: float) -> None:
    each = share(stretch, timedelta(minutes=turn))
    turns, feeds = 24 * 12, 80
    polled: Counter[int] = Counter()
    in_one: Counter[int] = Counter()
    for feed in range(feeds):
        before = -1
        for number in range(turns):
            if comes(found(feed, turn, NOON + number * timedelta(minutes=turn)), stretch):
                polled[feed] += 1
                in_one[number] += 1
                assert number - before <= each + 1
                before = number
        assert turns - 1 - before < each + 1
        assert abs(polled[feed] - turns / each) <= 1
    assert sum(polled.values()) == pytest.approx(feeds * turns / each, rel=0.1)
    most = feeds / each
    assert max(in_one.values()) <= most + 6 * most**0.5 + 1
    assert timedelta(minutes=turn) * each <= LONGEST


def test_what_is_in_no_turn_always_comes_when_it_is_due() -> None:
    assert all(comes(found(number, None, NOON), SLOWEST) for number in range(50))


@pytest.mark.parametrize(
    ("why", "minutes", "wait", "waits"),
    [
        ("rhythm", 60, HOUR, HOUR),  # in turn: it sits out instead
        ("max-age", 480, 8 * HOUR, 8 * HOUR),
        ("rhythm", 1440, DAY, 2 * DAY),
        ("waiting", 60, HOUR, 3 * HOUR),
        ("timeout", 60, 2 * HOUR, 6 * HOUR),
        ("gone", 60, 25 * HOUR, 2 * DAY),
        ("denied", 60, 7 * DAY, 7 * DAY),  # longer than the slowest pace as it is
        ("rhythm", 1440, timedelta(0), timedelta(0)),
    ],
)
def test_what_is_in_no_turn_is_due_later(why: str, minutes: float, wait: timedelta, waits: timedelta) -> None:
    state = State(next_due=NOON + wait, next_why=why, interval_minutes=minutes)
    assert later(state, 1.0, NOON) == state
    slowed = later(state, 3.0, NOON)
    assert slowed == replace(state, next_due=NOON + waits)


def test_hours_that_a_feed_closes_stay_closed() -> None:
    state = State(next_due=NOON + 3 * HOUR, next_why="waiting", hints=Hints(skip_hours=(18, 19)))
    assert later(state, 2.0, NOON).next_due == NOON + 8 * HOUR


def test_a_turn_that_is_sat_out_moves_no_later_one() -> None:
    # A feed that comes again after some turns is not taken for one that is late.
    assert all(after(NOON, turn, NOON, 0.5) == NOON + timedelta(minutes=turn) for turn in TURNS)


def test_it_tells_in_one_line_while_it_is_so() -> None:
    last = Pace(stretch=2.44, spent=31.2, projected=55.1, ceiling=40, at=NOON)
    told = ceiling.told(Use(pace=last), NOON + HOUR)
    assert told is not None
    assert "\n" not in told
    for part in ("2.4 times", "$31.20", "$40 ", "$55.10", "2024-07-12 12:00 UTC", "MonthlyCeiling"):
        assert part in told
    assert ceiling.told(Use(pace=last), NOON + 2 * DAY) is None  # no round has said so since
    assert ceiling.told(Use(pace=replace(last, stretch=1.0)), NOON) is None
    assert ceiling.told(Use(), NOON) is None
