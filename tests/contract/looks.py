"""What a random call looks at: each part of its expressions, with the values that it finds in the items.

A shape (shapes.py) tells by these what its backend stumbles over. A disagreement whose call meets no such
value has no shape, so a fault of the engine does not pass for another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newscast.local.engine.documents import at, child
from newscast.local.engine.syntax import (
    Action,
    Call,
    Comparison,
    Condition,
    Literal,
    Logical,
    Operand,
    Path,
    Reader,
    Sum,
)

Value = dict[str, Any]
CONDITIONS = ("ConditionExpression", "FilterExpression")


@dataclass(frozen=True)
class Look:
    what: str
    """An operator or function of a condition (`<`, `contains`, `size`), `+` or a function of an update, a
    clause (`ADD`) with its target and operand, or `path`: one that ends before its last part."""
    values: tuple[Value | None, ...]
    """What its operands stand for (a size is the number ""), or where the path ends; None: not there."""
    within: str = ""
    """Where a path is: a condition "", a `projection`, an update's `operand`, or its target: the clause."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The values' types; "" for what is not there."""
        return tuple("" if value is None else next(iter(value)) for value in self.values)


def looks(call: tuple[str, dict[str, Any]], before: Mapping[str, Value]) -> list[Look]:
    """All that a call looks at. `before`: the table's items before it, by PK and SK in one."""
    _, given = call
    steps = given.get("TransactItems", [{"": given}])
    requests = [request for step in steps for request in step.values()]
    return [look for request in requests for item in _items(request, before) for look in _of(request, item)]


def _items(request: Mapping[str, Any], before: Mapping[str, Value]) -> list[Value | None]:
    key = request.get("Key", request.get("Item"))
    return list(before.values()) if key is None else [before.get(key["PK"]["S"] + key["SK"]["S"])]


def _of(request: Mapping[str, Any], item: Value | None) -> Iterator[Look]:
    for name in (*CONDITIONS, "ProjectionExpression", "UpdateExpression"):
        if name not in request:
            continue
        reader = Reader(name, request[name], {}, request.get("ExpressionAttributeValues", {}))
        if name in CONDITIONS:
            yield from _of_condition(reader.condition(), item)
        elif name == "UpdateExpression":
            for action in reader.actions():
                yield from _of_action(action, item)
        else:
            for path in reader.paths():
                yield from _below(path, item, "projection")


def _of_condition(tree: Condition, item: Value | None) -> Iterator[Look]:
    if isinstance(tree, Logical):
        for part in tree.parts:
            yield from _of_condition(part, item)
        return
    what = tree.operator if isinstance(tree, Comparison) else tree.function
    yield from _of_function(what, tree.operands, item, "")


def _of_action(action: Action, item: Value | None) -> Iterator[Look]:
    yield Look(action.clause, (at(action.path, item), _stands(action.operand, item)))
    yield from _below(action.path, item, action.clause)
    if action.operand is not None:
        yield from _below(action.operand, item, "operand")


def _below(operand: Operand, item: Value | None, within: str = "") -> Iterator[Look]:
    if isinstance(operand, Path):
        there: Value | None = {"M": item or {}}
        for part in operand.parts:
            if there is None or ("M" if isinstance(part, str) else "L") not in there:
                yield Look("path", (there,), within)
                return
            there = child(there, part)
    elif isinstance(operand, Call):
        yield from _of_function(operand.function, operand.operands, item, within)
    elif isinstance(operand, Sum):
        yield from _of_function("+", (operand.left, operand.right), item, within)


def _of_function(what: str, operands: Sequence[Operand], item: Value | None, within: str) -> Iterator[Look]:
    yield Look(what, tuple(_stands(operand, item) for operand in operands))
    for operand in operands:
        yield from _below(operand, item, within)


def _stands(operand: Operand | None, item: Value | None) -> Value | None:
    if isinstance(operand, Literal):
        return operand.value
    if isinstance(operand, Path):
        return at(operand, item)
    if isinstance(operand, Call) and operand.function == "if_not_exists":
        return _stands(operand.operands[0], item) or _stands(operand.operands[1], item)
    return {"N": ""} if isinstance(operand, Call) and operand.function == "size" else None
