"""How often a feed says that it changes: its elements in, hints for the poller out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newscast.feeds.feed import Hints

PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
"""sy:updatePeriod in minutes."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([A-Za-z]{6,9})\s*</day>", re.IGNORECASE)


def hints(head: bytes, feed: Mapping[str, Any]) -> Hints:
    """ttl, sy:updatePeriod, skipHours and skipDays; what makes no sense is left out."""
    minutes = _number(feed.get("ttl"))
    period = PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if minutes is None and period:
        minutes = max(period // max(_number(feed.get("sy_updatefrequency")) or 1, 1), 1)
    hours = {int(hour) % 24 for hour in _HOUR.findall(head) if int(hour) <= 24}
    days = {DAYS.index(day) for raw in _DAY.findall(head) if (day := raw.decode().lower()) in DAYS}
    return Hints(ttl_minutes=minutes, skip_hours=tuple(sorted(hours)), skip_days=tuple(sorted(days)))


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0 else None
