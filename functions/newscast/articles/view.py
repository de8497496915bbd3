"""What one round of writing has read, each row once, and what that comes to.

Of a name, HEAD is read before its revisions that have rows of their own: whoever adds a revision writes HEAD,
so a write on the condition of HEAD's version fails if the revisions that were read are no longer all.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

from newscast.articles.identity import page_of
from newscast.articles.items import Item, Key, read, version_of
from newscast.articles.keys import REVISIONS, head_key, page_key, partition
from newscast.articles.ops import Op, Read, Rows
from newscast.articles.revisions import Revision, attributes, every, inline, older
from newscast.articles.rows import AtHead, Page, at_head


@dataclass
class View:
    """Fills itself as it is asked; made anew for each round."""

    oldest: str = ""
    """Rows that were first observed before are past their time: as if they were gone."""
    items: dict[Key, Item | None] = field(default_factory=dict)
    revisions: dict[str, list[Revision]] = field(default_factory=dict)
    """By name, those of names that were read."""
    _held: dict[str, Item] = field(default_factory=dict)

    def read(self, keys: Iterable[Key]) -> Generator[Op, Any, None]:
        """Read what wasn't read yet."""
        wanted = tuple(key for key in dict.fromkeys(keys) if key not in self.items)
        if wanted:
            found = yield Read(wanted)
            self.items |= {key: found.get(key) for key in wanted}

    def version(self, key: Key) -> int:
        return version_of(self.items[key])

    def head(self, name: str) -> AtHead | None:
        return at_head(self.items[head_key(name)])

    def page(self, url: str) -> Page:
        item = self.items[page_key(page_of(url))]
        return read(item, Page) if item else Page(url=url)

    def rows(self, name: str) -> Generator[Op, Any, list[Revision]]:
        """A name's revisions. Its HEAD was read before."""
        if name not in self.revisions:
            item = self.items[head_key(name)]
            apart: list[Item] = []
            if older(item):
                apart = yield Rows(partition(name), REVISIONS)
            self.revisions[name] = every(name, item, apart, self.oldest)
        return self.revisions[name]

    def hold(self, name: str, rows: list[Revision], here: list[Revision]) -> None:
        """From now on these are a name's revisions, and its HEAD is to hold those `here`."""
        self.revisions[name] = rows
        self._held[name] = inline(here, len(rows) - len(here), self.items[head_key(name)])

    def held(self, name: str) -> Item:
        """The attributes of a name's HEAD, as it is to be written, that hold its revisions."""
        return self._held.get(name) or attributes(self.items[head_key(name)])
