"""When to poll next: rhythm, hints and wishes in, a time and its reason out. Pure.

`dice` is a number from 0 to 1 from the caller.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from newscast.feeds import manners
from newscast.feeds.feed import Hints, State, Trouble
from newscast.feeds.manners import DAY, HOUR, Backoff


def rate(state: State, entries: int, now: datetime) -> float:
    """Entries a day, as a moving average that forgets over about a week; null before it means none."""
    if state.rate_per_day is None or state.rate_at is None:
        return float(entries)
    days = max((now - state.rate_at) / DAY, 1e-3)
    kept = math.exp(-days / manners.RATE_MEMORY_DAYS)
    return state.rate_per_day * kept + (entries / days) * (1 - kept)


def first_rate(published: Sequence[datetime], now: datetime) -> float:
    """Entries a day of a feed seen for the first time, from the times of those in its document: over a
    week, or over as many days as the document goes back, since a newsroom's may hold just one."""
    week = [at for at in published if timedelta(0) <= now - at <= 7 * DAY]
    if not week:
        return 0.0
    whole = any(now - at > 7 * DAY for at in published)
    return len(week) / (7 if whole else max((now - min(week)) / DAY, 1.0))


def interval(per_day: float, floor: timedelta) -> timedelta:
    """Time between polls of a feed that publishes so often: between the floor and a day."""
    wanted = DAY / (manners.POLLS_PER_ENTRY * per_day) if per_day > 1e-3 else manners.INTERVAL_CAP
    return max(floor, min(wanted, manners.INTERVAL_CAP))


def after_success(
    now: datetime, every: timedelta, hints: Hints, fresh: timedelta, dice: float
) -> tuple[datetime, str]:
    """Next poll after one that worked, and which of the wishes decided it."""
    wishes = [(every, "rhythm"), (_ttl(hints), "ttl"), (fresh, "max-age")]
    wait, why = max(wishes, key=lambda wish: wish[0])
    due = now + wait * (1 + manners.JITTER * dice)
    opened = next_open(due, hints)
    return (opened, "skip") if opened != due else (due, why)


def _ttl(hints: Hints) -> timedelta:
    return min(timedelta(minutes=hints.ttl_minutes or 0), manners.INTERVAL_CAP)


def next_open(due: datetime, hints: Hints) -> datetime:
    """The time itself, or the start of the next hour that skipHours and skipDays leave open."""
    at = due
    for _ in range(7 * 24):
        if at.hour not in hints.skip_hours and at.weekday() not in hints.skip_days:
            return at
        at = at.replace(minute=0, second=0, microsecond=0) + HOUR
    return due  # all hours closed: a mistake


def after_failure(
    now: datetime, backoff: Backoff, trouble: Trouble, every: timedelta, dice: float
) -> datetime:
    """Next try after the newest failure of this trouble; never sooner than `every`."""
    if now - trouble.since >= backoff.long:
        wait = backoff.then
    else:
        # Capped before it is multiplied: a count is as large as a feed is old.
        wait = min(backoff.first + backoff.step * min(trouble.count - 1, 1000), backoff.cap)
    return now + max(wait, every) * (1 + manners.JITTER * dice) + backoff.spread * dice
