"""A feed was granted more to speak for: what it observed there before becomes its own, as if it always had.

The job can be stopped anywhere and begun again: what is left to do stands under `CLAIMS#feed`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from newscast import sites
from newscast.articles import grants
from newscast.articles.grouping import Place, with_claim
from newscast.articles.identity import name_of, read_time
from newscast.articles.items import Item, Key
from newscast.articles.keys import claim_key, head_key
from newscast.articles.ops import Load, Op, Put, Read, Remove, Rows, Write
from newscast.articles.revisions import Revision
from newscast.articles.rows import Erased, Page, Redirect, lead_row
from newscast.articles.settling import changes, linked, moved, unlinked, unsettled, writes
from newscast.articles.view import View
from newscast.articles.writing import MAX_ROUNDS, ContendedError, Keeping, saving

REDELIVERED = timedelta(days=4)
"""How long a message may wait in its queue to be delivered again (its retention in infra/template.yaml)."""
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
    view = View(keeping.oldest)  # other records may be gone
    key = head_key(name)
    yield from view.read([key])
    at = view.head(name)
    rows = yield from view.rows(name)
    moved_before = isinstance(at, Redirect) and at.why == "moved"  # a worker before this one came so far
    if not moved_before and not isinstance(at, Erased):  # who began to erase it goes on
        leads_to = None
        for row in rows:
            record = yield Load(row.body)
            yield from saving(record, row.correlation_id, keeping, row)
            leads_to = name_of(record.article, owned=True).id
        if leads_to:
            at = Redirect(leads_to=leads_to, why="moved")
            yield from repaged(url, lambda page: with_claim(page, name, None), keeping, {name: at})
    if rows and isinstance(at, Redirect):
        yield from forgotten(name, rows, at, keeping)
    yield from deleting([claim_key(feed_id, name)])


def forgotten(
    name: str, rows: Sequence[Revision], at: Redirect | Erased, keeping: Keeping, more: Iterable[Key] = ()
) -> Generator[Op, Any, None]:
    """All that a name's rows lead to goes, and `more` rows; then its HEAD, which says where it leads or that
    it is erased, holds no rows any more."""
    # A writer that died may have kept records that no row leads to, at any time: what is erased is looked for
    # in all packs since. What moved goes on under its new name.
    first = min(row.first for row in rows)
    last = keeping.now
    if isinstance(at, Redirect):
        last = min(last, max(read_time(max(row.last, row.stored_at)) for row in rows) + REDELIVERED)
    days = (read_time(first).date(), last.date())
    yield Remove(name, tuple(row.body for row in rows if row.body), days)
    yield from deleting([*(row.key for row in rows), *more])
    for _ in range(MAX_ROUNDS):
        view = View()
        yield from view.read([head_key(name)])
        if view.head(name) != at:
            return
        version = view.version(head_key(name))
        if (yield Write((Put(lead_row(name, at, version + 1, {}), version),))):
            return


def repaged(
    url: str, change: Callable[[Page], Page], keeping: Keeping, places: Mapping[str, Place] | None = None
) -> Generator[Op, Any, None]:
    """Change a page's row, and the heads of all names that stand elsewhere by that, or are to (`places`)."""
    for _ in range(MAX_ROUNDS):
        view = View(keeping.oldest)
        wanted: dict[str, Place] = {}
        pages = []
        for before in (yield from unsettled(view, [url])):
            after = change(before) if before.url == url else before
            pages.append((before, replace(after, unsettled=())))
            wanted |= moved(*pages[-1])
        if all(before == after for before, after in pages) and not places:
            return
        changed = yield from changes(view, wanted | dict(places or {}), frozenset(), keeping.keep, {})
        yield from linked(changed)
        for write in writes(view, Write(()), pages, changed, keeping.keep):
            if not (yield write):
                break
        else:
            yield from unlinked(changed)
            return
    raise ContendedError(f"the page {url} was written by others {MAX_ROUNDS} times")


def deleting(keys: Iterable[Key]) -> Generator[Op, Any, None]:
    """Delete rows, the last of them last."""
    left = list(keys)
    while left:
        some, left = left[:DELETES], left[DELETES:]
        if not (yield Write((), tuple(some))):
            left = [*some, *left]
