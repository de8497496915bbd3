"""DynamoDB's item calls over the tables: one method a call, its body in, its answer out."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from newscast.local.engine import asking, capacity, expressions, pages, writes
from newscast.local.engine.documents import projected
from newscast.local.engine.items import Item, normal, size
from newscast.local.engine.refusal import Refusal, check_choice, invalid
from newscast.local.engine.table import Change, Key, Table
from newscast.local.engine.writes import Write

Body = dict[str, Any]

MAX_BATCH_WRITE = 25
MAX_BATCH_BYTES = 16 * 1024 * 1024
MAX_BATCH_GET = 100
MAX_TRANSACTION = 100
MAX_TRANSACTION_BYTES = 4 * 1024 * 1024
READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan", "DescribeTable"})
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
CONDITION = "ConditionalCheckFailedException"
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
        return self._one("Put", body, ("NONE", "ALL_OLD"))

    def _delete_item(self, body: Body) -> Body:
        return self._one("Delete", body, ("NONE", "ALL_OLD"))

    def _update_item(self, body: Body) -> Body:
        return self._one("Update", body, ("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"))

    def _one(self, kind: str, body: Body, returned: Sequence[str]) -> Body:
        check_choice(body, "ReturnValues", returned)
        write = writes.read(kind, self._table(body), body)
        key = write.key()
        try:
            change = write.tried(key)
        except Refusal as refusal:
            if refusal.code == CONDITION:
                self.units["write"] += write.refused_cost(key)
            raise
        self._write([change])
        wanted = body.get("ReturnValues", "NONE")
        image = change.new if wanted.endswith("NEW") else change.old
        if image and wanted.startswith("UPDATED"):
            image = projected(write.aims, image)
        answer: Body = {"Attributes": image} if wanted != "NONE" and image else {}
        return answer | capacity.of_one(body, {write.table.name: change.costs()})

    def _get_item(self, body: Body) -> Body:
        table = self._table(body)
        names, _ = expressions.names_and_values(body)
        project = expressions.projector(body.get("ProjectionExpression"), names)
        item = table.get(table.key_given(normal(body["Key"])))
        used = self._read([item or {}], body.get("ConsistentRead", False))
        answer: Body = {} if item is None else {"Item": project(item)}
        return answer | capacity.of_one(body, {table.name: {"": used}})

    # ----------------------------------------------------------------------------------- batches
    def _batch_get_item(self, body: Body) -> Body:
        requests: dict[str, Body] = body["RequestItems"]
        if not 1 <= sum(len(request["Keys"]) for request in requests.values()) <= MAX_BATCH_GET:
            raise invalid("Too many items requested for the BatchGetItem call")
        found: dict[str, list[Item]] = {}
        left: dict[str, Body] = {}
        used: capacity.Used = {}
        room = MAX_BATCH_BYTES
        for name, request in requests.items():
            table = self._table({"TableName": name})
            names, _ = expressions.names_and_values(request)
            project = expressions.projector(request.get("ProjectionExpression"), names)
            keys = [table.key_given(normal(key)) for key in request["Keys"]]
            if len(set(keys)) != len(keys):
                raise invalid("Provided list of item keys contains duplicates")
            items: list[Item] = []
            for key, given in zip(keys, request["Keys"], strict=True):
                item = table.get(key)
                room -= size(item) if item else 0
                if room < 0:
                    left.setdefault(name, {**request, "Keys": []})["Keys"].append(given)
                    continue
                units = self._read([item or {}], request.get("ConsistentRead", False))
                capacity.add(used, table.name, {"": units})
                if item is not None:
                    items.append(project(item))
            found[name] = items
        return {"Responses": found, "UnprocessedKeys": left} | capacity.of_many(body, used)

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
                    item = normal(request["Item"])
                    changes.append(table.change(table.check(item), item))
                else:
                    changes.append(table.change(table.key_given(normal(request["Key"])), None))
        if len({(change.table.name, change.key) for change in changes}) != len(changes):
            raise invalid("Provided list of item keys contains duplicates")
        if sum(size(change.new or {}) for change in changes) > MAX_BATCH_BYTES:
            raise invalid("The total size of the BatchWriteItem call exceeds 16 MB")
        return {"UnprocessedItems": {}} | capacity.of_many(body, self._write(changes))

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
        changes = self._all_or_none(planned)
        if sum(size(change.new or {}) for change in changes) > MAX_TRANSACTION_BYTES:
            raise invalid("Transaction request exceeds the 4 MB limit")
        used = self._write(
            [change for change, write in zip(changes, planned, strict=True) if write.writes], 2
        )
        for change, write in zip(changes, planned, strict=True):
            if not write.writes:
                units = {"": 2 * change.costs()[""]}
                self.units["write"] += units[""]
                capacity.add(used, change.table.name, units)
        if token is not None:
            self._tokens[token] = (digest, now)
        return capacity.of_many(body, used)

    def _planned(self, step: Body) -> Write:
        if len(step) != 1:
            raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
        ((kind, request),) = step.items()
        return writes.read(kind, self._table(request), request)

    def _all_or_none(self, planned: Sequence[Write]) -> list[Change]:
        """Each write's change. All are tried on the state before the transaction, then none is done if one
        is refused. Raises Refusal, with a reason for each."""
        reasons: list[Body] = [{"Code": "None"} for _ in planned]
        keys: list[tuple[str, Key] | None] = []
        for place, write in enumerate(planned):
            try:
                keys.append((write.table.name, write.key()))
            except Refusal as refusal:
                reasons[place] = _reason(refusal)
                keys.append(None)
        known = [key for key in keys if key is not None]
        if len(set(known)) != len(known):
            raise invalid("Transaction request cannot include multiple operations on one item")
        changes: list[Change] = []
        for place, (write, key) in enumerate(zip(planned, keys, strict=True)):
            if key is not None:
                try:
                    changes.append(write.tried(key[1]))
                except Refusal as refusal:
                    reasons[place] = _reason(refusal)
        if len(changes) == len(planned):
            return changes
        for write, key in zip(planned, keys, strict=True):
            if key is not None:
                self.units["write"] += 2 * write.refused_cost(key[1])
        codes = ", ".join(reason["Code"] for reason in reasons)
        raise Refusal(
            "TransactionCanceledException",
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
            CancellationReasons=reasons,
        )

    def _transact_get_items(self, body: Body) -> Body:
        if not 1 <= len(body["TransactItems"]) <= MAX_TRANSACTION:
            raise invalid(f"Member must have length less than or equal to {MAX_TRANSACTION}")
        answers = []
        used: capacity.Used = {}
        for step in body["TransactItems"]:
            request = step["Get"]
            table = self._table(request)
            names, _ = expressions.names_and_values(request)
            project = expressions.projector(request.get("ProjectionExpression"), names)
            item = table.get(table.key_given(normal(request["Key"])))
            capacity.add(used, table.name, {"": self._read([item or {}], consistent=True, factor=2)})
            answers.append({} if item is None else {"Item": project(item)})
        return {"Responses": answers} | capacity.of_many(body, used)

    # ---------------------------------------------------------------------------- query and scan
    def _query(self, body: Body) -> Body:
        return self._page(body, pages.query)

    def _scan(self, body: Body) -> Body:
        return self._page(body, pages.scan)

    def _page(self, body: Body, read: Callable[[Table, Body], tuple[Body, int]]) -> Body:
        table = self._table(body)
        asking.check(table, body)
        answer, bytes_ = read(table, body)
        used = self._read_units(bytes_, body.get("ConsistentRead", False))
        return answer | capacity.of_one(body, {table.name: {body.get("IndexName", ""): used}})

    # ------------------------------------------------------------------------------------- parts
    def _describe_table(self, body: Body) -> Body:
        """As AWS says it of a table whose size it has not counted yet, which takes it six hours."""
        table = self._table(body)
        indexes = [{"IndexName": name, "IndexSizeBytes": 0} for name in table.indexes]
        told = {"TableName": table.name, "TableStatus": "ACTIVE", "TableSizeBytes": 0, "ItemCount": 0}
        return {"Table": told | {"GlobalSecondaryIndexes": indexes}}

    def _table(self, body: Body) -> Table:
        check_choice(body, "ReturnConsumedCapacity", ("NONE", "TOTAL", "INDEXES"))
        name = body["TableName"].rpartition("/")[2]
        if name not in self.tables:
            raise Refusal("ResourceNotFoundException", f"Requested resource not found: Table: {name}")
        return self.tables[name]

    def _write(self, changes: list[Change], factor: int = 1) -> capacity.Used:
        """Write units used, by table and index."""
        used: capacity.Used = {}
        for change in changes:
            units = {name: factor * each for name, each in change.costs().items()}
            self.units["write"] += sum(units.values())
            capacity.add(used, change.table.name, units)
            change.table.apply(change)
        self.changes = changes
        return used

    def _read(self, items: list[Item], consistent: bool, factor: int = 1) -> float:
        return self._read_units(sum(map(size, items)), consistent, factor)

    def _read_units(self, bytes_: int, consistent: bool, factor: int = 1) -> float:
        used = factor * max(1, -(-bytes_ // 4096)) * (1.0 if consistent else 0.5)
        self.units["read"] += used
        return used

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
        "DescribeTable": _describe_table,
    }


def _reason(refusal: Refusal) -> Body:
    """Why one write of a transaction was refused, as its answer tells it."""
    code = {CONDITION: "ConditionalCheckFailed", "ValidationException": "ValidationError"}[refusal.code]
    return {"Code": code, "Message": refusal.message, **refusal.extra}
