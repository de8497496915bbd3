"""What a run would have cost on AWS: the calls it really made, in AWS's units, at list prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newscast.cost.prices import PRICES

NAMES = {
    "dynamodb.write": ("DynamoDB writes", "write units"),
    "dynamodb.read": ("DynamoDB reads", "read units"),
    "sqs.requests": ("SQS", "requests"),
    "lambda.requests": ("Lambda calls", "requests"),
    "lambda.gb_seconds.arm64": ("Lambda time", "GB-s"),
    "lambda.gb_seconds.x86_64": ("Lambda time", "GB-s"),
    "s3.writes": ("S3 writes and lists", "requests"),
    "s3.reads": ("S3 reads", "requests"),
    "logs.gb": ("Logs", "GB"),
    "scheduler.invocations": ("Scheduler", "invocations"),
}
"""What a run uses, as people call it. What stands for months is no part of it: storage, alarms, queues."""


@dataclass(frozen=True)
class Line:
    """One kind of use: how much, in which unit, and its price in USD."""

    name: str
    quantity: float
    unit: str
    usd: float


@dataclass(frozen=True)
class Cost:
    """A run's cost, line by line. Lambda's time is this machine's: another processor, no network to AWS."""

    lines: tuple[Line, ...]

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)

    def per_thousand(self, articles: int) -> float:
        """USD for a thousand articles, if this run's `articles` are typical; 0 for none."""
        return self.usd / articles * 1000 if articles else 0.0


def cost(use: Mapping[str, float]) -> Cost:
    """Units used (keys of NAMES) → their cost. Raises KeyError for a unit without a price."""
    return Cost(
        tuple(
            Line(NAMES[key][0], quantity, NAMES[key][1], quantity * PRICES[key])
            for key, quantity in use.items()
            if quantity
        )
    )
