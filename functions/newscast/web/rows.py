"""How rows of leases, claims and robots.txt write times: seconds since 1970, and when TTL may have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

KEPT = timedelta(hours=1)
"""How long a row outlives what it says, before TTL removes it; clocks and TTL's own delay are far less."""


def number(at: datetime) -> dict[str, str]:
    """A time as an attribute, to the millisecond."""
    return {"N": f"{at.timestamp():.3f}"}


def time(value: Any) -> datetime | None:
    """An attribute that `number` made as a time; null for none."""
    return datetime.fromtimestamp(float(value["N"]), UTC) if value else None


def expiry(at: datetime) -> dict[str, str]:
    """The TTL attribute of a row that says something until then."""
    return {"N": str(int((at + KEPT).timestamp()))}
