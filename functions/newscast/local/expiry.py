"""How long objects live: lifecycle rules of a bucket. Items have a time to live of their own (Table.expired).

Played when a kept state is polled again (opening.expire); AWS too takes hours or days to get round to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DAY = 86_400.0


@dataclass(frozen=True)
class Lifetime:
    """A rule of a bucket: objects under a prefix live so many seconds."""

    prefix: str
    seconds: float


def lifetimes(bucket: Mapping[str, Any]) -> list[Lifetime]:
    """A bucket's resolved properties → its rules that delete current objects."""
    rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
    return [
        Lifetime(str(rule.get("Prefix", "")), float(rule["ExpirationInDays"]) * DAY)
        for rule in rules
        if rule.get("Status") == "Enabled" and "ExpirationInDays" in rule
    ]
