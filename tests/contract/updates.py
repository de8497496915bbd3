"""Updates: an item before and after, or the refusal; ReturnValues; numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.probe import (
    ABSENT,
    API,
    CONDITION,
    GUIDE,
    INVALID,
    KEY,
    Probe,
    Step,
    expression,
    get,
    holds,
    n,
    put,
    s,
)  # fmt: skip

UPDATES = GUIDE + "Expressions.UpdateExpressions.html"
TYPES = GUIDE + "HowItWorks.NamingRulesDataTypes.html"
Case = tuple[str, Mapping[str, Any] | None, str, Mapping[str, Any] | None, Mapping[str, Any] | str, str]
L3 = {"L": [n(0), n(1), n(2)]}

# name, before (None: no item), expression, values, after or the refusal, source
CASES: list[Case] = [
    ("sets", {"a": n(1)}, "SET a = :v, b = :v", {"v": s("x")}, {"a": s("x"), "b": s("x")}, ""),
    ("makes an item", None, "SET a = :v", {"v": n(1)}, {"a": n(1)}, ""),
    ("copies", {"a": n(1)}, "SET b = a", None, {"a": n(1), "b": n(1)}, ""),
    ("reads what was", {"a": n(1)}, "SET a = :v, b = a", {"v": n(2)}, {"a": n(2), "b": n(1)}, ""),
    ("swaps", {"a": n(1), "b": n(2)}, "SET a = b, b = a", None, {"a": n(2), "b": n(1)}, ""),
    ("copies what is not there", {"a": n(1)}, "SET b = gone", None, INVALID, ""),
    ("reads nothing new", {"a": n(1)}, "SET x = :v, y = x", {"v": n(2)}, INVALID, ""),
    ("removes and reads", {"a": n(1)}, "REMOVE a SET b = a", None, {"b": n(1)}, ""),
    ("adds up", {"a": n(1)}, "SET a = a + :v", {"v": n(2)}, {"a": n(3)}, ""),
    ("takes away", {"a": n(1)}, "SET a = a - :v", {"v": n("2.5")}, {"a": n("-1.5")}, ""),
    ("adds three", {"a": n(1)}, "SET a = a + :v + :v", {"v": n(2)}, INVALID, ""),
    ("adds up to what is not there", {}, "SET a = a + :v", {"v": n(2)}, INVALID, ""),
    ("adds to a string", {"a": s("1")}, "SET a = a + :v", {"v": n(2)}, INVALID, ""),
    ("adds to what is no number or there", {"a": s("1")}, "SET a = if_not_exists(a, :z) + :v",
     {"z": n(0), "v": n(2)}, INVALID, ""),
    ("adds a string", {"a": n(1)}, "SET a = a + :v", {"v": s("2")}, INVALID, ""),
    ("38 digits", {"a": n(1)}, "SET a = a + :v", {"v": n("9" * 37 + "8")}, {"a": n("9" * 38)}, TYPES),
    ("too many digits", {"a": n("1" + "0" * 50)}, "SET a = a + :v", {"v": n(1)}, INVALID, TYPES),
    ("too large", {"a": n("9" + "0" * 125)}, "SET a = a + :v", {"v": n("9E+125")}, INVALID, TYPES),
    ("a tenth and two", {"a": n("0.1")}, "SET a = a + :v", {"v": n("0.2")}, {"a": n("0.3")}, ""),
    ("down to zero", {"a": n("0.1")}, "SET a = a - :v", {"v": n("0.10")}, {"a": n(0)}, ""),
    ("if_not_exists finds", {"a": n(1)}, "SET a = if_not_exists(a, :v)", {"v": n(9)}, {"a": n(1)}, ""),
    ("if_not_exists takes", {}, "SET a = if_not_exists(a, :v)", {"v": n(9)}, {"a": n(9)}, ""),
    ("if_not_exists of another", {"b": n(2)}, "SET a = if_not_exists(b, :v)", {"v": n(9)},
     {"a": n(2), "b": n(2)}, ""),
    ("a counter", {}, "SET a = if_not_exists(a, :z) + :v", {"z": n(0), "v": n(1)}, {"a": n(1)}, ""),
    ("if_not_exists below a set", {"b": {"NS": ["1"]}}, "SET a = if_not_exists(b[0], :v)", {"v": n(9)},
     {"a": n(9), "b": {"NS": ["1"]}}, ""),
    ("copies below a set", {"b": {"NS": ["1"]}}, "SET a = b[0]", None, INVALID, ""),
    ("if_not_exists of a value", {}, "SET a = if_not_exists(:v, :v)", {"v": n(9)}, INVALID, UPDATES),
    ("if_not_exists nested", {"b": n(1)}, "SET a = if_not_exists(gone, if_not_exists(b, :v))", {"v": n(9)},
     {"a": n(1), "b": n(1)}, ""),
    ("plus within a function", {}, "SET a = if_not_exists(a, :v + :v)", {"v": n(9)}, INVALID, ""),
    ("list_append behind", {"a": L3}, "SET a = list_append(a, :v)", {"v": {"L": [n(9)]}},
     {"a": {"L": [n(0), n(1), n(2), n(9)]}}, ""),
    ("list_append before", {"a": L3}, "SET a = list_append(:v, a)", {"v": {"L": [n(9)]}},
     {"a": {"L": [n(9), n(0), n(1), n(2)]}}, ""),
    ("list_append to nothing", {}, "SET a = list_append(if_not_exists(a, :e), :v)",
     {"e": {"L": []}, "v": {"L": [n(9)]}}, {"a": {"L": [n(9)]}}, UPDATES),
    ("list_append of what is not there", {}, "SET a = list_append(a, :v)", {"v": {"L": [n(9)]}}, INVALID, ""),
    ("list_append of no list", {"a": n(1)}, "SET a = list_append(a, :v)", {"v": {"L": [n(9)]}}, INVALID, ""),
    ("list_append of a string", {"a": L3}, "SET a = list_append(a, :v)", {"v": s("x")}, INVALID, ""),
    ("list_append of one", {"a": L3}, "SET a = list_append(a)", None, INVALID, ""),
    ("list_append in capitals", {"a": L3}, "SET a = LIST_APPEND(a, a)", None, INVALID, UPDATES),
    ("an unknown function", {"a": L3}, "SET a = dog(a, a)", None, INVALID, ""),
    ("a condition's function", {"a": L3}, "SET a = size(a)", None, INVALID, ""),
    ("removes", {"a": n(1), "b": n(2)}, "REMOVE a", None, {"b": n(2)}, ""),
    ("removes nothing", {"a": n(1)}, "REMOVE gone", None, {"a": n(1)}, ""),
    ("remove makes an item", None, "REMOVE gone", None, {}, ""),
    ("removes within", {"a": {"M": {"x": n(1), "y": n(2)}}}, "REMOVE a.x", None, {"a": {"M": {"y": n(2)}}}, ""),
    ("removes the last within", {"a": {"M": {"x": n(1)}}}, "REMOVE a.x", None, {"a": {"M": {}}}, ""),
    ("removes of a list", {"a": L3}, "REMOVE a[0], a[1]", None, {"a": {"L": [n(2)]}}, UPDATES),
    ("removes beyond a list", {"a": L3}, "REMOVE a[7]", None, {"a": L3}, ""),
    ("removes below a string", {"a": s("x")}, "REMOVE a.b", None, INVALID, ""),
    ("removes below what is not there", {"a": n(1)}, "REMOVE gone.b", None, INVALID, ""),
    ("removes and sets in a list", {"a": L3}, "REMOVE a[0] SET a[2] = :v", {"v": n(9)},
     {"a": {"L": [n(1), n(9)]}}, ""),
    ("removes below in an item that is not there", None, "REMOVE a.b", None, {}, ""),
    ("a refused one leaves nothing of itself", {"c": s("x")}, "SET a = :v DELETE c :s", {"v": n(1), "s": {"SS": ["x"]}}, INVALID, ""),
    ("sets within", {"a": {"M": {"x": n(1)}}}, "SET a.y = :v", {"v": n(2)},
     {"a": {"M": {"x": n(1), "y": n(2)}}}, ""),
    ("sets deep within", {"a": {"L": [{"M": {"x": L3}}]}}, "SET a[0].x[1] = :v", {"v": n(9)},
     {"a": {"L": [{"M": {"x": {"L": [n(0), n(9), n(2)]}}}]}}, ""),
    ("sets below what is not there", {}, "SET a.y = :v", {"v": n(2)}, INVALID, ""),
    ("sets below a string", {"a": s("x")}, "SET a.y = :v", {"v": n(2)}, INVALID, ""),
    ("sets a number of a map", {"a": {"M": {}}}, "SET a[0] = :v", {"v": n(2)}, INVALID, ""),
    ("sets in a list", {"a": L3}, "SET a[1] = :v", {"v": n(9)}, {"a": {"L": [n(0), n(9), n(2)]}}, ""),
    ("sets beyond a list", {"a": L3}, "SET a[9] = :v, a[5] = :w", {"v": n(9), "w": n(8)},
     {"a": {"L": [n(0), n(1), n(2), n(8), n(9)]}}, UPDATES),
    ("ADD to a number", {"a": n(1)}, "ADD a :v", {"v": n(2)}, {"a": n(3)}, ""),
    ("ADD to nothing", {}, "ADD a :v", {"v": n(2)}, {"a": n(2)}, UPDATES),
    ("ADD makes an item", None, "ADD a :v", {"v": n(2)}, {"a": n(2)}, UPDATES),
    ("ADD to a set", {"a": {"SS": ["x"]}}, "ADD a :v", {"v": {"SS": ["x", "y"]}}, {"a": {"SS": ["x", "y"]}}, ""),
    ("ADD to a set of numbers", {"a": {"NS": ["1"]}}, "ADD a :v", {"v": {"NS": ["1.0", "2"]}},
     {"a": {"NS": ["1", "2"]}}, ""),
    ("ADD to a set of bytes", {"a": {"BS": [b"1"]}}, "ADD a :v", {"v": {"BS": [b"2"]}}, {"a": {"BS": [b"1", b"2"]}}, ""),
    ("ADD makes a set", {}, "ADD a :v", {"v": {"SS": ["x"]}}, {"a": {"SS": ["x"]}}, UPDATES),
    ("ADD of another kind of set", {"a": {"SS": ["1"]}}, "ADD a :v", {"v": {"NS": ["1"]}}, INVALID, UPDATES),
    ("ADD of a string", {"a": n(1)}, "ADD a :v", {"v": s("2")}, INVALID, UPDATES),
    ("ADD of a list", {"a": L3}, "ADD a :v", {"v": L3}, INVALID, UPDATES),
    ("ADD to a string", {"a": s("1")}, "ADD a :v", {"v": n(2)}, INVALID, ""),
    ("ADD of an attribute", {"a": n(1), "b": n(1)}, "ADD a b", None, INVALID, UPDATES),
    ("DELETE from a set", {"a": {"SS": ["x", "y"]}}, "DELETE a :v", {"v": {"SS": ["x", "z"]}}, {"a": {"SS": ["y"]}}, ""),
    ("DELETE all of a set", {"a": {"SS": ["x"]}, "b": n(1)}, "DELETE a :v", {"v": {"SS": ["x"]}}, {"b": n(1)}, UPDATES),
    ("DELETE from nothing", {"b": n(1)}, "DELETE a :v", {"v": {"SS": ["x"]}}, {"b": n(1)}, ""),
    ("DELETE from a set of numbers", {"a": {"NS": ["1", "2"]}}, "DELETE a :v", {"v": {"NS": ["2.00"]}},
     {"a": {"NS": ["1"]}}, ""),
    ("copies a set and deletes from it", {"a": {"SS": ["x", "y"]}}, "SET b = a DELETE a :v", {"v": {"SS": ["x"]}},
     {"a": {"SS": ["y"]}, "b": {"SS": ["x", "y"]}}, ""),
    ("DELETE of a number", {"a": n(1)}, "DELETE a :v", {"v": n(1)}, INVALID, UPDATES),
    ("DELETE from a string", {"a": s("x")}, "DELETE a :v", {"v": {"SS": ["x"]}}, INVALID, ""),
    ("an empty set", {}, "SET a = :v", {"v": {"SS": []}}, INVALID, TYPES),
    ("empty list, map, string, bytes", {}, "SET a = :l, b = :m, c = :s, d = :b",
     {"l": {"L": []}, "m": {"M": {}}, "s": s(""), "b": {"B": b""}},
     {"a": {"L": []}, "b": {"M": {}}, "c": s(""), "d": {"B": b""}}, TYPES),
    ("all four clauses", {"a": n(1), "b": n(1), "c": {"SS": ["x", "y"]}, "d": n(1)},
     "SET a = :v ADD b :v DELETE c :s REMOVE d", {"v": n(5), "s": {"SS": ["x"]}},
     {"a": n(5), "b": n(6), "c": {"SS": ["y"]}}, ""),
    ("clauses in any case", {"d": n(1)}, "set a = :v remove d", {"v": n(5)}, {"a": n(5)}, ""),
    ("one clause twice", {}, "SET a = :v SET b = :v", {"v": n(5)}, INVALID, UPDATES),
    ("one path twice", {}, "SET a = :v, a = :w", {"v": n(5), "w": n(6)}, INVALID, ""),
    ("one path in two clauses", {"a": n(1)}, "SET a = :v REMOVE a", {"v": n(5)}, INVALID, ""),
    ("a path within another", {"a": {"M": {}}}, "SET a = :v, a.b = :v", {"v": n(5)}, INVALID, ""),
    ("a list's path within another", {"a": L3}, "SET a[1] = :v REMOVE a", {"v": n(5)}, INVALID, ""),
    ("a map and a list at once", {}, "SET a.b = :v, a[1] = :v", {"v": n(5)}, INVALID, ""),
    ("the key", {}, "SET SK = :v", {"v": s("t")}, INVALID, API + "API_UpdateItem.html"),
    ("removes the key", {}, "REMOVE SK", None, INVALID, ""),
    ("adds to the key", {}, "ADD SK :v", {"v": n(1)}, INVALID, ""),
    ("an index key of another type", {}, "SET GSI1SK = :v", {"v": s("t")}, INVALID, GUIDE + "GSI.html"),
    ("an empty index key", {}, "SET GSI1PK = :v", {"v": s("")}, INVALID, ""),
    ("nothing", {}, "", None, INVALID, ""),
    ("no clause", {}, "HELLO a = :v", {"v": n(1)}, INVALID, ""),
    ("a comma too many", {}, "SET a = :v,", {"v": n(1)}, INVALID, ""),
    ("a value at the left", {}, "SET :v = :v", {"v": n(1)}, INVALID, ""),
    ("a reserved word", {}, "SET name = :v", {"v": n(1)}, INVALID, GUIDE + "ReservedWords.html"),
    ("brackets", {"a": n(1)}, "SET a = (a + :v)", {"v": n(1)}, {"a": n(2)}, ""),
    ("4 KB of text", {}, "SET a = :v" + " " * 4086, {"v": n(1)}, {"a": n(1)}, ""),
    ("over 4 KB of text", {}, "SET a = :v" + " " * 4087, {"v": n(1)}, INVALID, GUIDE + "ServiceQuotas.html"),
    ("to over 400 KB", {"a": s("x" * 300_000)}, "SET b = :v", {"v": s("x" * 110_000)}, INVALID, ""),
    ("to just under 400 KB", {"a": s("x" * 300_000)}, "SET b = :v", {"v": s("x" * 109_000)},
     {"a": s("x" * 300_000), "b": s("x" * 109_000)}, ""),
    ("to 33 levels", {"a": {"M": {}}}, "SET a.b = :v", {"v": {"L": [{"L": [n(1)]}]}},
     {"a": {"M": {"b": {"L": [{"L": [n(1)]}]}}}}, ""),
]  # fmt: skip


def _probe(case: Case) -> Probe:
    name, before, text, values, after, source = case
    first = () if before is None else (put(**before),)
    refused = after if isinstance(after, str) else None
    left = None if before is None else holds(**before)
    step = Step("update_item", {"Key": KEY, "UpdateExpression": text, **expression(None, values)}, refused)
    then = (get(left or {"Item": ABSENT}) if isinstance(after, str) else get(holds(**after)),)
    return Probe(f"update: {name}", (*first, step, *then), source)


def _stored(number: str, shown: str | None, source: str = TYPES) -> Probe:
    steps = (put(INVALID, a=n(number)),) if shown is None else (put(a=n(number)), get(holds(a=n(shown))))
    return Probe(f"number {number}", steps, source)


def _returned(
    operation: str, wanted: str, before: Any, text: str | None, expected: Any, source: str = ""
) -> Probe:
    given: dict[str, Any] = {"ReturnValues": wanted}
    given |= {"Item": {**KEY, "z": n(9)}} if operation == "put_item" else {"Key": KEY}
    if text:
        given |= {"UpdateExpression": text, **expression(None, {"v": n(2)})}
    first = () if before is None else (put(**before),)
    name = f"{operation} returns {wanted} of {'an item' if before is not None else 'nothing'}, {text or 'no update'}"
    return Probe(name, (*first, Step(operation, given, expected)), source)


A1: dict[str, Any] = {"a": n(1), "b": n(1)}
NONE = {"Attributes": ABSENT}
SOURCE = UPDATES
"""Where AWS says what no probe has a page of its own for."""
PROBES = [
    *map(_probe, CASES),
    *(_stored(given, shown) for given, shown in [
        ("1.0", "1"), ("007", "7"), ("+3", "3"), (".5", "0.5"), ("-0", "0"), ("0.000", "0"), ("1e3", "1000"),
        ("1E-3", "0.001"), ("-17.40", "-17.4"), ("100", "100"), ("1" * 38, "1" * 38), ("0." + "1" * 38, "0." + "1" * 38),
        ("1e125", "1" + "0" * 125), ("1e-130", "0." + "0" * 129 + "1"), ("1" * 39, None), ("1e126", None),
        ("1e-131", None), ("NaN", None), ("Infinity", None), ("dog", None), ("", None), (" 1", None), ("1_000", None),
        ("0x1", None)]),
    _returned("put_item", "NONE", A1, None, NONE),
    _returned("put_item", "ALL_OLD", A1, None, {"Attributes": {**KEY, **A1}}),
    _returned("put_item", "ALL_OLD", None, None, NONE),
    *(_returned(operation, wanted, A1, None, INVALID, API + page)
      for operation, page in (("put_item", "API_PutItem.html"), ("delete_item", "API_DeleteItem.html"))
      for wanted in ("ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", "DOG", "none")),
    _returned("delete_item", "ALL_OLD", A1, None, {"Attributes": {**KEY, **A1}}),
    _returned("delete_item", "ALL_OLD", None, None, NONE),
    _returned("update_item", "NONE", A1, "SET a = :v", NONE),
    _returned("update_item", "ALL_OLD", A1, "SET a = :v", {"Attributes": {**KEY, **A1}}),
    _returned("update_item", "ALL_OLD", None, "SET a = :v", NONE),
    _returned("update_item", "ALL_NEW", A1, "SET a = :v", {"Attributes": {**KEY, "a": n(2), "b": n(1)}}),
    _returned("update_item", "ALL_NEW", None, "SET a = :v", {"Attributes": {**KEY, "a": n(2)}}),
    _returned("update_item", "UPDATED_OLD", A1, "SET a = :v, c = :v", {"Attributes": {"a": n(1)}}),
    _returned("update_item", "UPDATED_OLD", A1, "SET c = :v", NONE),
    _returned("update_item", "UPDATED_NEW", A1, "SET a = :v, c = :v", {"Attributes": {"a": n(2), "c": n(2)}}),
    _returned("update_item", "UPDATED_NEW", A1, "REMOVE a ADD b :v", {"Attributes": {"b": n(3)}}),
    _returned("update_item", "UPDATED_NEW", {"m": {"M": {"x": n(1), "y": n(1)}}}, "SET m.x = :v",
              {"Attributes": {"m": {"M": {"x": n(2)}}}}, API + "API_UpdateItem.html"),
    _returned("update_item", "UPDATED_OLD", {"m": {"M": {"x": n(1), "y": n(1)}}}, "SET m.x = :v",
              {"Attributes": {"m": {"M": {"x": n(1)}}}}, API + "API_UpdateItem.html"),
    _returned("update_item", "DOG", A1, "SET a = :v", INVALID),
    *(Probe(f"{operation} refused by its condition shows {shown}", (
        put(a=n(1)),
        Step(operation, {**({"Item": KEY} if operation == "put_item" else {"Key": KEY}),
                         "ConditionExpression": "attribute_exists(gone)",
                         **({"ReturnValuesOnConditionCheckFailure": shown} if shown else {})},
             {"Error": CONDITION, "Item": {**KEY, "a": n(1)} if shown == "ALL_OLD" else ABSENT})),
        API + "API_PutItem.html")
      for operation in ("put_item", "update_item", "delete_item") for shown in ("ALL_OLD", "NONE", "")),
    Probe("a refused condition shows no item where there is none", (
        Step("put_item", {"Item": KEY, "ConditionExpression": "attribute_exists(PK)",
                          "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}, {"Error": CONDITION, "Item": ABSENT}),)),
    Probe("an update with neither expression", (
        Step("update_item", {"Key": KEY, "ReturnValues": "ALL_NEW"}, {"Attributes": KEY}),)),
    Probe("a number is one key in all its forms", (
        put(key={"PK": s("p"), "SK": n("1.0")}, a=n(1)),
        get({"Item": {"PK": s("p"), "SK": n(1), "a": n(1)}}, key={"PK": s("p"), "SK": n("01")})), table="numbers"),
]  # fmt: skip
