"""The engine's answers against moto's own, call by call, on states small enough for moto."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from newscast.aws import clients
from newscast.local.stack import Stack

Item = dict[str, dict[str, Any]]


@contextmanager
def plain_moto() -> Iterator[tuple[Any, str]]:
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="plain",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind}
                for name, kind in (("PK", "S"), ("SK", "S"), ("GSI1PK", "S"), ("GSI1SK", "N"))
            ],
            KeySchema=[
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "SK", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "GSI1",
                    "KeySchema": [
                        {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                        {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["kept"]},
                }
            ],
        )
        yield client, "plain"


def key(rng: random.Random) -> Item:
    return {"PK": {"S": rng.choice("abc")}, "SK": {"S": rng.choice("xyz")}}


def item(rng: random.Random, number: int) -> Item:
    made = key(rng) | {"n": {"N": str(number)}, "kept": {"S": rng.choice(["k1", "k2"])}}
    if rng.random() < 0.6:
        # Distinct in the index, whose order among equals nobody promises.
        made |= {"GSI1PK": {"S": rng.choice("pq")}, "GSI1SK": {"N": str(number)}}
    if rng.random() < 0.3:
        made |= {"deep": {"M": {"list": {"L": [{"S": "one"}, {"BOOL": True}]}, "bytes": {"B": b"\x00\xff"}}}}
    return made


CONDITIONS: list[dict[str, Any]] = [
    {},
    {"ConditionExpression": "attribute_not_exists(PK)"},
    {"ConditionExpression": "attribute_exists(PK) AND NOT kept = :k", "values": {":k": {"S": "k1"}}},
    {
        "ConditionExpression": "n < :n OR (n = :n AND kept < :k)",
        "values": {":n": {"N": "50"}, ":k": {"S": "k2"}},
    },
    {
        "ConditionExpression": "#k IN (:a, :b)",
        "names": {"#k": "kept"},
        "values": {":a": {"S": "k1"}, ":b": {"S": "z"}},
    },
    {
        "ConditionExpression": "begins_with(kept, :k) AND n BETWEEN :l AND :h",
        "values": {":k": {"S": "k"}, ":l": {"N": "10"}, ":h": {"N": "90"}},
    },
]
UPDATES: list[dict[str, Any]] = [
    {"UpdateExpression": "SET n = if_not_exists(n, :zero) + :one",
     "values": {":zero": {"N": "0"}, ":one": {"N": "1"}}},
    {"UpdateExpression": "ADD hits :one REMOVE deep", "values": {":one": {"N": "1"}}},
    {"UpdateExpression": "SET #k = :k, GSI1PK = :p, GSI1SK = n", "names": {"#k": "kept"},
     "values": {":k": {"S": "k9"}, ":p": {"S": "p"}}},
    {"UpdateExpression": "ADD tags :t", "values": {":t": {"SS": ["red"]}}},
    {"UpdateExpression": "REMOVE GSI1PK"},
]  # fmt: skip


def parameters(*parts: dict[str, Any]) -> dict[str, Any]:
    """One call's parameters from an expression or two with their names and values."""
    made: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            target = {"names": "ExpressionAttributeNames", "values": "ExpressionAttributeValues"}.get(name)
            if target:
                made.setdefault(target, {}).update(value)
            else:
                made[name] = value
    return made


def call(rng: random.Random, number: int) -> tuple[str, dict[str, Any]]:
    """A call at random, without the table's name."""
    condition = rng.choice(CONDITIONS)
    kind = rng.choice(["put", "put", "update", "delete", "get", "query", "index", "transact", "batch"])
    if kind == "put":
        return "put_item", {"Item": item(rng, number), "ReturnValues": "ALL_OLD", **parameters(condition)}
    if kind == "update":
        return "update_item", {
            "Key": key(rng),
            "ReturnValues": "ALL_NEW",
            **parameters(rng.choice(UPDATES), CONDITIONS[rng.randrange(2)]),
        }
    if kind == "delete":
        return "delete_item", {"Key": key(rng), "ReturnValues": "ALL_OLD", **parameters(condition)}
    if kind == "get":
        return "get_item", {"Key": key(rng), "ProjectionExpression": "PK, n, deep"}
    if kind == "query":
        comparison = rng.choice(
            ["SK >= :s", "SK < :s", "begins_with(SK, :s)", "SK = :s", "SK BETWEEN :s AND :s"]
        )
        return "query", {
            "KeyConditionExpression": f"PK = :p AND {comparison}",
            "ExpressionAttributeValues": {":p": {"S": rng.choice("abc")}, ":s": {"S": "y"}},
            "ScanIndexForward": rng.random() < 0.5,
        }
    if kind == "index":
        return "query", {
            "IndexName": "GSI1",
            "KeyConditionExpression": "GSI1PK = :p AND GSI1SK > :n",
            "FilterExpression": "kept <> :k",
            "ExpressionAttributeValues": {":p": {"S": "p"}, ":n": {"N": "9"}, ":k": {"S": "k1"}},
        }
    if kind == "batch":
        return "batch_get_item", {"Keys": [{"PK": {"S": "a"}, "SK": {"S": s}} for s in "xyz"]}
    steps: list[dict[str, Any]] = [{"Put": {"Item": item(rng, number), **parameters(condition)}}]
    other = key(rng)
    if {**other, "SK": other["SK"]} != {name: steps[0]["Put"]["Item"][name] for name in ("PK", "SK")}:
        steps.append({"ConditionCheck": {"Key": other, **parameters(CONDITIONS[rng.randrange(1, 3)])}})
    return "transact_write_items", {"TransactItems": steps}


def outcome(client: Any, table: str, operation: str, given: dict[str, Any]) -> Any:
    """The answer without what differs by nature, or the error with its reasons."""
    if operation == "transact_write_items":
        given = {
            "TransactItems": [
                {kind: {**step, "TableName": table}}
                for each in given["TransactItems"]
                for kind, step in each.items()
            ]
        }
    elif operation == "batch_get_item":
        given = {"RequestItems": {table: given}}
    else:
        given = {**given, "TableName": table}
    try:
        answer = getattr(client, operation)(**given)
    except ClientError as error:
        reasons = error.response.get("CancellationReasons", [])
        return error.response["Error"]["Code"], [reason["Code"] for reason in reasons]
    if operation == "batch_get_item":
        return answer["Responses"][table]
    return {name: answer.get(name) for name in ("Attributes", "Item", "Items", "Count")}


@pytest.mark.parametrize("seed", range(2))
def test_the_same_calls_have_the_same_answers(stack: Stack, seed: int) -> None:
    rng = random.Random(seed)
    calls = [call(rng, number) for number in range(100)]
    ours = [outcome(clients.dynamodb(), stack.table_name, *each) for each in calls]
    stack.gate.remove()
    try:
        with plain_moto() as (client, table):
            theirs = [outcome(client, table, *each) for each in calls]
    finally:
        stack.gate.install()
    for place, (mine, moto) in enumerate(zip(ours, theirs, strict=True)):
        assert mine == moto, calls[place]
    assert {each[0] for each in ours if isinstance(each, tuple)} >= {
        "ConditionalCheckFailedException",
        "TransactionCanceledException",
    }
