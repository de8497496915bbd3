"""schedule: which feeds are due → FeedQueue.

The scheduler's event is empty. `{"feed_ids": [...]}` asks for these feeds now, due or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.event import EventError
from newscast.aws.sender import SendError
from newscast.feeds import ceiling
from newscast.feeds.meter import Meter, Pace
from newscast.feeds.rhythm import Progress
from newscast.feeds.rows import Due
from newscast.feeds.spread import spread
from newscast.feeds.table import Feeds
from newscast.feeds.turns import Turns, next_time
from newscast.records import FeedPoll, Message

CHUNK = 1000
"""Feeds that are claimed and sent together; between two chunks the time left is looked at."""
WRITERS = 16
"""Claims at the same time, as many as the client has connections: some 2,000 a second."""
ANSWER_SECONDS = 1.0
"""A usual answer takes less. The gap begins at its end, so that a poll which comes just a gap after another
of its host would find it busy."""
RESERVE_MS = 10_000
"""Time left of the invocation below which no new chunk is begun; the next round finds the rest due."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One round. Returns how many feeds were due and sent. Raises EventError."""
    if not isinstance(event, dict):
        raise EventError("schedule takes an object: {}, or the feed_ids to poll now")
    edge = Edge.of("schedule")
    try:
        asked = event.get("feed_ids")
        if asked is None:
            return _round(edge, context)
        if not isinstance(asked, list) or not all(isinstance(name, str) and name for name in asked):
            raise EventError("schedule takes feed_ids as a list of feed ids: `$.feed_ids`")
        return _forced(edge, list(dict.fromkeys(asked)))
    finally:
        edge.close()


def _round(edge: Edge, context: Any) -> dict[str, Any]:
    turns = Turns(clients.dynamodb(), edge.settings.need("table_name").table_name)
    now, through = edge.now(), turns.through()
    progress = Progress(now, through)
    pace = _pace(edge, now)
    stretch = pace.stretch if pace else 1.0
    due = (one for one in turns.due(now, through) if ceiling.comes(one, stretch))
    claim = partial(turns.claim, now=now, stretch=stretch)
    found = sent = 0
    whole = True
    with ThreadPoolExecutor(WRITERS, "claim") as writers:
        while chunk := list(islice(due, CHUNK)):
            until = [next_time(one, now, edge.random, stretch) for one in chunk]
            tried = list(writers.map(lambda one, at: _claim(edge, claim, one, at), chunk, until))
            claimed = [
                Claimed(one.feed_id, at, mine)
                for one, at, mine in zip(chunk, until, tried, strict=True)
                if isinstance(mine, str)
            ]
            failed = sum(isinstance(mine, Exception) for mine in tried)
            found += len(claimed) + failed
            taken_back = list(_send_all(edge, claimed, now, stretch))
            sent += len(claimed) - len(taken_back)
            for one in taken_back:
                failed += not _take_back(edge, turns, one, now)
            for one_due, mine in zip(chunk, tried, strict=True):
                if one_due.turn:
                    settled = progress.failed if isinstance(mine, Exception) else progress.done
                    settled(one_due.turn, one_due.due)
            if failed:
                edge.count("ClaimsFailed", failed)
                edge.failure("ClaimError")
            left = getattr(context, "get_remaining_time_in_millis", lambda: 2 * RESERVE_MS)()
            if left < RESERVE_MS:
                edge.log.warning("out of time: the next round goes on", extra={"found": found})
                whole = False
                break
    turns.save_through(progress.through(whole))
    edge.count("Due", found)
    edge.count("Sent", sent)
    _count(edge, now, sent, pace)
    return {"due": found, "sent": sent}


def _pace(edge: Edge, now: datetime) -> Pace | None:
    """How slowly this round polls, where the month has a ceiling; null where that can't be told."""
    if not edge.settings.monthly_ceiling:
        return None
    meter = _meter(edge)
    try:
        pace = ceiling.pace(meter.read(now), now, edge.settings.monthly_ceiling, meter.table_bytes())
    except (ClientError, BotoCoreError) as error:
        edge.log.error("use not read: this round is not slowed", extra={"reason": str(error)})
        edge.failure("MeterError")
        return None
    if pace.stretch > 1:
        told = {name: round(getattr(pace, name), 2) for name in ("stretch", "spent", "projected", "ceiling")}
        edge.log.warning("polling is slowed", extra=told)
        edge.count("Slowed", round(pace.stretch, 2))
    return pace


