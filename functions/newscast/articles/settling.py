"""Pages as they are to be in, what to write out, so that every head says what its rows say. Pure."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from newscast.articles.grouping import Own, Place, places
from newscast.articles.heads import again, head_of
from newscast.articles.identity import page_of
from newscast.articles.items import Item, Key
from newscast.articles.keys import head_key, page_key
from newscast.articles.ops import Check, Drop, Load, Op, Put, Several, Write
from newscast.articles.revisions import Revision, kept, shown
from newscast.articles.rows import AtHead, Erased, Head, Page, edges, head_row, lead_row, page_row
from newscast.articles.view import View
from newscast.records import TaggedArticle

MOST = 100
"""Rows in one transaction; DynamoDB refuses more."""


@dataclass(frozen=True)
class Change:
    """One name's HEAD as it is and as it is to be."""

    name: str
    before: AtHead | None
    after: AtHead | None
    """None: it goes."""
    put: Put | None
    version: int
    """Of HEAD, once written."""
    edges: tuple[Item, ...] = ()
    """Those that it has and had not. Written before it: an edge counts only if its head says so."""
    gone: tuple[Key, ...] = ()
    """Those that it had and has no more. Deleted behind it, unless a later head needs them by then."""


def moved(before: Page, after: Page) -> dict[str, Place]:
    """Names of a page that stand elsewhere than they did; all of them where it is unsettled."""
    then, now = places(before), places(after)
    if before.unsettled:
        return dict(now)
    # A name that is in no list any more is an article of its own.
    return {name: now.get(name, Own((name,))) for name in {**then, **now} if then.get(name) != now.get(name)}


def unsettled(view: View, urls: Iterable[str]) -> Generator[Op, Any, list[Page]]:
    """The pages at these addresses, and those that are to be settled with them."""
    wanted, found = list(dict.fromkeys(urls)), []
    for url in wanted:
        yield from view.read([page_key(page_of(url))])
        page = view.page(url)
        found.append(page)
        wanted += [other for other in page.unsettled if other not in wanted]
    return found


def changes(
    view: View,
    wanted: Mapping[str, Place],
    touched: frozenset[str],
    keep: timedelta | None,
    fresh: Mapping[str, TaggedArticle],
) -> Generator[Op, Any, list[Change]]:
    """What must be written so that these names stand where they are to.

    `touched`: names whose rows change, so their HEAD is written whatever it says, and that of the article
    they are of. `fresh`: records that are not stored yet, by digest.
    """
    yield from view.read(head_key(name) for name in wanted)
    found = []
    for name, place in wanted.items():
        before = view.head(name)
        if isinstance(before, Erased):
            continue
        after = yield from _after(view, name, place, fresh)
        if after is None:  # all its rows are past their time: a head would show another name's
            if isinstance(before, Head):
                version = view.version(head_key(name))
                found.append(Change(name, before, None, None, version, (), tuple(edges(before, keep))))
            continue
        bump = name in touched or (isinstance(place, Own) and not touched.isdisjoint(place.names))
        if after != before or bump:
            found.append(_change(view, name, before, after, keep))
    return found


def _after(
    view: View, name: str, place: Place, fresh: Mapping[str, TaggedArticle]
) -> Generator[Op, Any, AtHead | None]:
    if not isinstance(place, Own):
        return place
    rows: list[Revision] = []
    yield from view.read(head_key(each) for each in place.names)
    for each in place.names:
        if not isinstance(view.head(each), Erased):
            rows += kept((yield from view.rows(each)))
    if not rows:
        return None  # all are past their time
    top = shown(rows)
    record = fresh.get(top.chosen)
    before = view.head(name)
    if record is None and isinstance(before, Head) and before.chosen == top.chosen:
        same = again(before, rows)
        if same:
            return same
    if record is None:
        record = yield Load(top.body)
    return head_of(name, rows, record)


