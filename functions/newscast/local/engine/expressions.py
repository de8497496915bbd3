"""DynamoDB expressions over plain items: moto parses and evaluates them, this module refuses what it lets by.

Conditions and filters, key conditions, projections and updates go in as a call's body has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, cast

import msgspec
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.comparisons import create_condition_expression_parser
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.dynamo_type import Item as MotoItem
from moto.dynamodb.parsing import ast_nodes, executors, key_condition_expression, validators
from moto.dynamodb.parsing import expressions as update_expressions
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords
from moto.dynamodb.responses import ProjectionExpressionParser

from newscast.local.engine.items import Item
from newscast.local.engine.refusal import Refusal, invalid
from newscast.local.engine.table import Index, Table

# moto's parsers, whose types are looser than what they take.
_ACTION_KINDS: Any = ast_nodes
_EXECUTORS: Any = executors
_KEY_CONDITIONS: Any = key_condition_expression
_UPDATES: Any = update_expressions
_VALIDATORS: Any = validators

Names = Mapping[str, str]
Values = Mapping[str, dict[str, Any]]
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
_WORD = re.compile(r"[#:]?[A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+")
_GRAMMAR = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})


def names_and_values(body: Mapping[str, Any]) -> tuple[Names, Values]:
    """A call's placeholders, once its expressions are known to use each of them and nothing reserved."""
    for parameter in LEGACY:
        if parameter in body:
            raise invalid(f"{parameter} is a legacy parameter; use an expression")
    names: Names = body.get("ExpressionAttributeNames", {})
    values: Values = body.get("ExpressionAttributeValues", {})
    texts = tuple(body[name] for name in EXPRESSIONS if name in body)
    for what, given in (("ExpressionAttributeNames", names), ("ExpressionAttributeValues", values)):
        if what in body and not texts:
            raise invalid(f"{what} can only be specified when using expressions")
        if what in body and not given:
            raise invalid(f"{what} must not be empty")
    used = frozenset().union(*map(_placeholders, texts))
    for what, given in (("ExpressionAttributeNames", names), ("ExpressionAttributeValues", values)):
        if unused := sorted(given.keys() - used):
            raise invalid(f"Value provided in {what} unused in expressions: keys: {{{', '.join(unused)}}}")
    if undefined := sorted(used - names.keys() - values.keys()):
        raise invalid(f"An expression attribute used in expression is not defined: {undefined[0]}")
    return names, values


@lru_cache(maxsize=1024)
def _placeholders(expression: str) -> frozenset[str]:
    found = set()
    for match in _WORD.finditer(expression):
        word = match[0]
        if word[0] in "#:":
            found.add(word)
        elif word.upper() in _reserved() - _GRAMMAR and not expression[match.end() :].lstrip().startswith(
            "("
        ):
            raise invalid(f"Attribute name is a reserved keyword; reserved keyword: {word}")
    return frozenset(found)


@cache
def _reserved() -> frozenset[str]:
    return frozenset(ReservedKeywords.get_reserved_keywords())


def attributes(expression: str, names: Names) -> set[str]:
    """Every attribute name in an expression (path parts and function names too)."""
    words = {match[0] for match in _WORD.finditer(expression)}
    return {names.get(word, word) for word in words if word[0] != ":"}


def condition(expression: str | None, names: Names, values: Values) -> Test:
    """A condition or filter as a test of an item, or of None where there is none."""
    if expression is None:
        return lambda item: True
    return _parsed_condition(expression, msgspec.json.encode(names), msgspec.json.encode(values))


@lru_cache(maxsize=512)
def _parsed_condition(expression: str, names: bytes, values: bytes) -> Test:
    with _MotoErrors("ConditionExpression"):
        op = create_condition_expression_parser(
            expression, msgspec.json.decode(names), msgspec.json.decode(values)
        ).parse()

    def test(item: Item | None) -> bool:
        with _MotoErrors("ConditionExpression"):
            return bool(op.expr(None if item is None else _moto_item(item)))

    return test


