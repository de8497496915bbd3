"""What one invocation has at hand: settings, clock, bucket, sender, log and counters."""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, TextIO, cast

from aws_lambda_powertools import Logger

from newscast import settings as environment
from newscast.aws import clients, metrics
from newscast.aws.objects import Objects
from newscast.aws.sender import Sender
from newscast.records import PageWanted
from newscast.settings import Settings


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


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Edge:
    """Made anew for each invocation, so that no function of a local run sees another's settings."""

    stage: str
    settings: Settings
    now: Callable[[], datetime] = _now
    random: random.Random = field(default_factory=random.SystemRandom)
    _counted: defaultdict[str, float] = field(default_factory=lambda: defaultdict(int))
    _took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Durations in seconds."""
    _failed: Counter[str] = field(default_factory=Counter)
    """Failures by reason."""

    @classmethod
    def of(cls, stage: str) -> Edge:
        """From this process's environment. Raises SettingsError."""
        return cls(stage, environment.read(os.environ))

    @property
    def log(self) -> Logger:
        return logger(self.stage)

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
        """Add to a counter of this invocation (`Entries`, `Stored`)."""
        self._counted[name] += value

    def seconds(self, name: str, value: float) -> None:
        """Record a duration in seconds (`AgeAtStore`)."""
        self._took[name].append(value)

    def failure(self, reason: str) -> None:
        """Count one failure under its reason, a word of a short list."""
        self._failed[reason] += 1

    def close(self) -> None:
        """End of an invocation: its summary goes out, and the log forgets this one's keys."""
        if self._counted or self._took or self._failed:
            # Not by the logger: no log level may stop what metrics are made from.
            print(json.dumps(self._summary(), separators=(",", ":")))  # noqa: T201
        for each in (self._counted, self._took, self._failed):
            each.clear()
        self.log.remove_keys(["correlation_id"])

    def _summary(self) -> dict[str, Any]:
        """All that was counted in one line, of which CloudWatch makes metrics of what `_aws` names."""
        counted: dict[str, Any] = {**self._counted, **self._took}
        if self._failed:
            counted |= {"Failures": self._failed.total(), "failures": dict(self._failed)}
        about = {"service": self.stage, "message": "summary"}
        shown = self.settings.dashboard == "on"
        return about | counted | metrics.directive(counted, self.settings.stage, self.now(), shown)
