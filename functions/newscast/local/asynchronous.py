"""An asynchronous call of a function, as Scheduler makes it: tried again, then sent to its destination.

AWS waits one minute before the second attempt and two before the third; here they follow at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newscast.local.deployed import AsyncInvocation, Function
from newscast.local.invoke import Report

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def call(
    function: Function,
    event: Any,
    about: AsyncInvocation,
    invoke: Callable[[Function, Any], Report],
    sqs: SQSClient,
) -> Report:
    """The last attempt's report. A call that failed for good leaves a record at its destination."""
    attempts = 1
    report = invoke(function, event)
    while report.outcome != "ok" and attempts <= about.retries:
        attempts += 1
        report = invoke(function, event)
    if report.outcome != "ok" and about.on_failure is not None:
        record = _record(function, event, report, attempts)
        sqs.send_message(QueueUrl=about.on_failure.url, MessageBody=json.dumps(record))
    return report


def _record(function: Function, event: Any, report: Report, attempts: int) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(),
        "requestContext": {
            "requestId": report.request_id,
            "functionArn": f"{function.arn}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": report.error,
    }
