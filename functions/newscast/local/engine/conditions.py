"""A condition's tree: what AWS refuses of it before it looks at any item, and whether an item meets it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from newscast.local.engine.documents import at
from newscast.local.engine.items import Item, scalar
from newscast.local.engine.refusal import Refusal
from newscast.local.engine.syntax import (
    MAX_OPERANDS,
    Call,
    Comparison,
    Condition,
    Literal,
    Logical,
    Operand,
    Path,
)

Value = dict[str, Any]
Refuse = Callable[[str], Refusal]
"""Makes a refusal that names the parameter."""

ORDERED = frozenset({"S", "N", "B"})
"""Types that `<` and BETWEEN compare."""
SETS = frozenset({"SS", "NS", "BS"})
KINDS = ORDERED | SETS | {"BOOL", "NULL", "L", "M"}
SIZED = KINDS - {"N", "BOOL", "NULL"}
TAKES = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
}
"""Functions that are conditions, with the number of their operands."""
ELSEWHERE = {"size": 1, "if_not_exists": 2, "list_append": 2}
"""Functions that give a value."""


# ------------------------------------------------------------------------------------ before any item
def check(tree: Condition, refuse: Refuse) -> None:
    """Refuse what is wrong whatever the item."""
    if isinstance(tree, Logical):
        for part in tree.parts:
            check(part, refuse)
    elif isinstance(tree, Call):
        _check_function(tree, refuse)
    else:
        _check_comparison(tree, refuse)


def _check_comparison(tree: Comparison, refuse: Refuse) -> None:
    for operand in tree.operands:
        if isinstance(operand, Call):
            check_arity(operand, refuse)
            if operand.function != "size":
                raise refuse(
                    "The function is not allowed to be used this way in an expression; "
                    f"function: {operand.function}"
                )
            check_kind("size", operand.operands[0], SIZED, refuse)
    _check_distinct(tree.operator, tree.operands, refuse)
    if tree.operator == "IN" and len(tree.operands) - 1 > MAX_OPERANDS:
        raise refuse(
            f"The IN operator takes at most {MAX_OPERANDS} operands; it has {len(tree.operands) - 1}"
        )
    if tree.operator not in ("=", "<>", "IN"):
        for operand in tree.operands:
            check_kind(tree.operator, operand, ORDERED, refuse)
    if tree.operator == "BETWEEN":
        _, low, high = tree.operands
        if isinstance(low, Literal) and isinstance(high, Literal):
            check_bounds(low, high, refuse)


def check_bounds(low: Literal, high: Literal, refuse: Refuse) -> None:
    """Refuse BETWEEN's two bounds if they are of two types or upside down."""
    if low.kind != high.kind:
        raise refuse(
            "The BETWEEN operator requires same data type for lower and upper bounds; "
            f"lower bound operand: {low.value}, upper bound operand: {high.value}"
        )
    if not less(operator.le, low.value, high.value):
        raise refuse(
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
            f"lower bound operand: {low.value}, upper bound operand: {high.value}"
        )


def _check_function(tree: Call, refuse: Refuse) -> None:
    check_arity(tree, refuse)
    name, operands = tree.function, tree.operands
    if name not in TAKES or any(
        isinstance(operand, Call) and operand.function != "size" for operand in operands
    ):
        raise refuse(f"The function is not allowed to be used this way in an expression; function: {name}")
    if name.endswith("exists") and not isinstance(operands[0], Path):
        raise refuse(f"Operator or function requires a document path; operator or function: {name}")
    _check_distinct(name, operands, refuse)
    if name == "attribute_type":
        kind = operands[1]
        if not isinstance(kind, Literal) or kind.kind != "S":
            raise refuse(f"Incorrect operand type for operator or function; operator or function: {name}")
        if kind.value["S"] not in KINDS:
            raise refuse(f"Invalid attribute type name found; type: {kind.value['S']}")
    if name == "begins_with":
        for operand in operands:
            check_kind(name, operand, ORDERED - {"N"}, refuse)


def check_arity(tree: Call, refuse: Refuse) -> None:
    takes = (TAKES | ELSEWHERE).get(tree.function)
    if takes is None:
        raise refuse(f"Invalid function name; function: {tree.function}")
    if len(tree.operands) != takes:
        raise refuse(
            "Incorrect number of operands for operator or function; "
            f"operator or function: {tree.function}, number of operands: {len(tree.operands)}"
        )


