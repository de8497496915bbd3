"""DynamoDB's expressions over plain items: read by syntax.py, evaluated by conditions.py and updates.py.

Expressions go in as a call's body has them, with its names and values. `condition`, `projector`, `update` and
`key_condition` refuse what AWS refuses before it looks at an item; what they return is then asked of items.
Nothing here knows of tables' storage, or of moto, which is an independent judge (tests/contract).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from newscast.local.engine import conditions, updates
from newscast.local.engine.documents import projected
from newscast.local.engine.items import Item, check_value, normal_value
from newscast.local.engine.refusal import invalid
from newscast.local.engine.syntax import (
    Call,
    Comparison,
    Condition,
    Literal,
    Logical,
    Names,
    Path,
    Reader,
    Values,
    placeholders,
    tokens,
)

if TYPE_CHECKING:
    from newscast.local.engine.table import Index

Test = Callable[[Item | None], bool]
KeyCondition = tuple[dict[str, Any], tuple[str, list[dict[str, Any]]] | None]
"""The hash value, and the comparison (`=`, `<`, `BETWEEN`, `BEGINS_WITH`, …) with its values, if any."""

EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
LEGACY = (
    "AttributesToGet",
    "AttributeUpdates",
    "ConditionalOperator",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
)
"""Parameters from before expressions; this engine does not play them."""
_PLACEHOLDER = re.compile(r"[#:][A-Za-z0-9_]{1,254}")


def names_and_values(body: Mapping[str, Any]) -> tuple[Names, Values]:
    """A call's placeholders, once each is well formed and used by one of its expressions."""
    for parameter in LEGACY:
        if parameter in body:
            raise invalid(f"{parameter} is a legacy parameter; use an expression")
    texts = tuple(body[name] for name in EXPRESSIONS if name in body)
    used = frozenset().union(*map(placeholders, texts))
    for what, mark in (("ExpressionAttributeNames", "#"), ("ExpressionAttributeValues", ":")):
        if what not in body:
            continue
        if not texts:
            raise invalid(f"{what} can only be specified when using expressions")
        if not body[what]:
            raise invalid(f"{what} must not be empty")
        for key in body[what]:
            if not _PLACEHOLDER.fullmatch(key) or key[0] != mark:
                raise invalid(f'{what} contains invalid key: Syntax error; key: "{key}"')
        if unused := sorted(body[what].keys() - used):
            raise invalid(f"Value provided in {what} unused in expressions: keys: {{{', '.join(unused)}}}")
    values = body.get("ExpressionAttributeValues", {})
    for value in values.values():
        check_value(value)
    return body.get("ExpressionAttributeNames", {}), {
        key: normal_value(value) for key, value in values.items()
    }


def condition(
    expression: str | None, names: Names, values: Values, parameter: str = "ConditionExpression"
) -> Test:
    """A condition or filter as a test of an item, or of None where there is none."""
    if expression is None:
        return lambda item: True
    reader = Reader(parameter, expression, names, values)
    tree = reader.condition()
    conditions.check(tree, reader.refused)
    return lambda item: conditions.holds(tree, item)


def attributes(expression: str, names: Names) -> set[str]:
    """The item's attributes that an expression asks for (keywords are among them, parts of paths are not)."""
    found = set()
    before = ""
    for token in tokens(expression):
        if token.kind in ("word", "name") and before != ".":
            found.add(names.get(token.text, token.text))
        before = token.text
    return found


def key_condition(expression: str, names: Names, values: Values, index: Index) -> KeyCondition:
    """A Query's KeyConditionExpression against the index (or table) that it asks."""
    reader = Reader("KeyConditionExpression", expression, names, values)
    tree = reader.condition()
    conditions.check(tree, reader.refused)
    found: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for part in _parts(tree, reader):
        name, operator, given = _one_key(part, reader)
        if name in found:
            raise reader.refused("KeyConditionExpressions must only contain one condition per key")
        found[name] = (operator, given)
    if index.hash not in found:
        raise invalid(f"Query condition missed key schema element: {index.hash}")
    if found[index.hash][0] != "=" or not found.keys() <= set(index.keys):
        raise invalid("Query key condition not supported")
    for name, (_, given) in found.items():
        if any(value in ({"S": ""}, {"B": ""}) for value in given):
            raise invalid(
                "One or more parameter values are not valid. The AttributeValue for a key attribute "
                f"cannot contain an empty string or binary value. Key: {name}"
            )
    return found[index.hash][1][0], found.get(index.range or "")


def _parts(tree: Condition, reader: Reader) -> list[Comparison | Call]:
    if not isinstance(tree, Logical):
        return [tree]
    if tree.operator != "AND":
        raise reader.refused(f"Invalid operator used in KeyConditionExpression: {tree.operator}")
    return [each for part in tree.parts for each in _parts(part, reader)]


def _one_key(part: Comparison | Call, reader: Reader) -> tuple[str, str, list[dict[str, Any]]]:
    """Attribute, comparison and values of one part of a key condition."""
    operator = part.function if isinstance(part, Call) else part.operator
    if operator not in _TURNED:
        raise reader.refused(f"Invalid operator used in KeyConditionExpression: {operator}")
    path, *others = part.operands
    if isinstance(path, Literal) and len(others) == 1 and isinstance(others[0], Path):
        path, others, operator = others[0], [path], _TURNED[operator]
    if not isinstance(path, Path) or len(path.parts) != 1:
        raise reader.refused(
            "KeyConditionExpressions cannot have nested operations or conditions on nested attributes"
        )
    given = [each.value for each in others if isinstance(each, Literal)]
    if len(given) != len(others):
        raise reader.refused("A key condition compares a key attribute with values of the call")
    return str(path.parts[0]), operator.upper(), given


_TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=", "BETWEEN": "BETWEEN", "begins_with": ""}
"""Comparisons of a key condition, and what they are with their sides changed."""


def projector(expression: str | None, names: Names) -> Callable[[Item], Item]:
    """What a ProjectionExpression keeps of an item."""
    if expression is None:
        return lambda item: item
    paths = projection(expression, names)
    return lambda item: projected(paths, item)


def projection(expression: str, names: Names) -> tuple[Path, ...]:
    """The document paths of a ProjectionExpression."""
    return Reader("ProjectionExpression", expression, names, {}).paths()


Update = Callable[[Item | None, Item], Item]
"""From the item that is there (or None) and its key, the item after the update. Raises Refusal."""


def update(
    expression: str | None, names: Names, values: Values, keys: Collection[str]
) -> tuple[Update, tuple[Path, ...]]:
    """An UpdateExpression, and the paths that it aims at. `keys` are the table's key attributes."""
    if expression is None:
        return lambda old, key: key if old is None else old, ()
    reader = Reader("UpdateExpression", expression, names, values)
    actions = reader.actions()
    updates.check(actions, keys, reader.refused)
    return lambda old, key: updates.applied(actions, old, key), tuple(action.path for action in actions)
