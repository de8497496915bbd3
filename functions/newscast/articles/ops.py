"""What writing an article may ask of the table and the bucket; `store` carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from newscast.articles.items import Item, Key, key_of
from newscast.records import TaggedArticle


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

    @property
    def keys(self) -> tuple[Key, ...]:
        """Of the rows that it writes."""
        return (*(key_of(put.item) for put in self.puts), *self.deletes)

    def __len__(self) -> int:
        return len(self.puts) + len(self.deletes) + len(self.checks)


@dataclass(frozen=True)
class Several:
    """Put these rows, each by itself and whatever is there; answered when all are."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Drop:
    """Delete those of these edges that no head of a later version needs, each by itself."""

    keys: tuple[Key, ...]
    version: int


@dataclass(frozen=True)
class Keep:
    """Put a record into the bucket for a name; answered by where it lies."""

    name: str
    record: TaggedArticle


@dataclass(frozen=True)
class Load:
    """Answered by the record that lies there."""

    body: str


@dataclass(frozen=True)
class Unkeep:
    """Take back a record that this delivery, or one that died between two days, has kept for a name."""

    name: str
    record: TaggedArticle
    days: tuple[date, date]


@dataclass(frozen=True)
class Remove:
    """Delete all records of a name from the bucket: those that lie there, and any that a writer kept for it
    between two days and then died."""

    name: str
    bodies: tuple[str, ...]
    days: tuple[date, date]


Op = Read | Rows | Write | Several | Drop | Keep | Load | Unkeep | Remove