def _change(view: View, name: str, before: AtHead | None, after: AtHead, keep: timedelta | None) -> Change:
    there = view.version(head_key(name))
    version = there + 1
    old = edges(before, keep) if isinstance(before, Head) else {}
    if not isinstance(after, Head):
        put = Put(lead_row(name, after, version, view.held(name), keep), there)
        return Change(name, before, after, put, version, (), tuple(old))
    new = edges(after, keep)
    put = Put(head_row(after, version, keep, view.held(name)), there)
    needed_by = {"version": {"N": str(version)}}
    missing = tuple(new[key] | needed_by for key in new if old.get(key) != new[key])
    return Change(name, before, after, put, version, missing, tuple(key for key in old if key not in new))


def linked(changed: Iterable[Change]) -> Generator[Op, Any, None]:
    """Write the edges that heads are about to say."""
    items = tuple(item for one in changed for item in one.edges)
    if items:
        yield Several(items)


def unlinked(changed: Iterable[Change]) -> Generator[Op, Any, None]:
    """Delete the edges that heads say no more."""
    for one in changed:
        if one.gone:
            yield Drop(one.gone, one.version)


def writes(
    view: View,
    first: Write,
    pages: Sequence[tuple[Page, Page]],
    changed: Sequence[Change],
    keep: timedelta | None,
    *,
    alone: str | None = None,
) -> list[Write]:
    """All of it in one transaction, or in several, of which the first holds `first` and marks the pages as
    unsettled and the last takes that mark away: whoever comes between finishes the work.

    `alone` is the name that a record was observed under. Where no other head changes, a transaction would
    cost twice the units and buy nothing: each page and then the head, each on its own condition. Who is
    killed between them leaves a page that knows the name early, and its next delivery finds the head to
    write; whoever changes what the page says of the name writes its head, so that its condition fails.
    """
    if not first and all(one.name == alone for one in changed) and not any(old.unsettled for old, _ in pages):
        some = _with_pages(view, Write(()), [(old, new) for old, new in pages if old != new], keep)
        return [*(Write((put,)) for put in some.puts), *(_with(Write(()), [one]) for one in changed)]
    whole = _with(_with_pages(view, first, pages, keep), changed)
    if not whole.puts and not whole.deletes:
        return []
    if len(whole) <= MOST:
        return [whole]
    urls = tuple(after.url for _, after in pages)
    marked = [(None, replace(after, unsettled=urls)) for _, after in pages]
    # Who finishes the work finds what to do in the pages: who is in them no more comes with the first.
    listed = {name for _, after in pages for name in places(after)}
    early = [one for at, one in enumerate(changed) if at == 0 or one.name not in listed]
    late = [one for one in changed if one not in early]
    room = max(1, MOST - len(pages))
    found = [_with(_with_pages(view, first, marked, keep), early)]
    checks = tuple(Check(_key(after), view.version(_key(after)) + 1) for _, after in pages)
    found += [_with(Write((), (), checks), late[at : at + room]) for at in range(0, len(late), room)]
    last = [
        Put(page_row(after, view.version(_key(after)) + 2, keep, view.items[_key(after)]), check.only)
        for (_, after), check in zip(pages, checks, strict=True)
    ]
    return [*found, Write(tuple(last))]


def _with(write: Write, changed: Sequence[Change]) -> Write:
    puts = tuple(one.put for one in changed if one.put)
    deletes = tuple(head_key(one.name) for one in changed if not one.put)
    return Write((*write.puts, *puts), (*write.deletes, *deletes), write.checks)


def _with_pages(
    view: View, write: Write, pages: Sequence[tuple[Page | None, Page]], keep: timedelta | None
) -> Write:
    puts, checks = list(write.puts), list(write.checks)
    for before, after in pages:
        version = view.version(_key(after))
        if after == before:
            checks.append(Check(_key(after), version))
        else:
            puts.append(Put(page_row(after, version + 1, keep, view.items[_key(after)]), version))
    return Write(tuple(puts), write.deletes, tuple(checks))


def _key(page: Page) -> Key:
    return page_key(page_of(page.url))
