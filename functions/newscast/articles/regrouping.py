"""A feed was granted more to speak for: what it observed there before becomes its own, as if it always had.

The job can be stopped anywhere and begun again: what is left to do stands under `CLAIMS#feed`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from newscast import sites
from newscast.articles import grants
from newscast.articles.grouping import Place, with_claim
from newscast.articles.identity import name_of
from newscast.articles.items import Item
from newscast.articles.keys import claim_key, head_key, revision_key
from newscast.articles.ops import Op, Read, Rows, Write
from newscast.articles.rows import Page, Redirect
from newscast.articles.settling import changes, moved, unsettled, writes
from newscast.articles.view import View
from newscast.articles.writing import MAX_ROUNDS, ContendedError, Keeping, saving

DELETES = 100
"""Rows deleted in one transaction."""


def regrouping(feed_id: str, keeping: Keeping, most: int | None = None) -> Generator[Op, Any, int]:
    """Take over what a feed's grants cover of what it observed; how many names it took over, at most `most`.

    Fewer than `most` means that nothing is left.
    """
    key = grants.key_of(feed_id)
    found = yield Read((key,))
    scopes = [one.scope for one in grants.read(found.get(key)).grants]
    claims: list[Item] = yield Rows(f"CLAIMS#{feed_id}", "")
    done = 0
    for item in claims:
        if done == most:
            break
        url = item["url"]["S"]
        if any(sites.covers(scope, url) for scope in scopes):
            yield from _taken_over(feed_id, item["SK"]["S"], url, keeping)
            done += 1
    return done


def _taken_over(feed_id: str, name: str, url: str, keeping: Keeping) -> Generator[Op, Any, None]:
    view = View()
    yield from view.read([head_key(name)])
    rows = yield from view.rows(name)
    leads_to = None
    for row in rows:
        record = yield from view.record(row)
        yield from saving(record, row.correlation_id, keeping, row)
        leads_to = name_of(record.article, owned=True).id
    if leads_to:
        at = Redirect(leads_to=leads_to, why="moved")
        yield from repaged(url, lambda page: with_claim(page, name, None), keeping, {name: at})
    keys = [revision_key(row.name, row.revision, row.run) for row in rows]
    yield from deleting([*keys, claim_key(feed_id, name)])


def repaged(
    url: str, change: Callable[[Page], Page], keeping: Keeping, places: Mapping[str, Place] | None = None
) -> Generator[Op, Any, None]:
    """Change a page's row, and the heads of all names that stand elsewhere by that, or are to (`places`)."""
    for _ in range(MAX_ROUNDS):
        view = View()
        wanted: dict[str, Place] = {}
        pages = []
        for before in (yield from unsettled(view, [url])):
            after = change(before) if before.url == url else before
            pages.append((before, replace(after, unsettled=())))
            wanted |= moved(*pages[-1])
        if all(before == after for before, after in pages) and not places:
            return
        changed = yield from changes(view, wanted | dict(places or {}), frozenset(), keeping.keep, {})
        for write in writes(view, Write(()), pages, changed, keeping.keep):
            if not (yield write):
                break
        else:
            return
    raise ContendedError(f"the page {url} was written by others {MAX_ROUNDS} times")


def deleting(keys: Iterable[tuple[str, str]]) -> Generator[Op, Any, None]:
    """Delete rows, the last of them last."""
    left = list(keys)
    while left:
        some, left = left[:DELETES], left[DELETES:]
        if not (yield Write((), tuple(some))):
            left = [*some, *left]
