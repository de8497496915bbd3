"""List prices in USD of us-east-1, as of November 2025, without the free tier: the one place for them."""

from __future__ import annotations

PRICES = {
    # https://aws.amazon.com/dynamodb/pricing/on-demand/
    "dynamodb.write": 0.625 / 1e6,
    "dynamodb.read": 0.125 / 1e6,
    "dynamodb.gb_months": 0.25,
    "dynamodb.recovery_gb_months": 0.20,
    # https://aws.amazon.com/sqs/pricing/ (standard queues, each 64 KB of a call)
    "sqs.requests": 0.40 / 1e6,
    # https://aws.amazon.com/lambda/pricing/
    "lambda.requests": 0.20 / 1e6,
    "lambda.gb_seconds.arm64": 0.0000133334,
    "lambda.gb_seconds.x86_64": 0.0000166667,
    # https://aws.amazon.com/s3/pricing/ (Standard; a LIST costs what a PUT does, a DELETE nothing)
    "s3.writes": 0.005 / 1e3,
    "s3.reads": 0.0004 / 1e3,
    "s3.gb_months": 0.023,
    # https://aws.amazon.com/cloudwatch/pricing/ (Standard log class; a metric is a name and its dimensions)
    "logs.gb": 0.50,
    "logs.gb_months": 0.03,
    "cloudwatch.metrics": 0.30,
    "cloudwatch.alarm_metrics": 0.10,
    "cloudwatch.dashboards": 3.00,
    # https://aws.amazon.com/xray/pricing/
    "xray.traces": 5.00 / 1e6,
    # https://aws.amazon.com/eventbridge/pricing/
    "scheduler.invocations": 1.00 / 1e6,
    # https://aws.amazon.com/ec2/pricing/on-demand/ (out to the internet; in is free)
    "transfer.gb": 0.09,
    # https://aws.amazon.com/kms/pricing/
    "kms.requests": 0.03 / 1e4,
}
"""USD for one unit; `_months` are kept for a month, metrics, their alarms and dashboards stand for one."""
