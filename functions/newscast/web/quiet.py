"""What a response says about when its host wants to be asked again, feeds and pages alike. Pure."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

from newscast.web.exchange import Response, http_date

CAP = timedelta(days=7)
"""Of Retry-After: more is a mistake."""
HOST_WIDE = {429}
"""Statuses that speak for the whole host, Retry-After or not: it counts requests, not feeds. A 503 does
only with a Retry-After, since shared hosts answer it for single feeds too."""
UNSAID, SPREAD = timedelta(hours=4), timedelta(hours=1)
"""Quiet for a host that wants it and doesn't say for how long, and what is added to it at random."""


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """How long a server asks for quiet; null for no wish, the past and garbage.

    A date is read against the server's own clock, which may be hours off ours.
    """
    text = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        asked = timedelta(seconds=int(text))
    elif date := http_date(text):
        asked = date - (response.date or now)
    else:
        return None
    return min(asked, CAP) if asked > timedelta(0) else None


def host_quiet_until(response: Response, now: datetime, dice: random.Random) -> datetime | None:
    """Until when the host wants no request at all; null where the response says nothing of its host."""
    asked = retry_after(response, now)
    if response.status == 503 and asked:
        return now + asked
    if response.status in HOST_WIDE:
        return now + (asked or UNSAID + SPREAD * dice.random())
    return None


def group_of(host: str, groups: str) -> str | None:
    """The group that a host belongs to, by its first name; null for none. As in the setting: groups parted
    by semicolons, their domains by commas (`medium.com,towardsdatascience.com;feeds.example`)."""
    for group in groups.split(";"):
        domains = [domain.strip().lower() for domain in group.split(",") if domain.strip()]
        if any(host == domain or host.endswith("." + domain) for domain in domains):
            return f"group:{domains[0]}"
    return None
