"""What a run would have cost on AWS: the calls it really made, in AWS's units, at list prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PRICES = {
    # List prices of us-east-1 in USD, as of November 2025, without the free tier.
    # https://aws.amazon.com/dynamodb/pricing/on-demand/
    "dynamodb.write": 0.625 / 1e6,
    "dynamodb.read": 0.125 / 1e6,
    # https://aws.amazon.com/sqs/pricing/ (standard queues, each 64 KB of a call)
    "sqs.requests": 0.40 / 1e6,
    # https://aws.amazon.com/lambda/pricing/
    "lambda.requests": 0.20 / 1e6,
    "lambda.gb_seconds.arm64": 0.0000133334,
    "lambda.gb_seconds.x86_64": 0.0000166667,
    # https://aws.amazon.com/s3/pricing/ (Standard)
    "s3.writes": 0.005 / 1e3,
    "s3.reads": 0.0004 / 1e3,
    # https://aws.amazon.com/cloudwatch/pricing/ (Standard log class)
    "logs.gb": 0.50,
    # https://aws.amazon.com/eventbridge/pricing/
    "scheduler.invocations": 1.00 / 1e6,
}
"""USD for one unit. Storage is left out: a month of a million articles is about as much as their writes."""

_NAMES = {
    "dynamodb.write": ("DynamoDB writes", "write units"),
    "dynamodb.read": ("DynamoDB reads", "read units"),
    "sqs.requests": ("SQS", "requests"),
    "lambda.requests": ("Lambda calls", "requests"),
    "lambda.gb_seconds.arm64": ("Lambda time", "GB-s"),
    "lambda.gb_seconds.x86_64": ("Lambda time", "GB-s"),
    "s3.writes": ("S3 writes", "requests"),
    "s3.reads": ("S3 reads", "requests"),
    "logs.gb": ("Logs", "GB"),
    "scheduler.invocations": ("Scheduler", "invocations"),
}


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
    """Units used (keys of PRICES) → their cost. Raises KeyError for a unit without a price."""
    return Cost(
        tuple(
            Line(_NAMES[key][0], quantity, _NAMES[key][1], quantity * PRICES[key])
            for key, quantity in use.items()
            if quantity
        )
    )
