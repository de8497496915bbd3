"""Query and Scan: one page of a table's or an index's items, as AWS cuts pages."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from newscast.local.engine import expressions
from newscast.local.engine.items import Item, Scalar, scalar, size
from newscast.local.engine.refusal import invalid
from newscast.local.engine.table import Index, Place, Table

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
    forward = body.get("ScanIndexForward", True)
    places = index.places.get(scalar(hash_value), [])
    low, high = _bounds(places, comparison)
    if (start := body.get("ExclusiveStartKey")) is not None:
        after = _place(table, index, start)
        if forward:
            low = max(low, bisect_right(places, after))
        else:
            high = min(high, bisect_left(places, after))
    order = range(low, high) if forward else range(high - 1, low - 1, -1)
    return _page(body, table, index, (table.rows[places[at][1]] for at in order))


def scan(table: Table, body: Body) -> tuple[Body, int]:
    """A Scan's answer and the bytes that it evaluated. Raises Refusal."""
    index = _index(table, body)
    segment, segments = body.get("Segment", 0), body.get("TotalSegments", 1)
    found = sorted(
        (_digest(hash_value), place)
        for hash_value, places in index.places.items()
        if int.from_bytes(_digest(hash_value)[:2], "big") % segments == segment
        for place in places
    )
    low = 0
    if (start := body.get("ExclusiveStartKey")) is not None:
        low = bisect_right(found, (_digest(scalar(start[index.hash])), _place(table, index, start)))
    return _page(body, table, index, (table.rows[place[1]] for _, place in found[low:]))


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


def _place(table: Table, index: Index, start: Item) -> Place:
    if set(start) != {*table.primary.keys, *index.keys}:
        raise invalid("The provided starting key is invalid")
    return (scalar(start[index.range]) if index.range else "", table.key_of(start))


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


def _bounds(places: Sequence[Place], comparison: tuple[str, list[dict[str, Any]]] | None) -> tuple[int, int]:
    """The positions (from, to) of the places whose range value meets a comparison."""
    if comparison is None:
        return 0, len(places)
    kind, given = comparison
    values = [scalar(value) for value in given]

    def left(value: Any) -> int:
        return bisect_left(places, value, key=lambda place: place[0])

    def right(value: Any) -> int:
        return bisect_right(places, value, key=lambda place: place[0])

    first = values[0]
    if kind == "=":
        return left(first), right(first)
    if kind == "<":
        return 0, left(first)
    if kind == "<=":
        return 0, right(first)
    if kind == ">":
        return right(first), len(places)
    if kind == ">=":
        return left(first), len(places)
    if kind == "BETWEEN":
        return left(first), max(left(first), right(values[1]))
    if kind == "BEGINS_WITH" and not isinstance(first, Decimal):
        low = left(first)
        # All that begin with a prefix stand together, right behind it.
        ends = bisect_left(places, True, lo=low, key=lambda place: not place[0].startswith(first))
        return low, ends
    raise invalid(f"Invalid operator used in KeyConditionExpression: {kind}")


def _digest(value: Scalar) -> bytes:
    """Scans go by this: code that trusts a scan's order is found out here as on AWS."""
    return hashlib.blake2b(repr(value).encode(), digest_size=8).digest()