def _count(edge: Edge, now: datetime, sent: int, pace: Pace | None = None) -> None:
    if not edge.settings.monthly_ceiling:
        return
    try:
        _meter(edge).add(now, {"polls": sent}, pace)
    except (ClientError, BotoCoreError) as error:  # what is sent is sent
        edge.log.error("polls not counted", extra={"reason": str(error)})
        edge.failure("MeterError")


def _meter(edge: Edge) -> Meter:
    return Meter(clients.dynamodb(), edge.settings.need("table_name").table_name)


class Claimed(NamedTuple):
    """A feed that is this round's to send."""

    feed_id: str
    until: datetime
    host: str


def _claim(
    edge: Edge, claim: Callable[[Due, datetime], str | None], due: Due, until: datetime
) -> str | Exception | None:
    # One that fails stops no other: those that are claimed must be sent. The feed is most likely still due.
    try:
        return claim(due, until)
    except (ClientError, BotoCoreError) as error:
        edge.log.error("claim failed", extra={"feed_id": due.feed_id, "reason": str(error)})
        return error


def _send_all(edge: Edge, claimed: Sequence[Claimed], now: datetime, stretch: float) -> Iterator[Claimed]:
    """Send the polls of a chunk; those that the queue refused."""
    hosts = [one.host for one in claimed]
    on_host = Counter(hosts)
    for delay, places in spread(hosts, edge.settings.spread_seconds, _apart(edge)):
        batch = [claimed[place] for place in places]
        polls = [
            _poll(edge, one.feed_id, now, alone=on_host[one.host] == 1, stretch=stretch) for one in batch
        ]
        yield from (batch[place] for place in _send(edge, polls, delay))


def _take_back(edge: Edge, turns: Turns, claimed: Claimed, now: datetime) -> bool:
    """Make a feed due again, for the next round; false if that failed."""
    try:
        turns.take_back(claimed.feed_id, claimed.until, now)
    except (ClientError, BotoCoreError) as error:
        edge.log.error("claim failed", extra={"feed_id": claimed.feed_id, "reason": str(error)})
        return False
    return True


def _forced(edge: Edge, feed_ids: Sequence[str]) -> dict[str, Any]:
    now = edge.now()
    feeds = Feeds(clients.dynamodb(), edge.settings.need("table_name").table_name)
    host_of = {row.feed.feed_id: row.feed.host for row in feeds.several(feed_ids)}
    refused = 0
    for delay, places in spread([host_of.get(each, each) for each in feed_ids], 0, _apart(edge)):
        polls = [_poll(edge, feed_ids[place], now, forced=True) for place in places]
        refused += len(_send(edge, polls, delay))
    _count(edge, now, len(feed_ids) - refused)
    if refused:
        raise RuntimeError(f"{refused} polls were not accepted by the queue")
    return {"due": len(feed_ids), "sent": len(feed_ids)}


def _apart(edge: Edge) -> float:
    gap = edge.settings.host_gap_seconds
    return gap + ANSWER_SECONDS if gap else 0


def _poll(edge: Edge, feed_id: str, now: datetime, **more: Any) -> Message:
    poll_id = f"{edge.random.getrandbits(80):020x}"
    poll = FeedPoll(feed_id=feed_id, poll_id=poll_id, asked_at=now, **more)
    return Message(correlation_id=poll_id, first_seen=now, body=poll)


def _send(edge: Edge, messages: Sequence[Message], delay: int) -> dict[int, str]:
    """Send polls; returns the places of those that the queue refused, with reasons."""
    try:
        edge.sender.send(messages, delay_seconds=delay)
    except SendError as error:
        edge.log.error("polls not accepted", extra={"refused": len(error.failed), "reason": str(error)})
        edge.failure("SendError")
        return error.failed
    return {}