def check_kind(name: str, operand: Operand, kinds: frozenset[str], refuse: Refuse) -> None:
    """Refuse a value of the call that an operator never takes. An attribute of that type is no error."""
    if isinstance(operand, Literal) and operand.kind not in kinds:
        raise refuse(
            "Incorrect operand type for operator or function; "
            f"operator or function: {name}, operand type: {operand.kind}"
        )


def _check_distinct(name: str, operands: Sequence[Operand], refuse: Refuse) -> None:
    first = operands[0]
    if isinstance(first, Path) and first in operands[1:]:
        raise refuse(
            "The first operand must be distinct from the remaining operands for this operator or function; "
            f"operator: {name}, first operand: {first}"
        )


# -------------------------------------------------------------------------------------- with an item
def holds(tree: Condition, item: Item | None) -> bool:
    """Whether an item (or None, where there is none) meets a checked condition."""
    if isinstance(tree, Logical):
        if tree.operator == "NOT":
            return not holds(tree.parts[0], item)
        return (all if tree.operator == "AND" else any)(holds(part, item) for part in tree.parts)
    values = [value_of(operand, item) for operand in tree.operands]
    if isinstance(tree, Call):
        return _FUNCTIONS[tree.function](values)
    first, *others = values
    if tree.operator == "IN":
        return any(equal(first, other) for other in others)
    if tree.operator == "BETWEEN":
        return less(operator.ge, first, others[0]) and less(operator.le, first, others[1])
    if tree.operator in ("=", "<>"):
        return equal(first, others[0]) == (tree.operator == "=")
    return less(_ORDERS[tree.operator], first, others[0])


def value_of(operand: Operand, item: Item | None) -> Value | None:
    """What an operand of a condition stands for; None for what is not there, and so is no one's equal."""
    if isinstance(operand, Literal):
        return operand.value
    if isinstance(operand, Path):
        return at(operand, item)
    sized = value_of(cast("Call", operand).operands[0], item)
    if sized is None:
        return None
    ((kind, content),) = sized.items()
    if kind not in SIZED:
        return None
    return {"N": str(len(scalar(sized)) if kind == "B" else len(content))}  # type: ignore[arg-type]


def equal(one: Value | None, other: Value | None) -> bool:
    """Same type and content; sets in any order; numbers by value."""
    if one is None or other is None:
        return False
    ((kind, left),), ((other_kind, right),) = one.items(), other.items()
    if kind != other_kind:
        return False
    if kind == "N":
        return Decimal(left) == Decimal(right)
    if kind in SETS:
        return members(one) == members(other)
    if kind == "L":
        return len(left) == len(right) and all(map(equal, left, right))
    if kind == "M":
        return left.keys() == right.keys() and all(equal(left[name], right[name]) for name in left)
    return bool(left == right)


def members(value: Value) -> frozenset[Any]:
    """A set's members as what they are compared by."""
    ((kind, content),) = value.items()
    return frozenset(scalar({kind[0]: part}) for part in content)


def less(compare: Callable[[Any, Any], bool], one: Value | None, other: Value | None) -> bool:
    """A comparison of order; false between types, and for types without order."""
    if one is None or other is None or one.keys() != other.keys() or not one.keys() <= ORDERED:
        return False
    return compare(scalar(one), scalar(other))


def _begins_with(values: Sequence[Value | None]) -> bool:
    whole, prefix = values
    if whole is None or prefix is None or whole.keys() != prefix.keys() or not whole.keys() <= {"S", "B"}:
        return False
    text: Any = scalar(whole)
    return bool(text.startswith(scalar(prefix)))


def _contains(values: Sequence[Value | None]) -> bool:
    whole, part = values
    if whole is None or part is None:
        return False
    ((kind, content),), (part_kind,) = whole.items(), part
    if kind in ("S", "B"):
        text: Any = scalar(whole)
        return part_kind == kind and scalar(part) in text
    if kind == "L":
        return any(equal(each, part) for each in content)
    return kind in SETS and part_kind == kind[0] and scalar(part) in members(whole)


_FUNCTIONS: Mapping[str, Callable[[Sequence[Value | None]], bool]] = {
    "attribute_exists": lambda values: values[0] is not None,
    "attribute_not_exists": lambda values: values[0] is None,
    "attribute_type": lambda values: (
        values[0] is not None and values[1] is not None and values[1]["S"] in values[0]
    ),
    "begins_with": _begins_with,
    "contains": _contains,
}
_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
