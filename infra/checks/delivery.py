"""Queues and their readers: one bad message hurts no other, and none is lost."""

from __future__ import annotations

from collections.abc import Iterator

from infra.checks.stack import Stack

from newscast.aws.objects import CLAIM

DAY = 86_400
DEFAULT_RETENTION = 4 * DAY
DEAD_LETTER_RETENTION = 14 * DAY
DEFAULT_VISIBILITY = 30
DEFAULT_TIMEOUT = 3
OUTAGE = 300
"""Seconds in which AWS refuses everything that a message must outlast."""


def batches(stack: Stack) -> Iterator[str]:
    """Lambda refuses more than 10 messages a batch without a window to gather them in."""
    for mapping in stack.mappings.values():
        size = int(mapping.properties.get("BatchSize", 10))
        if size > 10 and mapping.window < 1:
            yield f"{mapping.name}: a batch of {size} needs a batching window"


def partial_answers(stack: Stack) -> Iterator[str]:
    """Without it one failed message brings back its whole batch."""
    for mapping in stack.mappings.values():
        if "ReportBatchItemFailures" not in mapping.properties.get("FunctionResponseTypes", []):
            yield f"{mapping.name}: ReportBatchItemFailures is missing"


def concurrency(stack: Stack) -> Iterator[str]:
    """A reader is limited at its mapping: reserved concurrency throttles, and each refusal is a delivery."""
    for mapping in stack.mappings.values():
        limit = int(mapping.properties.get("ScalingConfig", {}).get("MaximumConcurrency", 0))
        if not 2 <= limit <= 1000:
            yield f"{mapping.name}: MaximumConcurrency must be 2 to 1000, not {limit}"
        if "ReservedConcurrentExecutions" in stack.functions.get(mapping.function, {}):
            yield f"{mapping.function}: reserved concurrency pushes good messages to the dead letters"


def readers(stack: Stack) -> Iterator[str]:
    """Every queue is read by one function, but dead letters by none: a queue moved by two loses order,
    one read by none is a leak."""
    reading = [mapping.queue for mapping in stack.mappings.values()]
    for queue in stack.queues:
        expected = 0 if queue in stack.dead_letter_queues else 1
        if reading.count(queue) != expected:
            yield f"{queue} is read by {reading.count(queue)} functions, not {expected}"
    for mapping in stack.mappings.values():
        if mapping.queue not in stack.queues or mapping.function not in stack.functions:
            yield f"{mapping.name} joins {mapping.queue} and {mapping.function}, which are not both there"


def visibility(stack: Stack) -> Iterator[str]:
    """AWS's advice: six times the timeout and the window, or throttled batches are delivered twice."""
    for mapping in stack.mappings.values():
        given = int(stack.queues.get(mapping.queue, {}).get("VisibilityTimeout", DEFAULT_VISIBILITY))
        timeout = int(stack.functions.get(mapping.function, {}).get("Timeout", DEFAULT_TIMEOUT))
        if given < 6 * timeout + mapping.window:
            least = 6 * timeout + mapping.window
            yield f"{mapping.queue}: visible again after {given} s, which must be {least} s at least"


def redrive(stack: Stack) -> Iterator[str]:
    """A message that crashes its reader is set aside, but not for a few throttled deliveries, nor for
    those of one outage."""
    for queue in stack.queues.keys() - stack.dead_letter_queues:
        policy = stack.queues[queue].get("RedrivePolicy")
        if not policy:
            yield f"{queue} has no dead-letter queue"
        elif stack.queue(policy["deadLetterTargetArn"]) not in stack.queues:
            yield f"{queue}: its dead-letter queue is not in the template"
        elif int(policy["maxReceiveCount"]) < 5:
            yield f"{queue}: maxReceiveCount {policy['maxReceiveCount']} is less than 5"
        else:
            rest = int(stack.queues[queue].get("VisibilityTimeout", DEFAULT_VISIBILITY))
            last = rest * (int(policy["maxReceiveCount"]) - 1)
            if last <= OUTAGE:
                yield f"{queue}: given up {last} s behind its first delivery, in an outage of {OUTAGE} s"


