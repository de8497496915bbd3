"""At which end of a document its new entries stand: times in, an order to take entries in out. Pure.

Most feeds put the newest first, some are appended to, and some say no times at all. Of the last both ends
are taken: new entries come at one of them, whichever it is, and are met at once, poll after poll.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal, TypeVar

Direction = Literal["newest first", "oldest first"] | None
"""None: the document doesn't say."""
SAMPLES = 11
"""Entries whose times are asked for: one that is pinned or edited late doesn't turn the rest around."""

T = TypeVar("T")


def samples(count: int) -> list[int]:
    """Places, out of so many, whose times tell the direction."""
    if count <= SAMPLES:
        return list(range(count))
    return [number * (count - 1) // (SAMPLES - 1) for number in range(SAMPLES)]


def direction(times: Sequence[datetime | None]) -> Direction:
    """Of entries with these times, in the order of their document."""
    known = [time for time in times if time]
    rising = sum(one < other for one, other in pairwise(known))
    falling = sum(one > other for one, other in pairwise(known))
    if rising == falling:
        return None
    return "oldest first" if rising > falling else "newest first"


def taken(items: Sequence[T], which: Direction) -> list[T]:
    """Items of a document in the order in which to take them: the likeliest new ones first."""
    if which == "newest first":
        return list(items)
    if which == "oldest first":
        return list(reversed(items))
    both = [end for pair in zip(items, reversed(items), strict=True) for end in pair]
    return both[: len(items)]
