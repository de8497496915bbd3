"""The translated template → moto's stack, and what the runtime needs to know of it, read back.

Nothing of a template is left out in silence: see playable.py.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from newscast.local.conditions import decided_template, exists
from newscast.local.deployed import REGION, AsyncInvocation, Deployment, EventSource, Function, Schedule
from newscast.local.engine.queue import Queue
from newscast.local.engine.table import Index, Table
from newscast.local.intrinsics import ACCOUNT, Resolver
from newscast.local.kept import holding, kept
from newscast.local.playable import DEPLOYED, check_parameters, check_types
from newscast.local.schedules import ScheduleError, parse
from newscast.local.template import TemplateError, Translated

STACK = "newscast"


def deploy(translated: Translated, parameters: Mapping[str, str]) -> Deployment:
    """Create the stack in moto. Raises TemplateError for what AWS or this runtime refuses."""
    check_parameters(translated.template, parameters)
    check_types(translated)
    already = kept(translated, parameters)
    physical = _create(translated, parameters) | already
    resolve = Resolver(translated, REGION, ACCOUNT, parameters, physical)
    functions = _functions(translated, resolve, physical)
    queues = _queues(translated, physical)
    tables = {
        name: _table(resolve, name, physical[name])
        for name in _of(translated, physical, "AWS::DynamoDB::Table")
        if name not in already
    }
    tables |= {
        name: holding(_read_back(name, already[name]))
        for name in _of(translated, already, "AWS::DynamoDB::Table")
    }
    buckets = {name: physical[name] for name in _of(translated, physical, "AWS::S3::Bucket")}
    named = {queue.name: name for name, queue in queues.items()}
    named |= {table.name: name for name, table in tables.items()}
    named |= {bucket: name for name, bucket in buckets.items()}
    by_arn = {queue.arn: queue for queue in queues.values()}
    arns = {function.arn: function for function in functions.values()}
    return Deployment(
        physical=physical,
        logical=named,
        functions=functions,
        queues=queues,
        tables=tables,
        buckets=buckets,
        sources=_sources(by_arn, arns),
        schedules=_schedules(translated, resolve, by_arn, arns),
        asynchronous=_asynchronous(translated, resolve, by_arn, functions),
        resolve=resolve,
    )


def _create(translated: Translated, parameters: Mapping[str, str]) -> dict[str, str]:
    template = decided_template(Resolver(translated, REGION, ACCOUNT, parameters))
    template = json.loads(json.dumps(template))
    template.pop("Outputs", None)
    resources = template["Resources"]
    for name in [name for name, resource in resources.items() if resource["Type"] not in DEPLOYED]:
        del resources[name]
    for resource in resources.values():
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            resource["Properties"]["Enabled"] = False  # moto would eat the messages; the runtime polls
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"ZipFile": "run from its folder"}
    cloudformation = boto3.client("cloudformation")
    try:
        with warnings.catch_warnings(action="error"):
            cloudformation.create_stack(
                StackName=STACK,
                TemplateBody=json.dumps(template),
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": str(value)} for name, value in parameters.items()
                ],
            )
    except (ClientError, UserWarning) as error:
        raise TemplateError(f"the stack can't be created: {error}") from error
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise TemplateError(f"the stack can't be created: {stack['StackStatus']}")
    described = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in described}


def _of(translated: Translated, physical: Mapping[str, str], kind: str) -> list[str]:
    """Logical ids of a type's resources that exist (their condition held)."""
    return [name for name in translated.of_type(kind) if name in physical]


