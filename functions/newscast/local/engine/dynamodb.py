"""DynamoDB's item calls over the tables in memory: one method a call, its body in, its answer out."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from newscast.local.engine import expressions
from newscast.local.engine.items import Item, Scalar, scalar, size
from newscast.local.engine.refusal import Refusal, invalid
from newscast.local.engine.table import Change, Index, Place, Table

Body = dict[str, Any]

MAX_BATCH_WRITE = 25
MAX_BATCH_BYTES = 16 * 1024 * 1024
MAX_BATCH_GET = 100
MAX_TRANSACTION = 100
MAX_TRANSACTION_BYTES = 4 * 1024 * 1024
UNPLAYED = frozenset(
    {
        "ExecuteStatement",
        "BatchExecuteStatement",
        "ExecuteTransaction",
        "ExportTableToPointInTime",
        "CreateBackup",
    }
)
"""Calls that moto would answer from its own tables, which hold no items here."""
PAGE_BYTES = 1024 * 1024
"""A Query or Scan evaluates this much, then gives a LastEvaluatedKey."""


class DynamoDB:
    """All tables of the stack. Calls see and leave whole states: a refused call has changed nothing."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.changes: list[Change] = []
        """What the call in hand has changed, for the journal."""
        self.units: defaultdict[str, float] = defaultdict(float)
        """Write and read units used so far, as AWS bills them."""

    def plays(self, operation: str) -> bool:
        """Whether this call is answered here; moto answers the others (which have no items)."""
        return operation in self._METHODS or operation in UNPLAYED

    def call(self, operation: str, body: Body) -> Body:
        """Answer one call. Raises Refusal."""
        self.changes = []
        if operation in UNPLAYED:
            raise Refusal("UnknownOperationException", f"{operation} is not played locally")
        return self._METHODS[operation](self, body)

    # ------------------------------------------------------------------------------ single items
    def _put_item(self, body: Body) -> Body:
        table = self._table(body)
        change = self._checked(self._put(table, body))
        self._write([change])
        return self._returned(body, change, set())

    def _delete_item(self, body: Body) -> Body:
        table = self._table(body)
        change = self._checked(self._delete(table, body))
        self._write([change])
        return self._returned(body, change, set())

    def _update_item(self, body: Body) -> Body:
        change, aims = self._update(self._table(body), body)
        self._write([self._checked((change, body))])
        return self._returned(body, change, aims)

    def _get_item(self, body: Body) -> Body:
        table = self._table(body)
        names, _ = expressions.names_and_values(body)
        item = table.get(table.key_given(body["Key"]))
        used = self._read([item or {}], body.get("ConsistentRead", False))
        answer: Body = {}
        if item is not None:
            answer["Item"] = expressions.projector(body.get("ProjectionExpression"), names)(item)
        return _with_capacity(body, answer, table, used)

    # ----------------------------------------------------------------------------------- batches
    def _batch_get_item(self, body: Body) -> Body:
        requests: dict[str, Body] = body["RequestItems"]
        if not 1 <= sum(len(request["Keys"]) for request in requests.values()) <= MAX_BATCH_GET:
            raise invalid("Too many items requested for the BatchGetItem call")
        found: dict[str, list[Item]] = {}
        left: dict[str, Body] = {}
        room = MAX_BATCH_BYTES
        for name, request in requests.items():
            table = self._table({"TableName": name})
            names, _ = expressions.names_and_values(request)
            project = expressions.projector(request.get("ProjectionExpression"), names)
            keys = [table.key_given(key) for key in request["Keys"]]
            if len(set(keys)) != len(keys):
                raise invalid("Provided list of item keys contains duplicates")
            items: list[Item] = []
            for key, given in zip(keys, request["Keys"], strict=True):
                item = table.get(key)
                room -= size(item) if item else 0
                if room < 0:
                    left.setdefault(name, {**request, "Keys": []})["Keys"].append(given)
                    continue
                self._read([item or {}], request.get("ConsistentRead", False))
                if item is not None:
                    items.append(project(item))
            found[name] = items
        return {"Responses": found, "UnprocessedKeys": left}

    def _batch_write_item(self, body: Body) -> Body:
        requests: dict[str, list[Body]] = body["RequestItems"]
        if not 1 <= sum(map(len, requests.values())) <= MAX_BATCH_WRITE:
            raise invalid("Too many items requested for the BatchWriteItem call")
        changes: list[Change] = []
        for name, steps in requests.items():
            table = self._table({"TableName": name})
            for step in steps:
                ((kind, request),) = step.items()
                if kind == "PutRequest":
                    changes.append(table.change(table.check(request["Item"]), request["Item"]))
                else:
                    changes.append(table.change(table.key_given(request["Key"]), None))
        if len({(change.table.name, change.key) for change in changes}) != len(changes):
            raise invalid("Provided list of item keys contains duplicates")
        if sum(size(change.new or {}) for change in changes) > MAX_BATCH_BYTES:
            raise invalid("The total size of the BatchWriteItem call exceeds 16 MB")
        self._write(changes)
        return {"UnprocessedItems": {}}

    # ------------------------------------------------------------------------------ transactions
    def _transact_write_items(self, body: Body) -> Body:
        steps = body["TransactItems"]
        if not 1 <= len(steps) <= MAX_TRANSACTION:
            raise invalid(f"Member must have length less than or equal to {MAX_TRANSACTION}")
        planned = [self._planned(step) for step in steps]
        touched = [(change.table.name, change.key) for change, _, _ in planned]
        if len(set(touched)) != len(touched):
            raise invalid("Transaction request cannot include multiple operations on one item")
        if sum(size(change.new or {}) for change, _, _ in planned) > MAX_TRANSACTION_BYTES:
            raise invalid("Transaction request exceeds the 4 MB limit")
        # Every condition is tested against the state before the transaction, then all is written.
        reasons = [self._reason(change, request) for change, request, _ in planned]
        if any(reason["Code"] != "None" for reason in reasons):
            self.units["write"] += 2 * sum(change.cost() for change, _, _ in planned)
            codes = ", ".join(reason["Code"] for reason in reasons)
            raise Refusal(
                "TransactionCanceledException",
                f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
                CancellationReasons=reasons,
            )
        checks = sum(change.cost() for change, _, writes in planned if not writes)
        self.units["write"] += 2 * checks
        self._write([change for change, _, writes in planned if writes], factor=2)
        return {}

    def _planned(self, step: Body) -> tuple[Change, Body, bool]:
        """A transaction's step: its change, its parameters, and whether it writes at all."""
        if len(step) != 1:
            raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
        ((kind, request),) = step.items()
        table = self._table(request)
        if kind == "Put":
            return (*self._put(table, request), True)
        if kind == "Delete":
            return (*self._delete(table, request), True)
        if kind == "Update":
            return self._update(table, request)[0], request, True
        key = table.key_given(request["Key"])
        return table.change(key, table.get(key)), request, False

    def _reason(self, change: Change, request: Body) -> Body:
        try:
            self._checked((change, request))
        except Refusal as refusal:
            if refusal.code != "ConditionalCheckFailedException":
                raise
            return {"Code": "ConditionalCheckFailed", "Message": refusal.message, **refusal.extra}
        return {"Code": "None"}

    def _transact_get_items(self, body: Body) -> Body:
        if not 1 <= len(body["TransactItems"]) <= MAX_TRANSACTION:
            raise invalid(f"Member must have length less than or equal to {MAX_TRANSACTION}")
        answers = []
        for step in body["TransactItems"]:
            request = step["Get"]
            table = self._table(request)
            names, _ = expressions.names_and_values(request)
            item = table.get(table.key_given(request["Key"]))
            self._read([item or {}], consistent=True, factor=2)
            project = expressions.projector(request.get("ProjectionExpression"), names)
            answers.append({} if item is None else {"Item": project(item)})
        return {"Responses": answers}

    # ---------------------------------------------------------------------------- query and scan
    def _query(self, body: Body) -> Body:
        table = self._table(body)
        index = self._index(table, body)
        names, values = expressions.names_and_values(body)
        if "KeyConditionExpression" not in body:
            raise invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified")
        hash_value, comparison = expressions.key_condition(
            body["KeyConditionExpression"], names, values, index
        )
        for name, value in (
            (index.hash, hash_value),
            *((index.range, v) for v in (comparison or ("", []))[1]),
        ):
            if next(iter(value)) != table.types[str(name)]:
                raise invalid(
                    "One or more parameter values were invalid: Condition parameter type does not "
                    f"match schema type for {name}"
                )
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
            after = self._place(table, index, start)
            if forward:
                low = max(low, bisect_right(places, after))
            else:
                high = min(high, bisect_left(places, after))
        order = range(low, high) if forward else range(high - 1, low - 1, -1)
        return self._page(body, table, index, (table.rows[places[at][1]] for at in order))

    def _scan(self, body: Body) -> Body:
        table = self._table(body)
        index = self._index(table, body)
        expressions.names_and_values(body)
        segment, segments = body.get("Segment", 0), body.get("TotalSegments", 1)
        found = sorted(
            (_digest(hash_value), place)
            for hash_value, places in index.places.items()
            if int.from_bytes(_digest(hash_value)[:2]) % segments == segment
            for place in places
        )
        low = 0
        if (start := body.get("ExclusiveStartKey")) is not None:
            after = self._place(table, index, start)
            low = bisect_right(found, (_digest(scalar(start[index.hash])), after))
        return self._page(body, table, index, (table.rows[place[1]] for _, place in found[low:]))

    def _page(self, body: Body, table: Table, index: Index, items: Iterable[Item]) -> Body:
        names, values = expressions.names_and_values(body)
        consistent = body.get("ConsistentRead", False)
        if consistent and index.name and index.is_global:
            raise invalid("Consistent reads are not supported on global secondary indexes")
        limit = body.get("Limit")
        if limit is not None and limit < 1:
            raise invalid("Limit must be greater than or equal to 1")
        keeps = expressions.condition(body.get("FilterExpression"), names, values)
        project = expressions.projector(body.get("ProjectionExpression"), names)
        seen: list[Item] = []
        kept: list[Item] = []
        room = PAGE_BYTES
        more = False
        for item in items:
            entry = index.project(item)
            seen.append(entry)
            if keeps(entry):
                kept.append(project(entry))
            room -= size(entry)
            # As AWS: a page that its limit closed has a key even if nothing follows.
            if len(seen) == limit or room <= 0:
                more = True
                break
        used = self._read_units(sum(map(size, seen)), consistent)
        answer: Body = {"Count": len(kept), "ScannedCount": len(seen)}
        if body.get("Select") != "COUNT":
            answer["Items"] = kept
        if more:
            last = seen[-1]
            answer["LastEvaluatedKey"] = {name: last[name] for name in {*table.primary.keys, *index.keys}}
        return _with_capacity(body, answer, table, used)

    # ------------------------------------------------------------------------------------- parts
    def _table(self, body: Body) -> Table:
        name = body["TableName"].rpartition("/")[2]
        if name not in self.tables:
            raise Refusal("ResourceNotFoundException", f"Requested resource not found: Table: {name}")
        return self.tables[name]

    def _index(self, table: Table, body: Body) -> Index:
        name = body.get("IndexName")
        if name is None:
            return table.primary
        if name not in table.indexes:
            raise invalid(f"The table does not have the specified index: {name}")
        return table.indexes[name]

    def _place(self, table: Table, index: Index, start: Item) -> Place:
        if set(start) != {*table.primary.keys, *index.keys}:
            raise invalid("The provided starting key is invalid")
        return (scalar(start[index.range]) if index.range else "", table.key_of(start))

    def _put(self, table: Table, body: Body) -> tuple[Change, Body]:
        return table.change(table.check(body["Item"]), body["Item"]), body

    def _delete(self, table: Table, body: Body) -> tuple[Change, Body]:
        return table.change(table.key_given(body["Key"]), None), body

    def _update(self, table: Table, body: Body) -> tuple[Change, set[str]]:
        names, values = expressions.names_and_values(body)
        key = table.key_given(body["Key"])
        old = table.get(key)
        if not expressions.condition(body.get("ConditionExpression"), names, values)(old):
            return table.change(key, old), set()  # refused by `_checked`, whatever the update says
        base = body["Key"] if old is None else old
        new, aims = expressions.updated(body.get("UpdateExpression"), names, values, base, table)
        table.check(new)
        return table.change(key, new), aims

    def _checked(self, planned: tuple[Change, Body]) -> Change:
        """The change, once its condition holds."""
        change, body = planned
        names, values = expressions.names_and_values(body)
        if not expressions.condition(body.get("ConditionExpression"), names, values)(change.old):
            self.units["write"] += change.cost()  # a refused write is billed like one
            old = body.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and change.old
            extra: Body = {"Item": old} if old else {}
            raise Refusal("ConditionalCheckFailedException", "The conditional request failed", **extra)
        return change

    def _write(self, changes: list[Change], factor: int = 1) -> None:
        for change in changes:
            self.units["write"] += factor * change.cost()
            change.table.apply(change.key, change.new)
        self.changes = changes

    def _read(self, items: list[Item], consistent: bool, factor: int = 1) -> float:
        return self._read_units(sum(map(size, items)), consistent, factor)

    def _read_units(self, bytes_: int, consistent: bool, factor: int = 1) -> float:
        used = factor * max(1, -(-bytes_ // 4096)) * (1.0 if consistent else 0.5)
        self.units["read"] += used
        return used

    def _returned(self, body: Body, change: Change, aims: set[str]) -> Body:
        wanted = body.get("ReturnValues", "NONE")
        image = change.new if wanted.endswith("NEW") else change.old
        if wanted.startswith("UPDATED"):
            image = {name: value for name, value in (image or {}).items() if name in aims}
        answer: Body = {"Attributes": image} if wanted != "NONE" and image else {}
        return _with_capacity(body, answer, change.table, change.cost())

    _METHODS: Mapping[str, Callable[[DynamoDB, Body], Body]] = {
        "PutItem": _put_item,
        "DeleteItem": _delete_item,
        "UpdateItem": _update_item,
        "GetItem": _get_item,
        "BatchGetItem": _batch_get_item,
        "BatchWriteItem": _batch_write_item,
        "TransactWriteItems": _transact_write_items,
        "TransactGetItems": _transact_get_items,
        "Query": _query,
        "Scan": _scan,
    }


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


def _with_capacity(body: Body, answer: Body, table: Table, units: float) -> Body:
    if body.get("ReturnConsumedCapacity", "NONE") != "NONE":
        answer["ConsumedCapacity"] = {"TableName": table.name, "CapacityUnits": units}
    return answer
