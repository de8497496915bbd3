"""What starts the work and who is told when it stops: schedule, alarms, dashboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from infra.checks.stack import Stack

from newscast.aws.edge import NAMESPACE, namespace

RATE = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)")
CRON = re.compile(r"cron\(\S+( \S+){5}\)")

SCHEDULES: tuple[tuple[str, bool], ...] = (
    ("rate(5 minutes)", True),
    ("rate(1 minute)", True),
    ("rate(10 hours)", True),
    ("cron(0/10 * * * ? *)", True),
    ("rate(5 minute)", False),
    ("rate(1 minutes)", False),
    ("rate(0 minutes)", False),
    ("rate(5 minutes", False),
    ("cron(0/10 * * * ?)", False),
    ("5 minutes", False),
)
"""What a deployer may give for ScheduleRate, and what AWS would refuse late."""


def schedules(stack: Stack) -> Iterator[str]:
    """`rate(5 minute)` passes every lint; a call that fails is tried again and then kept."""
    for name, properties in stack.of("AWS::Scheduler::Schedule").items():
        expression = str(properties.get("ScheduleExpression"))
        if not (RATE.fullmatch(expression) or CRON.fullmatch(expression)):
            yield f"{name}: {expression} is no schedule"
        target = properties.get("Target", {})
        if stack.queue(str(target.get("DeadLetterConfig", {}).get("Arn"))) not in stack.queues:
            yield f"{name}: calls that fail are lost"
        if int(target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 185)) > 10:
            yield f"{name}: a call that fails is tried for a day"
        if stack.function(str(target.get("Arn"))) not in stack.functions:
            yield f"{name} calls no function of the template"
    pattern = stack.template["Parameters"].get("ScheduleRate", {}).get("AllowedPattern")
    for text, sound in SCHEDULES if pattern else ():
        if (re.fullmatch(pattern, text) is not None) != sound:
            yield f"ScheduleRate {'refuses' if sound else 'takes'} {text}"


def failed_calls(stack: Stack) -> Iterator[str]:
    """The scheduler doesn't wait for the function: what that fails with goes where Lambda is told."""
    configured = {
        stack.function(each["FunctionName"])
        for each in stack.of("AWS::Lambda::EventInvokeConfig").values()
        if stack.queue(each.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", ""))
        in stack.queues
    }
    for each in stack.of("AWS::Scheduler::Schedule").values():
        function = stack.function(each["Target"]["Arn"])
        if function in stack.functions and function not in configured:
            yield f"{function}: runs that fail are lost"


Watched = tuple[str, str, str]
"""Namespace and metric, dimensions, values: what an alarm looks at."""
ALWAYS_SENT = "Due"
"""Counted by each round, be it 0: only an alarm on it may take silence for trouble."""
OWN: tuple[tuple[str, str], ...] = (("Due", "schedule"), ("Polled", "fetch"), ("ClaimsFailed", "schedule"))
"""Metrics of ours, and the stage that counts each, that nothing of AWS stands for."""


def alarms(stack: Stack) -> Iterator[str]:
    """Each dead-letter queue, the age of each queue, each function's errors and throttles, the table's
    throttles, and what only our own counts show; all are told."""
    topics = [stack.resolve.ref(name) for name in stack.of("AWS::SNS::Topic")]
    watched: set[Watched] = set()
    for name, properties in stack.of("AWS::CloudWatch::Alarm").items():
        looks_at = set(_watched(properties))
        watched |= looks_at
        if not any(action in topics for action in properties.get("AlarmActions", [])):
            yield f"{name} tells nobody"
        if properties.get("ComparisonOperator") != "GreaterThanThreshold":
            yield f"{name}: {properties.get('ComparisonOperator')} fires when nothing is wrong, or never"
        always = any(metric == f"{_own(stack)} {ALWAYS_SENT}" for metric, _, _ in looks_at)
        if properties.get("TreatMissingData") != ("breaching" if always else "notBreaching"):
            yield f"{name}: what is at rest sends no data, which is an alarm for {ALWAYS_SENT} alone"
        for metric, _, stage in looks_at:
            space, _, counted = metric.partition(" ")
            if not _counted(stack, space, counted, stage):
                yield f"{name}: {stage} of this installation never counts {counted}"
    for each in _wanted(stack):
        if each not in watched:
            yield f"no alarm looks at {each[0]} of {each[2]}"


def _watched(properties: dict[str, Any]) -> Iterator[Watched]:
    metrics = [each["MetricStat"]["Metric"] for each in properties.get("Metrics", []) if "MetricStat" in each]
    for metric in metrics or [properties]:
        dimensions = metric.get("Dimensions", [])
        names, values = (" ".join(str(each[key]) for each in dimensions) for key in ("Name", "Value"))
        yield f"{metric['Namespace']} {metric['MetricName']}", names, values


def _wanted(stack: Stack) -> Iterator[Watched]:
    for queue in sorted(stack.queues):
        dead = queue in stack.dead_letter_queues
        metric = "ApproximateNumberOfMessagesVisible" if dead else "ApproximateAgeOfOldestMessage"
        yield f"AWS/SQS {metric}", "QueueName", stack.resolve.name(queue)
    for function in stack.functions:
        for metric in ("Errors", "Throttles"):
            yield f"AWS/Lambda {metric}", "FunctionName", stack.resolve.name(function)
    for name, properties in stack.of("AWS::DynamoDB::Table").items():
        table = stack.resolve.name(name)
        for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
            yield f"AWS/DynamoDB {metric}", "TableName", table
        for index in properties.get("GlobalSecondaryIndexes", []):
            values = f"{table} {index['IndexName']}"
            yield "AWS/DynamoDB WriteThrottleEvents", "TableName GlobalSecondaryIndexName", values
    for metric, stage in OWN:
        yield f"{_own(stack)} {metric}", "service", stage


def topic(stack: Stack) -> Iterator[str]:
    """Alarms can't publish to a topic encrypted with the account's own SNS key, and nobody is told so.
    https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns"""
    for name, properties in stack.of("AWS::SNS::Topic").items():
        if properties.get("KmsMasterKeyId") == "alias/aws/sns":
            yield f"{name}: alarms can't publish to a topic encrypted with alias/aws/sns"
    for name, resource in stack.translated.of_type("AWS::SNS::Subscription").items():
        if "Condition" not in resource:
            yield f"{name} is made though no address is given"


def dashboard(stack: Stack) -> Iterator[str]:
    """The dashboard's body is text to CloudFormation: broken JSON is found when deploying. Of our own metrics
    it shows those that a handler counts."""
    there = {stack.resolve.name(name) for name in (*stack.queues, *stack.functions)}
    for name, properties in stack.of("AWS::CloudWatch::Dashboard").items():
        try:
            widgets = json.loads(properties["DashboardBody"])["widgets"]
        except (ValueError, KeyError, TypeError) as error:
            yield f"{name}: the body is no dashboard: {error}"
            continue
        for widget in widgets:
            rows = [row for row in widget["properties"].get("metrics", []) if isinstance(row[0], str)]
            for space, metric, dimension, value, *_ in rows:
                if dimension in ("QueueName", "FunctionName") and value not in there:
                    yield f"{name}: {value} is nothing of the template"
                if not _counted(stack, space, metric, value):
                    yield f"{name}: {value} of this installation never counts {metric}"


def _own(stack: Stack) -> str:
    return namespace(stack.template["Parameters"]["Stage"]["Default"])


def _counted(stack: Stack, space: str, metric: str, stage: str) -> bool:
    """Whether somebody counts it: AWS what is its own, one of our handlers what is this installation's."""
    if not space.startswith(NAMESPACE):
        return True
    if space != _own(stack):
        return False
    handler = f"newscast.handlers.{stage}."
    for function in stack.translated.functions.values():
        if function.handler.startswith(handler):
            source = function.code.joinpath("newscast", "handlers", f"{stage}.py")
            return f'"{metric}"' in source.read_text(encoding="utf-8")
    return False


def parameters(stack: Stack) -> Iterator[str]:
    """A deployer sees a description, gets a default and is stopped at a wrong value."""
    given = stack.template["Parameters"]
    interface = stack.template.get("Metadata", {}).get("AWS::CloudFormation::Interface", {})
    grouped = [each for group in interface.get("ParameterGroups", []) for each in group["Parameters"]]
    constraints = {"AllowedValues", "AllowedPattern", "MinValue"}
    used = str({key: value for key, value in stack.template.items() if key != "Parameters"})
    for name, properties in given.items():
        for each in ("Description", "Default"):
            if each not in properties:
                yield f"parameter {name} has no {each.lower()}"
        if not constraints & properties.keys():
            yield f"parameter {name} takes anything"
        if grouped.count(name) != 1:
            yield f"parameter {name} is shown {grouped.count(name)} times"
        if f"'Ref': '{name}'" not in used and f"${{{name}}}" not in used:
            yield f"parameter {name} is used by nothing"
    for name in set(grouped) - given.keys():
        yield f"there is no parameter {name} to show"
