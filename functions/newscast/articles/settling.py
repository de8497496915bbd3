"""Pages as they are to be in, what to write out, so that every head says what its rows say. Pure."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from newscast.articles.grouping import Own, Place, places
from newscast.articles.heads import head_of, kept, shown
from newscast.articles.identity import page_of
from newscast.articles.items import Key
from newscast.articles.keys import head_key, page_key
from newscast.articles.ops import Check, Op, Put, Write
from newscast.articles.rows import AtHead, Erased, Head, Page, Revision, edges, head_row, lead_row, page_row
from newscast.articles.view import View
from newscast.records import TaggedArticle

MOST = 100
"""Rows in one transaction; DynamoDB refuses more."""


@dataclass(frozen=True)
class Change:
    """One name's HEAD as it is and as it is to be, with its edges: always written in one transaction."""

    name: str
    before: AtHead | None
    after: AtHead | None
    """None: it goes."""
    puts: tuple[Put, ...]
    deletes: tuple[Key, ...]


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
                found.append(Change(name, before, None, (), (head_key(name), *edges(before, keep))))
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
    if record is None:
        record = yield from view.record(top)
    return head_of(name, rows, record)


def _change(view: View, name: str, before: AtHead | None, after: AtHead, keep: timedelta | None) -> Change:
    version = view.version(head_key(name))
    old = edges(before, keep) if isinstance(before, Head) else {}
    if not isinstance(after, Head):
        row = lead_row(name, after, version + 1)
        return Change(name, before, after, (Put(row, version),), tuple(old))
    new = edges(after, keep)
    puts = (
        Put(head_row(after, version + 1, keep), version),
        *(Put(new[k]) for k in new if old.get(k) != new[k]),
    )
    return Change(name, before, after, puts, tuple(key for key in old if key not in new))


def writes(
    view: View,
    first: Write,
    pages: Sequence[tuple[Page, Page]],
    changed: Sequence[Change],
    keep: timedelta | None,
) -> list[Write]:
    """All of it in one transaction, or in several, of which the first holds `first` and marks the pages as
    unsettled and the last takes that mark away: whoever comes between finishes the work."""
    whole = _with(_with_pages(view, first, pages, keep), changed)
    if not whole.puts and not whole.deletes:
        return []
    if len(whole) <= MOST or len(changed) <= 1:  # one head with its edges always fits
        return [whole]
    urls = tuple(after.url for _, after in pages)
    marked = [(None, replace(after, unsettled=urls)) for _, after in pages]
    found = [_with(_with_pages(view, first, marked, keep), changed[:1])]
    checks = tuple(Check(_key(after), view.version(_key(after)) + 1) for _, after in pages)
    found += [Write(one.puts, one.deletes, checks) for one in changed[1:]]
    last = [
        Put(page_row(after, view.version(_key(after)) + 2, keep, view.items[_key(after)]), check.only)
        for (_, after), check in zip(pages, checks, strict=True)
    ]
    return [*found, Write(tuple(last))]


def _with(write: Write, changed: Sequence[Change]) -> Write:
    puts = tuple(put for one in changed for put in one.puts)
    deletes = tuple(key for one in changed for key in one.deletes)
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
