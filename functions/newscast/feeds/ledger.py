"""What was asked of a feed and what came of it, by the day (UTC): "nothing" told from "didn't look".

A day is open while it lasts and for an hour more; its counts stand in the feed's own row, added to by the
writes that are made there anyway:

    d260712p    polls: by the schedule's claim of a due feed; a forced poll by its end
    d260712w    polls whose end was written: all that changed or failed, and an unchanged one now and then
    d260712e    entries that went to the queue, revisions too
    d260712f…   failures, one name a cause; also polls that never asked, since their host was busy for long

Once it is closed, the next poll that is written moves it into the month's row. That is one write more a
day and feed, and no unchanged poll costs one. (A forced poll is always written: nothing else counts it.)

    counts      FEED#id / DAYS#2026-07    d12 = [polls, ends, entries, {cause: failures}] as JSON; n12 =
                their sum. No TTL: they outlive articles and subscription.
    stored      STORED#2026-07-12 / batch    {feed: articles and revisions} as JSON, a row for each batch of
                the store: a tenth of what a row for each of its feeds would cost. A day is read whole.
                Beside it, where there are any: {feed: {cause: texts that were given up}}.

A poll belongs to the day that it was asked on. Unchanged polls are polls - failures - those with entries.
Exact but for these: what a poll learnt twice (its message was delivered again) counts twice; a claim whose
feed was never polled (the queue lost it, fetch is down) is a poll without an end, and a closed day with
polls of which none has an end counts them all as the failure `lost`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

OPEN_FOR = timedelta(hours=1)
"""After its end: polls that were asked before midnight come in, they wait 15 minutes for a busy host."""
LOST = "lost"
_OPEN = re.compile(r"d(\d{6})([pwe]|f\w+)")
_KEPT = re.compile(r"d(\d\d)(_\d+)?")
_CAUSE = re.compile(r"[a-z0-9_]{1,20}")


class Counts(Struct, frozen=True, array_like=True):
    """Of one feed and day, as a month's row keeps them."""

    polls: int = 0
    ends: int = 0
    entries: int = 0
    failures: Mapping[str, int] = {}

    @property
    def size(self) -> int:
        """Their sum, which only grows."""
        return self.polls + self.ends + self.entries + sum(self.failures.values())


class Day(Struct, frozen=True, kw_only=True):
    """What a person reads of one feed and day."""

    date: date
    polls: int
    failures: Mapping[str, int]
    """By cause."""
    entries: int
    """That went on from fetch; the same one twice if it was revised."""
    stored: int
    """Of these, articles and revisions that the store wrote."""
    unread: Mapping[str, int] = {}
    """Of these, those whose text was given up, by cause (records.Cause)."""


class Tally(Struct, frozen=True, kw_only=True):
    """What one poll adds to its day."""

    day: date
    now: datetime
    polls: int = 0
    """1 for a forced poll: no claim counted it."""
    failure: str | None = None
    entries: int = 0

    def attributes(self) -> dict[str, int]:
        """What is added to the feed's row, by the attributes' names."""
        added = {"p": self.polls, "w": 1, "e": self.entries}
        if self.failure:
            added[f"f{_cause(self.failure)}"] = 1
        return {_name(self.day, what): count for what, count in added.items() if count}


def tally(asked_at: datetime, now: datetime, **counts: Any) -> Tally:
    """A poll's tally under the day that it was asked on, or today's if that is closed by now."""
    return late(Tally(day=asked_at.astimezone(UTC).date(), now=now, **counts), now)


def late(tally: Tally, now: datetime) -> Tally:
    """A tally that is written later than it was made: on its day, or today if that is closed by now."""
    return replace(tally, now=now, day=now.astimezone(UTC).date() if is_closed(tally.day, now) else tally.day)


def is_closed(day: date, now: datetime) -> bool:
    """Whether nothing is added to a day any more."""
    return now >= datetime.combine(day, time(), UTC) + timedelta(days=1) + OPEN_FOR


def polls_on(now: datetime) -> str:
    """The attribute that a claim adds to."""
    return _name(now.astimezone(UTC).date(), "p")


