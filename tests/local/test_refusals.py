"""What AWS refuses and moto takes: each call is refused here, with AWS's code, and changes nothing."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from newscast.aws import clients
from newscast.local.stack import Stack
from tests.local.calls import (
    KIB,
    PK_SK,
    nested,
    put,
    query,
    read_batch,
    rows,
    send,
    transact,
    update,
    write_batch,
)
from tests.local.conftest import TOY

Call = Callable[[Stack], Any]

INVALID = "ValidationException"
TABLE_CALLS: list[tuple[str, str, Call]] = [
    ("an item over 400 KiB", INVALID, lambda s: put(s, x={"S": "x" * 400 * KIB})),
    ("an update to over 400 KiB", INVALID, lambda s: update(s, "SET x = :x", x={"S": "x" * 400 * KIB})),
    ("an empty key", INVALID, lambda s: put(s, SK={"S": ""})),
    ("an empty index key", INVALID, lambda s: put(s, GSI1PK={"S": ""}, GSI1SK={"N": "1"})),
    ("a key of another type", INVALID, lambda s: put(s, SK={"N": "1"})),
    ("an index key of another type", INVALID, lambda s: put(s, GSI1PK={"S": "a"}, GSI1SK={"S": "1"})),
    ("an index key of another type, by update", INVALID,
     lambda s: update(s, "SET GSI1SK = :x", x={"S": "1"})),
    ("an index key that is NULL", INVALID, lambda s: put(s, GSI1PK={"NULL": True})),
    ("a hash key over 2 KiB", INVALID, lambda s: put(s, PK={"S": "x" * 2049})),
    ("a range key over 1 KiB", INVALID, lambda s: put(s, SK={"S": "x" * 1025})),
    ("a changed key", INVALID, lambda s: update(s, "SET SK = :x", x={"S": "c"})),
    ("an empty set", INVALID, lambda s: put(s, x={"SS": []})),
    ("a set with duplicates", INVALID, lambda s: put(s, x={"NS": ["1", "1.0"]})),
    ("39 digits", INVALID, lambda s: put(s, x={"N": "1" * 39})),
    ("33 levels", INVALID, lambda s: put(s, x=nested(33))),
    ("26 items in a batch", INVALID, lambda s: write_batch(s, *rows(26))),
    ("one item twice in a batch", INVALID, lambda s: write_batch(s, PK_SK, PK_SK)),
    ("101 keys in a batch", INVALID, lambda s: read_batch(s, 101)),
    ("101 items in a transaction", INVALID, lambda s: transact(s, *rows(101))),
    ("over 4 MiB in a transaction", INVALID, lambda s: transact(s, *rows(11, x={"S": "x" * 399 * KIB}))),
    ("one item twice in a transaction", INVALID, lambda s: transact(s, PK_SK, PK_SK)),
    ("a filter on a key", INVALID, lambda s: query(s, FilterExpression="SK = :p")),
    ("a consistent read of an index", INVALID, lambda s: query(
        s, IndexName="GSI1", KeyConditionExpression="GSI1PK = :p", ConsistentRead=True)),
    ("no hash key", INVALID, lambda s: query(s, KeyConditionExpression="SK = :p")),
    ("a key condition of another type", INVALID, lambda s: query(
        s, ExpressionAttributeValues={":p": {"N": "1"}})),
    ("an unused value", INVALID, lambda s: query(
        s, ExpressionAttributeValues={":p": {"S": "a"}, ":q": {"S": "b"}})),
    ("an undefined value", INVALID, lambda s: query(s, KeyConditionExpression="PK = :p AND SK = :q")),
    ("a reserved word", INVALID, lambda s: query(s, FilterExpression="status = :p")),
    ("a legacy parameter", INVALID, lambda s: query(s, AttributesToGet=["PK"])),
    ("an index that isn't there", INVALID, lambda s: query(s, IndexName="GSI9")),
    ("a starting key of another index", INVALID, lambda s: query(
        s, IndexName="GSI1", KeyConditionExpression="GSI1PK = :p", ExclusiveStartKey=PK_SK)),
    ("a table that isn't there", "ResourceNotFoundException", lambda s: clients.dynamodb().get_item(
        TableName="other", Key=PK_SK)),
    ("PartiQL", "UnknownOperationException", lambda s: clients.dynamodb().execute_statement(
        Statement=f'SELECT * FROM "{s.table_name}"')),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared() -> Any:
    """One stack for all: what is refused changes nothing."""
    with Stack.open(TOY) as opened:
        yield opened


@pytest.mark.parametrize(("name", "code", "call"), TABLE_CALLS, ids=[case[0] for case in TABLE_CALLS])
def test_refused_by_dynamodb(shared: Stack, name: str, code: str, call: Call) -> None:
    with pytest.raises(ClientError) as error:
        call(shared)
    assert error.value.response["Error"]["Code"] == code
    assert clients.dynamodb().scan(TableName=shared.table_name)["Count"] == 0


def receive(stack: Stack, **parameters: Any) -> Any:
    return clients.sqs().receive_message(QueueUrl=stack.deployment.queues["WordQueue"].url, **parameters)


def attribute(value: str) -> dict[str, Any]:
    return {"MessageAttributes": {"reason": {"DataType": "String", "StringValue": value}}}


SQS = "AWS.SimpleQueueService."
QUEUE_CALLS: list[tuple[str, str, Call]] = [
    ("11 messages", SQS + "TooManyEntriesInBatchRequest", lambda s: send(s, *"abcdefghijk")),
    ("over 1 MiB together", SQS + "BatchRequestTooLong", lambda s: send(s, *["x" * 525_000] * 2)),
    ("no messages", SQS + "EmptyBatchRequest", send),
    ("a queue that isn't there", SQS + "NonExistentQueue", lambda s: clients.sqs().send_message(
        QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/other", MessageBody="a")),
    ("11 received", "InvalidParameterValue", lambda s: receive(s, MaxNumberOfMessages=11)),
    ("a visibility over 12 hours", "InvalidParameterValue", lambda s: receive(s, VisibilityTimeout=43_201)),
    ("a handle that is none", "ReceiptHandleIsInvalid", lambda s: clients.sqs().delete_message(
        QueueUrl=s.deployment.queues["WordQueue"].url, ReceiptHandle="nonsense")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "call"), QUEUE_CALLS, ids=[case[0] for case in QUEUE_CALLS])
def test_refused_by_sqs(shared: Stack, name: str, code: str, call: Call) -> None:
    with pytest.raises(ClientError) as error:
        call(shared)
    assert error.value.response["Error"]["Code"] == code


ENTRIES: list[tuple[str, str, dict[str, Any], str]] = [
    ("a NUL", "a\x00b", {}, "InvalidMessageContents"),
    ("a vertical tab", "a\x0bb", {}, "InvalidMessageContents"),
    ("a noncharacter", "a\ufffeb", {}, "InvalidMessageContents"),
    ("no body", "", {}, "MissingParameter"),
    ("a control character in an attribute", "a", attribute("\x01"), "InvalidMessageContents"),
    ("an empty attribute", "a", attribute(""), "InvalidParameterValue"),
    ("a delay over 15 minutes", "a", {"DelaySeconds": 901}, "InvalidParameterValue"),
]


@pytest.mark.parametrize(("name", "body", "more", "code"), ENTRIES, ids=[case[0] for case in ENTRIES])
def test_a_refused_entry_leaves_the_others(
    shared: Stack, name: str, body: str, more: dict[str, Any], code: str
) -> None:
    url = shared.deployment.queues["WordQueue"].url
    answer = clients.sqs().send_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "good", "MessageBody": "good"},
            cast("Any", {"Id": "bad", "MessageBody": body, **more}),
        ],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["good"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("bad", code)]
