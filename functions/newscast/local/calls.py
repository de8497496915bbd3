"""One API call → the IAM actions and resources that it needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

SERVICE_CALLS = {
    "logs:CreateLogStream": "Lambda writes the function's log",
    "logs:PutLogEvents": "Lambda writes the function's log",
    "xray:PutTraceSegments": "Lambda sends traces",
    "xray:PutTelemetryRecords": "Lambda sends traces",
    "sqs:ReceiveMessage": "Lambda's pollers read the queue",
    "sqs:DeleteMessage": "Lambda's pollers acknowledge",
    "sqs:GetQueueAttributes": "Lambda's pollers read the visibility timeout",
}
"""Made with a function's role by Lambda itself, so that no call of its code shows them; with the reason."""


PARTITION_KEY = "PK"
"""Attribute by which a policy tells a table's rows apart (dynamodb:LeadingKeys)."""


class Call(NamedTuple):
    """`dynamodb:Query` on `arn:aws:dynamodb:…:table/T/index/GSI1`."""

    action: str
    resource: str
    keys: frozenset[str] = frozenset()
    """Partition keys of the items that it names; the prefix of a bucket's listing."""


# A call's action is named like its operation, except for these.
_ACTIONS = {
    ("sqs", "SendMessageBatch"): "SendMessage",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
    ("sqs", "ChangeMessageVisibilityBatch"): "ChangeMessageVisibility",
    ("s3", "HeadObject"): "GetObject",
    ("s3", "CopyObject"): "PutObject",
    ("s3", "ListObjects"): "ListBucket",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("s3", "DeleteObjects"): "DeleteObject",
    ("lambda", "Invoke"): "InvokeFunction",
}
_ITEM_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
"""A transaction needs the action of each of its items and none of its own."""


def needed(service: str, operation: str, params: dict[str, Any], region: str, account: str) -> list[Call]:
    """What a role must grant for one call. An operation that isn't known here needs `*`."""
    where = f"{region}:{account}"
    if service == "dynamodb":
        return _table_calls(operation, params, where)
    action = f"{service}:{_ACTIONS.get((service, operation), operation)}"
    resource = _RESOURCES.get(service, _anything)(params, where)
    listed = action == "s3:ListBucket" and "Prefix" in params
    return [Call(action, resource, frozenset([params["Prefix"]]) if listed else frozenset())]


def _table_calls(operation: str, params: dict[str, Any], where: str) -> list[Call]:
    def arn(name: str, index: str | None = None) -> str:
        table = name if name.startswith("arn:") else f"arn:aws:dynamodb:{where}:table/{name}"
        return f"{table}/index/{index}" if index else table

    if "TransactItems" in params:
        return [
            Call(f"dynamodb:{_ITEM_ACTIONS[kind]}", arn(item["TableName"]), _keys([item]))
            for each in params["TransactItems"]
            for kind, item in each.items()
        ]
    action = f"dynamodb:{operation}"
    if "RequestItems" in params:
        return [
            Call(action, arn(name), _keys(_batched(requests)))
            for name, requests in params["RequestItems"].items()
        ]
    if "TableName" in params:
        table = arn(params["TableName"], params.get("IndexName"))
        return [Call(action, table, _keys([params, _asked(params)]))]
    return [Call(action, "*")]


def _batched(requests: Any) -> list[dict[str, Any]]:
    """The items of a BatchGetItem, or of a BatchWriteItem, as a single call would name each."""
    if isinstance(requests, dict):
        return [{"Key": key} for key in requests.get("Keys", [])]
    return [step for request in requests for step in request.values()]


def _keys(named: list[dict[str, Any]]) -> frozenset[str]:
    items = [each.get("Item") or each.get("Key") or {} for each in named]
    return frozenset(str(item[PARTITION_KEY]["S"]) for item in items if "S" in item.get(PARTITION_KEY, {}))


def _asked(query: dict[str, Any]) -> dict[str, Any]:
    """The partition that a Query of the table asks for, as a call for an item would name it."""
    names = query.get("ExpressionAttributeNames", {})
    for name, value in _EQUALS.findall(query.get("KeyConditionExpression", "")):
        if names.get(name, name) == PARTITION_KEY:
            return {"Key": {PARTITION_KEY: query["ExpressionAttributeValues"][value]}}
    return {}


_EQUALS = re.compile(r"([#\w]+)\s*=\s*(:\w+)")


def _anything(_params: dict[str, Any], _where: str) -> str:
    return "*"


def _queue(params: dict[str, Any], where: str) -> str:
    name = params.get("QueueUrl", params.get("QueueName", "*")).rsplit("/", 1)[-1]
    return f"arn:aws:sqs:{where}:{name}"


def _object(params: dict[str, Any], _where: str) -> str:
    bucket = f"arn:aws:s3:::{params.get('Bucket', '*')}"
    if "Delete" in params:  # many objects in one call: held against the whole bucket
        return f"{bucket}/*"
    return f"{bucket}/{params['Key']}" if "Key" in params else bucket


def _parameter(params: dict[str, Any], where: str) -> str:
    return f"arn:aws:ssm:{where}:parameter/{str(params.get('Name', params.get('Path', '*'))).lstrip('/')}"


def _secret(params: dict[str, Any], where: str) -> str:
    given = str(params.get("SecretId", "*"))
    # AWS puts six random characters behind a secret's name.
    return given if given.startswith("arn:") else f"arn:aws:secretsmanager:{where}:secret:{given}-??????"


def _function(params: dict[str, Any], where: str) -> str:
    given = str(params.get("FunctionName", "*"))
    return given if given.startswith("arn:") else f"arn:aws:lambda:{where}:function:{given}"


_RESOURCES: dict[str, Callable[[dict[str, Any], str], str]] = {
    "sqs": _queue,
    "s3": _object,
    "sns": lambda params, _where: str(params.get("TopicArn", "*")),
    "ssm": _parameter,
    "secretsmanager": _secret,
    "lambda": _function,
}
