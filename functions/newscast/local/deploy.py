"""The translated template → moto's stack → its plan: what the runtime needs to know, read back once.

Nothing of a template is left out in silence: see playable.py. Only this module, and what it imports, needs
moto and the SAM translator; both take seconds to load, so it is imported when there is no plan yet.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from newscast.local.account import account
from newscast.local.conditions import decided_template, exists
from newscast.local.deployed import (
    REGION,
    DeclaredBucket,
    DeclaredCall,
    DeclaredSchedule,
    DeclaredSource,
    DeclaredTable,
    Function,
    Plan,
)
from newscast.local.engine.queue import Declared
from newscast.local.engine.table import Index
from newscast.local.expiry import lifetimes
from newscast.local.intrinsics import ACCOUNT, Resolver
from newscast.local.kept import kept
from newscast.local.permissions import grants
from newscast.local.playable import DEPLOYED, check_parameters, check_types
from newscast.local.problem import TemplateError
from newscast.local.schedules import ScheduleError, parse
from newscast.local.template import Translated, load

STACK = "newscast"


def deployed(template: Path, parameters: Mapping[str, str]) -> Plan:
    """Create the stack in moto, read it back. Raises TemplateError for what AWS or this runtime refuses."""
    try:
        translated = _translated(template, template.stat().st_mtime_ns)
    except OSError as error:
        raise TemplateError(f"{template} can't be read: {error.strerror}") from error
    with mock_aws(), account():
        return _plan(translated, parameters)


@lru_cache(maxsize=4)
def _translated(path: Path, _changed: int) -> Translated:
    return load(path, REGION)


def _plan(translated: Translated, parameters: Mapping[str, str]) -> Plan:
    check_parameters(translated.template, parameters)
    check_types(translated)
    already = kept(translated, parameters)
    physical = _create(translated, parameters) | already
    resolve = Resolver(translated, REGION, ACCOUNT, parameters, physical)
    functions = _functions(translated, resolve, physical)
    queues = _queues(translated, physical)
    tables = {
        name: _table(resolve, name, physical[name], new=name not in already)
        for name in _of(translated, physical, "AWS::DynamoDB::Table")
    }
    buckets = {
        name: DeclaredBucket(physical[name], lifetimes(resolve(resource.get("Properties", {}))))
        for name, resource in translated.of_type("AWS::S3::Bucket").items()
        if name in physical
    }
    by_arn = {queue.arn: name for name, queue in queues.items()}
    arns = {function.arn: name for name, function in functions.items()}
    granted, ungranted = None, ""
    try:
        granted = {name: list(grants(resolve, name)) for name in translated.functions}
    except TemplateError as error:
        ungranted = str(error)
    return Plan(
        account=ACCOUNT,
        functions=functions,
        queues=queues,
        tables=tables,
        buckets=buckets,
        sources=_sources(queues, functions, by_arn, arns),
        schedules=_schedules(translated, resolve, by_arn, arns),
        calls=_calls(translated, resolve, by_arn, functions),
        grants=granted,
        ungranted=ungranted,
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


def _queues(translated: Translated, physical: Mapping[str, str]) -> dict[str, Declared]:
    deployed = sqs_backends[ACCOUNT][REGION].queues
    made: dict[str, Any] = {
        name: deployed[physical[name].rpartition("/")[2]]
        for name in _of(translated, physical, "AWS::SQS::Queue")
    }
    by_arn = {queue.queue_arn: name for name, queue in made.items()}
    found = {}
    for name, queue in made.items():
        policy = queue.redrive_policy or {}
        if policy and int(policy["maxReceiveCount"]) < 1:
            raise TemplateError(f"{queue.name}: maxReceiveCount must be at least 1")
        found[name] = Declared(
            logical_id=name,
            name=queue.name,
            arn=queue.queue_arn,
            url=physical[name],
            visibility=float(queue.visibility_timeout),
            retention=float(queue.message_retention_period),
            delay=float(queue.delay_seconds),
            max_bytes=int(queue.maximum_message_size),
            dead_letter=by_arn[policy["deadLetterTargetArn"]] if policy else None,
            max_receives=int(policy.get("maxReceiveCount", 0)),
        )
    return found


def _table(resolve: Resolver, logical_id: str, name: str, new: bool) -> DeclaredTable:
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
    lives_until = made.ttl.get("AttributeName")
    if new:  # moto's CloudFormation forgets it
        declared = resolve.translated.of_type("AWS::DynamoDB::Table")[logical_id]["Properties"]
        ttl = resolve(declared.get("TimeToLiveSpecification", {}))
        lives_until = ttl.get("AttributeName") if ttl.get("Enabled") else None
    return DeclaredTable(name, primary, indexes, types, lives_until)


def _sources(
    queues: Mapping[str, Declared],
    functions: Mapping[str, Function],
    by_arn: Mapping[str, str],
    arns: Mapping[str, str],
) -> list[DeclaredSource]:
    found = []
    for each in boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"]:
        function = functions[arns[each["FunctionArn"]]]
        name = by_arn.get(each["EventSourceArn"])
        if name is None:
            raise TemplateError(
                f"{function.logical_id}: only queues of the template are played as event sources"
            )
        size, window = each["BatchSize"], each.get("MaximumBatchingWindowInSeconds", 0)
        # What Lambda refuses when a mapping is created.
        if (visibility := queues[name].visibility) < function.timeout:
            raise TemplateError(
                f"{function.logical_id}: the visibility timeout of its queue ({visibility:g} s) is "
                f"less than its own timeout ({function.timeout} s)"
            )
        if size > 10 and not window:
            raise TemplateError(f"{function.logical_id}: a batch of more than 10 needs a batching window")
        partial = "ReportBatchItemFailures" in each.get("FunctionResponseTypes", [])
        found.append(DeclaredSource(name, function.logical_id, size, float(window), partial))
    return found


def _schedules(
    translated: Translated, resolve: Resolver, by_arn: Mapping[str, str], arns: Mapping[str, str]
) -> list[DeclaredSchedule]:
    found = []
    for name, resource in _played(translated, resolve, "AWS::Scheduler::Schedule"):
        about = resolve(resource["Properties"])
        target = about["Target"]
        if target["Arn"] not in arns:
            raise TemplateError(f"{name}: only functions of the template are played as a schedule's target")
        dead_letter = target.get("DeadLetterConfig", {}).get("Arn")
        try:
            parse(about["ScheduleExpression"], about.get("ScheduleExpressionTimezone", "UTC"))
        except ScheduleError as error:
            raise TemplateError(f"{name}: {error}") from error
        found.append(
            DeclaredSchedule(
                logical_id=name,
                function=arns[target["Arn"]],
                expression=about["ScheduleExpression"],
                timezone=about.get("ScheduleExpressionTimezone", "UTC"),
                event=json.loads(target.get("Input") or "{}"),
                enabled=about.get("State", "ENABLED") == "ENABLED",
                dead_letter=by_arn[dead_letter] if dead_letter else None,
            )
        )
    return found


def _calls(
    translated: Translated, resolve: Resolver, by_arn: Mapping[str, str], functions: Mapping[str, Function]
) -> dict[str, DeclaredCall]:
    by_name = {function.name: name for name, function in functions.items()}
    found = {name: DeclaredCall() for name in functions}
    for name, resource in _played(translated, resolve, "AWS::Lambda::EventInvokeConfig"):
        about = resolve(resource["Properties"])
        target = about.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if target is not None and target not in by_arn:
            raise TemplateError(f"{name}: only a queue of the template is played as a destination")
        found[by_name[about["FunctionName"]]] = DeclaredCall(
            retries=int(about.get("MaximumRetryAttempts", 2)),
            max_age=float(about.get("MaximumEventAgeInSeconds", 21_600)),
            on_failure=by_arn[target] if target else None,
        )
    return found
