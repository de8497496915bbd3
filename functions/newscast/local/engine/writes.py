"""One write of an item, alone or in a transaction: its condition, what it makes of the item, what it costs.

A write is read from a call's body first, which refuses each fault of its expressions, whatever the items are.
Only then is it tried on what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newscast.local.engine import expressions
from newscast.local.engine.expressions import Test
from newscast.local.engine.items import Item, normal
from newscast.local.engine.refusal import Refusal, check_choice
from newscast.local.engine.syntax import Path
from newscast.local.engine.table import Change, Key, Table

Body = dict[str, Any]


@dataclass(frozen=True)
class Write:
    """A write that is well formed. Nothing of its item has been looked at yet."""

    kind: str
    """Put, Delete, Update or ConditionCheck, as a transaction calls them."""
    table: Table
    given: Item
    """The item of a put, else the key."""
    test: Test
    update: expressions.Update
    aims: tuple[Path, ...]
    """Paths of an update."""
    shows_old: bool
    """Whether a refusal by the condition carries the item."""

    @property
    def writes(self) -> bool:
        return self.kind != "ConditionCheck"

    def key(self) -> Key:
        """Raises Refusal for a key that is wrong."""
        return self.table.key_of(self.given) if self.kind == "Put" else self.table.key_given(self.given)

    def tried(self, key: Key) -> Change:
        """The change, once the condition holds and the new item is one that AWS takes. Raises Refusal."""
        old = self.table.get(key)
        if self.kind == "Put":
            self.table.check(self.given)
        if not self.test(old):
            extra: Body = {"Item": old} if self.shows_old and old else {}
            raise Refusal("ConditionalCheckFailedException", "The conditional request failed", **extra)
        if self.kind == "Update":
            new = self.update(old, self.given)
            self.table.check(new)
            return self.table.change(key, normal(new))
        return self.table.change(key, {"Put": self.given, "Delete": None}.get(self.kind, old))

    def refused_cost(self, key: Key) -> int:
        """What a write costs that its condition refused: the larger of both items, and no index.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
        """
        new = self.given if self.kind == "Put" else self.table.get(key)
        return self.table.change(key, new).costs()[""]


def read(kind: str, table: Table, body: Body) -> Write:
    """The write that a call's body (or a transaction's step) describes. Raises Refusal."""
    check_choice(body, "ReturnValuesOnConditionCheckFailure", ("NONE", "ALL_OLD"))
    names, values = expressions.names_and_values(body)
    update, aims = expressions.update(
        body.get("UpdateExpression") if kind == "Update" else None, names, values, table.primary.keys
    )
    return Write(
        kind=kind,
        table=table,
        given=normal(body["Item" if kind == "Put" else "Key"]),
        test=expressions.condition(body.get("ConditionExpression"), names, values),
        update=update,
        aims=aims,
        shows_old=body.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD",
    )
