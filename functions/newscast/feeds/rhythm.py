"""Feeds that come round in turns, and how they stand in the indexes. Pure.

Moving a feed in the due index costs two write units more than its row, and most polls move it by the same
interval as the one before. So a feed that follows its rhythm stands still:

    GSI1      DUE#shard / net       looked at once the net's time has come: as if it were due by then
    Sources   TURN#60 / 00754       due 754 seconds after each multiple of 60 minutes since 1970

Its row says `due`, the time of its next turn, which a claim moves by one write unit, and `net`. While `net`
is what stands in GSI1, the feed is in turn. Whatever else writes GSI1SK (a backoff, a wish of the server, a
poll that could not be sent, the version before this) makes the feed due then and ends its turns, until a poll
that is written puts it back. The net is a day and a half ahead at most: a feed that all rounds missed is
polled then, by the version before too, which knows no turns.

A round asks each length of turn for the phases since the last round. How far that went stands in the row
`ROUND / THROUGH`, one time for each length. It says only where to look: whether a feed is due, and which
round sends it, is decided by the condition on its own row.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from newscast.feeds import manners

TURNS = (5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 75, 90, 105, 120, 150, 180, 210, 240, 300, 360, 420, 480)
"""Minutes. A round asks once for each. Longer ones are polled too seldom to gain from it."""
PREFIX = "TURN#"
IN_TURN = frozenset({"rhythm", "ttl", "max-age"})
"""Reasons of a due time that comes again after the same interval."""
NET, NET_LEAST = timedelta(hours=36), timedelta(hours=12)
"""How far ahead the net is set, and how near it comes before a poll that is written anyway sets it anew."""
GIVE_UP = timedelta(hours=1)
"""How long a round looks back for turns whose claim failed: then they wait for their next one."""
SECOND = timedelta(seconds=1)


def turn_of(minutes: float) -> int | None:
    """The turn for an interval: no shorter, and hardly longer than what makes no odds; null for none."""
    place = bisect_left(TURNS, round(minutes, 2))
    if place == len(TURNS) or TURNS[place] > minutes * (1 + manners.RETIMED):
        return None
    return TURNS[place]


def turn_for(minutes: float, why: str) -> int | None:
    """The turn of a feed by its interval and the reason of its due time; null for one in no turn."""
    return turn_of(minutes) if why in IN_TURN else None


def phase_of(at: datetime, turn: int) -> str:
    """Where in its turn a time lies: whole seconds, so that text order is time order."""
    return f"{math.floor(at.timestamp()) % (turn * 60):05d}"


def point(phase: str, turn: int, now: datetime) -> datetime:
    """The last time not after now at which a phase came."""
    seconds = math.floor(now.timestamp())
    return datetime.fromtimestamp(seconds - (seconds - int(phase)) % (turn * 60), UTC)


def after(came: datetime, turn: int, now: datetime, dice: float) -> datetime:
    """The next turn of a feed whose time came at `came`. One that is late by more than an interval may vary
    starts anew from now, since the next would be too near."""
    every = timedelta(minutes=turn)
    if now - came <= manners.JITTER * every:
        return came + every
    later = now + every * (1 + manners.JITTER * dice)
    return later.replace(microsecond=0)


def phases(turn: int, since: datetime | None, now: datetime) -> Iterator[tuple[str, str]]:
    """First and last phases of the one or two stretches that came after `since` and up to now, in order."""
    length = turn * 60
    end = math.floor(now.timestamp())
    begin = max(math.floor(since.timestamp()) if since else end - length, end - length) + 1
    if begin > end:
        return
    first, last = begin % length, end % length
    if first <= last:
        yield f"{first:05d}", f"{last:05d}"
    else:
        yield f"{first:05d}", f"{length - 1:05d}"
        yield f"{0:05d}", f"{last:05d}"


class Progress:
    """How far one round has come in each length of turn."""

    def __init__(self, now: datetime, through: Mapping[int, datetime]) -> None:
        self._now = now
        self._reached = {turn: through.get(turn, now - timedelta(minutes=turn)) for turn in TURNS}
        self._held: dict[int, datetime] = {}

    def done(self, turn: int, came: datetime) -> None:
        """A feed was claimed, or is another round's. Others of its second may follow."""
        self._reached[turn] = max(self._reached[turn], came - SECOND)

    def failed(self, turn: int, came: datetime) -> None:
        """A feed could not be claimed: the next round must look here again."""
        held = max(came - SECOND, self._now - GIVE_UP)
        self._held[turn] = min(held, self._held.get(turn, held))

    def through(self, whole: bool) -> dict[int, datetime]:
        """From when on the next round has to look, by the turn; `whole`: no feed was left."""
        reached = dict.fromkeys(TURNS, self._now) if whole else self._reached
        return {turn: min(at, self._held.get(turn, at)) for turn, at in reached.items()}