def last_delivery(stack: Stack) -> Iterator[str]:
    """A consumer writes its reason on the last delivery, so it must know which one that is, and to where."""
    for mapping in stack.mappings.values():
        policy = stack.queues.get(mapping.queue, {}).get("RedrivePolicy")
        if not policy or mapping.function not in stack.functions:
            continue  # said by others
        variables = stack.variables(mapping.function)
        if str(variables.get("MAX_RECEIVES")) != str(policy["maxReceiveCount"]):
            yield f"{mapping.function}: MAX_RECEIVES is not the maxReceiveCount of {mapping.queue}"
        told = stack.queue(str(variables.get("DEAD_LETTER_QUEUE_URL")))
        if told != stack.queue(policy["deadLetterTargetArn"]):
            yield f"{mapping.function}: DEAD_LETTER_QUEUE_URL is not where {mapping.queue} is redriven to"


def retention(stack: Stack) -> Iterator[str]:
    """Age counts from the first sending: a dead letter must have days left, and someone time to come."""
    for name, properties in stack.queues.items():
        kept = int(properties.get("MessageRetentionPeriod", DEFAULT_RETENTION))
        if name in stack.dead_letter_queues and kept < DEAD_LETTER_RETENTION:
            yield f"{name} keeps dead letters {kept // DAY} days, not 14"
        if name not in stack.dead_letter_queues and kept > DEAD_LETTER_RETENTION - 7 * DAY:
            yield f"{name} keeps messages {kept // DAY} days: too few are left for its dead letters"


def claims(stack: Stack) -> Iterator[str]:
    """A body in the bucket must outlive the message that points to it, in its queue and as a dead letter."""
    ages = {True: [0], False: [0]}
    for name, properties in stack.queues.items():
        kept = int(properties.get("MessageRetentionPeriod", DEFAULT_RETENTION))
        ages[name in stack.dead_letter_queues].append(kept)
    needed = (max(ages[True]) + max(ages[False])) / DAY
    for name, properties in stack.of("AWS::S3::Bucket").items():
        rules = properties.get("LifecycleConfiguration", {}).get("Rules", [])
        expiring = {
            rule.get("Prefix", ""): rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule
        }
        if CLAIM not in expiring:
            yield f"{name}: nothing expires {CLAIM}"
        elif expiring[CLAIM] <= needed:
            yield f"{name}: {CLAIM} expires after {expiring[CLAIM]} days, messages live {needed:g}"
        for prefix in expiring.keys() - {CLAIM}:
            yield f"{name}: what lies under {prefix!r} expires, which is not only claims"


def flow(stack: Stack) -> Iterator[str]:
    """Every function sends to a queue that another reads, and from the schedule all are reached. One that
    sends to its own queue must be allowed to: Lambda stops the sixteenth round of a loop."""
    reader = {mapping.queue: mapping.function for mapping in stack.mappings.values()}
    reached: set[str] = set()
    todo = [stack.function(each["Target"]["Arn"]) for each in stack.of("AWS::Scheduler::Schedule").values()]
    while todo:
        function = todo.pop()
        if function in reached or function not in stack.functions:
            continue
        reached.add(function)
        variables = stack.variables(function)
        for name in ("OUT_QUEUE_URL", "FEED_QUEUE_URL", "PAGE_QUEUE_URL", "RECORD_QUEUE_URL"):
            if name not in variables:
                continue
            queue = stack.queue(str(variables[name]))
            if queue not in reader:
                yield f"{function}: {name} is no queue that a function reads"
                continue
            todo.append(reader[queue])
            if reader[queue] == function and stack.functions[function].get("RecursiveLoop") != "Allow":
                yield f"{function} sends to its own queue, and RecursiveLoop is not Allow"
    for mapping in stack.mappings.values():
        if mapping.function in stack.functions and mapping.function not in reached:
            yield f"{mapping.function} is reached by no schedule"
