"""`newscast cost --stack`: what CloudWatch counted so far, carried on to the month's end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from newscast.cli import cost_of_stack, main
from newscast.cost import measured
from newscast.cost.bill import total
from newscast.cost.metered import Metered
from newscast.cost.shape import PACKAGED

NOW = datetime(2024, 6, 11, tzinfo=UTC)
USED = Metered(
    elapsed_days=10,
    month_days=30,
    stored=300_000,
    polled=200_000,
    writes=4e6,
    reads=1e6,
    table_bytes=8e9,
    bucket_bytes=2e9,
    calls={"schedule": 2880, "fetch": 80_000, "normalise": 40_000, "page": 0, "tag": 40_000, "store": 40_000},
    milliseconds={"schedule": 0, "fetch": 4e7, "normalise": 1e6, "page": 0, "tag": 1e6, "store": 2e6},
    empty_receives=1e6,
    log_bytes=3e8,
)


@pytest.mark.parametrize(
    ("item", "dollars"),
    [
        ("DynamoDB writes", 12 * 0.625),
        ("DynamoDB reads", 3 * 0.125),
        ("DynamoDB storage", 8 * 0.25),
        ("DynamoDB recovery", 8 * 0.20),
        ("SQS messages", 3 * 0.2 * 3 * 0.40),
        ("SQS empty receives", 3 * 0.40),
        ("Lambda calls", 3 * 0.20288 * 0.20),
        ("Lambda time: fetch", 3 * 40_000 * 0.5 * 0.0000133334),
        ("S3 storage", 2 * 0.023),
        ("Logs", 0.9 * 0.50),
        ("Logs kept", 0.9 * 0.03),
        ("Alarms", PACKAGED.alarm_metrics * 0.10),
        ("Scheduler", 3 * 0.00288),
        ("Data transfer", 600_000 * measured.REQUEST_BYTES / 1e9 * 0.09),
    ],
)
def test_a_third_of_a_month_is_carried_on(item: str, dollars: float) -> None:
    (line,) = (each for each in USED.lines(PACKAGED) if each.item == item)
    assert line.dollars == pytest.approx(dollars)


def test_its_basis_is_the_months() -> None:
    basis = USED.basis()
    assert (basis["articles"], basis["polls_answered"], basis["articles_so_far"]) == (
        900_000,
        600_000,
        300_000,
    )


def test_a_stack_at_rest_still_costs() -> None:
    rest = Metered(
        elapsed_days=1,
        month_days=31,
        stored=0,
        polled=0,
        writes=0,
        reads=0,
        table_bytes=0,
        bucket_bytes=0,
        calls={},
        milliseconds={},
        empty_receives=0,
        log_bytes=0,
    )
    assert total(rest.lines(PACKAGED)) > 3


TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "dev"},
        "WithDashboard": {"Type": "String", "Default": "on"},
        "Tracing": {"Type": "String", "Default": "off"},
        "MonthlyCeiling": {"Type": "String", "Default": "40"},
    },
    "Resources": {
        "FeedQueue": {"Type": "AWS::SQS::Queue"},
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "articles",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "IX")
                ],
                "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": "Days",
                        "KeySchema": [{"AttributeName": "IX", "KeyType": "HASH"}],
                        "Projection": {"ProjectionType": "KEYS_ONLY"},
                    }
                ],
            },
        },
    },
    "Outputs": {"TableName": {"Value": "articles"}, "BucketName": {"Value": "bodies"}},
}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("cloudformation").create_stack(StackName="news", TemplateBody=json.dumps(TEMPLATE))
        yield


@pytest.mark.usefixtures("account")
def test_a_stack_tells_what_it_used() -> None:
    now = datetime.now(UTC)
    later = now + timedelta(days=2)
    boto3.client("cloudwatch").put_metric_data(
        Namespace="Newscast/dev",
        MetricData=[
            {"MetricName": name, "Value": value, "Unit": "Count", "Timestamp": now + timedelta(hours=1)}
            for name, value in (("Stored", 40.0), ("Stored", 2.0), ("Polled", 7.0))
        ],
    )
    basis, lines, about = cost_of_stack.metered("news", PACKAGED, later)
    found = {line.item: line.dollars for line in lines}
    if later.month == now.month:  # else it began with the month, after what was counted
        assert (basis["articles_so_far"], basis["polls_answered_so_far"]) == (42, 7)
        assert basis["elapsed_days"] == pytest.approx(2, abs=0.01)
    assert found["Dashboard"] == 3
    assert "X-Ray" not in found
    assert about.startswith("news: ")
    assert basis["monthly_ceiling"] == 40
    assert found["Alarms"] == pytest.approx((PACKAGED.alarm_metrics + 1) * 0.10)
    assert "ceiling is $40 a month" in about


@pytest.mark.usefixtures("account")
def test_a_stack_that_was_just_made_says_nothing_about_a_month() -> None:
    assert main(["cost", "--stack", "news"]) == 1


@pytest.mark.usefixtures("account")
def test_a_stack_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--stack", "no-such", "--json"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("newscast cost: --stack no-such: ")


def test_cloudwatch_is_asked_for_sums_of_days_and_the_last_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("cloudwatch", aws_access_key_id="a", aws_secret_access_key="b")
    monkeypatch.setattr(boto3, "client", lambda _: client)
    found: dict[str, Any] = {
        "AWS::Lambda::Function": {"FetchFunction": "newscast-dev-fetch"},
        "AWS::SQS::Queue": {"FeedQueue": "https://sqs.us-east-1.amazonaws.com/1/feeds"},
        "AWS::Logs::LogGroup": {"FetchLog": "/aws/lambda/newscast-dev-fetch"},
    }
    wanted = cost_of_stack._wanted("dev", "articles", ["Days"], "bodies", found)
    ids = {name: f"q{number}" for number, name in enumerate(wanted)}
    since = NOW.replace(day=1)
    queries = [
        {
            "Id": ids[name],
            "MetricStat": {
                "Metric": {
                    "Namespace": each.space,
                    "MetricName": each.metric,
                    "Dimensions": [{"Name": key, "Value": value} for key, value in each.dimensions.items()],
                },
                "Period": 86_400,
                "Stat": each.statistic,
            },
        }
        for name, each in wanted.items()
    ]
    asked = {
        "MetricDataQueries": queries,
        "StartTime": since,
        "EndTime": NOW,
        "ScanBy": "TimestampAscending",
    }
    pages = [
        {
            "stored": [1.0, 2.0],
            "writes_0": [10.0],
            "writes_1": [5.0],
            "bucket": [7.0],
            "empty_FeedQueue": [9.0],
        },
        {"stored": [4.0], "bucket": [6.0, 8.0]},
    ]
    with Stubber(client) as stub:
        for number, page in enumerate(pages):
            results = [{"Id": ids[name], "Values": values} for name, values in page.items()]
            more = {"NextToken": "next"} if number == 0 else {}
            given = asked | ({"NextToken": "next"} if number else {})
            stub.add_response("get_metric_data", {"MetricDataResults": results} | more, given)
        sums = cost_of_stack._sums(since, NOW, wanted)
        stub.assert_no_pending_responses()
    assert (sums["stored"], sums["bucket"], sums["ms_FetchFunction"]) == (7.0, 8.0, 0.0)
    assert cost_of_stack._under(sums, "writes") == 15.0
    assert cost_of_stack._under(sums, "empty") == 9.0
    assert wanted["empty_FeedQueue"].dimensions == {"QueueName": "feeds"}
    spaces = {each.space for each in wanted.values()}
    assert spaces == {"Newscast/dev", "AWS/S3", "AWS/DynamoDB", "AWS/Lambda", "AWS/SQS", "AWS/Logs"}
