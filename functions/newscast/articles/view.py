"""What one round of writing has read, each row once, and what that comes to.

Of a name, HEAD is read before its revisions: whoever adds a revision writes HEAD too, so a write on the
condition of HEAD's version fails if the revisions that were read are no longer all.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

from newscast.articles.identity import page_of
from newscast.articles.items import Item, Key, key_of, read, version_of
from newscast.articles.keys import REVISIONS, head_key, page_key, partition, revision_key
from newscast.articles.ops import Load, Op, Read, Rows
from newscast.articles.rows import AtHead, Page, Revision, at_head
from newscast.records import TaggedArticle


@dataclass
class View:
    """Fills itself as it is asked; made anew for each round."""

    items: dict[Key, Item | None] = field(default_factory=dict)
    revisions: dict[str, list[Revision]] = field(default_factory=dict)
    """By name, those of names that were read."""

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

    def rows(self, name: str, new: bool = False) -> Generator[Op, Any, list[Revision]]:
        """A name's revisions; none, and no read, for a `new` one. Its HEAD was read before."""
        if name not in self.revisions:
            found: list[Item] = []
            if not new:
                found = yield Rows(partition(name), REVISIONS)
            self.items |= {key_of(item): item for item in found}
            self.revisions[name] = [read(item, Revision) for item in found]
        return self.revisions[name]

    def record(self, row: Revision) -> Generator[Op, Any, TaggedArticle]:
        """The record that a row holds."""
        item = self.items[revision_key(row.name, row.revision, row.run)]
        record: TaggedArticle = yield Load(row, item or {})
        return record
