"""A monthly ceiling: what the month has used so far in, how much slower to poll out. Pure.

Polling is the tap: intervals are lengthened by one factor, the stretch, for all feeds alike. Spending that
no poll causes stands (`at_rest`); the rest of the ceiling is what polls and their articles may cost, spread
over the month. While its share that is left keeps up with the month's, nothing is slowed; a month may run
ahead by HEADROOM before that. Then the stretch grows steeply with the pressure

    share of the month that is left × (1 - HEADROOM) / share of the money that is left

which settles where spending ends with the month, whatever a poll turns out to cost. It knows no month but
this one: it recovers by itself when the month turns or the ceiling is raised.
"""

from __future__ import annotations

import calendar
import math
import zlib
from datetime import datetime, timedelta

from msgspec.structs import replace

from newscast.cost.spending import articles_in, spent
from newscast.feeds import rhythm, timing
from newscast.feeds.feed import State
from newscast.feeds.meter import Pace, Use
from newscast.feeds.rows import Due

LONGEST = timedelta(days=2)
"""At the slowest each feed is polled so often, or as often as without a ceiling where that is less."""
SLOWEST = LONGEST / timedelta(minutes=rhythm.TURNS[0])
"""The largest stretch: it brings every feed there."""
HEADROOM = 0.2
"""Of what polls may cost in a month: a day of much news early in a month that is else under its ceiling."""
STEEPNESS = 12
"""Power of the pressure. Less, and a month is well over before it is slowed; more, and a day of news alone
brings the slowest pace."""
EASE = 1 / 30
"""A day, as a share of the month, that both shares have more: at the month's end they'd be 0 / 0."""
STEP = 1.1
"""A stretch that would change by less stays: feeds in turn keep their places (`comes`)."""
FRESH = timedelta(days=1)
"""What a round said that is older is not told: a ceiling that was taken away is mentioned by no round."""


def pace(use: Use, now: datetime, ceiling: float, table_bytes: float) -> Pace:
    """How a round polls; `table_bytes` says what storage costs."""
    month, elapsed = _month(now)
    edges = use.actors / use.articles if use.articles else 0.0
    held = articles_in(table_bytes, edges)
    at_rest = spent(polls=0, articles=0, revisions=0, elapsed_days=month, held_articles=held)
    so_far = spent(
        polls=use.polls,
        articles=use.articles,
        revisions=use.revisions,
        pages=use.pages,
        edges=edges,
        elapsed_days=month * elapsed,
        held_articles=held,
    )
    used = so_far - at_rest * elapsed
    last = use.pace.stretch if use.pace else 1.0
    return Pace(
        stretch=stretch(so_far, at_rest, elapsed, ceiling, last),
        spent=so_far,
        projected=at_rest + (used / elapsed if elapsed else 0.0),
        ceiling=ceiling,
        at=now,
    )


def _month(now: datetime) -> tuple[float, float]:
    """Days of the month, and the share of it that is over."""
    days = calendar.monthrange(now.year, now.month)[1]
    begin = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return float(days), (now - begin) / timedelta(days=days)


def stretch(spent: float, at_rest: float, elapsed: float, ceiling: float, last: float) -> float:
    """The factor of all intervals, 1 to SLOWEST: after `spent` of `ceiling` USD, once a share of the month
    has `elapsed`; `at_rest` is what a whole month costs in which nothing is polled, `last` the factor so far.
    """
    for_polls, kept = ceiling - at_rest, 1 - HEADROOM
    left = for_polls - (spent - at_rest * elapsed) + kept * EASE * for_polls
    if for_polls <= 0 or left <= 0:
        return SLOWEST
    pressure = kept * (1 - elapsed + EASE) / (left / for_polls)
    wanted = min(max(1.0, pressure) ** STEEPNESS, SLOWEST)
    if 1 < wanted < SLOWEST and last / STEP < wanted < last * STEP:
        return last
    return wanted


# ------------------------------------------------------------------------- what it does to a feed
def share(stretch: float, interval: timedelta) -> float:
    """The factor of one feed: none waits longer than LONGEST for it."""
    return max(1.0, min(stretch, LONGEST / interval)) if interval else 1.0


def comes(due: Due, stretch: float) -> bool:
    """Whether a due feed is polled now. One that was found by its turn sits out all but every `stretch`-th
    turn, without a write; which ones, its id says, so that as many are polled in each."""
    if due.turn is None or stretch <= 1:
        return True
    turn = timedelta(minutes=due.turn)
    each = share(stretch, turn)
    number = math.floor(due.due.timestamp() / turn.total_seconds())
    place = zlib.crc32(due.feed_id.encode()) / 2**32
    return math.floor(number / each + place) != math.floor((number - 1) / each + place)


def overdue(due: Due, stretch: float) -> timedelta:
    """For how long a feed in turn may have sat out when its net finds it."""
    interval = timedelta(minutes=due.interval_minutes)
    return interval * (share(stretch, interval) - 1)


def later(state: State, stretch: float, now: datetime) -> State:
    """After a poll: a feed that is in no turn is due later, whatever it waits for."""
    wait = state.next_due - now
    if stretch <= 1 or wait <= timedelta(0) or rhythm.turn_for(state.interval_minutes, state.next_why):
        return state
    due = timing.next_open(now + wait * share(stretch, wait), state.hints)
    return replace(state, next_due=due)


# ------------------------------------------------------------------------- what it tells
def told(use: Use, now: datetime) -> str | None:
    """A sentence for a person while polling is slowed."""
    last = use.pace
    if last is None or last.stretch <= 1 or now - last.at > FRESH:
        return None
    return (
        f"polling is slowed: intervals are {last.stretch:.1f} times as long, {LONGEST.days} days at most,"
        f" since ${last.spent:,.2f} of this month's ceiling of ${last.ceiling:,g} are spent, and at this rate"
        f" it would be ${last.projected:,.2f} (MonthlyCeiling; round of {last.at:%Y-%m-%d %H:%M} UTC)"
    )
