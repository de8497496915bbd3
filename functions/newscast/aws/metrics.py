"""The metrics that CloudWatch keeps of us: few, since each name costs $0.30 a month and each dimension's
value would count as another name. What else a function counts stands in its summary line in the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

NAMESPACE = "Newscast"
"""Of all metrics; behind it, as a path, the name of the installation, so that two share no alarm."""

METRICS: dict[str, str] = {
    "Due": "Count",  # feeds that a round found due, be it 0: an alarm asks whether rounds are made
    "ClaimsFailed": "Count",  # due feeds that could not be claimed: an alarm
    "Polled": "Count",  # polls that a server answered: an alarm asks whether there are any
    "Failures": "Count",  # polls, pages and messages that failed; the summary lines say where and why
    "Stored": "Count",  # new articles
    "Slowed": "None",  # times that intervals are stretched; only while they are: an alarm
    "AgeAtStore": "Seconds",  # of a new article whose publisher gave a time
}
"""Their names, without dimensions, and units."""
SHOWN = frozenset({"Failures", "AgeAtStore"})
"""Of them, those that only a dashboard shows: sent where there is one."""


def namespace(installation: str) -> str:
    """Where one installation's metrics stand in CloudWatch: `Newscast/dev`."""
    return f"{NAMESPACE}/{installation}"


def directive(
    counted: Iterable[str], installation: str, now: datetime, dashboard: bool = False
) -> dict[str, Any]:
    """What a line of the log must hold so that CloudWatch takes metrics from it (embedded metric format):
    those of the names that are metrics (where there is a `dashboard`, also those that it alone shows),
    without a dimension. Empty if none is.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    sent = METRICS.keys() if dashboard else METRICS.keys() - SHOWN
    found = [{"Name": name, "Unit": METRICS[name]} for name in counted if name in sent]
    if not found:
        return {}
    taken = {"Namespace": namespace(installation), "Dimensions": [[]], "Metrics": found}
    return {"_aws": {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [taken]}}
