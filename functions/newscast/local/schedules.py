"""Schedule expressions of EventBridge Scheduler: `rate(…)`, `cron(…)`, `at(…)` → when they fire next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: at for at, name in enumerate(_MONTH_NAMES, 1)}
_DAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_HORIZON = timedelta(days=366 * 5)
"""A cron expression that names no day within this never fires, for us."""

Next = Callable[[datetime], datetime | None]
"""The first time strictly after an aware time, or None if there is none."""


class ScheduleError(ValueError):
    """An expression that AWS would refuse, or that is not played here."""


def parse(expression: str, timezone: str = "UTC") -> Next:
    """Raises ScheduleError."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ScheduleError(f"no time zone {timezone}") from None
    found = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression)
    if not found:
        raise ScheduleError(f"not a schedule expression: {expression}")
    kind, inner = found.groups()
    if kind == "rate":
        return _rate(inner, expression)
    if kind == "cron":
        return _cron(inner, expression, zone)
    try:
        once = datetime.strptime(inner, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        raise ScheduleError(f"not a schedule expression: {expression}") from None
    return lambda after: once if once > after else None


def first(expression: str, following: Next, now: datetime) -> datetime | None:
    """When a schedule that begins now fires first: a rate at once, as Scheduler does without a StartDate."""
    return now if expression.startswith("rate(") else following(now)


def _rate(inner: str, expression: str) -> Next:
    found = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", inner)
    # EventBridge insists on "1 minute" and "5 minutes".
    if not found or (found[1] == "1") == bool(found[3]):
        raise ScheduleError(f"not a rate that AWS takes: {expression}")
    step = int(found[1]) * _UNITS[found[2]]
    return lambda after: after + step


@dataclass(frozen=True)
class _Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    years: frozenset[int]
    zone: ZoneInfo

    def fires_on(self, day: datetime) -> bool:
        if day.year not in self.years or day.month not in self.months:
            return False
        if self.days is not None:
            return day.day in self.days
        return self.weekdays is None or day.isoweekday() % 7 + 1 in self.weekdays

    def __call__(self, after: datetime) -> datetime | None:
        begin = after.astimezone(self.zone).replace(second=0, microsecond=0) + timedelta(minutes=1)
        day = begin.replace(hour=0, minute=0)
        while day - begin < _HORIZON:
            if self.fires_on(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        at = day.replace(hour=hour, minute=minute)
                        if at >= begin:
                            return at
            day += timedelta(days=1)
        return None


def _cron(inner: str, expression: str, zone: ZoneInfo) -> Next:
    fields = inner.split()
    if len(fields) != 6:
        raise ScheduleError(f"a cron expression has six fields: {expression}")
    minute, hour, day, month, weekday, year = (field.upper() for field in fields)
    if (day == "?") == (weekday == "?"):
        raise ScheduleError(f"exactly one of day-of-month and day-of-week must be ?: {expression}")

    def values(field: str, low: int, high: int, names: Mapping[str, int] | None = None) -> frozenset[int]:
        try:
            return _values(field, low, high, names or {})
        except ValueError:
            raise ScheduleError(f"{field} is not played in {expression}") from None

    return _Cron(
        minutes=values(minute, 0, 59),
        hours=values(hour, 0, 23),
        days=None if day == "?" else values(day, 1, 31),
        months=values(month, 1, 12, _MONTHS),
        weekdays=None if weekday == "?" else values(weekday, 1, 7, _DAYS),
        years=values(year, 1970, 2199),
        zone=zone,
    )


def _values(field: str, low: int, high: int, names: Mapping[str, int]) -> frozenset[int]:
    """`*`, `5`, `1-5`, `MON-FRI`, `0/15`, `1,15`. Raises ValueError for the rest (L, W, #)."""
    chosen: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if first == "*" else names.get(first) or int(first)
        end = high if first == "*" or slash else begin
        if dash:
            end = names.get(last) or int(last)
        stride = int(step) if slash else 1
        if not (low <= begin <= end <= high and stride >= 1):
            raise ValueError(part)
        chosen.update(range(begin, end + 1, stride))
    return frozenset(chosen)
