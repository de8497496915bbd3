"""What writing an article may ask of the table and the bucket; `store` carries it out."""

from __future__ import annotations

from dataclasses import dataclass

from newscast.articles.items import Item, Key
from newscast.articles.rows import Revision


@dataclass(frozen=True)
class Read:
    """Consistent reads; answered by the items found, by key."""

    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Rows:
    """A consistent query; answered by the items of one partition whose sort key begins so."""

    pk: str
    begins: str


@dataclass(frozen=True)
class Put:
    item: Item
    only: int | None = None
    """None: always. 0: if no such row is there. Else: if the row has this version."""


@dataclass(frozen=True)
class Check:
    """Nothing is written; the row must be at this version, 0 for none there."""

    key: Key
    only: int


@dataclass(frozen=True)
class Write:
    """All or nothing. Answered by whether it was done: false if a condition did not hold, or another
    transaction was in the way."""

    puts: tuple[Put, ...]
    deletes: tuple[Key, ...] = ()
    checks: tuple[Check, ...] = ()

    def __len__(self) -> int:
        return len(self.puts) + len(self.deletes) + len(self.checks)


@dataclass(frozen=True)
class Keep:
    """Put a large body into the bucket, beside others of its name; answered by its key."""

    name: str
    body: bytes


@dataclass(frozen=True)
class Load:
    """Answered by the record of a stored revision."""

    row: Revision
    item: Item


@dataclass(frozen=True)
class Remove:
    """Delete a name's bodies from the bucket, or one of them."""

    name: str
    body: bytes | None = None


Op = Read | Rows | Write | Keep | Load | Remove
