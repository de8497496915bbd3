"""One table with its indexes, answered from SQLite: items by key, and an entry for each place in an index.

A query or a scan is one walk of a B-tree, so that a call costs what it returns, however many items there are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from newscast.local.engine.encoding import hashed, ordered
from newscast.local.engine.items import MAX_HASH_BYTES, MAX_RANGE_BYTES, Item, check, scalar, size
from newscast.local.engine.refusal import invalid

Key = tuple[bytes, bytes]
"""Hash value and range value (empty where there is no range key), encoded."""
Bound = tuple[str, bytes]
"""A comparison and what the range value is compared with (`>=`, `<`, …)."""


@dataclass(frozen=True)
class Index:
    """A secondary index, or the table itself seen as one (`name` empty)."""

    name: str
    hash: str
    range: str | None
    projection: frozenset[str] | None = None
    """Attributes it holds; None: all."""
    is_global: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.hash,) if self.range is None else (self.hash, self.range)

    def place(self, item: Item) -> Key | None:
        """Hash and range value, or None for an item that the index leaves out."""
        if self.hash not in item or (self.range is not None and self.range not in item):
            return None
        return hashed(scalar(item[self.hash])), ordered(scalar(item[self.range])) if self.range else b""

    def project(self, item: Item) -> Item:
        if self.projection is None:
            return item
        return {name: value for name, value in item.items() if name in self.projection}


@dataclass(frozen=True)
class Change:
    """One item's step: `old` and `new` are None where it does not exist."""

    table: Table
    key: Key
    old: Item | None
    new: Item | None

    def cost(self) -> float:
        """Write units, of the table and its indexes together."""
        return sum(self.costs().values())

    def costs(self) -> dict[str, int]:
        """Write units by index (`""`: the table): the larger image of the item, and each index entry that
        comes, goes or differs."""
        units = {"": _write_units(max(size(self.old or {}), size(self.new or {}), 1))}
        for index in self.table.indexes.values():
            before = index.place(self.old) if self.old else None
            after = index.place(self.new) if self.new else None
            old = index.project(self.old) if self.old and before else None
            new = index.project(self.new) if self.new and after else None
            if before == after and old == new:
                continue
            if before == after and old and new:
                units[index.name] = _write_units(max(size(old), size(new)))
            else:
                units[index.name] = sum(_write_units(size(entry)) for entry in (old, new) if entry)
        return units


