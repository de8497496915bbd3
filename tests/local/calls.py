"""Calls on the toy stack's table and queue."""

from typing import Any, cast

from newscast.aws import clients
from newscast.local.stack import Stack

KIB = 1024
PK_SK = {"PK": {"S": "a"}, "SK": {"S": "b"}}


def put(stack: Stack, **attributes: Any) -> Any:
    return clients.dynamodb().put_item(TableName=stack.table_name, Item=PK_SK | attributes)


def update(stack: Stack, expression: str, **values: Any) -> Any:
    return clients.dynamodb().update_item(
        TableName=stack.table_name,
        Key=PK_SK,
        UpdateExpression=expression,
        ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
    )


def query(stack: Stack, **parameters: Any) -> Any:
    given: dict[str, Any] = {
        "KeyConditionExpression": "PK = :p",
        "ExpressionAttributeValues": {":p": {"S": "a"}},
        **parameters,
    }
    return clients.dynamodb().query(TableName=stack.table_name, **given)


def transact(stack: Stack, *items: dict[str, Any]) -> Any:
    return clients.dynamodb().transact_write_items(
        TransactItems=[{"Put": {"TableName": stack.table_name, "Item": item}} for item in items]
    )


def rows(count: int, **attributes: Any) -> list[dict[str, Any]]:
    return [{"PK": {"S": "a"}, "SK": {"S": str(n)}, **attributes} for n in range(count)]


def write_batch(stack: Stack, *items: dict[str, Any]) -> Any:
    return clients.dynamodb().batch_write_item(
        RequestItems={stack.table_name: [{"PutRequest": {"Item": item}} for item in items]}
    )


def read_batch(stack: Stack, count: int) -> Any:
    keys = [{"PK": {"S": "a"}, "SK": {"S": str(n)}} for n in range(count)]
    return clients.dynamodb().batch_get_item(RequestItems={stack.table_name: {"Keys": keys}})


def nested(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = {"S": "x"}
    for _ in range(levels - 1):
        made = {"L": [made]}
    return made


def send(stack: Stack, *bodies: str, **more: Any) -> Any:
    return clients.sqs().send_message_batch(
        QueueUrl=stack.deployment.queues["WordQueue"].url,
        Entries=[cast("Any", {"Id": str(n), "MessageBody": body, **more}) for n, body in enumerate(bodies)],
    )
