"""schedule: which feeds are due → FeedQueue.

The scheduler's event is empty. `{"feed_ids": [...]}` asks for these feeds now, due or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import structs

from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.event import EventError
from newscast.aws.sender import SendError
from newscast.feeds.manners import JITTER
from newscast.feeds.rows import Due
from newscast.feeds.spread import spread
from newscast.feeds.table import Feeds
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
    feeds = Feeds(clients.dynamodb(), edge.settings.need("table_name").table_name)
    now = edge.now()
    due = feeds.due(now)
    found = sent = 0
    with ThreadPoolExecutor(WRITERS, "claim") as writers:
        while chunk := list(islice(due, CHUNK)):
            found += len(chunk)
            until = [_next(edge, one, now) for one in chunk]
            won = list(writers.map(lambda one, at: _claim(edge, feeds, one, at, now=now), chunk, until))
            failed = sum(mine is None for mine in won)
            claimed = [(one, at) for one, at, mine in zip(chunk, until, won, strict=True) if mine]
            hosts = [one.host for one, _ in claimed]
            on_host = Counter(hosts)
            for delay, places in spread(hosts, edge.settings.spread_seconds, _apart(edge)):
                batch = [claimed[place] for place in places]
                polls = [_poll(edge, one.feed_id, now, alone=on_host[one.host] == 1) for one, _ in batch]
                refused = _send(edge, polls, delay)
                sent += len(batch) - len(refused)
                for place in refused:
                    # Due again, for the next round.
                    one, at = batch[place]
                    back = structs.replace(one, due=at)
                    failed += _claim(edge, feeds, back, one.due, now=now, polls=-1) is None
            if failed:
                edge.count("ClaimsFailed", failed)
                edge.failure("ClaimError")
            left = getattr(context, "get_remaining_time_in_millis", lambda: 2 * RESERVE_MS)()
            if left < RESERVE_MS:
                edge.log.warning("out of time: the next round goes on", extra={"found": found})
                break
    edge.count("Due", found)
    edge.count("Sent", sent)
    return {"due": found, "sent": sent}


def _claim(
    edge: Edge, feeds: Feeds, due: Due, until: datetime, *, now: datetime, polls: int = 1
) -> bool | None:
    # One that fails stops no other: those that are claimed must be sent. Null: it failed, and the feed is
    # most likely still due.
    try:
        return feeds.claim(due, until, now, polls)
    except (ClientError, BotoCoreError) as error:
        edge.log.error("claim failed", extra={"feed_id": due.feed_id, "reason": str(error)})
        return None


def _next(edge: Edge, due: Due, now: datetime) -> datetime:
    # What an unchanged poll will leave standing, so that it needs no write of its own.
    return now + timedelta(minutes=due.interval_minutes * (1 + JITTER * edge.random.random()))


def _forced(edge: Edge, feed_ids: Sequence[str]) -> dict[str, Any]:
    now = edge.now()
    feeds = Feeds(clients.dynamodb(), edge.settings.need("table_name").table_name)
    host_of = {row.feed.feed_id: row.feed.host for row in feeds.several(feed_ids)}
    refused = 0
    for delay, places in spread([host_of.get(each, each) for each in feed_ids], 0, _apart(edge)):
        polls = [_poll(edge, feed_ids[place], now, forced=True) for place in places]
        refused += len(_send(edge, polls, delay))
    if refused:
        raise RuntimeError(f"{refused} polls were not accepted by the queue")
    return {"due": len(feed_ids), "sent": len(feed_ids)}


def _apart(edge: Edge) -> float:
    gap = edge.settings.host_gap_seconds
    return gap + ANSWER_SECONDS if gap else 0


def _poll(edge: Edge, feed_id: str, now: datetime, forced: bool = False, alone: bool = False) -> Message:
    poll_id = f"{edge.random.getrandbits(80):020x}"
    poll = FeedPoll(feed_id=feed_id, poll_id=poll_id, asked_at=now, forced=forced, alone=alone)
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
