"""What a month has used, in one row of the table: counted only where a ceiling is set.

    MONTH#2026-07 / USE     polls, articles, revisions, actors, pages: added to by a round of the schedule and
                            by each batch of the store, one write unit each; stretch, spent, projected,
                            ceiling, told: what the last round decided

A count whose answer was lost may be added twice, one that a function dies before is not added: both are a
round's or a batch's, and the pressure of the ceiling levels them out. What this code doesn't know stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOLD = ("stretch", "spent", "projected", "ceiling", "told")
"""Attributes of a Pace, in its order."""


class Pace(Struct, frozen=True, kw_only=True):
    """What a round decided. Money in USD of the month."""

    stretch: float
    """Factor of all intervals; 1 slows nothing."""
    spent: float
    projected: float
    """What the month comes to if it goes on as it did so far, on average."""
    ceiling: float
    at: datetime


class Use(Struct, frozen=True, kw_only=True):
    """What was counted of a month."""

    polls: float = 0
    """That were sent to fetch."""
    articles: float = 0
    revisions: float = 0
    """And whatever else was written to articles that were there."""
    actors: float = 0
    """Of the articles."""
    pages: float = 0
    """Articles that were read on their pages."""
    pace: Pace | None = None
    """Of the last round."""


@dataclass(frozen=True)
class Meter:
    """The months' rows of one table."""

    dynamodb: DynamoDBClient
    table: str

    def read(self, now: datetime) -> Use:
        """What was counted of this month."""
        found = self.dynamodb.get_item(TableName=self.table, Key=_key(now), ConsistentRead=True)
        item: Mapping[str, Any] = found.get("Item", {})
        told = [_number(item, name) for name in TOLD]
        return Use(
            polls=_number(item, "polls") or 0.0,
            articles=_number(item, "articles") or 0.0,
            revisions=_number(item, "revisions") or 0.0,
            actors=_number(item, "actors") or 0.0,
            pages=_number(item, "pages") or 0.0,
            pace=_pace(*(each for each in told if each is not None)) if None not in told else None,
        )

    def add(self, now: datetime, counts: Mapping[str, int], pace: Pace | None = None) -> None:
        """Add to this month's counts (by their names), and say what a round decided."""
        values = {f":{name}": {"N": str(count)} for name, count in counts.items()}
        sets = ""
        if pace:
            told = (pace.stretch, pace.spent, pace.projected, pace.ceiling, pace.at.timestamp())
            values |= {f":{name}": {"N": f"{value:.6f}"} for name, value in zip(TOLD, told, strict=True)}
            sets = "SET " + ", ".join(f"{name} = :{name}" for name in TOLD)
        self.dynamodb.update_item(
            TableName=self.table,
            Key=_key(now),
            UpdateExpression=f"{sets} ADD " + ", ".join(f"{name} :{name}" for name in counts),
            ExpressionAttributeValues=values,
        )

    def table_bytes(self) -> float:
        """Of the table with its indexes; DynamoDB says so every six hours."""
        table: Any = self.dynamodb.describe_table(TableName=self.table)["Table"]
        indexes = table.get("GlobalSecondaryIndexes", [])
        whole = table.get("TableSizeBytes", 0) + sum(each.get("IndexSizeBytes", 0) for each in indexes)
        return float(whole)


def _key(now: datetime) -> dict[str, Any]:
    return {"PK": {"S": f"MONTH#{now.astimezone(UTC):%Y-%m}"}, "SK": {"S": "USE"}}


def _pace(stretch: float, spent: float, projected: float, ceiling: float, told: float) -> Pace:
    at = datetime.fromtimestamp(told, UTC)
    return Pace(stretch=max(1.0, stretch), spent=spent, projected=projected, ceiling=ceiling, at=at)


def _number(item: Mapping[str, Any], name: str) -> float | None:
    """Newer code may write another type."""
    value = item.get(name, {}).get("N")
    return float(value) if value is not None else None
