"""`newscast cost --stack`: what a deployed stack has used this month, as CloudWatch counted it."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from newscast.aws.metrics import namespace
from newscast.cli import place
from newscast.cli.problem import CommandError
from newscast.cost.bill import Line
from newscast.cost.metered import Metered
from newscast.cost.shape import Shape

DAY = 86_400
A_CALL = 500
"""Metrics that one GetMetricData gives."""
LEAST = timedelta(hours=1)
"""Less says nothing about a month."""


class Sum(NamedTuple):
    """A metric, to be summed since the month began."""

    space: str
    metric: str
    dimensions: Mapping[str, str] = {}
    statistic: str = "Sum"


def metered(name: str, shape: Shape, now: datetime | None = None) -> tuple[dict[str, Any], list[Line], str]:
    """Basis, lines and a sentence about them. Raises CommandError in one line."""
    with place.said(name):
        used, ceiling = _read(name, now or datetime.now(UTC))
    about = (
        f"{name}: {used.stored:,.0f} articles and {used.polled:,.0f} answered polls in"
        f" {used.elapsed_days:.3g} days, carried on to the {used.month_days:g} days of this month;"
        " list prices, no free tier."
    )
    basis = used.basis()
    if ceiling:
        basis |= {"monthly_ceiling": ceiling}
        shape = replace(shape, alarm_metrics=shape.alarm_metrics + 1)
        about += f"\nIts ceiling is ${ceiling:,} a month: polling is slowed as that comes near."
    return basis, used.lines(shape), about


def _read(name: str, now: datetime) -> tuple[Metered, int]:
    """What it used, and its ceiling; 0 for none."""
    import boto3

    (stack,) = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    given = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = max(month, stack["CreationTime"])
    if now - since < LEAST:
        raise CommandError(f"--stack {name}: an hour of this month, or of the stack's life, must have passed")
    table = place.deployed(name, "TableName")
    found = _resources(name)
    indexes, table_bytes = _table(table)
    sums = _sums(
        since, now, _wanted(given["Stage"], table, indexes, place.deployed(name, "BucketName"), found)
    )
    stages = {logical: logical.removesuffix("Function").lower() for logical in found["AWS::Lambda::Function"]}
    used = Metered(
        elapsed_days=(now - since) / timedelta(days=1),
        month_days=calendar.monthrange(now.year, now.month)[1],
        stored=sums["stored"],
        polled=sums["polled"],
        writes=_under(sums, "writes"),
        reads=_under(sums, "reads"),
        table_bytes=table_bytes,
        bucket_bytes=sums["bucket"],
        calls={stage: sums[f"calls_{logical}"] for logical, stage in stages.items()},
        milliseconds={stage: sums[f"ms_{logical}"] for logical, stage in stages.items()},
        empty_receives=_under(sums, "empty"),
        log_bytes=_under(sums, "log"),
        traced=given.get("Tracing") == "on",
        dashboard=given.get("WithDashboard") == "on",
    )
    return used, int(given.get("MonthlyCeiling", 0))


def _resources(stack: str) -> defaultdict[str, dict[str, str]]:
    """Physical ids by type and logical id."""
    import boto3

    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    for page in pages:
        for each in page["StackResourceSummaries"]:
            found[each["ResourceType"]][each["LogicalResourceId"]] = each.get("PhysicalResourceId", "")
    return found


def _table(name: str) -> tuple[list[str], float]:
    """Its indexes, and the bytes of all."""
    import boto3

    table: Any = boto3.client("dynamodb").describe_table(TableName=name)["Table"]
    indexes = table.get("GlobalSecondaryIndexes", [])
    whole = table.get("TableSizeBytes", 0) + sum(each.get("IndexSizeBytes", 0) for each in indexes)
    return [each["IndexName"] for each in indexes], float(whole)


def _wanted(
    stage: str, table: str, indexes: list[str], bucket: str, found: Mapping[str, Mapping[str, str]]
) -> dict[str, Sum]:
    """What is asked of CloudWatch, by the name under which it is used here."""
    own = namespace(stage)
    wanted = {
        "stored": Sum(own, "Stored"),
        "polled": Sum(own, "Polled"),
        "bucket": Sum(
            "AWS/S3", "BucketSizeBytes", {"BucketName": bucket, "StorageType": "StandardStorage"}, "Average"
        ),
    }
    for place_, index in enumerate((None, *indexes)):
        of = {"TableName": table} | ({"GlobalSecondaryIndexName": index} if index else {})
        wanted[f"writes_{place_}"] = Sum("AWS/DynamoDB", "ConsumedWriteCapacityUnits", of)
        wanted[f"reads_{place_}"] = Sum("AWS/DynamoDB", "ConsumedReadCapacityUnits", of)
    for logical, function in found["AWS::Lambda::Function"].items():
        wanted[f"calls_{logical}"] = Sum("AWS/Lambda", "Invocations", {"FunctionName": function})
        wanted[f"ms_{logical}"] = Sum("AWS/Lambda", "Duration", {"FunctionName": function})
    for logical, url in found["AWS::SQS::Queue"].items():
        wanted[f"empty_{logical}"] = Sum(
            "AWS/SQS", "NumberOfEmptyReceives", {"QueueName": url.rpartition("/")[2]}
        )
    for logical, group in found["AWS::Logs::LogGroup"].items():
        wanted[f"log_{logical}"] = Sum("AWS/Logs", "IncomingBytes", {"LogGroupName": group})
    return wanted


def _sums(since: datetime, until: datetime, wanted: Mapping[str, Sum]) -> dict[str, float]:
    """Each metric's sum; of what is an average, its last value. 0 for what sent nothing."""
    import boto3

    names = list(wanted)
    queries: list[Any] = [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": each.space,
                    "MetricName": each.metric,
                    "Dimensions": [{"Name": key, "Value": value} for key, value in each.dimensions.items()],
                },
                "Period": DAY,
                "Stat": each.statistic,
            },
        }
        for number, each in enumerate(wanted.values())
    ]
    found = dict.fromkeys(names, 0.0)
    paginator = boto3.client("cloudwatch").get_paginator("get_metric_data")
    for first in range(0, len(queries), A_CALL):
        asked = queries[first : first + A_CALL]
        pages = paginator.paginate(
            MetricDataQueries=asked, StartTime=since, EndTime=until, ScanBy="TimestampAscending"
        )
        for page in pages:
            for result in page["MetricDataResults"]:
                name = names[int(result["Id"][1:])]
                if wanted[name].statistic == "Sum":
                    found[name] += sum(result["Values"])
                elif result["Values"]:
                    found[name] = result["Values"][-1]
    return found


def _under(sums: Mapping[str, float], kind: str) -> float:
    return sum(value for name, value in sums.items() if name.startswith(f"{kind}_"))
