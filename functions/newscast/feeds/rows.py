"""Feeds to rows of the table and back: what stands where, and what each row holds.

    feed       FEED#id / META     GSI1: DUE#shard / next_due; a disabled feed has no index keys
    seen set   FEED#id / SEEN     a string of marks, conditional on its version
    counts     FEED#id / DAYS#…   a month of days; those of open days in the feed's own row (ledger)
    moved      FEED#id / META     with `moved_from` alone: the feed of this URL is watched under another id
    listing    FEEDS#shard / id   so that all feeds can be listed without a scan; written once

`next_due` stands in the index key alone, so that claiming a due feed is one small write.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from newscast import tolerant
from newscast.feeds import ledger
from newscast.feeds.feed import Feed
from newscast.feeds.ledger import Counts

SHARDS = 8
"""Partitions of the due index and of the listing: one takes 1,000 writes a second, so 8 take 2.4 million
claims in five minutes."""
META, SEEN = "META", "SEEN"


class Row(Struct, frozen=True, kw_only=True):
    """A feed as it stands in the table."""

    feed: Feed
    version: int
    asked: int = 0
    """Polls that the schedule asked for; the difference to those that changed or failed is unchanged."""
    days: Mapping[date, Counts] = {}
    """Counts of the days that no month's row has yet (ledger)."""


class Seen(Struct, frozen=True, kw_only=True):
    """A feed's seen set as it stands in the table; version 0 is none yet."""

    marks: bytes = b""
    version: int = 0


class Due(Struct, frozen=True, kw_only=True):
    """A feed of the due index."""

    feed_id: str
    due: datetime
    host: str
    interval_minutes: float


def shard(feed_id: str) -> int:
    """Which of the partitions a feed belongs to."""
    return zlib.crc32(feed_id.encode()) % SHARDS


def item_of(row: Row) -> dict[str, Any]:
    """A feed's row as DynamoDB's JSON."""
    feed = row.feed
    item = key_of(feed.feed_id, META) | {
        "feed": text(msgspec.json.encode(feed).decode()),
        "version": {"N": str(row.version)},
        "asked": {"N": str(row.asked)},
        "host": text(feed.host),
        "minutes": {"N": f"{feed.state.interval_minutes:.2f}"},
    }
    if feed.disabled is None:
        item["GSI1PK"] = text(f"DUE#{shard(feed.feed_id)}")
        item["GSI1SK"] = text(written(feed.state.next_due))
    return item


def row_of(item: Any) -> Row:
    """The feed that a row holds. Raises msgspec.ValidationError."""
    feed = tolerant.decode(item["feed"]["S"], Feed)
    if "GSI1SK" in item:
        feed = replace(feed, state=replace(feed.state, next_due=read_time(item["GSI1SK"]["S"])))
    return Row(
        feed=feed,
        version=int(item["version"]["N"]),
        asked=int(item["asked"]["N"]),
        days=ledger.open_days(item),
    )


def key_of(feed_id: str, sort: str) -> dict[str, Any]:
    """The key of a feed's row: `sort` is META, SEEN or a month's (ledger)."""
    return {"PK": text(f"FEED#{feed_id}"), "SK": text(sort)}


def listing_of(feed_id: str) -> dict[str, Any]:
    """The key, and all, of the row by which a feed is listed."""
    return {"PK": text(f"FEEDS#{shard(feed_id)}"), "SK": text(feed_id)}


def text(value: str) -> dict[str, str]:
    """A string attribute."""
    return {"S": value}


def written(at: datetime) -> str:
    """A time in the due index: whole seconds, so that text order is time order."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_time(value: str) -> datetime:
    """The time that `written` wrote."""
    return datetime.fromisoformat(value)
