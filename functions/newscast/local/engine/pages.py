"""Query and Scan: one page of a table's or an index's items, as AWS cuts pages."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from newscast.local.engine import expressions
from newscast.local.engine.encoding import after_prefix, hashed, ordered
from newscast.local.engine.items import Item, scalar, size
from newscast.local.engine.refusal import invalid
from newscast.local.engine.table import Bound, Index, Table

Body = dict[str, Any]

PAGE_BYTES = 1024 * 1024
"""A page evaluates this much, then has a LastEvaluatedKey."""


def query(table: Table, body: Body) -> tuple[Body, int]:
    """A Query's answer and the bytes that it evaluated. Raises Refusal."""
    index = _index(table, body)
    names, values = expressions.names_and_values(body)
    if "KeyConditionExpression" not in body:
        raise invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified")
    hash_value, comparison = expressions.key_condition(body["KeyConditionExpression"], names, values, index)
    _check_kinds(table, index, hash_value, comparison)
    if filter_ := body.get("FilterExpression"):
        for key in index.keys:
            if key in expressions.attributes(filter_, names):
                raise invalid(
                    "Filter Expression can only contain non-primary key attributes: "
                    f"Primary key attribute: {key}"
                )
    found = table.walk(
        index,
        hashed(scalar(hash_value)),
        _bounds(comparison),
        _start(table, index, body),
        body.get("ScanIndexForward", True),
    )
    return _page(body, table, index, found)


def scan(table: Table, body: Body) -> tuple[Body, int]:
    """A Scan's answer and the bytes that it evaluated. Raises Refusal."""
    index = _index(table, body)
    found = table.walk(index, None, after=_start(table, index, body))
    if (segments := body.get("TotalSegments", 1)) > 1:
        segment = body.get("Segment", 0)
        found = (item for item in found if _segment(item, index) % segments == segment)
    return _page(body, table, index, found)


def _page(body: Body, table: Table, index: Index, items: Iterable[Item]) -> tuple[Body, int]:
    names, values = expressions.names_and_values(body)
    if body.get("ConsistentRead") and index.name and index.is_global:
        raise invalid("Consistent reads are not supported on global secondary indexes")
    limit = body.get("Limit")
    if limit is not None and limit < 1:
        raise invalid("Limit must be greater than or equal to 1")
    keeps = expressions.condition(body.get("FilterExpression"), names, values)
    project = expressions.projector(body.get("ProjectionExpression"), names)
    kept: list[Item] = []
    seen = read = 0
    last: Item | None = None
    for item in items:
        entry = index.project(item)
        seen += 1
        read += size(entry)
        if keeps(entry):
            kept.append(project(entry))
        # As AWS: a page that its limit closed has a key even if nothing follows.
        if seen == limit or read >= PAGE_BYTES:
            last = entry
            break
    answer: Body = {"Count": len(kept), "ScannedCount": seen}
    if body.get("Select") != "COUNT":
        answer["Items"] = kept
    if last is not None:
        answer["LastEvaluatedKey"] = {name: last[name] for name in {*table.primary.keys, *index.keys}}
    return answer, read


def _index(table: Table, body: Body) -> Index:
    name = body.get("IndexName")
    if name is None:
        return table.primary
    if name not in table.indexes:
        raise invalid(f"The table does not have the specified index: {name}")
    return table.indexes[name]


def _start(table: Table, index: Index, body: Body) -> Item | None:
    start: Item | None = body.get("ExclusiveStartKey")
    if start is not None and set(start) != {*table.primary.keys, *index.keys}:
        raise invalid("The provided starting key is invalid")
    return start


def _check_kinds(
    table: Table, index: Index, hash_value: Item, comparison: tuple[str, list[dict[str, Any]]] | None
) -> None:
    given = [(index.hash, hash_value)]
    given += [(str(index.range), value) for value in (comparison[1] if comparison else [])]
    for name, value in given:
        if next(iter(value)) != table.types[name]:
            raise invalid(
                "One or more parameter values were invalid: Condition parameter type does not match "
                f"schema type for {name}"
            )


def _bounds(comparison: tuple[str, list[dict[str, Any]]] | None) -> list[Bound]:
    """What the range values must meet."""
    if comparison is None:
        return []
    kind, given = comparison
    values = [scalar(value) for value in given]
    first = ordered(values[0])
    if kind in ("=", "<", "<=", ">", ">="):
        return [(kind, first)]
    if kind == "BETWEEN":
        return [(">=", first), ("<=", ordered(values[1]))]
    if kind == "BEGINS_WITH" and not isinstance(values[0], Decimal):
        # All that begin with a prefix stand together, right behind it.
        end = after_prefix(first)
        return [(">=", first)] if end is None else [(">=", first), ("<", end)]
    raise invalid(f"Invalid operator used in KeyConditionExpression: {kind}")


def _segment(item: Item, index: Index) -> int:
    return int.from_bytes(hashed(scalar(item[index.hash]))[:2], "big")
