"""Single items and batches: keys, types, sizes, projections, what a batch takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.probe import (
    ABSENT,
    API,
    GUIDE,
    INVALID,
    KEY,
    TABLE,
    Probe,
    Step,
    expression,
    get,
    holds,
    n,
    put,
    s,
)  # fmt: skip

QUOTAS = GUIDE + "ServiceQuotas.html"
KIB = 1024
DOC: dict[str, Any] = {
    "a": {"M": {"b": {"L": [n(2), n(4), {"M": {"x": s("hi"), "y": s("yo")}}]}, "c": n(5)}},
    "d": s("hello"),
}


def keyed(number: int, **attributes: Any) -> dict[str, Any]:
    return {"PK": s("p"), "SK": s(f"{number:03}"), **attributes}


def nested(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = s("x")
    for _ in range(levels - 1):
        made = {"L": [made]}
    return made


def batch(*requests: Mapping[str, Any]) -> dict[str, Any]:
    return {"RequestItems": {TABLE: list(requests)}}


def puts(count: int, **attributes: Any) -> dict[str, Any]:
    return batch(*({"PutRequest": {"Item": keyed(at, **attributes)}} for at in range(count)))


def keys(*numbers: int, **more: Any) -> dict[str, Any]:
    return {"RequestItems": {TABLE: {"Keys": [keyed(at) for at in numbers], **more}}}


def one(name: str, expected: Any, source: str = "", *, item: Mapping[str, Any] | None = None,
        table: str = "main", **attributes: Any) -> Probe:  # fmt: skip
    step = Step("put_item", {"Item": {**(KEY if item is None else item), **attributes}}, expected)
    return Probe(f"put: {name}", (step,), source, table)


def projected(text: str, expected: Any, names: str | None = None) -> Probe:
    given = get(expected, ProjectionExpression=text, **expression(names, None))
    return Probe(f"projection: {text}", (put(**DOC), given), GUIDE + "Expressions.ProjectionExpressions.html")


TAKEN: list[tuple[str, Mapping[str, Any]]] = [
    ("all types", {"a": s(""), "b": n(1), "c": {"B": b""}, "d": {"BOOL": False}, "e": {"NULL": True},
                   "f": {"L": []}, "g": {"M": {}}, "h": {"SS": ["x"]}, "i": {"NS": ["1"]}, "j": {"BS": [b"x"]}}),
    ("an item of 400 KiB", {"x": s("x" * (400 * KIB - len("PKpSKsx")))}),
    ("32 levels", {"x": nested(32)}),
    ("a set with an empty string", {"x": {"SS": [""]}}),
    ("other scripts", {"ключ": s("значение \U0001f30d")}),
    ("a name with dots", {"a.b[0]": n(1)}),
    ("index keys", {"GSI1PK": s("g"), "GSI1SK": n(1)}),
    ("half of an index's keys", {"GSI1PK": s("g")}),
]  # fmt: skip
REFUSED: list[tuple[str, Mapping[str, Any], str]] = [
    ("an item of over 400 KiB", {"x": s("x" * (400 * KIB - len("PKpSKsx") + 1))}, QUOTAS),
    ("33 levels", {"x": nested(33)}, QUOTAS),
    ("an empty set", {"x": {"SS": []}}, ""),
    ("a set with duplicates", {"x": {"SS": ["a", "a"]}}, ""),
    ("a set with one number in two forms", {"x": {"NS": ["1", "1.0"]}}, ""),
    ("NULL false", {"x": {"NULL": False}}, ""),
    ("a key of another type", {"SK": n(1)}, ""),
    ("an empty range key", {"SK": s("")}, API + "API_PutItem.html"),
    ("an empty hash key", {"PK": s("")}, API + "API_PutItem.html"),
    ("a range key of 1025 bytes", {"SK": s("x" * 1025)}, QUOTAS),
    ("a hash key of 2049 bytes", {"PK": s("x" * 2049)}, QUOTAS),
    ("a range key of 1026 bytes in 513 letters", {"SK": s("ж" * 513)}, QUOTAS),
    ("an index key of another type", {"GSI1PK": n(1), "GSI1SK": n(1)}, GUIDE + "GSI.html"),
    ("an index key of another type alone", {"GSI1SK": s("1")}, GUIDE + "GSI.html"),
    ("an empty index key", {"GSI1PK": s(""), "GSI1SK": n(1)}, API + "API_PutItem.html"),
    ("a NULL index key", {"GSI2PK": {"NULL": True}}, GUIDE + "GSI.html"),
    ("an index's hash key of 2049 bytes", {"GSI2PK": s("x" * 2049)}, QUOTAS),
    ("two types in one value", {"x": {"S": "a", "N": "1"}}, ""),
    ("no type in a value", {"x": {}}, ""),
]  # fmt: skip
SOURCE = GUIDE + "WorkingWithItems.html"
"""Where AWS says what no probe has a page of its own for."""
PROBES = [
    *(Probe(f"put: {name}", (put(**given), get(holds(**given))), QUOTAS) for name, given in TAKEN),
    *(one(name, INVALID, source, **given) for name, given, source in REFUSED),
    one("a range key of 1024 bytes", None, QUOTAS, SK=s("x" * 1024)),
    one("a hash key of 2048 bytes", None, QUOTAS, PK=s("x" * 2048)),
    one("no range key", INVALID, item={"PK": s("p")}),
    one("no key at all", INVALID, item={"a": n(1)}),
    one("an empty binary key", INVALID, item={"PK": {"B": b""}, "SK": {"B": b"x"}}, table="binary"),
    one("a number of 39 digits as a key", INVALID, item={"PK": s("p"), "SK": n("1" * 39)}, table="numbers"),
    Probe("get: a key with more than the key", (get(INVALID, key={**KEY, "a": n(1)}),)),
    Probe("get: half a key", (get(INVALID, key={"PK": s("p")}),)),
    Probe("get: a key of another type", (get(INVALID, key={"PK": s("p"), "SK": n(1)}),)),
    Probe("get: an empty key", (get(INVALID, key={"PK": s("p"), "SK": s("")}),)),
    Probe("get: nothing", (get({"Item": ABSENT}),)),
    Probe("get: a table that is not there", (get("ResourceNotFoundException", TableName="not-there"),)),
    Probe("put: a table that is not there", (
        Step("put_item", {"Item": KEY, "TableName": "not-there"}, "ResourceNotFoundException"),)),
    Probe("put: replaces the whole item", (put(a=n(1), b=n(1)), put(a=n(2)), get(holds(a=n(2))))),
    Probe("delete: what is not there", (Step("delete_item", {"Key": KEY}),)),
    Probe("delete: with more than the key", (Step("delete_item", {"Key": {**KEY, "a": n(1)}}, INVALID),)),
    Probe("legacy: with an expression", (
        Step("update_item", {"Key": KEY, "UpdateExpression": "REMOVE a",
                             "AttributeUpdates": {"a": {"Action": "DELETE"}}}, INVALID),),
        GUIDE + "LegacyConditionalParameters.html"),
    projected("a.b", {"Item": {"a": {"M": {"b": DOC["a"]["M"]["b"]}}}}),
    projected("a.b[0]", {"Item": {"a": {"M": {"b": {"L": [n(2)]}}}}}),
    projected("a.b[2].y, d", {"Item": {"a": {"M": {"b": {"L": [{"M": {"y": s("yo")}}]}}}, "d": s("hello")}}),
    projected("a.b[1], a.b[0]", {"Item": {"a": {"M": {"b": {"L": [n(2), n(4)]}}}}}),
    projected("a.b[0], a.c", {"Item": {"a": {"M": {"b": {"L": [n(2)]}, "c": n(5)}}}}),
    projected("PK, gone", {"Item": {"PK": s("p")}}),
    projected("gone", {"Item": {}}),
    projected("a.b[3].x", {"Item": {}}),
    projected("a[0]", {"Item": {}}),
    projected("a.c.x", {"Item": {}}),
    projected("d[0], a.c", {"Item": {"a": {"M": {"c": n(5)}}}}),
    projected("d.x", {"Item": {}}),
    projected("#a.#c", {"Item": {"a": {"M": {"c": n(5)}}}}, "#a=a #c=c"),
    projected("#d", {"Item": {}}, "#d=a.c"),
    projected("a, a", INVALID),
    projected("a, a.b[0]", INVALID),
    projected("a.b.c, a.b", INVALID),
    projected("a.b, a[1]", INVALID),
    projected("a,", INVALID),
    projected(",a", INVALID),
    projected("a b", INVALID),
    projected("", INVALID),
    projected(":a", INVALID),
    projected("#gone", INVALID),
    projected("d", INVALID, "#x=d"),
    projected("status", INVALID),
    projected("size(d)", INVALID),
    Probe("batch write: 25 items", (Step("batch_write_item", puts(25), {"UnprocessedItems": {}}),
                                    Step("scan", {}, {"Count": 25}))),
    Probe("batch write: 26 items", (Step("batch_write_item", puts(26), INVALID), Step("scan", {}, {"Count": 0})),
          API + "API_BatchWriteItem.html"),
    Probe("batch write: nothing", (Step("batch_write_item", {"RequestItems": {TABLE: []}}, INVALID),)),
    Probe("batch write: one item twice", (
        Step("batch_write_item", batch({"PutRequest": {"Item": keyed(1)}}, {"PutRequest": {"Item": keyed(1, a=n(1))}}),
             INVALID),), API + "API_BatchWriteItem.html"),
    Probe("batch write: a put and a delete of one item", (
        Step("batch_write_item", batch({"PutRequest": {"Item": keyed(1)}}, {"DeleteRequest": {"Key": keyed(1)}}),
             INVALID),), API + "API_BatchWriteItem.html"),
    Probe("batch write: puts and deletes", (
        put(key=keyed(1)),
        Step("batch_write_item", batch({"PutRequest": {"Item": keyed(2)}}, {"DeleteRequest": {"Key": keyed(1)}})),
        Step("scan", {}, {"Items": [keyed(2)]}))),
    Probe("batch write: one item that is refused", (
        Step("batch_write_item", batch({"PutRequest": {"Item": keyed(1)}}, {"PutRequest": {"Item": {"PK": s("p")}}}),
             INVALID), Step("scan", {}, {"Count": 0})), API + "API_BatchWriteItem.html"),
    Probe("batch write: an item over 400 KiB", (
        Step("batch_write_item", puts(1, x=s("x" * 400 * KIB)), INVALID),), API + "API_BatchWriteItem.html"),
    Probe("batch write: a table that is not there", (
        Step("batch_write_item", {"RequestItems": {"not-there": [{"DeleteRequest": {"Key": KEY}}]}},
             "ResourceNotFoundException"),)),
    Probe("batch get: finds what is there", (
        Step("batch_write_item", puts(3)),
        Step("batch_get_item", keys(0, 2, 9), lambda answer: sorted(
            item["SK"]["S"] for items in answer["Responses"].values() for item in items) == ["000", "002"]))),
    Probe("batch get: 100 keys", (Step("batch_get_item", keys(*range(100)), {"UnprocessedKeys": {}}),)),
    Probe("batch get: 101 keys", (Step("batch_get_item", keys(*range(101)), INVALID),), API + "API_BatchGetItem.html"),
    Probe("batch get: one key twice", (Step("batch_get_item", keys(1, 1), INVALID),), API + "API_BatchGetItem.html"),
    Probe("batch get: no keys", (Step("batch_get_item", keys(), INVALID),)),
    Probe("batch get: with more than the key", (
        Step("batch_get_item", {"RequestItems": {TABLE: {"Keys": [keyed(1, a=n(1))]}}}, INVALID),)),
    Probe("batch get: projected", (
        Step("batch_write_item", puts(1, a=n(1))),
        Step("batch_get_item", keys(0, ProjectionExpression="a"),
             lambda answer: [*answer["Responses"].values()] == [[{"a": n(1)}]]))),
    Probe("batch get: over 16 MB leaves keys", (
        *(Step("batch_write_item", batch(*({"PutRequest": {"Item": keyed(at, x=s("x" * 399 * KIB))}}
                                           for at in range(start, start + 9)))) for start in range(0, 45, 9)),
        Step("batch_get_item", keys(*range(45)), lambda answer: [
            30 <= len(request["Keys"]) + sum(map(len, answer["Responses"].values())) <= 45
            for request in answer["UnprocessedKeys"].values()] == [True])), API + "API_BatchGetItem.html"),
]  # fmt: skip
