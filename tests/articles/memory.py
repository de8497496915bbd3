"""The operations that writing asks for, on a dictionary: fast enough for thousands of histories.

tests/articles/test_store.py holds the real table module against it over the engine, test_moto.py over moto.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from newscast.articles import bodies, grants, rows
from newscast.articles.grants import Grant, Granted
from newscast.articles.identity import page_of
from newscast.articles.items import Item, Key, key_of, read, version_of
from newscast.articles.keys import page_key
from newscast.articles.ops import Check, Keep, Load, Op, Put, Read, Remove, Rows, Write
from newscast.articles.regrouping import regrouping
from newscast.articles.rows import Erased, Head, Page, Redirect
from newscast.articles.writing import Keeping, Saved, saving
from newscast.records import TaggedArticle
from tests.articles.samples import NOON

R = TypeVar("R")


@dataclass
class Memory:
    """One table and its bucket."""

    items: dict[Key, Item] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
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
            case Keep(name, body):
                key = f"bodies/{name}/{hashlib.sha256(body).hexdigest()}"
                self.bodies[key] = body
                return key
            case Remove(name, body) if body is not None:
                self.bodies.pop(f"bodies/{name}/{hashlib.sha256(body).hexdigest()}", None)
                return None
            case Remove(name):
                for key in [key for key in self.bodies if key.startswith(f"bodies/{name}/")]:
                    del self.bodies[key]
                return None
            case Load(row, item):
                return bodies.unpack(item["body"]["B"] if "body" in item else self.bodies[row.body_at or ""])

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

    def edges(self) -> Mapping[Key, Item]:
        return {key: item for key, item in self.items.items() if key[0].startswith("ACTOR#")}

    def pages(self) -> list[Page]:
        return [read(item, Page) for (pk, _), item in self.items.items() if pk.startswith("URL#")]
