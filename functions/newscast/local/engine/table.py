"""One table with its indexes: items by key, each index sorted, so that a query walks what it returns."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from newscast.local.engine.items import (
    MAX_HASH_BYTES,
    MAX_RANGE_BYTES,
    Item,
    Scalar,
    check,
    scalar,
    size,
)
from newscast.local.engine.refusal import invalid

Key = tuple[Scalar, Scalar | None]
"""Hash value and range value (None where the table has no range key)."""
Place = tuple[Any, Key]
"""Where an item stands under one hash value of an index: its range value there, then its key."""


@dataclass(frozen=True)
class Index:
    """A secondary index, or the table itself seen as one (`name` empty)."""

    name: str
    hash: str
    range: str | None
    projection: frozenset[str] | None = None
    """Attributes it holds; None: all."""
    is_global: bool = True
    places: dict[Scalar, list[Place]] = field(default_factory=dict, compare=False)

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.hash,) if self.range is None else (self.hash, self.range)

    def place(self, item: Item, key: Key) -> tuple[Scalar, Place] | None:
        """Hash value and place, or None for an item that the index leaves out."""
        if self.hash not in item or (self.range is not None and self.range not in item):
            return None
        return scalar(item[self.hash]), (scalar(item[self.range]) if self.range else "", key)

    def project(self, item: Item) -> Item:
        if self.projection is None:
            return item
        return {name: value for name, value in item.items() if name in self.projection}

    def insert(self, item: Item, key: Key) -> None:
        if (at := self.place(item, key)) is not None:
            insort(self.places.setdefault(at[0], []), at[1])

    def remove(self, item: Item, key: Key) -> None:
        if (at := self.place(item, key)) is not None:
            places = self.places[at[0]]
            del places[bisect_left(places, at[1])]
            if not places:
                del self.places[at[0]]


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
            before = index.place(self.old, self.key) if self.old else None
            after = index.place(self.new, self.key) if self.new else None
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

    def __init__(self, name: str, primary: Index, indexes: Mapping[str, Index], types: Mapping[str, str]):
        self.name = name
        self.primary = primary
        self.indexes = dict(indexes)
        self.types = dict(types)
        self.rows: dict[Key, Item] = {}
        self.lives_until: str | None = None
        """The attribute that holds an item's time to live, if the table has one."""

    def key_of(self, attributes: Item) -> Key:
        """The key within an item. Raises Refusal for one that is missing, empty, mistyped or too long."""
        for name in self.primary.keys:
            if name not in attributes:
                raise invalid(
                    f"One or more parameter values were invalid: Missing the key {name} in the item"
                )
        self._check_keys(attributes, self.primary)
        hash_value = scalar(attributes[self.primary.hash])
        return hash_value, scalar(attributes[self.primary.range]) if self.primary.range else None

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
        return self.rows.get(key)

    def change(self, key: Key, new: Item | None) -> Change:
        """The step from what is there to `new`, not yet taken."""
        return Change(self, key, self.rows.get(key), new)

    def apply(self, key: Key, new: Item | None) -> None:
        """Put, replace or (None) delete one item, in the table and its indexes."""
        old = self.rows.get(key)
        for index in (self.primary, *self.indexes.values()):
            before = index.place(old, key) if old else None
            after = index.place(new, key) if new else None
            if before != after:
                if old and before:
                    index.remove(old, key)
                if new and after:
                    index.insert(new, key)
        if new is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = new
