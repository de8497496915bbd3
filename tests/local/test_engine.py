"""Limits that are just met, conditions, pages and tokens: what moto has otherwise than AWS."""

from typing import Any

import pytest

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


def test_taken_up_to_the_limits(stack: Stack) -> None:
    put(stack, x={"S": "x" * 399 * KIB})
    update(stack, "SET y = :y", y={"S": "y" * 900})
    assert len(write_batch(stack, *rows(25))["UnprocessedItems"]) == 0
    transact(stack, *rows(100))
    assert sum(len(found) for found in read_batch(stack, 100)["Responses"].values()) == 100
    send(stack, *["x" * (1024 * KIB // 10)] * 10)
    send(stack, "tab\tnewline\nand \U0001f30d")
    assert put(stack, x=nested(32))


def test_a_failed_condition_gives_the_item_and_the_reasons(stack: Stack) -> None:
    put(stack, x={"S": "old"})
    condition = {
        "ConditionExpression": "attribute_not_exists(PK)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with pytest.raises(clients.dynamodb().exceptions.TransactionCanceledException) as error:
        clients.dynamodb().transact_write_items(
            TransactItems=[
                {"Put": {"TableName": stack.table_name, "Item": {"PK": {"S": "new"}, "SK": {"S": "b"}}}},
                {"Put": {"TableName": stack.table_name, "Item": PK_SK, **condition}},  # type: ignore[typeddict-item]
            ]
        )
    reasons: Any = error.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == PK_SK | {"x": {"S": "old"}}
    assert clients.dynamodb().scan(TableName=stack.table_name)["Count"] == 1


def test_a_condition_comes_before_a_path_that_is_not_there(stack: Stack) -> None:
    with pytest.raises(clients.dynamodb().exceptions.ConditionalCheckFailedException):
        clients.dynamodb().update_item(
            TableName=stack.table_name,
            Key=PK_SK,
            UpdateExpression="SET m.k = :v",
            ConditionExpression="attribute_exists(m)",
            ExpressionAttributeValues={":v": {"S": "v"}},
        )


def test_a_transaction_with_the_same_token_is_done_once(stack: Stack) -> None:
    def add(token: str, amount: str) -> Any:
        return clients.dynamodb().transact_write_items(
            ClientRequestToken=token,
            TransactItems=[
                {
                    "Update": {
                        "TableName": stack.table_name,
                        "Key": PK_SK,
                        "UpdateExpression": "ADD n :n",
                        "ExpressionAttributeValues": {":n": {"N": amount}},
                    }
                }
            ],
        )

    add("t1", "1")
    add("t1", "1")
    add("t2", "1")
    found = clients.dynamodb().get_item(TableName=stack.table_name, Key=PK_SK)["Item"]
    assert found["n"] == {"N": "2"}
    with pytest.raises(clients.dynamodb().exceptions.IdempotentParameterMismatchException):
        add("t1", "5")


def test_pages(stack: Stack) -> None:
    write_batch(stack, *rows(25))
    first = query(stack, Limit=25)
    # As AWS: the limit closed the page, though nothing follows it.
    assert first["LastEvaluatedKey"]["SK"] == {"S": "9"}
    assert query(stack, Limit=25, ExclusiveStartKey=first["LastEvaluatedKey"])["Count"] == 0
    write_batch(stack, *rows(25, GSI1PK={"S": "g"}, GSI1SK={"N": "1"}, x={"S": "x" * 100 * KIB}))
    by_size = query(stack)
    assert 10 <= by_size["Count"] <= 11  # a page is 1 MiB
    assert "LastEvaluatedKey" in by_size
    found: list[str] = []
    pages = (
        clients.dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=stack.table_name,
            IndexName="GSI1",
            KeyConditionExpression="GSI1PK = :g",
            ExpressionAttributeValues={":g": {"S": "g"}},
            ScanIndexForward=False,
            PaginationConfig={"PageSize": 4},
        )
    )
    for page in pages:
        found += [item["SK"]["S"] for item in page["Items"]]
        assert all("x" not in item for item in page["Items"])  # the index leaves it out
    assert found == sorted((str(n) for n in range(25)), reverse=True)
    scanned = clients.dynamodb().get_paginator("scan").paginate(TableName=stack.table_name)
    assert sum(page["Count"] for page in scanned) == 25
