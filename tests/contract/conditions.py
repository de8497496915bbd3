"""Conditions: what holds of an item, and what is refused whatever the item.

Where the guide's grammar says less than this, the error messages that AWS is known for decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.probe import CONDITION, GUIDE, INVALID, KEY, Probe, Step, expression, n, put, s

FUNCTIONS = GUIDE + "Expressions.OperatorsAndFunctions.html"
LIMITS = GUIDE + "ServiceQuotas.html"
NAMES = GUIDE + "Expressions.ExpressionAttributeNames.html"
ITEM: dict[str, Any] = {
    "word": s("hello"),
    "twin": s("hello"),
    "five": n(5),
    "big": n(10),
    "bytes": {"B": b"\x00\xff"},
    "flag": {"BOOL": True},
    "nothing": {"NULL": True},
    "words": {"SS": ["a", "b"]},
    "digits": {"NS": ["1", "2", "3"]},
    "many": {"L": [n(1), s("two"), {"L": [n(3)]}, {"SS": ["x", "y"]}]},
    "doc": {"M": {"a": n(1), "deep": {"M": {"x": s("y")}}, "entries": {"L": [{"M": {"id": n(7)}}]}}},
}
YES, NO = None, CONDITION
Case = tuple[str, Mapping[str, Any] | None, str | None, str]

# expression, values, expected, source
CASES: list[Case] = [
    # comparisons
    ("five = :v", {"v": n(5)}, YES, ""),
    ("five = :v", {"v": n("5.00")}, YES, ""),
    ("five = :v", {"v": s("5")}, NO, ""),
    ("five <> :v", {"v": s("5")}, YES, ""),
    ("gone = :v", {"v": n(5)}, NO, ""),
    ("gone <> :v", {"v": n(5)}, YES, ""),
    ("gone = absent", None, NO, ""),
    ("gone <> absent", None, YES, ""),
    ("gone < absent", None, NO, ""),
    ("word = twin", None, YES, ""),
    ("five < big", None, YES, FUNCTIONS),
    ("five > big", None, NO, ""),
    ("five >= :v", {"v": n(5)}, YES, ""),
    ("five <= :v", {"v": n("4.9")}, NO, ""),
    ("word < :v", {"v": s("help")}, YES, ""),
    ("word < :v", {"v": s("Help")}, NO, ""),
    ("word < :v", {"v": n(5)}, NO, FUNCTIONS),
    ("five < :v", {"v": s("9")}, NO, FUNCTIONS),
    ("NOT five < :v", {"v": s("9")}, YES, ""),
    (":v < five", {"v": n(4)}, YES, ""),
    ("bytes < :v", {"v": {"B": b"\x01"}}, YES, ""),
    ("bytes > :v", {"v": {"B": b"\x00\x7f"}}, YES, GUIDE + "HowItWorks.NamingRulesDataTypes.html"),
    ("bytes = :v", {"v": {"B": b"\x00\xff"}}, YES, ""),
    ("flag = :v", {"v": {"BOOL": True}}, YES, ""),
    ("flag = :v", {"v": n(1)}, NO, ""),
    ("flag <= :v", {"v": n(1)}, NO, FUNCTIONS),
    ("nothing = :v", {"v": {"NULL": True}}, YES, ""),
    ("words = :v", {"v": {"SS": ["b", "a"]}}, YES, ""),
    ("digits = :v", {"v": {"NS": ["3", "2", "1.0"]}}, YES, ""),
    ("many = :v", {"v": {"L": [n(1), s("two"), {"L": [n(3)]}, {"SS": ["y", "x"]}]}}, YES, ""),
    ("doc.deep = :v", {"v": {"M": {"x": s("y")}}}, YES, ""),
    ("doc.deep = :v", {"v": {"M": {"x": s("z")}}}, NO, ""),
    ("five < :v", {"v": {"L": [n(9)]}}, INVALID, ""),
    ("flag < :v", {"v": {"BOOL": True}}, INVALID, ""),
    ("many < :v", {"v": n(9)}, NO, ""),
    ("five = five", None, INVALID, ""),
    ("five < five", None, INVALID, ""),
    # BETWEEN
    ("five BETWEEN :l AND :h", {"l": n(5), "h": n(5)}, YES, ""),
    ("five between :l and :h", {"l": n(1), "h": n(9)}, YES, ""),
    ("five BETWEEN :l AND :h", {"l": n(6), "h": n(9)}, NO, ""),
    ("five BETWEEN :l AND :h", {"l": n(9), "h": n(1)}, INVALID, FUNCTIONS),
    ("five BETWEEN :l AND :h", {"l": n(1), "h": s("9")}, INVALID, ""),
    ("five BETWEEN :l AND :h", {"l": s("1"), "h": s("9")}, NO, ""),
    ("five BETWEEN big AND :h", {"h": n(1)}, NO, ""),
    ("gone BETWEEN :l AND :h", {"l": n(1), "h": n(9)}, NO, ""),
    ("flag BETWEEN :l AND :h", {"l": n(0), "h": n(99)}, NO, ""),
    ("bytes BETWEEN :l AND :h", {"l": {"B": b"\x00"}, "h": {"B": b"\x01"}}, YES, ""),
    (":v BETWEEN five AND big", {"v": n(7)}, YES, ""),
    ("five BETWEEN :l AND :h AND word = :t", {"l": n(1), "h": n(9), "t": s("hello")}, YES, ""),
    # IN
    ("five IN (:a, :b)", {"a": n(4), "b": n("5.0")}, YES, ""),
    ("five IN (:a, :b)", {"a": s("5"), "b": n(6)}, NO, ""),
    ("five IN (big, :b)", {"b": n(5)}, YES, ""),
    ("gone IN (:a)", {"a": n(5)}, NO, ""),
    ("flag IN (:a)", {"a": n(1)}, NO, ""),
    ("five IN ()", None, INVALID, ""),
    (f"five IN ({', '.join(f':v{i}' for i in range(100))})", {f"v{i}": n(i) for i in range(100)}, YES, LIMITS),
    (f"five IN ({', '.join(f':v{i}' for i in range(101))})", {f"v{i}": n(i) for i in range(101)}, INVALID, LIMITS),
    # functions
    ("attribute_exists(word)", None, YES, ""),
    ("attribute_exists(gone)", None, NO, ""),
    ("attribute_exists(doc.deep.x)", None, YES, ""),
    ("attribute_exists(doc.gone.x)", None, NO, ""),
    ("attribute_exists(many[2][0])", None, YES, ""),
    ("attribute_exists(many[9])", None, NO, ""),
    ("attribute_exists(word.x)", None, NO, ""),
    ("attribute_exists(:v)", {"v": s("word")}, INVALID, FUNCTIONS),
    ("attribute_exists(word, five)", None, INVALID, ""),
    ("attribute_not_exists(gone)", None, YES, ""),
    ("attribute_not_exists(nothing)", None, NO, ""),
    ("attribute_type(word, :t)", {"t": s("S")}, YES, ""),
    ("attribute_type(word, :t)", {"t": s("N")}, NO, ""),
    ("attribute_type(nothing, :t)", {"t": s("NULL")}, YES, ""),
    ("attribute_type(flag, :t)", {"t": s("BOOL")}, YES, ""),
    ("attribute_type(words, :t)", {"t": s("SS")}, YES, ""),
    ("attribute_type(doc.entries, :t)", {"t": s("L")}, YES, ""),
    ("attribute_type(gone, :t)", {"t": s("S")}, NO, ""),
    ("attribute_type(word, :t)", {"t": s("DOG")}, INVALID, FUNCTIONS),
    ("attribute_type(word, :t)", {"t": n(1)}, INVALID, FUNCTIONS),
    ("attribute_type(word, twin)", None, INVALID, FUNCTIONS),
    ("begins_with(word, :v)", {"v": s("hel")}, YES, ""),
    ("begins_with(word, :v)", {"v": s("")}, YES, ""),
    ("begins_with(word, :v)", {"v": s("el")}, NO, ""),
    ("begins_with(word, twin)", None, YES, ""),
    ("begins_with(bytes, :v)", {"v": {"B": b"\x00"}}, YES, ""),
    ("begins_with(five, :v)", {"v": s("5")}, NO, ""),
    ("begins_with(five, :v)", {"v": s("")}, NO, ""),
    ("begins_with(doc, :v)", {"v": s("")}, NO, ""),
    ("begins_with(gone, :v)", {"v": s("5")}, NO, ""),
    ("begins_with(word, :v)", {"v": n(5)}, INVALID, ""),
    ("contains(word, :v)", {"v": s("ell")}, YES, ""),
    ("contains(word, :v)", {"v": s("elk")}, NO, ""),
    ("contains(word, :v)", {"v": n(1)}, NO, ""),
    ("contains(words, :v)", {"v": s("a")}, YES, ""),
    ("contains(words, :v)", {"v": s("c")}, NO, ""),
    ("contains(digits, :v)", {"v": n("2.0")}, YES, ""),
    ("contains(digits, :v)", {"v": s("2")}, NO, ""),
    ("contains(digits, :v)", {"v": {"BOOL": True}}, NO, ""),
    ("contains(many, :v)", {"v": {"BOOL": True}}, NO, ""),
    ("contains(many, :v)", {"v": s("two")}, YES, FUNCTIONS),
    ("contains(many, :v)", {"v": {"L": [n(3)]}}, YES, ""),
    ("contains(many, :v)", {"v": {"SS": ["y", "x"]}}, YES, ""),
    ("contains(bytes, :v)", {"v": {"B": b"\xff"}}, YES, ""),
    ("contains(gone, :v)", {"v": s("a")}, NO, ""),
    ("contains(word, word)", None, INVALID, ""),
    ("size(word) = :v", {"v": n(5)}, YES, FUNCTIONS),
    ("size(words) = :v", {"v": n(2)}, YES, ""),
    ("size(many) > :v", {"v": n(3)}, YES, ""),
    ("size(doc) = :v", {"v": n(3)}, YES, ""),
    ("size(bytes) = :v", {"v": n(2)}, YES, FUNCTIONS),
    ("size(gone) > :v", {"v": n(0)}, NO, ""),
    ("size(gone) < :v", {"v": n(9)}, NO, ""),
    ("NOT size(gone) < :v", {"v": n(9)}, YES, ""),
    ("size(five) = :v", {"v": n(1)}, NO, ""),
    ("size(five) < :v", {"v": n(9)}, NO, ""),
    ("size(flag) < :v", {"v": n(10)}, NO, ""),
    ("size(nothing) < :v", {"v": n(10)}, NO, ""),
    ("size(gone[0]) < :v", {"v": n(10)}, NO, ""),
    ("size(word) = five", None, YES, ""),
    ("size(word) < :v", {"v": s("9")}, NO, ""),
    ("size(word) BETWEEN :l AND :h", {"l": n(1), "h": n(5)}, YES, ""),
    ("size(word) IN (:a, :b)", {"a": n(1), "b": n(5)}, YES, ""),
    ("size(word)", None, INVALID, ""),
    ("size(word, five) = :v", {"v": n(1)}, INVALID, ""),
    ("attribute_exists(word) = :v", {"v": {"BOOL": True}}, INVALID, ""),
    ("list_append(many, many) = :v", {"v": n(1)}, INVALID, ""),
    ("if_not_exists(word, five) = :v", {"v": n(1)}, INVALID, ""),
    ("dog(word)", None, INVALID, ""),
    ("ATTRIBUTE_EXISTS(word)", None, INVALID, FUNCTIONS),
    # logic
    ("attribute_exists(word) AND attribute_exists(gone)", None, NO, ""),
    ("attribute_exists(word) OR attribute_exists(gone)", None, YES, ""),
    ("attribute_exists(gone) AND attribute_exists(gone2) OR attribute_exists(word)", None, YES, ""),
    ("attribute_exists(word) OR attribute_exists(gone) AND attribute_exists(gone2)", None, YES, ""),
    ("(attribute_exists(word) OR five = :v) AND attribute_exists(gone)", {"v": n(5)}, NO, ""),
    ("NOT attribute_exists(gone) AND attribute_exists(word)", None, YES, ""),
    ("NOT NOT attribute_exists(word)", None, YES, ""),
    ("not (attribute_exists(gone) or attribute_exists(gone2))", None, YES, ""),
    ("((five = :v))", {"v": n(5)}, INVALID, ""),
    ("(five = :v) AND (word = twin)", {"v": n(5)}, YES, ""),
    ("((five = :v) AND (word = twin))", {"v": n(5)}, YES, ""),
    # paths
    ("doc.entries[0].id = :v", {"v": n(7)}, YES, ""),
    ("doc.entries[1].id = :v", {"v": n(7)}, NO, ""),
    ("doc[0] = :v", {"v": n(7)}, NO, ""),
    ("many.a = :v", {"v": n(7)}, NO, ""),
    ("five.a = :v", {"v": n(7)}, NO, ""),
    ("five[0] = :v", {"v": n(7)}, NO, ""),
    ("many[:v] = :v", {"v": n(0)}, INVALID, ""),
    # syntax
    ("", None, INVALID, ""),
    ("five =", None, INVALID, ""),
    ("five == :v", {"v": n(5)}, INVALID, ""),
    ("five != :v", {"v": n(5)}, INVALID, ""),
    ("five = :v AND", {"v": n(5)}, INVALID, ""),
    ("(five = :v", {"v": n(5)}, INVALID, ""),
    ("five = :v)", {"v": n(5)}, INVALID, ""),
    ("five = 5", None, INVALID, GUIDE + "Expressions.ExpressionAttributeValues.html"),
    ("five", None, INVALID, ""),
    ("_five = :v", {"v": n(5)}, INVALID, ""),
    ("fi-ve = :v", {"v": n(5)}, INVALID, ""),
    ("five BETWEEN :v", {"v": n(5)}, INVALID, ""),
    # names and values
    ("status = :v", {"v": n(5)}, INVALID, GUIDE + "ReservedWords.html"),
    ("Status = :v", {"v": n(5)}, INVALID, GUIDE + "ReservedWords.html"),
    ("doc.status = :v", {"v": n(5)}, INVALID, NAMES),
    ("size = :v", {"v": n(5)}, INVALID, GUIDE + "ReservedWords.html"),
    ("statuses <> :v", {"v": n(5)}, YES, ""),
    ("five = :gone", None, INVALID, ""),
    ("five = :v", {"v": n(5), "w": n(6)}, INVALID, ""),
    ("#five = :v", {"v": n(5)}, INVALID, ""),
    ("five = :v", {"v": {"SS": []}}, INVALID, ""),
    ("five = :v", {"v": n("five")}, INVALID, ""),
    # limits
    (" OR ".join(["five = :v"] * 200) + " OR " + " OR ".join(["word = :v"] * 100), {"v": n(5)}, INVALID, LIMITS),
    ("five = :v" + " " * (4096 - 9), {"v": n(5)}, YES, LIMITS),
    ("five = :v" + " " * (4097 - 9), {"v": n(5)}, INVALID, LIMITS),
]  # fmt: skip
NAMED: list[tuple[str, str, Mapping[str, Any] | None, str | None]] = [
    ("#n = :v", "#n=five", {"v": n(5)}, YES),
    ("#d.#r[0].id = :v", "#d=doc #r=entries", {"v": n(7)}, YES),
    ("#n = :v", "#n=doc.a", {"v": n(1)}, NO),  # a dot in a name is no path
    ("#status <> :v", "#status=status", {"v": n(1)}, YES),
    ("#n = :v", "#n=five #m=word", {"v": n(5)}, INVALID),
    ("#1 = :v", "#1=five", {"v": n(5)}, YES),
    ("five = :v", "n=five", {"v": n(5)}, INVALID),
]


def _probe(text: str, names: str | None, values: Any, expected: Any, source: str) -> Probe:
    """A put of the item under the condition: the one write whose condition every backend looks at alone."""
    shown = text.strip() if len(text) < 90 else f"{text[:40].strip()}… of {len(text)}"
    if values is not None:
        first = {name: next(iter(value.items())) for name, value in list(values.items())[:3]}
        shown += f" with {', '.join(f'{name} {kind} {content}' for name, (kind, content) in first.items())}"
    step = Step("put_item", {"Item": KEY, "ConditionExpression": text, **expression(names, values)}, expected)
    return Probe(f"condition: {shown}{f' by {names}' if names else ''}", (put(**ITEM), step), source)


SOURCE = FUNCTIONS
"""Where AWS says what no probe has a page of its own for."""
PROBES = [
    *(_probe(text, None, values, expected, source) for text, values, expected, source in CASES),
    *(_probe(text, names, values, expected, NAMES) for text, names, values, expected in NAMED),
    Probe("condition on an item that is not there", (
        Step("put_item", {"Item": KEY, "ConditionExpression": "attribute_not_exists(PK) AND NOT size(x) > :v",
                             **expression(None, {"v": n(0)})}),)),
    Probe("a condition on a delete", (
        put(a=n(1)),
        Step("delete_item", {"Key": KEY, "ConditionExpression": "a = :v", **expression(None, {"v": n(2)})}, NO),
        Step("delete_item", {"Key": KEY, "ConditionExpression": "a = :v", **expression(None, {"v": n(1)})}))),
    Probe("names without an expression", (
        Step("put_item", {"Item": KEY, **expression("#a=b", None)}, INVALID),)),
    Probe("values without an expression", (
        Step("put_item", {"Item": KEY, **expression(None, {"a": n(1)})}, INVALID),)),
    Probe("a static fault is told before the condition is tested", (
        Step("update_item", {"Key": KEY, "ConditionExpression": "attribute_exists(PK)",
                             "UpdateExpression": "SET a = a.b +"}, INVALID),)),
    Probe("a condition is tested before the update's operands are looked at", (
        put(a=s("x")),
        Step("update_item", {"Key": KEY, "ConditionExpression": "attribute_not_exists(PK)",
                             "UpdateExpression": "SET b = a + :v", **expression(None, {"v": n(1)})}, NO),)),
    Probe("a condition is tested before the update is tried", (
        Step("update_item", {"Key": KEY, "ConditionExpression": "attribute_exists(PK)",
                             "UpdateExpression": "SET a.b = :v", **expression(None, {"v": n(1)})}, NO),)),
]  # fmt: skip
