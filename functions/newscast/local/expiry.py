"""What AWS would have deleted by itself by now: items by their time to live, objects by lifecycle rules.

Played when a kept state is opened again; AWS too takes hours or days to get round to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newscast.local.engine.items import Item

DAY = 86_400.0


def item_expired(item: Item, attribute: str | None, now: float) -> bool:
    """Whether an item's time to live (Unix seconds in `attribute`, a number) is over."""
    if attribute is None or "N" not in item.get(attribute, {}):
        return False
    return float(item[attribute]["N"]) <= now


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


def object_expired(key: str, stored_at: float, rules: list[Lifetime], now: float) -> bool:
    """Whether any rule has ended an object's life."""
    return any(key.startswith(rule.prefix) and stored_at + rule.seconds <= now for rule in rules)
