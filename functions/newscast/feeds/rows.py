"""Feeds to rows of the table and back: what stands where, and what each row holds.

    feed       FEED#id / META     GSI1: DUE#shard / next_due, or the net of a feed in turn (rhythm), which
                                  stands in the index of sources too; a disabled feed has no index keys
    seen set   FEED#id / SEEN     a string of marks, conditional on its version
    counts     FEED#id / DAYS#…   a month of days; those of open days in the feed's own row (ledger)
    moved      FEED#id / META     with `moved_from` alone: the feed of this URL is watched under another id
    listing    FEEDS#shard / id   so that all feeds can be listed without a scan; written once

    rounds     ROUND / THROUGH    how far the turns were looked at, by their length (rhythm)
    use        MONTH#2026-07 / USE    what the month used, where there is a ceiling (meter)

`next_due` stands in the index key, or in `due` for a feed in turn, so that a claim is one small write.
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
from newscast.feeds import ledger, rhythm
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
    net: datetime | None = None
    """Of a feed in turn (rhythm)."""


class Seen(Struct, frozen=True, kw_only=True):
    """A feed's seen set as it stands in the table; version 0 is none yet."""

    marks: bytes = b""
    version: int = 0


class Due(Struct, frozen=True, kw_only=True):
    """A feed of the due index."""

    feed_id: str
    due: datetime
    """What stands in the index, or when its turn came."""
    interval_minutes: float
    turn: int | None = None
    """Minutes, of one that was found by its turn."""


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
    return item | (place_of(row) if feed.disabled is None else {})


PLACE = ("GSI1PK", "GSI1SK", "SourcePK", "Filed", "due", "net")
"""Attributes that say when a feed is due."""


def place_of(row: Row) -> dict[str, Any]:
    """Those of them that a feed has: where it is found when it is due."""
    state = row.feed.state
    due, net = state.next_due, row.net
    item = {"GSI1PK": text(f"DUE#{shard(row.feed.feed_id)}"), "GSI1SK": text(written(due))}
    turn = rhythm.turn_for(state.interval_minutes, state.next_why)
    if turn is None:
        return item
    if net is None or net - due < rhythm.NET_LEAST:
        net = due + rhythm.NET
    item["GSI1SK"] = item["net"] = text(written(net))
    item["SourcePK"], item["Filed"] = text(f"{rhythm.PREFIX}{turn}"), text(rhythm.phase_of(due, turn))
    item["due"] = exact(due)
    return item


def row_of(item: Any) -> Row:
    """The feed that a row holds. Raises msgspec.ValidationError."""
    feed = tolerant.decode(item["feed"]["S"], Feed)
    net = read_time(item["net"]["S"]) if in_turn(item) else None
    if "GSI1SK" in item:
        due = read_exact(item["due"]) if net else read_time(item["GSI1SK"]["S"])
        feed = replace(feed, state=replace(feed.state, next_due=due))
    return Row(
        feed=feed,
        version=int(item["version"]["N"]),
        asked=int(item["asked"]["N"]),
        days=ledger.open_days(item),
        net=net,
    )


def in_turn(item: Mapping[str, Any]) -> bool:
    """Whether a feed's row is found by its turn, and not by GSI1 yet."""
    return "net" in item and item["net"] == item.get("GSI1SK")


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


def exact(at: datetime) -> dict[str, str]:
    """A time in a row, to the microsecond: no two rounds choose the same, so that a claim is known again."""
    return {"N": f"{at.timestamp():.6f}"}


def read_exact(value: Mapping[str, str]) -> datetime:
    """The time that `exact` wrote."""
    return datetime.fromtimestamp(float(value["N"]), UTC)
