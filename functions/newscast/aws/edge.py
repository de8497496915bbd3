"""What one invocation has at hand: settings, clock, bucket, sender, log and metrics."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TextIO, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit, single_metric

from newscast import settings as environment
from newscast.aws import clients
from newscast.aws.objects import Objects
from newscast.aws.sender import Sender
from newscast.records import PageWanted
from newscast.settings import Settings

NAMESPACE = "Newscast"
"""Of all metrics; behind it, as a path, the name of the installation, so that two share no alarm."""


@cache
def logger(stage: str) -> Logger:
    """The structured log of one function."""
    return Logger(service=stage, stream=cast("TextIO", _StandardOutput()))


class _StandardOutput:
    """Whatever standard output is when a line is written: a local run and tests put theirs in its place."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def namespace(installation: str) -> str:
    """Where one installation's metrics stand in CloudWatch: `Newscast/dev`."""
    return f"{NAMESPACE}/{installation}"


@cache
def metrics(stage: str, installation: str) -> EphemeralMetrics:
    """The metrics of one function, with its stage as the one dimension, shared with no other."""
    return EphemeralMetrics(namespace=namespace(installation), service=stage)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Edge:
    """Made anew for each invocation, so that no function of a local run sees another's settings."""

    stage: str
    settings: Settings
    now: Callable[[], datetime] = _now
    random: random.Random = field(default_factory=random.SystemRandom)

    @classmethod
    def of(cls, stage: str) -> Edge:
        """From this process's environment. Raises SettingsError."""
        return cls(stage, environment.read(os.environ))

    @property
    def log(self) -> Logger:
        return logger(self.stage)

    @property
    def _metrics(self) -> EphemeralMetrics:
        return metrics(self.stage, self.settings.stage)

    @cached_property
    def objects(self) -> Objects:
        return Objects(clients.s3, self.settings.need("bucket_name").bucket_name)

    @cached_property
    def sender(self) -> Sender:
        """To the next stage's queue."""
        return Sender(clients.sqs(), self.settings.need("out_queue_url").out_queue_url, self.objects)

    @cached_property
    def pages(self) -> Sender:
        """To the queue of articles whose page is wanted."""
        return Sender(clients.sqs(), self.settings.need("page_queue_url").page_queue_url, self.objects)

    def sender_of(self, body: object) -> Sender:
        """Where a result goes: to the next stage, or first to have its page read."""
        return self.pages if isinstance(body, PageWanted) else self.sender

    def count(self, name: str, value: float = 1) -> None:
        """Add to a counter of this stage (`Entries`, `Stored`)."""
        self._metrics.add_metric(name, MetricUnit.Count, value)

    def seconds(self, name: str, value: float) -> None:
        """Record a duration in seconds (`AgeAtStore`)."""
        self._metrics.add_metric(name, MetricUnit.Seconds, value)

    def failure(self, reason: str) -> None:
        """Count one failure under its reason, a word of a short list."""
        where = namespace(self.settings.stage)
        with single_metric("Failures", MetricUnit.Count, 1, namespace=where) as metric:
            metric.add_dimension("service", self.stage)
            metric.add_dimension("reason", reason)

    def close(self) -> None:
        """End of an invocation: metrics go out, and the log forgets this one's keys."""
        if self._metrics.metric_set:
            self._metrics.flush_metrics()
        self.log.remove_keys(["correlation_id"])