def _write_units(bytes_: int) -> int:
    return -(-bytes_ // 1024)


class Table:
    """Items of one table. `types` gives each key attribute's type (S, N, B)."""

    def __init__(
        self,
        db: sqlite3.Connection,
        logical_id: str,
        name: str,
        *,
        primary: Index,
        indexes: Mapping[str, Index],
        types: Mapping[str, str],
        lives_until: str | None = None,
    ) -> None:
        """`lives_until`: the attribute that holds an item's time to live, if the table has one."""
        self.logical_id = logical_id
        self.name = name
        self.primary = primary
        self.indexes = dict(indexes)
        self.types = dict(types)
        self._lives_until = lives_until
        self._db = db

    def key_of(self, attributes: Item) -> Key:
        """The key within an item. Raises Refusal for one that is missing, empty, mistyped or too long."""
        for name in self.primary.keys:
            if name not in attributes:
                raise invalid(
                    f"One or more parameter values were invalid: Missing the key {name} in the item"
                )
        self._check_keys(attributes, self.primary)
        range_value = ordered(scalar(attributes[self.primary.range])) if self.primary.range else b""
        return hashed(scalar(attributes[self.primary.hash])), range_value

    def key_given(self, attributes: Item) -> Key:
        """The key in a call's Key parameter, which holds nothing else."""
        if set(attributes) != set(self.primary.keys):
            raise invalid("The provided key element does not match the schema")
        return self.key_of(attributes)

    def check(self, item: Item) -> Key:
        """Refuse an item that AWS refuses here; return its key."""
        check(item)
        key = self.key_of(item)
        for index in self.indexes.values():
            self._check_keys(item, index)
        return key

    def _check_keys(self, item: Item, index: Index) -> None:
        where = f" IndexName: {index.name}" if index.name else ""
        for name in index.keys:
            if name not in item:
                continue
            ((kind, content),) = item[name].items()
            if kind != self.types[name]:
                raise invalid(
                    "One or more parameter values were invalid: Type mismatch for key "
                    f"{name} expected: {self.types[name]} actual: {kind}{where}"
                )
            if content == "":
                raise invalid(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute "
                    f"cannot contain an empty string or binary value. Key: {name}{where}"
                )
            limit = MAX_HASH_BYTES if name == index.hash else MAX_RANGE_BYTES
            if kind != "N" and size({"": item[name]}) > limit:
                raise invalid(
                    "One or more parameter values were invalid: "
                    f"Size of key {name} exceeds {limit} bytes{where}"
                )

    def get(self, key: Key) -> Item | None:
        row = self._db.execute(_GET, (self.logical_id, *key)).fetchone()
        return None if row is None else _decoded(row[0])

    def change(self, key: Key, new: Item | None) -> Change:
        """The step from what is there to `new`, not yet taken."""
        return Change(self, key, self.get(key), new)

    def apply(self, change: Change) -> None:
        """Put, replace or delete one item, in the table and its indexes."""
        old, new, key = change.old, change.new, change.key
        for index in self.indexes.values():
            before = index.place(old) if old else None
            after = index.place(new) if new else None
            if before != after:
                if before:
                    self._db.execute(_LEAVE, (self.logical_id, index.name, *before, *key))
                if after:
                    self._db.execute(_ENTER, (self.logical_id, index.name, *after, *key))
        if new is None:
            self._db.execute(_DELETE, (self.logical_id, *key))
        elif new is not old:
            body = msgspec.json.encode(new)
            self._db.execute(_PUT, (self.logical_id, *key, body, self._expires(new)))

    def _expires(self, item: Item) -> float | None:
        """When its time to live is over (Unix seconds); None for one without, or whose isn't a number."""
        given = item.get(self._lives_until, {}).get("N") if self._lives_until else None
        return float(given) if given is not None else None

    def expired(self, now: float, most: int) -> list[Item]:
        """Some items whose time to live is over."""
        rows = self._db.execute(_EXPIRED, (now, self.logical_id, most))
        return [_decoded(body) for (body,) in rows]

    def walk(
        self,
        index: Index,
        hash_value: bytes | None,
        bounds: Sequence[Bound] = (),
        after: Item | None = None,
        forward: bool = True,
    ) -> Iterator[Item]:
        """Items under one hash value within bounds of the range value, or all in hashed order.

        `after`: the keys of the item that a page before ended with.
        """
        if index is self.primary:
            source, columns = "item AS i WHERE i.tbl = ?", ["i.range"]
            values: list[object] = [self.logical_id]
            place = [] if after is None else [*self.key_of(after)]
            hash_column, range_column = "i.hash", "i.range"
        else:
            # CROSS JOIN: SQLite goes through the index and looks up items, never the other way.
            source = _ENTRIES
            columns = ["e.range", "e.item_hash", "e.item_range"]
            values = [self.logical_id, index.name]
            place = [] if after is None else [*(index.place(after) or ()), *self.key_of(after)]
            hash_column, range_column = "e.hash", "e.range"
        where = ""
        if hash_value is None:
            columns.insert(0, hash_column)
        else:
            where += f" AND {hash_column} = ?"
            values.append(hash_value)
            place = place[1:]
        for comparison, value in bounds:
            where += f" AND {range_column} {comparison} ?"
            values.append(value)
        if after is not None:
            marks = ", ".join("?" * len(columns))
            where += f" AND ({', '.join(columns)}) {'>' if forward else '<'} ({marks})"
            values += place
        order = ", ".join(f"{column} {'ASC' if forward else 'DESC'}" for column in columns)
        # Every part is written above; values are bound.
        rows = self._db.execute(f"SELECT i.body FROM {source}{where} ORDER BY {order}", values)  # noqa: S608
        for (body,) in rows:
            yield _decoded(body)


_decoded = msgspec.json.Decoder(Item).decode
_GET = "SELECT body FROM item WHERE tbl = ? AND hash = ? AND range = ?"
_PUT = (
    "INSERT INTO item VALUES (?, ?, ?, ?, ?) ON CONFLICT (tbl, hash, range) "
    "DO UPDATE SET body = excluded.body, expires = excluded.expires"
)
_DELETE = "DELETE FROM item WHERE tbl = ? AND hash = ? AND range = ?"
_ENTER = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)"
_LEAVE = (
    "DELETE FROM entry WHERE tbl = ? AND idx = ? AND hash = ? AND range = ? AND item_hash = ? "
    "AND item_range = ?"
)
_EXPIRED = "SELECT body FROM item WHERE expires <= ? AND tbl = ? LIMIT ?"
_ENTRIES = (
    "entry AS e CROSS JOIN item AS i ON i.tbl = e.tbl AND i.hash = e.item_hash AND i.range = e.item_range "
    "WHERE e.tbl = ? AND e.idx = ?"
)
