"""The line at the end of an invocation: all that it counted, and the few numbers that CloudWatch keeps."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

import newscast
from newscast.aws.edge import Edge
from newscast.aws.metrics import METRICS
from newscast.settings import Settings

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)
SOURCES = sorted(Path(newscast.__file__).parent.glob("**/*.py"))


def summary(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def edge(installation: str = "one", dashboard: Literal["on", "off"] = "off") -> Edge:
    return Edge("fetch", Settings(stage=installation, dashboard=dashboard), now=lambda: NOON)


@pytest.mark.parametrize(
    ("dashboard", "names"), [("on", ("Polled", "AgeAtStore", "Failures")), ("off", ("Polled",))]
)
def test_all_that_was_counted_is_one_line_of_which_a_part_is_metrics(
    dashboard: Literal["on", "off"], names: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    at = edge(dashboard=dashboard)
    for _ in range(3):
        at.count("Polled")
    at.count("Entries", 7)
    at.failure("timeout")
    at.failure("timeout")
    at.failure("http-500")
    at.seconds("AgeAtStore", 1.5)
    at.seconds("AgeAtStore", 2.5)
    at.close()
    taken = {
        "Namespace": "Newscast/one",
        "Dimensions": [[]],
        "Metrics": [{"Name": name, "Unit": METRICS[name]} for name in names],
    }
    assert summary(capsys) == [
        {
            "service": "fetch",
            "message": "summary",
            "Polled": 3,
            "Entries": 7,
            "AgeAtStore": [1.5, 2.5],
            "Failures": 3,
            "failures": {"timeout": 2, "http-500": 1},
            "_aws": {"Timestamp": int(NOON.timestamp() * 1000), "CloudWatchMetrics": [taken]},
        }
    ]


def test_what_is_no_metric_costs_none(capsys: pytest.CaptureFixture[str]) -> None:
    at = edge()
    at.count("HostBusy")
    at.close()
    assert summary(capsys) == [{"service": "fetch", "message": "summary", "HostBusy": 1}]


def test_nothing_counted_is_no_line_and_nothing_is_told_twice(capsys: pytest.CaptureFixture[str]) -> None:
    at = edge()
    at.close()
    assert summary(capsys) == []
    at.count("Polled")
    at.close()
    at.close()
    assert len(summary(capsys)) == 1


def test_a_round_without_due_feeds_still_says_0(capsys: pytest.CaptureFixture[str]) -> None:
    at = edge()
    at.count("Due", 0)
    at.close()
    (line,) = summary(capsys)
    assert line["Due"] == 0
    assert "_aws" in line


@pytest.mark.parametrize("installation", ["one", "two"])
def test_two_installations_of_an_account_share_no_metric(
    installation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = edge(installation)
    at.count("Polled")
    at.close()
    (line,) = summary(capsys)
    assert [each["Namespace"] for each in line["_aws"]["CloudWatchMetrics"]] == [f"Newscast/{installation}"]


def test_metrics_are_few_and_somebody_counts_each() -> None:
    assert len(METRICS) <= 10
    counting = re.compile(r'edge\.(?:count|seconds)\(\s*"(\w+)"')
    counted = {name for path in SOURCES for name in counting.findall(path.read_text(encoding="utf-8"))}
    by_outcome = {"Stored"}  # handlers.store.COUNTED
    by_reason = {"Failures"}  # Edge.failure
    assert METRICS.keys() <= counted | by_outcome | by_reason
