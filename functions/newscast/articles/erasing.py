"""An article goes and stays gone: its records, actors and bodies are deleted, and a mark of it is left.

The mark is what its names and its page lead to from now on, so that later polls, replays and upgrades find
that it was erased. Can be stopped anywhere and begun again: the article's own id goes last.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any

from msgspec.structs import replace

from newscast.articles.grouping import Own, places, with_claim
from newscast.articles.identity import page_of, written
from newscast.articles.keys import claim_key, head_key, page_key
from newscast.articles.ops import Op, Put, Write
from newscast.articles.regrouping import forgotten, repaged
from newscast.articles.rows import Erased, Head, Page, Redirect, edges, lead_row, page_row
from newscast.articles.view import View
from newscast.articles.writing import MAX_ROUNDS, ContendedError, Keeping


def erasing(article_id: str, keeping: Keeping, own: bool = False) -> Generator[Op, Any, bool]:
    """Erase the article that an id leads to, with all that was observed beside it; false if there is none.
    `own`: not an owner's that came meanwhile, so that this stands beside it: then the observation alone."""
    view = View()
    hops = 0
    yield from view.read([head_key(article_id)])
    while isinstance(at := view.head(article_id), Redirect) and hops < MAX_ROUNDS:
        if own and at.why == "beside":
            return (yield from forgetting(article_id, keeping))
        article_id, hops = at.leads_to, hops + 1
        yield from view.read([head_key(article_id)])
    if at is None:
        return False
    names = list(dict.fromkeys([*(at.names if isinstance(at, Head) else ()), article_id]))
    urls: list[str] = []
    for name in names:  # grows by those that came meanwhile
        yield from view.read([head_key(name)])
        its = yield from view.rows(name)
        for url in dict.fromkeys(row.url for row in its if row.url and row.url not in urls):
            urls.append(url)
            more = yield from _page_erased(url, frozenset(names), keeping)
            names += sorted(more.difference(names))
    for name in [*(name for name in names if name != article_id), article_id]:
        yield from forgetting(name, keeping)
    return isinstance(at, Head)


def _page_erased(url: str, names: frozenset[str], keeping: Keeping) -> Generator[Op, Any, frozenset[str]]:
    """Nothing is stored of a page any more whose owners are all of the erased article. All names that are
    of that article by the page's row."""
    for _ in range(MAX_ROUNDS):
        view = View()
        yield from view.read([page_key(page_of(url))])
        page = view.page(url)
        articles = [place for place in places(page).values() if isinstance(place, Own)]
        its = names.union(*(one.names for one in articles if not names.isdisjoint(one.names)))
        if not page.owners or not its.issuperset(one.name for one in page.owners):
            return its
        erased = page if page.erased else replace(page, erased=written(keeping.now))
        if erased == page or (yield Write((_put(view, erased),))):
            for one in page.claims:
                yield from forgetting(one.name, keeping)
            return its
    raise ContendedError(f"a page was written by others {MAX_ROUNDS} times")


def forgetting(name: str, keeping: Keeping) -> Generator[Op, Any, bool]:
    """Erase what was observed under one name, and that alone; false if nothing is there."""
    for _ in range(MAX_ROUNDS):
        view = View()
        key = head_key(name)
        yield from view.read([key])
        at = view.head(name)
        if at is None:
            return False
        rows = yield from view.rows(name)
        erased = at if isinstance(at, Erased) else Erased(erased_at=written(keeping.now))
        version = view.version(key)
        if erased != at:
            # Its rows stay until all that they lead to is gone.
            row = lead_row(name, erased, version + 1, view.held(name))
            gone = edges(at, keeping.keep) if isinstance(at, Head) else ()
            if not (yield Write((Put(row, version),), tuple(gone))):
                continue
        # From here on nothing is stored under this name: its rows are all.
        for url in dict.fromkeys(row.url for row in rows if row.url):
            yield from repaged(url, partial(_without, name=name), keeping)
        if rows:
            yield from forgotten(
                name, rows, erased, keeping, {claim_key(row.feed_id, row.name) for row in rows}
            )
        return True
    raise ContendedError(f"{name} was written by others {MAX_ROUNDS} times")


def _without(page: Page, name: str) -> Page:
    """The page, where others' articles stay, knows that this name is erased; of a stranger's, nothing."""
    if page.erased:
        return page
    page = with_claim(page, name, None)
    owners = (replace(one, erased=True) if one.name == name else one for one in page.owners)
    return replace(page, owners=tuple(owners))


def _put(view: View, page: Page) -> Put:
    key = page_key(page_of(page.url))
    version = view.version(key)
    return Put(page_row(page, version + 1, None, view.items[key]), version)
