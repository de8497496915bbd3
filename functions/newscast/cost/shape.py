"""What of the template costs money whether or not news comes, and how large its functions are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newscast.aws.metrics import METRICS, SHOWN

MINUTES = {"minute": 1, "hour": 60, "day": 1440}


@dataclass(frozen=True)
class Function:
    """`memory` in MB; where it reads a queue, `batch` messages at most, gathered for `window` seconds."""

    memory: int
    batch: int = 0
    window: int = 0


@dataclass(frozen=True)
class Shape:
    """`functions` by stage. Numbers of a new stack with the template's defaults."""

    functions: Mapping[str, Function]
    alarm_metrics: int
    """Metrics that alarms read: what they are paid by."""
    round_minutes: float
    log_days: int
    processor: str
    metrics: int = len(METRICS.keys() - SHOWN - {"Slowed"})
    """Of our own, without those for a dashboard, and the one that costs nothing until a round is slowed."""

    @property
    def sources(self) -> int:
        """Queues that Lambda asks, day and night."""
        return sum(each.batch > 0 for each in self.functions.values())


PACKAGED = Shape(
    functions={
        "schedule": Function(512),
        "fetch": Function(512, 5, 5),
        "normalise": Function(1024, 10, 60),
        "page": Function(1024, 5, 1),
        "tag": Function(1024, 25, 30),
        "store": Function(512, 25, 60),
    },
    alarm_metrics=20,
    round_minutes=5,
    log_days=30,
    processor="arm64",
)
"""Of the template that this version came with, for where it isn't at hand; tests hold it against that."""


def of_template(template: Mapping[str, Any]) -> Shape:
    """Of a SAM template as newscast.cost.template reads it. Raises KeyError or ValueError for what is no
    template of ours."""
    parameters, resources = template["Parameters"], template["Resources"]
    functions = {
        properties["Handler"].split(".")[-2]: _function(properties)
        for properties in _properties(resources, "AWS::Serverless::Function")
    }
    (rate,) = re.findall(r"^rate\((\d+) (minute|hour|day)s?\)$", parameters["ScheduleRate"]["Default"])
    return Shape(
        functions=functions,
        alarm_metrics=sum(_read(each) for each in _properties(resources, "AWS::CloudWatch::Alarm")),
        round_minutes=int(rate[0]) * MINUTES[rate[1]],
        log_days=int(parameters["LogRetentionDays"]["Default"]),
        processor=str(parameters["Architecture"]["Default"]),
    )


def _properties(resources: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    """Of all resources of a type but those that stand with a ceiling alone."""
    return (
        each["Properties"]
        for each in resources.values()
        if each["Type"] == kind and each.get("Condition") != "HasCeiling"
    )


def _function(properties: Mapping[str, Any]) -> Function:
    queues = [each["Properties"] for each in properties["Events"].values() if each["Type"] == "SQS"]
    (queue,) = queues or [{}]
    return Function(
        int(properties["MemorySize"]),
        int(queue.get("BatchSize", 0)),
        int(queue.get("MaximumBatchingWindowInSeconds", 0)),
    )


def _read(alarm: Mapping[str, Any]) -> int:
    """Metrics that an alarm reads. One that stands under a condition is counted unless a new stack has none:
    the index of 0.1.0."""
    asked = [each.get("Fn::If", ("", each)) for each in alarm.get("Metrics", [])]
    return sum("MetricStat" in each[1] and each[0] != "HasGSI2" for each in asked) or 1
