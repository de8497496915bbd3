"""The few operations of DynamoDB that articles use, in memory: fast enough for hundreds of histories.

It does what AWS documents, moto's gaps included: transactions are all or nothing, batch reads may leave
keys unprocessed, queries page with LastEvaluatedKey on an index too, and what AWS refuses is refused.
test_fake_table.py holds it against moto.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

import botocore.session
from botocore.exceptions import ClientError
from botocore.paginate import Paginator

from newscast.articles.items import Item, Key, item_bytes, key_of
from newscast.articles.store import Articles
from newscast.aws.objects import Objects
from tests.articles.samples import NOON

Call = dict[str, Any]
KEY_BYTES = {"PK": 2048, "SK": 1024, "GSI1PK": 2048, "GSI1SK": 1024, "GSI2PK": 2048, "GSI2SK": 1024}
"""The longest key values that AWS takes; none may be empty."""


def refusal(code: str, operation: str, **more: Any) -> ClientError:
    return ClientError(cast(Any, {"Error": {"Code": code, "Message": code}, **more}), operation)


class FakeTable:
    """One table."""

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}
        self.unprocessed = 0
        """How many of the coming batch reads answer only their first key."""
        self.conflicts = 0
        """How many of the coming writes meet another transaction."""
        self.page = 1000

    # -------------------------------------------------------------------------------- writes
    def put_item(self, **asked: Any) -> Call:
        self._in_the_way("PutItem")
        if not self._holds(asked):
            raise refusal("ConditionalCheckFailedException", "PutItem")
        self._put(asked["Item"])
        return {}

    def transact_write_items(self, TransactItems: list[Call]) -> Call:  # noqa: N803  # boto3's name
        self._in_the_way("TransactWriteItems")
        keys = [self._target(action) for action in TransactItems]
        if len(keys) > 100 or len(set(keys)) < len(keys):
            raise refusal("ValidationException", "TransactWriteItems")
        holds = ["Put" not in action or self._holds(action["Put"]) for action in TransactItems]
        if not all(holds):
            reasons = [{"Code": "None" if held else "ConditionalCheckFailed"} for held in holds]
            raise refusal("TransactionCanceledException", "TransactWriteItems", CancellationReasons=reasons)
        for action, key in zip(TransactItems, keys, strict=True):
            if "Put" in action:
                self._put(action["Put"]["Item"])
            else:
                self.items.pop(key, None)
        return {}

    def _in_the_way(self, operation: str) -> None:
        if self.conflicts:
            self.conflicts -= 1
            if operation == "PutItem":
                raise refusal("TransactionConflictException", operation)
            reasons = [{"Code": "TransactionConflict"}]
            raise refusal("TransactionCanceledException", operation, CancellationReasons=reasons)

    def _put(self, item: Item) -> None:
        for name, limit in KEY_BYTES.items():
            if name in item and not 0 < len(item[name]["S"].encode()) <= limit:
                raise refusal("ValidationException", "PutItem")
        if item_bytes(item) > 400 * 1024:
            raise refusal("ValidationException", "PutItem")
        self.items[key_of(item)] = dict(item)

    def _holds(self, put: Call) -> bool:
        there = self.items.get(key_of(put["Item"]))
        match put.get("ConditionExpression"):
            case None:
                return True
            case "attribute_not_exists(PK)":
                return there is None
            case "#version = :version":
                wanted = put["ExpressionAttributeValues"][":version"]
                return there is not None and there.get(put["ExpressionAttributeNames"]["#version"]) == wanted
        raise refusal("ValidationException", "PutItem")

    @staticmethod
    def _target(action: Call) -> Key:
        return key_of(action["Put"]["Item"] if "Put" in action else action["Delete"]["Key"])

    # --------------------------------------------------------------------------------- reads
    def batch_get_item(self, RequestItems: Mapping[str, Any]) -> Call:  # noqa: N803  # boto3's name
        ((table, asked),) = RequestItems.items()
        keys = [key_of(key) for key in asked["Keys"]]
        if len(keys) > 100 or len(set(keys)) < len(keys):
            raise refusal("ValidationException", "BatchGetItem")
        served = len(keys)
        if self.unprocessed:
            self.unprocessed -= 1
            served = 1
        found = [dict(self.items[key]) for key in keys[:served] if key in self.items]
        left = {table: {**asked, "Keys": asked["Keys"][served:]}} if served < len(keys) else {}
        return {"Responses": {table: found}, "UnprocessedKeys": left}

    def query(self, **asked: Any) -> Call:
        """Key conditions `X = :pk` and `X = :pk AND Y BETWEEN :low AND :high` only."""
        first, _, between = asked["KeyConditionExpression"].partition(" AND ")
        pk, values = first.split(" = ")[0], asked["ExpressionAttributeValues"]
        sk = pk.replace("PK", "SK")
        found = [item for item in self.items.values() if item.get(pk) == values[":pk"] and sk in item]
        if between:
            if between != f"{sk} BETWEEN :low AND :high" or values[":low"]["S"] > values[":high"]["S"]:
                raise refusal("ValidationException", "Query")
            low, high = values[":low"]["S"], values[":high"]["S"]
            found = [item for item in found if low <= item[sk]["S"] <= high]
        found.sort(
            key=lambda item: (item[sk]["S"], *key_of(item)), reverse=not asked.get("ScanIndexForward", True)
        )
        return self._page(found, asked, [pk, sk])

    def scan(self, **asked: Any) -> Call:
        values = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        if asked["FilterExpression"] != "begins_with(SK, :rev) AND stored_at >= :moment":
            raise refusal("ValidationException", "Scan")
        answer = self._page(sorted(self.items.values(), key=key_of), asked, [])
        answer["Items"] = [
            item
            for item in answer["Items"]
            if item["SK"]["S"].startswith(values[":rev"]) and item["stored_at"]["S"] >= values[":moment"]
        ]
        return answer

    def _page(self, found: list[Item], asked: Call, index: list[str]) -> Call:
        names = list(dict.fromkeys(["PK", "SK", *index]))
        start = 0
        if after := asked.get("ExclusiveStartKey"):
            start = next(place for place, item in enumerate(found) if _key(item, names) == after) + 1
        end = start + min(asked.get("Limit", self.page), self.page)
        answer: Call = {"Items": list(found[start:end])}
        if found[start:end] and end <= len(found):  # as AWS: the last full page still says "go on"
            answer["LastEvaluatedKey"] = _key(found[end - 1], names)
        return answer

    def get_paginator(self, operation: str) -> Paginator[Any]:
        """botocore's own, over this table's operation."""
        config, model = _botocore(operation.title())
        return Paginator(getattr(self, operation), config, model)


@cache
def _botocore(operation: str) -> tuple[Any, Any]:
    session = botocore.session.get_session()
    config = session.get_paginator_model("dynamodb").get_paginator(operation)
    return config, session.get_service_model("dynamodb").operation_model(operation)


def _key(item: Item, names: list[str]) -> Item:
    return {name: item[name] for name in names}


class FakeBucket:
    """Objects by key."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> Call:  # noqa: N803  # boto3's names
        self.bodies[Key] = Body
        return {}

    def get_object(self, *, Bucket: str, Key: str) -> Call:  # noqa: N803  # boto3's names
        return {"Body": io.BytesIO(self.bodies[Key])}


def in_memory(
    now: Callable[[], datetime] = lambda: NOON, seed: int = 0, table: FakeTable | None = None
) -> tuple[Articles, FakeTable]:
    """Articles over a fake table and bucket, which never really sleep."""
    table = table or FakeTable()
    bucket = FakeBucket()
    objects = Objects(lambda: cast(Any, bucket), "bodies")
    return Articles(cast(Any, table), "articles", objects, now, lambda _: None, random.Random(seed)), table
