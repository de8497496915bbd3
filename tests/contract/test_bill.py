"""What the engine bills for writes that are refused: no answer tells that, so it is asked of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.backends import Engine, opened
from tests.contract.items import KIB, keyed
from tests.contract.probe import expression, n, s

INDEXED: dict[str, Any] = {"GSI1PK": s("g"), "GSI1SK": n(1)}
BIG = keyed(0, x=s("x" * 3 * KIB), **INDEXED)
GONE = {"ConditionExpression": "attribute_not_exists(PK)"}
UPDATE = {"UpdateExpression": "SET a = :v", **expression(None, {"v": n(1)})}
# A refused write costs what its table would have taken: the larger of both items, twice in a transaction, and
# nothing of an index. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
CASES: list[tuple[str, dict[str, Any], float]] = [
    ("put_item", {"Item": keyed(0), **GONE}, 4),
    ("put_item", {"Item": keyed(0, x=s("x" * 5 * KIB)), **GONE}, 6),
    ("update_item", {"Key": keyed(0), **UPDATE, **GONE}, 4),
    ("delete_item", {"Key": keyed(0), **GONE}, 4),
    ("transact_write_items", {"TransactItems": [
        {"Put": {"Item": keyed(1, **INDEXED)}}, {"Delete": {"Key": keyed(0), **GONE}}]}, 2 + 8),
    ("transact_write_items", {"TransactItems": [
        {"ConditionCheck": {"Key": keyed(2), "ConditionExpression": "attribute_exists(PK)"}}]}, 2),
]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with opened("engine") as (found,):
        assert isinstance(found, Engine)
        yield found


@pytest.mark.parametrize(("operation", "given", "units"), CASES)
def test_a_refused_write_is_billed(
    engine: Engine, operation: str, given: dict[str, Any], units: float
) -> None:
    table = engine.table("main")
    engine.call("dynamodb", "put_item", {"TableName": table, "Item": BIG})
    before = engine.dynamodb.units["write"]
    if "TransactItems" in given:
        steps = given["TransactItems"]
        given = {"TransactItems": [{k: {**one, "TableName": table} for k, one in s.items()} for s in steps]}
    else:
        given = {**given, "TableName": table}
    assert engine.call("dynamodb", operation, given)["Error"] in (
        "ConditionalCheckFailedException",
        "TransactionCanceledException",
    )
    assert engine.dynamodb.units["write"] - before == units
