"""Transactions, and the capacity that calls consume."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.items import KIB, keyed, keys, puts
from tests.contract.probe import (
    ABSENT,
    API,
    CANCELLED,
    GUIDE,
    INVALID,
    KEY,
    OTHER_TOKEN,
    TOKEN,
    Expected,
    Probe,
    Refused,
    Step,
    expression,
    get,
    n,
    put,
    s,
)  # fmt: skip

WRITES = API + "API_TransactWriteItems.html"
CAPACITY = GUIDE + "read-write-operations.html"


def transact(*steps: Mapping[str, Any], expected: Expected = None, **more: Any) -> Step:
    return Step("transact_write_items", {"TransactItems": list(steps), **more}, expected)


def p(number: int, **more: Any) -> dict[str, Any]:
    return {"Put": {"Item": keyed(number, **more.pop("attributes", {})), **more}}


def u(number: int, text: str, values: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"Update": {"Key": keyed(number), "UpdateExpression": text, **expression(None, values), **more}}


def check(number: int, text: str) -> dict[str, Any]:
    return {"ConditionCheck": {"Key": keyed(number), "ConditionExpression": text}}


def refused(told: Callable[[list[dict[str, Any]]], bool]) -> Refused:
    """Cancelled, with reasons that a function judges."""
    return Refused(
        lambda answer: answer["Error"] == CANCELLED and told(answer.get("CancellationReasons", [{}, {}]))
    )


def cancelled(*codes: str) -> Refused:
    """Cancelled, with a reason for each step."""
    return refused(lambda reasons: [each.get("Code") for each in reasons] == [*codes])


THERE, GONE = "attribute_exists(PK)", "attribute_not_exists(PK)"
EMPTY = Step("scan", {}, {"Count": 0})
FAILED, WRONG, FINE = "ConditionalCheckFailed", "ValidationError", "None"
ADD = u(0, "ADD a :v", {"v": n(1)})
TRANSACTIONS = [
    Probe("transaction: all four kinds", (
        put(key=keyed(0), a=n(1)), put(key=keyed(1)), put(key=keyed(2)),
        transact(ADD, {"Delete": {"Key": keyed(1)}}, check(2, THERE), p(3)),
        get({"Item": keyed(0, a=n(2))}, key=keyed(0)), Step("scan", {}, {"Count": 3}))),
    Probe("transaction: one condition fails, none is done", (
        transact(p(0), p(1, ConditionExpression=THERE), p(2), expected=cancelled(FINE, FAILED, FINE)), EMPTY), WRITES),
    Probe("transaction: two conditions fail, both are told", (
        transact(check(0, THERE), p(1), check(2, THERE), expected=cancelled(FAILED, FINE, FAILED)), EMPTY), WRITES),
    Probe("transaction: conditions are tested before anything is written", (
        transact(p(0), check(1, GONE), p(2, ConditionExpression=GONE)), Step("scan", {}, {"Count": 2})), WRITES),
    Probe("transaction: a refused condition shows the item", (
        put(key=keyed(0), a=n(1)),
        transact(p(1), p(0, ConditionExpression=GONE, ReturnValuesOnConditionCheckFailure="ALL_OLD"),
                 expected=refused(lambda reasons: [each.get("Item") for each in reasons] == [None, keyed(0, a=n(1))]))), WRITES),
    Probe("transaction: a refused condition shows no item unasked", (
        put(key=keyed(0), a=n(1)),
        transact(p(0, ConditionExpression=GONE),
                 expected=refused(lambda reasons: "Item" not in reasons[0]))), WRITES),
    Probe("transaction: one item twice", (transact(p(0), p(0), expected=INVALID), EMPTY), WRITES),
    Probe("transaction: a check and a write of one item", (
        transact(check(0, GONE), p(0), expected=INVALID), EMPTY), WRITES),
    Probe("transaction: 100 items", (transact(*map(p, range(100))), Step("scan", {}, {"Count": 100})), WRITES),
    Probe("transaction: 101 items", (transact(*map(p, range(101)), expected=INVALID), EMPTY), WRITES),
    Probe("transaction: no items", (transact(expected=INVALID),), WRITES),
    Probe("transaction: over 4 MB", (
        transact(*(p(at, attributes={"x": s("x" * 399 * KIB)}) for at in range(11)), expected=INVALID), EMPTY), WRITES),
    Probe("transaction: just under 4 MB", (
        transact(*(p(at, attributes={"x": s("x" * 399 * KIB)}) for at in range(10))),), WRITES),
    Probe("transaction: two kinds in one step", (
        transact({**p(0), **check(1, GONE)}, expected=INVALID), EMPTY)),
    Probe("transaction: an update that fails", (
        put(key=keyed(0), a=s("x")), transact(p(1), ADD, expected=cancelled(FINE, WRONG)), Step("scan", {}, {"Count": 1})),
        WRITES),
    Probe("transaction: an update without its operand", (
        transact(u(0, "SET a = gone"), p(1), expected=cancelled(WRONG, FINE)), EMPTY), WRITES),
    Probe("transaction: an update below what is not there", (
        transact(u(0, "SET a.b = :v", {"v": n(1)}), expected=cancelled(WRONG)), EMPTY), WRITES),
    Probe("transaction: an update to over 400 KB", (
        put(key=keyed(0), x=s("x" * 300_000)),
        transact(u(0, "SET y = :v", {"v": s("x" * 120_000)}), expected=cancelled(WRONG))), WRITES),
    Probe("transaction: an update of an index key to another type", (
        transact(u(0, "SET GSI1SK = :v", {"v": s("x")}), expected=cancelled(WRONG)), EMPTY), WRITES),
    Probe("transaction: a fault of syntax", (transact(p(1), u(0, "SET a ="), expected=INVALID), EMPTY)),
    Probe("transaction: a condition before its update", (
        transact(u(0, "SET a.b = :v", {"v": n(1)}, ConditionExpression=THERE), expected=cancelled(FAILED)), EMPTY)),
    Probe("transaction: a table that is not there", (
        transact(p(0), {"Put": {"Item": KEY, "TableName": "not-there"}}, expected="ResourceNotFoundException"), EMPTY)),
    Probe("transaction: the same token is done once", (
        transact(ADD, ClientRequestToken=TOKEN), transact(ADD, ClientRequestToken=TOKEN),
        get({"Item": keyed(0, a=n(1))}, key=keyed(0)), transact(ADD, ClientRequestToken=OTHER_TOKEN),
        get({"Item": keyed(0, a=n(2))}, key=keyed(0))), WRITES),
    Probe("transaction: the same token for something else", (
        transact(ADD, ClientRequestToken=TOKEN),
        transact(p(1), ClientRequestToken=TOKEN, expected="IdempotentParameterMismatchException")), WRITES),
    Probe("transaction: a refused one leaves its token free", (
        transact(u(0, "SET a = :v", {"v": n(1)}, ConditionExpression=THERE), ClientRequestToken=TOKEN, expected=CANCELLED),
        put(key=keyed(0)),
        transact(u(0, "SET a = :v", {"v": n(1)}, ConditionExpression=THERE), ClientRequestToken=TOKEN),
        get({"Item": keyed(0, a=n(1))}, key=keyed(0)))),
    Probe("transaction: reads", (
        put(key=keyed(0), a=n(1), b=n(2)),
        Step("transact_get_items", {"TransactItems": [
            {"Get": {"Key": keyed(0), "ProjectionExpression": "a"}}, {"Get": {"Key": keyed(1)}}]},
            {"Responses": [{"Item": {"a": n(1)}}, {}]}))),
    Probe("transaction: 101 reads", (
        Step("transact_get_items", {"TransactItems": [{"Get": {"Key": keyed(at)}} for at in range(101)]}, INVALID),),
        API + "API_TransactGetItems.html"),
]  # fmt: skip


def consumed(total: float, table: float | None = None, **indexes: float) -> Expected:
    """Units in all, then of the table and of the indexes that have any."""

    def told(answer: dict[str, Any]) -> bool:
        found = answer.get("ConsumedCapacity", {})
        found = found[0] if isinstance(found, list) and found else found
        if not isinstance(found, dict) or found.get("CapacityUnits") != total:
            return False
        parts = {
            name: each["CapacityUnits"] for name, each in found.get("GlobalSecondaryIndexes", {}).items()
        }
        return table is None or (found.get("Table", {}).get("CapacityUnits") == table and parts == indexes)

    return told


TOTAL, PARTS = {"ReturnConsumedCapacity": "TOTAL"}, {"ReturnConsumedCapacity": "INDEXES"}
X = s("x" * (4 * KIB - len("PKpSKsx")))
KB = s("x" * (KIB - len("PKpSKsx")))
I1: dict[str, Any] = {"GSI1PK": s("g"), "GSI1SK": n(1)}


def cost(name: str, *steps: Step) -> Probe:
    return Probe(f"capacity: {name}", steps, CAPACITY)


def priced(
    operation: str, expected: Expected, given: Mapping[str, Any], how: Mapping[str, str] = PARTS
) -> Step:
    return Step(operation, {**given, **how}, expected)


def again(text: str, expected: Expected, values: Mapping[str, Any] | None = None) -> Step:
    return priced("update_item", expected, {"Key": KEY, "UpdateExpression": text, **expression(None, values)})


CAPACITIES = [
    cost("not asked for", put({"ConsumedCapacity": ABSENT})),
    cost("an unknown wish", Step("put_item", {"Item": KEY, "ReturnConsumedCapacity": "DOG"}, INVALID)),
    cost("a put", priced("put_item", consumed(1), {"Item": KEY}, TOTAL)),
    cost("a put of 1 KB", priced("put_item", consumed(1), {"Item": {**KEY, "x": KB}}, TOTAL)),
    cost("a put of 1 KB and a byte", priced("put_item", consumed(2), {"Item": {**KEY, "x": KB, "y": s("")}}, TOTAL)),
    cost("a small put over a large one", put(x=X), priced("put_item", consumed(4), {"Item": KEY}, TOTAL)),
    cost("a delete of 4 KB", put(x=X), priced("delete_item", consumed(4), {"Key": KEY}, TOTAL)),
    cost("a delete of nothing", priced("delete_item", consumed(1), {"Key": KEY}, TOTAL)),
    cost("a put into an index", priced("put_item", consumed(2, 1, GSI1=1), {"Item": {**KEY, **I1}})),
    cost("a put into two indexes", priced("put_item", consumed(3, 1, GSI1=1, GSI2=1),
                                         {"Item": {**KEY, **I1, "GSI2PK": s("h")}})),
    cost("a put that changes nothing of an index", put(**I1), priced("put_item", consumed(1, 1), {"Item": {**KEY, **I1, "a": n(1)}})),
    cost("an update of what an index does not hold", put(**I1), again("SET a = :v", consumed(1, 1), {"v": n(1)})),
    cost("an update of what an index holds", put(**I1), again("SET kept = :v", consumed(2, 1, GSI1=1), {"v": n(1)})),
    cost("an update of an index key", put(**I1), again("SET GSI1SK = :v", consumed(3, 1, GSI1=2), {"v": n(2)})),
    cost("leaving an index", put(**I1), again("REMOVE GSI1SK", consumed(2, 1, GSI1=1))),
    cost("a delete from an index", put(**I1), priced("delete_item", consumed(2, 1, GSI1=1), {"Key": KEY})),
    cost("a read", put(), priced("get_item", consumed(0.5), {"Key": KEY}, TOTAL)),
    cost("a consistent read", put(), priced("get_item", consumed(1), {"Key": KEY, "ConsistentRead": True}, TOTAL)),
    cost("a read of nothing", priced("get_item", consumed(0.5), {"Key": KEY}, TOTAL)),
    cost("a read of 4 KB", put(x=X), priced("get_item", consumed(0.5), {"Key": KEY}, TOTAL)),
    cost("a read of 4 KB and a byte", put(x=X, y=s("")), priced("get_item", consumed(1), {"Key": KEY}, TOTAL)),
    cost("a read of a part", put(x=X, y=s("")), priced("get_item", consumed(1), {"Key": KEY, "ProjectionExpression": "y"}, TOTAL)),
    *(cost(f"the size of the number {number}",
           put(x=s("x" * (KIB - len("PKpSKsxn") - bytes_)), n=n(number)),
           priced("delete_item", consumed(1), {"Key": KEY}, TOTAL),
           put(x=s("x" * (KIB - len("PKpSKsxn") - bytes_ + 1)), n=n(number)),
           priced("delete_item", consumed(2), {"Key": KEY}, TOTAL))
      for number, bytes_ in (("12", 2), ("123", 3), ("-12", 3), ("1e50", 2))),
    cost("a query adds up before it rounds", Step("batch_write_item", puts(9, x=s("x" * 1000))),
         priced("query", consumed(1.5), {"KeyConditionExpression": "PK = :p", **expression(None, {"p": s("p")})}, TOTAL)),
    cost("a query of nothing", priced(
        "query", consumed(0.5), {"KeyConditionExpression": "PK = :p", **expression(None, {"p": s("q")})}, TOTAL)),
    cost("a query of an index", put(**I1), priced(
        "query", consumed(0.5, 0, GSI1=0.5),
        {"IndexName": "GSI1", "KeyConditionExpression": "GSI1PK = :p", **expression(None, {"p": s("g")})})),
    cost("a filter saves nothing", Step("batch_write_item", puts(9, x=s("x" * 1000))),
         priced("scan", consumed(1.5), {"FilterExpression": "attribute_exists(gone)"}, TOTAL)),
    cost("a batch write", priced("batch_write_item", consumed(3), puts(3), TOTAL)),
    cost("a batch read rounds each", Step("batch_write_item", puts(2)),
         priced("batch_get_item", consumed(1.5), keys(0, 1, 2), TOTAL)),
    cost("a transaction", transact(p(0), p(1), **TOTAL, expected=consumed(4))),
    cost("a check in a transaction", transact(p(0), check(1, GONE), **TOTAL, expected=consumed(4))),
    cost("a transaction of reads", priced(
        "transact_get_items", consumed(4), {"TransactItems": [{"Get": {"Key": keyed(at)}} for at in range(2)]}, TOTAL)),
]  # fmt: skip
SOURCE = WRITES
"""Where AWS says what no probe has a page of its own for."""
PROBES = [*TRANSACTIONS, *CAPACITIES]
