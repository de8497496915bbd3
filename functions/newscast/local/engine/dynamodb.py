"""DynamoDB's item calls over the tables: one method a call, its body in, its answer out."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from newscast.local.engine import expressions, pages
from newscast.local.engine.items import Item, size
from newscast.local.engine.refusal import Refusal, invalid
from newscast.local.engine.table import Change, Table

Body = dict[str, Any]

MAX_BATCH_WRITE = 25
MAX_BATCH_BYTES = 16 * 1024 * 1024
MAX_BATCH_GET = 100
MAX_TRANSACTION = 100
MAX_TRANSACTION_BYTES = 4 * 1024 * 1024
READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"})
"""Calls that change nothing."""
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
TOKEN_SECONDS = 600
"""A transaction with the same ClientRequestToken is done once within this."""


class DynamoDB:
    """All tables of the stack. Calls see and leave whole states: a refused call has changed nothing."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.tables: dict[str, Table] = {}
        self.changes: list[Change] = []
        """What the call in hand has changed."""
        self.units: defaultdict[str, float] = defaultdict(float)
        """Write and read units used so far, as AWS bills them."""
        self._now = now
        self._tokens: dict[str, tuple[bytes, float]] = {}
        """Transactions done lately: what they wrote, and when."""

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
        token, digest = body.get("ClientRequestToken"), msgspec.json.encode(steps, order="sorted")
        now = self._now()
        while self._tokens and next(iter(self._tokens.values()))[1] <= now - TOKEN_SECONDS:
            del self._tokens[next(iter(self._tokens))]  # the oldest stands first
        if token in self._tokens:
            if self._tokens[token][0] != digest:
                raise Refusal("IdempotentParameterMismatchException", "The token was used with other items")
            return {}  # a retry of what was done, whose answer was lost
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
        if token is not None:
            self._tokens[token] = (digest, now)
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
        return self._page(body, pages.query)

    def _scan(self, body: Body) -> Body:
        return self._page(body, pages.scan)

    def _page(self, body: Body, read: Callable[[Table, Body], tuple[Body, int]]) -> Body:
        table = self._table(body)
        answer, bytes_ = read(table, body)
        used = self._read_units(bytes_, body.get("ConsistentRead", False))
        return _with_capacity(body, answer, table, used)

    # ------------------------------------------------------------------------------------- parts
    def _table(self, body: Body) -> Table:
        name = body["TableName"].rpartition("/")[2]
        if name not in self.tables:
            raise Refusal("ResourceNotFoundException", f"Requested resource not found: Table: {name}")
        return self.tables[name]

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
            change.table.apply(change)
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


def _with_capacity(body: Body, answer: Body, table: Table, units: float) -> Body:
    if body.get("ReturnConsumedCapacity", "NONE") != "NONE":
        answer["ConsumedCapacity"] = {"TableName": table.name, "CapacityUnits": units}
    return answer