def key_condition(expression: str, names: Names, values: Values, index: Index) -> KeyCondition:
    """A Query's KeyConditionExpression against the index (or table) that it asks."""
    schema = [{"AttributeName": index.hash, "KeyType": "HASH"}]
    if index.range:
        schema.append({"AttributeName": index.range, "KeyType": "RANGE"})
    with _MotoErrors("KeyConditionExpression"):
        hashes, ranges, _ = _KEY_CONDITIONS.parse_expression(
            " ".join(expression.split()), values, names, schema
        )
    return hashes[0][1], (ranges[0][1].upper(), ranges[0][2]) if ranges else None


def projector(expression: str | None, names: Names) -> Callable[[Item], Item]:
    """What a ProjectionExpression keeps of an item."""
    if expression is None:
        return lambda item: item
    with _MotoErrors("ProjectionExpression"):
        paths = ProjectionExpressionParser(expression, dict(names)).parse()
    if all(len(path) == 1 and "[" not in path[0] for path in paths):
        kept = [path[0] for path in paths]
        return lambda item: {name: item[name] for name in kept if name in item}
    return lambda item: _plain(_moto_item(item).project(paths))


def updated(
    expression: str | None, names: Names, values: Values, old: Item, table: Table
) -> tuple[Item, set[str]]:
    """The item after an UpdateExpression, and the top-level attributes that it aims at."""
    if expression is None:
        return old, set()
    item = _moto_item(old)
    with _MotoErrors("UpdateExpression"):
        tree = _UPDATES.UpdateExpressionParser.make(expression)
        aims = {_first_name(action, names) for action in tree.find_clauses(_ACTIONS)}
        checked = _VALIDATORS.UpdateExpressionValidator(
            tree,
            expression_attribute_names=names,
            expression_attribute_values=values,
            item=item,
            table=_Schema(table),
        ).validate()
        checked.normalize()
        _EXECUTORS.UpdateExpressionExecutor(checked, item, names).execute()
    return _plain(item), aims


_ACTIONS = [
    _ACTION_KINDS.UpdateExpressionSetAction,
    _ACTION_KINDS.UpdateExpressionRemoveAction,
    _ACTION_KINDS.UpdateExpressionAddAction,
    _ACTION_KINDS.UpdateExpressionDeleteAction,
]


def _first_name(action: Any, names: Names) -> str:
    written = str(action.children[0].children[0].to_str())
    return names.get(written, written)


class _Schema:
    """What moto's validator asks of a table."""

    def __init__(self, table: Table) -> None:
        self.table_key_attrs = list(table.primary.keys)
        self.attr = [{"AttributeName": name, "AttributeType": kind} for name, kind in table.types.items()]
        self.attribute_keys = list(table.types)


def _moto_item(item: Item) -> Any:
    """moto's item, without its own size limit (which refuses 399 KiB, and is checked elsewhere)."""
    made: Any = MotoItem.__new__(MotoItem)
    made.hash_key = made.range_key = None
    made.attrs = {name: DynamoType(value) for name, value in item.items()}
    return made


def _plain(item: Any) -> Item:
    return {name: cast("dict[str, Any]", _unwrap(value)) for name, value in item.attrs.items()}


def _unwrap(value: Any) -> Any:
    if isinstance(value, DynamoType):
        return {value.type: _unwrap(value.value)}
    if isinstance(value, dict):
        return {name: _unwrap(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_unwrap(part) for part in cast("Iterable[Any]", value)]
    return value


class _MotoErrors:
    """Turns what moto raises over an expression into AWS's ValidationException."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, JsonRESTError):
            raise Refusal(error.error_type.rpartition("#")[2], error.message) from error
        if isinstance(error, Exception) and not isinstance(error, Refusal):
            # moto reports bad syntax as whatever its parser stumbled on.
            raise invalid(f"Invalid {self._parameter}: {error}") from error