def _played(translated: Translated, resolve: Resolver, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """As `_of`, for types that moto does not deploy."""
    return [
        (name, resource) for name, resource in translated.of_type(kind).items() if exists(resolve, resource)
    ]


def _functions(translated: Translated, resolve: Resolver, physical: Mapping[str, str]) -> dict[str, Function]:
    client = boto3.client("lambda")
    found = {}
    for name in _of(translated, physical, "AWS::Lambda::Function"):
        declared = translated.template["Resources"][name]["Properties"]
        about = client.get_function_configuration(FunctionName=physical[name])
        variables = about.get("Environment", {}).get("Variables", {})
        found[name] = Function(
            logical_id=name,
            name=about["FunctionName"],
            arn=about["FunctionArn"],
            handler=about["Handler"],
            timeout=about["Timeout"],
            memory=about["MemorySize"],
            environment={variable: str(value) for variable, value in variables.items()},
            processor=resolve(declared.get("Architectures", ["x86_64"]))[
                0
            ],  # moto keeps the parameter's name
            code=str(translated.functions[name].code),
        )
    return found


def _queues(translated: Translated, physical: Mapping[str, str]) -> dict[str, Queue]:
    deployed = sqs_backends[ACCOUNT][REGION].queues
    found: dict[str, Queue] = {}
    redrives = []
    for name in _of(translated, physical, "AWS::SQS::Queue"):
        made: Any = deployed[physical[name].rpartition("/")[2]]
        found[name] = Queue(
            name=made.name,
            arn=made.queue_arn,
            url=physical[name],
            visibility=made.visibility_timeout,
            retention=made.message_retention_period,
            delay=made.delay_seconds,
            max_bytes=made.maximum_message_size,
        )
        if made.redrive_policy:
            redrives.append((found[name], made.redrive_policy))
    by_arn = {queue.arn: queue for queue in found.values()}
    for queue, policy in redrives:
        queue.dead_letter = by_arn[policy["deadLetterTargetArn"]]
        queue.max_receives = int(policy["maxReceiveCount"])
        if queue.max_receives < 1:
            raise TemplateError(f"{queue.name}: maxReceiveCount must be at least 1")
    return found


def _table(resolve: Resolver, logical_id: str, name: str) -> Table:
    declared = resolve.translated.of_type("AWS::DynamoDB::Table")[logical_id]["Properties"]
    _switch_on(resolve(declared), name)
    return _read_back(logical_id, name)


def _read_back(logical_id: str, name: str) -> Table:
    made = dynamodb_backends[ACCOUNT][REGION].tables[name]
    types = {each["AttributeName"]: each["AttributeType"] for each in made.attr}
    primary = Index("", made.hash_key_attr, made.range_key_attr)
    indexes = {}
    for given, is_global in [*((i, True) for i in made.global_indexes), *((i, False) for i in made.indexes)]:
        keys = {each["KeyType"]: each["AttributeName"] for each in given.schema}
        kind = given.projection.get("ProjectionType", "ALL")
        kept = {*primary.keys, *keys.values(), *given.projection.get("NonKeyAttributes", [])}
        indexes[given.name] = Index(
            given.name, keys["HASH"], keys.get("RANGE"), None if kind == "ALL" else frozenset(kept), is_global
        )
    keyed = {attribute for index in (primary, *indexes.values()) for attribute in index.keys}
    if keyed != set(types):
        raise TemplateError(
            f"{logical_id}: AttributeDefinitions and key attributes differ: {keyed ^ set(types)}"
        )
    table = Table(name, primary, indexes, types)
    if made.ttl["TimeToLiveStatus"] == "ENABLED":
        table.lives_until = made.ttl["AttributeName"]
    return table


def _switch_on(properties: Mapping[str, Any], name: str) -> None:
    """What moto's CloudFormation forgets of a table, so that whoever describes it sees it."""
    client = boto3.client("dynamodb")
    if ttl := properties.get("TimeToLiveSpecification"):
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    if recovery := properties.get("PointInTimeRecoverySpecification"):
        client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)


def _sources(queues: Mapping[str, Queue], functions: Mapping[str, Function]) -> tuple[EventSource, ...]:
    found = []
    for each in boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"]:
        function = functions[each["FunctionArn"]]
        queue = queues.get(each["EventSourceArn"])
        if queue is None:
            raise TemplateError(
                f"{function.logical_id}: only queues of the template are played as event sources"
            )
        size, window = each["BatchSize"], each.get("MaximumBatchingWindowInSeconds", 0)
        # What Lambda refuses when a mapping is created.
        if queue.visibility < function.timeout:
            raise TemplateError(
                f"{function.logical_id}: the visibility timeout of its queue ({queue.visibility:g} s) is "
                f"less than its own timeout ({function.timeout} s)"
            )
        if size > 10 and not window:
            raise TemplateError(f"{function.logical_id}: a batch of more than 10 needs a batching window")
        found.append(
            EventSource(
                queue,
                function,
                size,
                window,
                "ReportBatchItemFailures" in each.get("FunctionResponseTypes", []),
            )
        )
    return tuple(found)


def _schedules(
    translated: Translated, resolve: Resolver, queues: Mapping[str, Queue], functions: Mapping[str, Function]
) -> tuple[Schedule, ...]:
    found = []
    for name, resource in _played(translated, resolve, "AWS::Scheduler::Schedule"):
        about = resolve(resource["Properties"])
        target = about["Target"]
        if target["Arn"] not in functions:
            raise TemplateError(f"{name}: only functions of the template are played as a schedule's target")
        dead_letter = target.get("DeadLetterConfig", {}).get("Arn")
        try:
            parse(about["ScheduleExpression"], about.get("ScheduleExpressionTimezone", "UTC"))
        except ScheduleError as error:
            raise TemplateError(f"{name}: {error}") from error
        found.append(
            Schedule(
                logical_id=name,
                function=functions[target["Arn"]],
                expression=about["ScheduleExpression"],
                timezone=about.get("ScheduleExpressionTimezone", "UTC"),
                event=json.loads(target.get("Input") or "{}"),
                enabled=about.get("State", "ENABLED") == "ENABLED",
                dead_letter=queues[dead_letter] if dead_letter else None,
            )
        )
    return tuple(found)


def _asynchronous(
    translated: Translated, resolve: Resolver, queues: Mapping[str, Queue], functions: Mapping[str, Function]
) -> dict[str, AsyncInvocation]:
    by_name = {function.name: function.logical_id for function in functions.values()}
    found = {name: AsyncInvocation() for name in functions}
    for name, resource in _played(translated, resolve, "AWS::Lambda::EventInvokeConfig"):
        about = resolve(resource["Properties"])
        target = about.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if target is not None and target not in queues:
            raise TemplateError(f"{name}: only a queue of the template is played as a destination")
        found[by_name[about["FunctionName"]]] = AsyncInvocation(
            retries=int(about.get("MaximumRetryAttempts", 2)),
            max_age=float(about.get("MaximumEventAgeInSeconds", 21_600)),
            on_failure=queues[target] if target else None,
        )
    return found
