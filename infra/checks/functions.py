"""Functions: code that exists, an environment that is known and complete, a role that grants just enough."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from infra.checks.stack import ROLE, Stack

from newscast import settings
from newscast.aws.objects import CLAIM
from newscast.local.calls import Call
from newscast.local.intrinsics import NAMES
from newscast.local.permissions import Grant, grants
from newscast.local.problem import TemplateError

RUNTIME = "python3.13"

NEEDS: dict[str, tuple[str, ...]] = {
    # Where a function's work would stop without the variable.
    "newscast.handlers.schedule.handler": (
        "TABLE_NAME",
        "OUT_QUEUE_URL",
        "HOST_GAP_SECONDS",
        "SPREAD_SECONDS",
        "MONTHLY_CEILING",
    ),
    "newscast.handlers.fetch.handler": (
        "TABLE_NAME",
        "BUCKET_NAME",
        "OUT_QUEUE_URL",
        "FEED_QUEUE_URL",
        "RECORD_QUEUE_URL",
        "CONTACT",
        "HOST_GAP_SECONDS",
        "HOST_GROUPS",
        "POLL_FLOOR_MINUTES",
        "UNVALIDATED_FLOOR_MINUTES",
    ),
    "newscast.handlers.normalise.handler": ("BUCKET_NAME", "OUT_QUEUE_URL", "PAGE_QUEUE_URL", "FULL_TEXT"),
    "newscast.handlers.page.handler": (
        "TABLE_NAME",
        "BUCKET_NAME",
        "OUT_QUEUE_URL",
        "PAGE_QUEUE_URL",
        "CONTACT",
        "HOST_GAP_SECONDS",
        "HOST_GROUPS",
    ),
    "newscast.handlers.tag.handler": ("BUCKET_NAME", "OUT_QUEUE_URL"),
    "newscast.handlers.store.handler": (
        "TABLE_NAME",
        "BUCKET_NAME",
        "RECORD_QUEUE_URL",
        "RETENTION_DAYS",
        "MONTHLY_CEILING",
    ),
}
QUEUES = ("OUT_QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "FEED_QUEUE_URL", "PAGE_QUEUE_URL", "RECORD_QUEUE_URL")
"""Variables that name a queue to send to."""
ALL_NEED = ("STAGE", "MAX_RECEIVES", "DEAD_LETTER_QUEUE_URL", "POWERTOOLS_LOG_LEVEL")
FOREIGN = {"POWERTOOLS_LOG_LEVEL": "read by Powertools itself"}


def handlers(stack: Stack) -> Iterator[str]:
    """A handler is a name in a file; CloudFormation takes any text for it."""
    for name, function in stack.translated.functions.items():
        module, _, attribute = function.handler.rpartition(".")
        path = function.code.joinpath(*module.split(".")).with_suffix(".py")
        if not path.is_file():
            yield f"{name}: {function.handler} is in no file of {function.code.name}/"
        elif attribute not in _names(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{name}: {path.name} has no {attribute}"


def _names(module: ast.Module) -> Iterator[str]:
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def environment(stack: Stack) -> Iterator[str]:
    """Every variable is one that settings.py reads, every value one that it takes, and none is missing."""
    known = {field.upper() for field in settings.Settings.__struct_fields__}
    for name, properties in stack.functions.items():
        variables = stack.variables(name)
        for variable in variables.keys() - known - FOREIGN.keys():
            yield f"{name}: nothing reads the variable {variable}"
        for variable in (*ALL_NEED, *NEEDS.get(properties["Handler"], ())):
            if variable not in variables:
                yield f"{name}: the variable {variable} is missing"
        try:
            settings.read({key: str(value) for key, value in variables.items()})
        except settings.SettingsError as error:
            yield f"{name}: {error}"


def runtime(stack: Stack) -> Iterator[str]:
    """The version that the zips are built for, traces for whoever pays for them, room to work in."""
    traced = Stack(stack.translated, {**stack.parameters, "Tracing": "on"})
    for name, properties in stack.functions.items():
        if properties.get("Runtime") != RUNTIME:
            yield f"{name} runs on {properties.get('Runtime')}, its zip is built for {RUNTIME}"
        if properties.get("TracingConfig", {}).get("Mode") == "Active":
            yield f"{name} is traced, and paid, though nobody asks for it"
        if traced.functions[name].get("TracingConfig", {}).get("Mode") != "Active":
            yield f"{name} can't be traced"
        if int(properties.get("MemorySize", 128)) < 256:
            yield f"{name} has less than 256 MB, in which boto3 alone takes seconds to start"


def names(stack: Stack) -> Iterator[str]:
    """Two installations share an account: a name that is given must hold the stage."""
    for logical_id, resource in stack.template["Resources"].items():
        name = NAMES.get(resource["Type"], "")
        given = resource.get("Properties", {}).get(name)
        if given is not None and "Stage" not in str(given):
            yield f"{logical_id}: {name} is the same in every stage"


def own_roles(stack: Stack) -> Iterator[str]:
    """A role a function, with no managed policy; a wildcard resource for traces alone, which have no ARN."""
    roles = [str(each.get("Role")) for each in stack.functions.values()]
    for name, properties in stack.functions.items():
        if roles.count(str(properties.get("Role"))) > 1:
            yield f"{name} shares its role"
        for grant in _granted(stack, name):
            if "*" in grant.action:
                yield f"{name}: the role grants {grant.action}"
            if grant.resource == "*" and not grant.action.startswith("xray:"):
                yield f"{name}: the role grants {grant.action} on everything"


def _granted(stack: Stack, function: str) -> tuple[Grant, ...]:
    try:
        return grants(stack.resolve, function)
    except TemplateError:
        return ()  # said by `policies`


def policies(stack: Stack) -> Iterator[str]:
    """What the template itself shows that a function will call: its queues, its dead letters, its log,
    its large bodies. The calls of its code are held against its role in local runs."""
    for name in stack.functions:
        try:
            granted = grants(stack.resolve, name)
        except TemplateError as error:
            yield str(error)
            continue
        for call in _calls(stack, name):
            if not any(grant.covers(call) for grant in granted):
                yield f"{name}: the role does not grant {call.action} on {call.resource}"


def _calls(stack: Stack, function: str) -> Iterator[Call]:
    variables = stack.variables(function)
    for variable in QUEUES:
        queue = stack.queue(str(variables.get(variable, "")))
        if queue in stack.queues:
            yield Call("sqs:SendMessage", stack.resolve.attribute(queue, "Arn"))
    reads = [mapping.queue for mapping in stack.mappings.values() if mapping.function == function]
    for queue in reads:
        if queue in stack.queues:
            for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
                yield Call(f"sqs:{action}", stack.resolve.attribute(queue, "Arn"))
    claim = f"arn:aws:s3:::{variables.get('BUCKET_NAME', '')}/{CLAIM}x"
    if reads and "FEED_QUEUE_URL" not in variables:  # a poll is never too large for its queue
        yield Call("s3:GetObject", claim)
    if reads and "OUT_QUEUE_URL" in variables:
        yield Call("s3:PutObject", claim)
    log = stack.functions[function].get("LoggingConfig", {}).get("LogGroup", "")
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        group = f"arn:aws:logs:{stack.resolve.region}:{stack.resolve.account}:log-group:{log}"
        yield Call(action, f"{group}:log-stream:x")
    for action in ("xray:PutTraceSegments", "xray:PutTelemetryRecords"):
        yield Call(action, "*")
    for each in stack.of("AWS::Lambda::EventInvokeConfig").values():
        end = each.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if stack.function(each["FunctionName"]) == function and end:
            yield Call("sqs:SendMessage", end)


def unused_roles(stack: Stack) -> Iterator[str]:
    """A role that nothing takes is a door that nobody watches."""
    text = str({name: each for name, each in stack.template["Resources"].items() if each["Type"] != ROLE})
    for name in stack.translated.of_type(ROLE):
        if f"'{name}'" not in text:
            yield f"{name} is taken by nothing"
