"""How a feed is doing, for a person: a row in, words and numbers out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from newscast.feeds.rows import Row
from newscast.guard.budget import CAUSES
from newscast.records import FullTextWish
from newscast.web.tokens import masked

WHY = {
    "new": "never polled yet",
    "enabled": "it was enabled again",
    "rhythm": "as often as it publishes",
    "ttl": "as its ttl or update period asks",
    "max-age": "when its response is stale",
    "skip": "in the next hour that it leaves open",
    "waiting": "to take the entries that are left",
    "retry-after": "when its server said",
    "host-quiet": "its host asked for quiet",
    "host-busy": "its host was busy for long",
    "moved": "it moved to an address that is watched already",
}
"""What decided when a feed is polled next; other words are reasons of failures, tried again after a while."""


class Health(Struct, frozen=True, kw_only=True):
    """What `newscast feeds list` shows of a feed. Times are null for never."""

    feed_id: str
    url: str
    title: str | None
    status: str
    """`new`, `ok`, `failing` or `disabled`"""
    last_success: datetime | None
    last_problem: str | None
    next_poll: datetime | None
    next_why: str | None
    unchanged: float | None
    """Share of its polls that brought nothing, 0 to 1."""
    full_text: FullTextWish | None
    """Whether its articles' pages are read; null is the stack's default."""
    entries_a_day: float | None
    entries: int
    given_url: str | None = None
    """Where its subscriber found it, if it moved since."""


def health(row: Row, unread: Mapping[str, int] | None = None) -> Health:
    """A feed's health, to the accuracy with which unchanged polls are written (hours). `unread` are the texts
    of it that were given up lately, by cause."""
    feed, state = row.feed, row.feed.state
    trouble = state.trouble
    problem = feed.disabled or state.problem
    if trouble and not feed.disabled:
        times = f", {trouble.count} times since {trouble.since:%Y-%m-%d}" if trouble.count > 1 else ""
        problem = trouble.words + times
    if unread:
        said = ", ".join(f"{count} ({CAUSES.get(cause, cause)})" for cause, count in sorted(unread.items()))
        problem = "; ".join(filter(None, (problem, f"texts that were not read lately: {said}")))
    polls = max(row.asked, state.changed + state.failed)
    known = state.last_ok is not None or trouble is not None
    return Health(
        feed_id=feed.feed_id,
        url=masked(feed.url),
        title=feed.title or state.feed_title,
        status="disabled" if feed.disabled else "failing" if trouble else "ok" if known else "new",
        last_success=state.last_ok,
        last_problem=problem,
        next_poll=None if feed.disabled else state.next_due,
        next_why=None if feed.disabled else WHY.get(state.next_why, "another try"),
        unchanged=round((polls - state.changed - state.failed) / polls, 3) if polls else None,
        full_text=feed.full_text,
        entries_a_day=round(state.rate_per_day, 1) if state.rate_per_day is not None else None,
        entries=state.entries,
        given_url=masked(feed.given_url) if feed.given_url else None,
    )