def open_days(item: Mapping[str, Any]) -> dict[date, Counts]:
    """The counts in a feed's row, as DynamoDB's JSON."""
    found: dict[date, dict[str, int]] = {}
    for name, value in item.items():
        if there := _OPEN.fullmatch(name):
            found.setdefault(_date(there[1]), {})[there[2]] = int(value["N"])
    return {
        day: Counts(
            counts.get("p", 0),
            counts.get("w", 0),
            counts.get("e", 0),
            {name[1:]: count for name, count in sorted(counts.items()) if name[0] == "f"},
        )
        for day, counts in found.items()
    }


def counted(days: Mapping[date, Counts], tally: Tally) -> dict[date, Counts]:
    """Open days after a poll's tally."""
    left = {day: counts for day, counts in days.items() if not is_closed(day, tally.now)}
    was = left.get(tally.day, Counts())
    failures = dict(was.failures)
    if tally.failure:
        failures[_cause(tally.failure)] = failures.get(_cause(tally.failure), 0) + 1
    left[tally.day] = Counts(
        was.polls + tally.polls, was.ends + 1, was.entries + tally.entries, dict(sorted(failures.items()))
    )
    return left


def names_of(day: date, counts: Counts) -> list[str]:
    """The attributes that a day may have in a feed's row."""
    return [_name(day, what) for what in ("p", "w", "e", *(f"f{cause}" for cause in counts.failures))]


# ------------------------------------------------------------------------- a month's row
def month_of(day: date) -> str:
    """The sort key of a month's row."""
    return f"DAYS#{day:%Y-%m}"


def months(since: date, until: date) -> Iterable[str]:
    """Sort keys of the rows that hold these days."""
    day = since.replace(day=1)
    while day <= until:
        yield month_of(day)
        day = (day + timedelta(days=31)).replace(day=1)


def kept(day: date, counts: Counts, ended: datetime | None = None) -> tuple[str, str, dict[str, Any]]:
    """A day as attributes of its month's row: their names (of its counts, of their sum), and both with
    their values. `ended`: the subscription ends in the middle of the day, and another may begin on it: both
    are kept."""
    which = f"{day:%d}" + (f"_{ended:%H%M%S}" if ended else "")
    values = {"S": msgspec.json.encode(counts).decode()}, {"N": str(counts.size)}
    return f"d{which}", f"n{which}", dict(zip((f"d{which}", f"n{which}"), values, strict=True))


_COUNTS = msgspec.json.Decoder(Counts)


def days(
    rows: Mapping[str, Mapping[str, Any]],
    still_open: Mapping[date, Counts],
    stored: Mapping[date, int],
    unread: Mapping[date, Mapping[str, int]],
) -> list[Day]:
    """The days of a feed from its months' rows, by their sort keys, and from its own row, with what was
    stored of them and what of that was given up; in order."""
    counted: dict[date, list[Counts]] = {}
    moved: dict[date, Counts] = {}
    for month, item in rows.items():
        for name, value in item.items():
            if there := _KEPT.fullmatch(name):
                day = date.fromisoformat(f"{month.removeprefix('DAYS#')}-{there[1]}")
                if there[2]:
                    counted.setdefault(day, []).append(_COUNTS.decode(value["S"]))
                else:
                    moved[day] = _COUNTS.decode(value["S"])
    for day in moved.keys() | still_open.keys():
        # In both, if a poll moved them and died, or was too late to take them from the feed's row: the same,
        # or the fewer of them old.
        both = [counts[day] for counts in (moved, still_open) if day in counts]
        counted.setdefault(day, []).append(max(both, key=lambda counts: counts.size))
    over = set(counted) - {max(still_open, default=None)}
    return [
        replace(_day(day, counted.get(day, []), stored.get(day, 0), day in over), unread=unread.get(day, {}))
        for day in sorted({*counted, *stored})
    ]


def _day(day: date, parts: Iterable[Counts], stored: int, over: bool) -> Day:
    failures: Counter[str] = Counter()
    polls = ends = entries = 0
    for part in parts:
        polls, ends, entries = polls + part.polls, ends + part.ends, entries + part.entries
        failures.update(part.failures)
    if over and polls and not ends:
        failures[LOST] = polls
    return Day(date=day, polls=polls, failures=dict(failures), entries=entries, stored=stored)


def _name(day: date, what: str) -> str:
    return f"d{day:%y%m%d}{what}"


def _date(text: str) -> date:
    return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))


def _cause(reason: str) -> str:
    word = reason.replace("-", "_")
    return word if _CAUSE.fullmatch(word) else "other"
