"""What starts the work and who is told when it stops: schedule, alarms, dashboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from infra.checks.stack import Stack

from newscast.aws.metrics import METRICS, NAMESPACE, namespace
from newscast.settings import SettingsError, read

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
OWN = ("Due", "Polled", "ClaimsFailed", "Slowed")
"""Metrics of ours that nothing of AWS stands for."""
MOST_READ = 10
"""Metrics that AWS lets an alarm read."""


def alarms(stack: Stack) -> Iterator[str]:
    """Each dead-letter queue, the age of each queue, each function's errors, and what only our own counts
    show; all are told, and say where to look. Throttles are no alarm of their own: what they hold up grows
    old, and what they end is a dead letter."""
    stack = Stack(stack.translated, {**stack.parameters, "MonthlyCeiling": "50"})
    topics = [stack.resolve.ref(name) for name in stack.of("AWS::SNS::Topic")]
    watched: list[Watched] = []
    for name, properties in stack.of("AWS::CloudWatch::Alarm").items():
        looks_at = list(_watched(properties))
        watched += looks_at
        if not any(action in topics for action in properties.get("AlarmActions", [])):
            yield f"{name} tells nobody"
        if properties.get("ComparisonOperator") != "GreaterThanThreshold":
            yield f"{name}: {properties.get('ComparisonOperator')} fires when nothing is wrong, or never"
        always = any(metric == f"{_own(stack)} {ALWAYS_SENT}" for metric, _, _ in looks_at)
        if properties.get("TreatMissingData") != ("breaching" if always else "notBreaching"):
            yield f"{name}: what is at rest sends no data, which is an alarm for {ALWAYS_SENT} alone"
        if len(looks_at) > MOST_READ:
            yield f"{name} reads {len(looks_at)} metrics, which are more than {MOST_READ}"
        if len(looks_at) > 1 and len(str(properties.get("AlarmDescription"))) < 80:
            yield f"{name} reads several metrics and doesn't say how to find which"
        yield from _periods(name, properties)
        for metric, dimensions, _ in looks_at:
            yield from _unknown(stack, name, metric, dimensions)
    for each in _wanted(stack):
        if each not in watched:
            yield f"no alarm looks at {each[0]}{each[2] and f' of {each[2]}'}"
    for each in {each for each in watched if watched.count(each) > 1}:
        yield f"{each[0]} {each[2]} is read twice, and paid twice"


def _periods(name: str, properties: dict[str, Any]) -> Iterator[str]:
    """AWS looks back for a day, in periods of an hour or more for a week. What returns rarely, a batch that
    crashes or a round each hour, is never in two periods that are neighbours."""
    stats = [each["MetricStat"] for each in properties.get("Metrics", []) if "MetricStat" in each]
    periods = {int(each["Period"]) for each in stats or [properties]}
    every, span = max(periods), int(properties.get("EvaluationPeriods", 1))
    if len(periods) > 1:
        yield f"{name} reads metrics of different periods"
    if every * span > (7 * 86_400 if every >= 3600 else 86_400):
        yield f"{name} looks back for longer than AWS does"
    names = {metric.partition(" ")[2] for metric, _, _ in _watched(properties)}
    for rare, seconds in RARE.items():
        if rare in names and span > 1:
            needed = int(properties.get("DatapointsToAlarm", span))
            if every * span < seconds * needed:
                yield f"{name}: {needed} times {rare} may lie further apart than {every * span} s"


RARE = {"Errors": 960, "ClaimsFailed": 3600}
"""Seconds until what went wrong goes wrong again: a crashed batch's longest wait, an hourly round."""


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
        yield "AWS/Lambda Errors", "FunctionName", stack.resolve.name(function)
    for metric in OWN:
        yield f"{_own(stack)} {metric}", "", ""


CEILINGS: tuple[tuple[str, bool], ...] = (
    ("0", True),
    ("5", True),
    ("40", True),
    ("99999", True),
    ("100000", False),
    ("1e9", False),
    ("12.50", False),
    ("$40", False),
    ("-1", False),
    ("none", False),
)
"""What a deployer may give for MonthlyCeiling, and what is no sum of dollars."""


def ceiling(stack: Stack) -> Iterator[str]:
    """The template's pattern and the setting's own take and refuse the same; who has none pays for none."""
    pattern = stack.template["Parameters"]["MonthlyCeiling"].get("AllowedPattern", ".*")
    for text, sound in CEILINGS:
        said = "refuses" if sound else "takes"
        if (re.fullmatch(pattern, text) is not None) != sound:
            yield f"MonthlyCeiling {said} {text!r}"
        try:
            read({"MONTHLY_CEILING": text})
            taken = True
        except SettingsError:
            taken = False
        if taken != sound:
            yield f"MONTHLY_CEILING {said} {text!r}"
    for name, properties in stack.of("AWS::CloudWatch::Alarm").items():
        if any(metric.endswith(" Slowed") for metric, _, _ in _watched(properties)):
            yield f"{name} is made, and paid, though there is no ceiling"


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
    it shows those that are sent."""
    shown = Stack(stack.translated, {**stack.parameters, "WithDashboard": "on"})
    there = {stack.resolve.name(name) for name in (*stack.queues, *stack.functions)}
    if stack.of("AWS::CloudWatch::Dashboard"):
        yield "a dashboard is made, and paid, though nobody asks for it"
    if not (boards := shown.of("AWS::CloudWatch::Dashboard")):
        yield "there is no dashboard, though it is asked for"
    for name, properties in boards.items():
        try:
            widgets = json.loads(properties["DashboardBody"])["widgets"]
        except (ValueError, KeyError, TypeError) as error:
            yield f"{name}: the body is no dashboard: {error}"
            continue
        for widget in widgets:
            for space, metric, *more in widget["properties"].get("metrics", []):
                words = [each for each in more if isinstance(each, str)]
                yield from _unknown(stack, name, f"{space} {metric}", " ".join(words[::2]))
                if words and words[-1] not in there:
                    yield f"{name}: {words[-1]} is nothing of the template"


def _own(stack: Stack) -> str:
    return namespace(stack.template["Parameters"]["Stage"]["Default"])


def _unknown(stack: Stack, name: str, metric: str, dimensions: str) -> Iterator[str]:
    """What is wrong with a metric of ours: AWS's own are taken for known."""
    space, _, counted = metric.partition(" ")
    if not space.startswith(NAMESPACE):
        return
    if space != _own(stack) or counted not in METRICS:
        yield f"{name}: this installation never sends {metric}"
    elif dimensions:
        yield f"{name}: {counted} has no dimension {dimensions}"


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
