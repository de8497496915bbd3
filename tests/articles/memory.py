"""The operations that writing asks for, on a dictionary: fast enough for thousands of histories.

tests/articles/test_store.py holds the real table module against it over the engine, test_moto.py over moto.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from newscast.articles import grants, rows
from newscast.articles.grants import Grant, Granted
from newscast.articles.identity import digest_of, page_of
from newscast.articles.items import Item, Key, key_of, read, version_of
from newscast.articles.keys import page_key
from newscast.articles.ops import Check, Drop, Keep, Load, Op, Put, Read, Remove, Rows, Several, Unkeep, Write
from newscast.articles.regrouping import regrouping
from newscast.articles.revisions import Revision, in_head
from newscast.articles.rows import Erased, Head, Page, Redirect
from newscast.articles.writing import Keeping, Saved, saving
from newscast.records import TaggedArticle
from tests.articles.samples import NOON

R = TypeVar("R")


@dataclass
class Memory:
    """One table and its bucket."""

    items: dict[Key, Item] = field(default_factory=dict)
    bodies: dict[str, TaggedArticle] = field(default_factory=dict)
    """Records by where they lie."""
    most: int = 0
    """Rows of the largest transaction so far."""
    keep: timedelta | None = None
    now: datetime = NOON

    def carry_out(self, op: Op) -> Any:
        match op:
            case Read(keys):
                return {key: self.items[key] for key in keys if key in self.items}
            case Rows(pk, begins):
                return [
                    self.items[key]
                    for key in sorted(self.items)
                    if key[0] == pk and key[1].startswith(begins)
                ]
            case Write():
                return self._write(op)
            case Several(items):
                self.items |= {key_of(item): item for item in items}
                return None
            case Drop(keys, version):
                for key in keys:
                    if 0 < version_of(self.items.get(key)) <= version:
                        del self.items[key]
                return None
            case Keep(name, record):
                lies = f"{name}/{digest_of(record)}"
                self.bodies[lies] = record
                return lies
            case Unkeep(name, record):
                self.bodies.pop(f"{name}/{digest_of(record)}", None)
                return None
            case Remove(name):
                for lies in [lies for lies in self.bodies if lies.startswith(f"{name}/")]:
                    del self.bodies[lies]
                return None
            case Load(body):
                return self.bodies[body]

    def _write(self, write: Write) -> bool:
        keys = [*(key_of(put.item) for put in write.puts), *write.deletes, *(one.key for one in write.checks)]
        assert len(keys) == len(set(keys)), f"one row twice in a transaction: {keys}"
        assert 0 < len(keys) <= 100
        self.most = max(self.most, len(keys))
        asked: list[Put | Check] = [*write.puts, *write.checks]
        for one in asked:
            key = key_of(one.item) if isinstance(one, Put) else one.key
            if one.only is not None and version_of(self.items.get(key)) != one.only:
                return False
        self.items |= {key_of(put.item): put.item for put in write.puts}
        for key in write.deletes:
            self.items.pop(key, None)
        return True

    def carry(self, work: Generator[Op, Any, R]) -> R:
        answer = None
        try:
            while True:
                answer = self.carry_out(work.send(answer))
        except StopIteration as done:
            result: R = done.value
            return result

    # -------------------------------------------------------------------------------- what tests ask
    def save(self, record: TaggedArticle) -> Saved:
        return self.carry(saving(record, "c", Keeping(self.now, self.keep)))

    def grant(self, feed_id: str, *scopes: str) -> None:
        """Grants without the job that counts them for what was before."""
        key = grants.key_of(feed_id)
        there: Granted = grants.read(self.items.get(key))
        new = tuple(Grant(feed_id=feed_id, scope=scope, why="named", evidence="", at="") for scope in scopes)
        self.items[key] = {
            "PK": {"S": key[0]},
            "SK": {"S": key[1]},
            "grants": {"S": msgspec.json.encode((*there.grants, *new)).decode()},
            "version": {"N": str(there.version + 1)},
        }

    def regroup(self, feed_id: str) -> int:
        return self.carry(regrouping(feed_id, Keeping(self.now, self.keep)))

    def at_heads(self) -> dict[str, Head | Redirect | Erased]:
        found = {
            pk.removeprefix("ART#"): rows.at_head(item)
            for (pk, sk), item in self.items.items()
            if sk == "HEAD"
        }
        return {name: at for name, at in found.items() if at}

    def heads(self) -> dict[str, Head]:
        return {name: at for name, at in self.at_heads().items() if isinstance(at, Head)}

    def page(self, url: str) -> Page | None:
        item = self.items.get(page_key(page_of(url)))
        return read(item, Page) if item else None

    def rows(self) -> list[Revision]:
        """What every name was observed as."""
        found = {
            read(item, Revision).key: read(item, Revision)
            for key, item in self.items.items()
            if key[1].startswith("REV#")
        }
        for (pk, sk), item in self.items.items():
            if pk.startswith("ART#") and sk == "HEAD":
                found |= {row.key: row for row in in_head(pk.removeprefix("ART#"), item)}
        return [found[key] for key in sorted(found)]

    def edges(self) -> Mapping[Key, Item]:
        """Without the versions of the heads that needed them first."""
        found = {key: dict(item) for key, item in self.items.items() if key[0].startswith("ACTOR#")}
        for item in found.values():
            del item["version"]
        return found

    def pages(self) -> list[Page]:
        return [read(item, Page) for (pk, _), item in self.items.items() if pk.startswith("URL#")]
