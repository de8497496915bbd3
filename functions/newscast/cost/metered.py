"""What an installation has used since the month began, by AWS's own metrics → its bill at the month's end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newscast.aws.metrics import SHOWN
from newscast.cost import measured as m
from newscast.cost.bill import GB, Line
from newscast.cost.prices import PRICES
from newscast.cost.shape import Shape


@dataclass(frozen=True, kw_only=True)
class Metered:
    """Sums since the month began or the stack was made, `elapsed_days` ago; `month_days` are billed."""

    elapsed_days: float
    month_days: float
    stored: float
    polled: float
    writes: float
    """DynamoDB units, those of the indexes included; so `reads`."""
    reads: float
    table_bytes: float
    """As they are now, with the indexes; so `bucket_bytes`."""
    bucket_bytes: float
    calls: Mapping[str, float]
    """Invocations, by stage."""
    milliseconds: Mapping[str, float]
    """That Lambda bills, by stage."""
    empty_receives: float
    log_bytes: float
    traced: bool = False
    dashboard: bool = False

    def basis(self) -> dict[str, Any]:
        """What stands under `basis`."""
        return {
            "elapsed_days": round(self.elapsed_days, 3),
            "month_days": self.month_days,
            "articles": self._all(self.stored),
            "polls_answered": self._all(self.polled),
            "articles_so_far": self.stored,
            "polls_answered_so_far": self.polled,
            "region": "us-east-1",
            "free_tier": False,
        }

    def _all(self, so_far: float) -> float:
        """Of the whole month, if it goes on so."""
        return so_far * self.month_days / self.elapsed_days

    def lines(self, shape: Shape) -> list[Line]:
        """The month's bill, if it goes on so."""
        return [*self._used(shape), *self._standing(shape)]

    def _used(self, shape: Shape) -> Iterator[Line]:
        readers = sum(count for stage, count in self.calls.items() if shape.functions[stage].batch)
        puts = self.calls.get("store", 0.0) * m.OBJECTS_A_BATCH
        looks = m.WARM_TAGGERS * m.LOOKS_A_MONTH * self.elapsed_days / m.MONTH_DAYS
        sent = self.polled * m.REQUEST_BYTES / GB
        yield self._line("DynamoDB writes", self.writes, "units", "dynamodb.write")
        yield self._line("DynamoDB reads", self.reads, "units", "dynamodb.read")
        yield self._line(
            "SQS messages",
            3 * readers,
            "requests (a batch is received, deleted and was sent)",
            "sqs.requests",
        )
        yield self._line("SQS empty receives", self.empty_receives, "requests", "sqs.requests")
        yield self._line("Lambda calls", sum(self.calls.values()), "calls", "lambda.requests")
        for stage, spent in self.milliseconds.items():
            memory = shape.functions[stage].memory / 1024
            what = f"GB-s ({spent / 1000:,.0f} s × {memory:g} GB)"
            yield self._line(
                f"Lambda time: {stage}", spent / 1000 * memory, what, f"lambda.gb_seconds.{shape.processor}"
            )
        yield self._line("S3 writes and lists", puts + looks, "requests (reckoned, not metered)", "s3.writes")
        yield self._line("Logs", self.log_bytes / GB, "GB", "logs.gb")
        if self.traced:
            traces = sum(self.calls.values())
            yield self._line("X-Ray", traces, "traces at most, one a call", "xray.traces")
        yield self._line("Scheduler", self.calls.get("schedule", 0.0), "rounds", "scheduler.invocations")
        yield self._line("Data transfer", sent, "GB of requests (reckoned, not metered)", "transfer.gb")

    def _standing(self, shape: Shape) -> Iterator[Line]:
        kept = shape.log_days / m.MONTH_DAYS
        table, bucket, logs = (
            each / GB for each in (self.table_bytes, self.bucket_bytes, self._all(self.log_bytes))
        )
        keys = m.KEY_USERS * self.month_days * 86_400 / m.KEY_SECONDS
        for item, count, what, price in (
            ("DynamoDB storage", table, "GB now", "dynamodb.gb_months"),
            ("DynamoDB recovery", table, "GB now", "dynamodb.recovery_gb_months"),
            ("S3 storage", bucket, "GB now", "s3.gb_months"),
            ("Logs kept", logs * kept, f"GB, kept for {shape.log_days} days", "logs.gb_months"),
            ("Metrics", shape.metrics + len(SHOWN) * self.dashboard, "of our own", "cloudwatch.metrics"),
            ("Alarms", shape.alarm_metrics, "metrics that alarms read", "cloudwatch.alarm_metrics"),
            ("Dashboard", int(self.dashboard), "dashboard", "cloudwatch.dashboards"),
            ("KMS", keys, "requests (reckoned, not metered)", "kms.requests"),
        ):
            if count:
                yield Line(item, count * PRICES[price], f"{count:,.4g} {what} × ${PRICES[price]:.6g} a month")

    def _line(self, item: str, so_far: float, what: str, price: str) -> Line:
        whole = f"{self.month_days:g} / {self.elapsed_days:.3g} days"
        how = f"{so_far:,.6g} {what} × {whole} × ${PRICES[price]:.6g}"
        return Line(item, self._all(so_far) * PRICES[price], how)
