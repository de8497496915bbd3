"""The one time that an article is filed under, and what it came from. Never "now" in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newscast.records import ArticleTime, Stamp

FUTURE = timedelta(hours=1)
"""How far a publisher's clock may run ahead of ours."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No feed is older; 1970 and 1900 are what an empty field becomes in somebody's database."""


def published(given: Stamp | None, updated: Stamp | None, observed_at: datetime) -> ArticleTime:
    """The publisher's time if it can be true, else when the article was first seen, marked."""
    stamp = given or updated
    if stamp is None:
        return ArticleTime(at=observed_at, basis="missing")
    if not _possible(stamp.at, observed_at):
        # It can't have been published after it was seen; before 1990 nobody knows when.
        return ArticleTime(at=observed_at, basis="clamped", raw=stamp.raw)
    if given is None:
        return ArticleTime(at=stamp.at, basis="updated", raw=stamp.raw)
    return ArticleTime(at=stamp.at, basis=stamp.zone, raw=stamp.raw)


def updated(stamp: Stamp | None, observed_at: datetime) -> datetime | None:
    """When the publisher last changed it; null if not said, or said to be when it can't have been."""
    return stamp.at if stamp is not None and _possible(stamp.at, observed_at) else None


def _possible(at: datetime, observed_at: datetime) -> bool:
    return EARLIEST <= at <= observed_at + FUTURE
