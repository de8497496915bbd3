"""How one record is stored, step by step: pure, so that tests can stop it anywhere.

`saving` is a generator. It yields what it wants done (`ops`), is sent the answer, and returns a `Saved`:

1. One consistent read: the grants of a stranger's feed, HEAD of the record's name, the row of its page.
2. What the name's revisions, the page and the heads that they make come to with this record (`grouping`,
   `heads`). Where all of that is there already, nothing is written.
3. The record goes into the bucket, and the edges that the heads will say into the table.
4. Pages and heads, on the condition that each is as it was read (`settling.writes`). Refused: read again.

Nobody sees what is written before the heads are: a record is found by its row, and an edge counts only if its
head says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from newscast.articles import grants, heads, rows
from newscast.articles.grouping import Own, Place, claim, home, owner, places, with_claim, with_owner
from newscast.articles.identity import (
    Name,
    filed_at,
    name_of,
    page_of,
    read_time,
    revision_of,
    run_of,
    speaks,
    written,
)
from newscast.articles.items import Item, Key, NewerRowError, version_of
from newscast.articles.keys import head_key, page_key
from newscast.articles.ops import Check, Keep, Op, Put, Unkeep, Write
from newscast.articles.revisions import Revision, divided, end_of, in_head, joined, kept, older, own_row
from newscast.articles.rows import AtHead, Claim, Erased, Head, Owner, Page, Redirect
from newscast.articles.settling import Change, changes, linked, moved, unlinked, unsettled, writes
from newscast.articles.view import View
from newscast.records import Article, TaggedArticle

DELIVERED = timedelta(days=22)
"""How long after it was first sent a message may come: its retention in its queue, in that of dead letters,
and in its own once more (infra/template.yaml)."""
CLOCKS = timedelta(days=1)
"""By how much the clock of whoever erases may be behind."""
MAX_ROUNDS = 12
"""Times one message is tried against other writers before its delivery counts as failed."""


class Outcome(StrEnum):
    """What became of one record."""

    NEW = "new"
    REVISED = "revised"
    """The article is now what this record says."""
    RETAGGED = "retagged"
    """The article says the same, with actors of a newer tag run."""
    STALE = "stale"
    """An older content or tag run that came late: kept in the history, the head shows the same."""
    OBSERVED = "observed"
    """Nothing new but another name, or that it was seen again."""
    BESIDE = "beside"
    """Said by a feed that doesn't speak for the page, whose owner's article is there: kept beside it."""
    DUPLICATE = "duplicate"
    ERASED = "erased"
    """Of an article that a person erased: not kept."""
    TOO_OLD = "too_old"
    """Of a time that is not kept any more."""
    DROPPED = "dropped"
    """Beyond the bound on what is kept under one name."""


@dataclass(frozen=True)
class Saved:
    outcome: Outcome
    article_id: str
    """Of the article that the record is of, or beside."""
    revision: str
    unlisted_claim: bool = False
    """Its page's list of other observers is full: it is stored, and stands alone."""


@dataclass(frozen=True)
class Keeping:
    """When it is, and how long articles are kept; `keep` None is for ever."""

    now: datetime
    keep: timedelta | None = None

    @property
    def oldest(self) -> str:
        """What was observed before this is past its time; as keys write it, empty for nothing."""
        return written(self.now - self.keep) if self.keep is not None else ""


class ContendedError(RuntimeError):
    """Other writers were faster each time; another delivery will find them gone."""


def saving(
    record: TaggedArticle, correlation_id: str, keeping: Keeping, known: Revision | None = None
) -> Generator[Op, Any, Saved]:
    """Store one record. `known`: the row that it had under another name, whose times are kept.

    Raises ContendedError, and NewerRowError for rows of newer code.
    """
    article = record.article
    if _too_old(filed_at(article.published.at, article.observed_at), keeping):
        return Saved(Outcome.TOO_OLD, "", "")
    for _ in range(MAX_ROUNDS):
        saved = yield from _round(record, correlation_id, keeping, known)
        if saved:
            return saved
    raise ContendedError(f"an article of {article.source} was written by others {MAX_ROUNDS} times")


def _too_old(filed: datetime, keeping: Keeping) -> bool:
    return keeping.keep is not None and filed < keeping.now - keeping.keep


def first_keys(article: Article) -> tuple[Key, ...]:
    """What is read first, for a whole batch at once."""
    own = speaks(article, ())
    names = [name_of(article, owned=True)] if own else [name_of(article, owned) for owned in (False, True)]
    keys = [head_key(name.id) for name in names]
    if article.url:
        keys.append(page_key(page_of(article.url)))
    return (*keys, *(() if own else (grants.key_of(article.feed_id),)))


def wanted(record: TaggedArticle, ahead: Mapping[Key, Item | None]) -> tuple[str, TaggedArticle] | None:
    """A record that must most likely be kept, with the name it is kept for, by what was read ahead of it."""
    article = record.article
    found = View(items=dict(ahead))
    try:
        name, _ = _named(article, found)
        page = found.page(article.url) if article.url else None
        if isinstance(found.head(name.id), Erased) or (page and page.erased):
            return None
    except NewerRowError:
        return None  # `saving` says so
    row = (revision_of(article), run_of(record))
    item = found.items[head_key(name.id)]
    if older(item):  # it may have a row of its own, and a copy that no row leads to is nobody's to erase
        return None
    if any((one.revision, one.run) == row for one in in_head(name.id, item)):
        return None
    return name.id, record


def _round(
    record: TaggedArticle, correlation_id: str, keeping: Keeping, known: Revision | None
) -> Generator[Op, Any, Saved | None]:
    """One try; None if another writer was in the way."""
    article, view = record.article, View(keeping.oldest)
    yield from view.read(first_keys(article))
    name, checks = _named(article, view)
    row = heads.row_of(name.id, record, correlation_id, keeping.now)
    if known:
        row = replace(known, name=name.id, body="")
    page = view.page(article.url) if article.url else None
    at = view.head(name.id)
    before = yield from view.rows(name.id)
    if erased_at := _erased_at(view, article, name):
        late = article.observed_at < read_time(erased_at) + CLOCKS
        if late and all(one.chosen != row.chosen for one in before):
            # It may have been kept when the article was not yet erased.
            since = max(article.observed_at, keeping.now - DELIVERED)
            yield Unkeep(name.id, record, (since.date(), keeping.now.date()))
        return Saved(Outcome.ERASED, name.id, row.revision)
    if _known(before, row, page, name):
        return Saved(Outcome.DUPLICATE, _led(at, name.id), row.revision)
    first_seen = _first_seen(page, name.id)
    if article.published.basis == "missing" and first_seen and _too_old(read_time(first_seen), keeping):
        return Saved(Outcome.TOO_OLD, "", "")
    there = next((one for one in before if one.key == row.key), None)
    now = joined(there, row) if there else row
    if now.chosen == row.chosen and not now.body:
        now = replace(now, body=(yield Keep(name.id, record)))
    after = kept([*(one for one in before if one is not there), now])
    if now not in after:
        return Saved(Outcome.DROPPED, name.id, row.revision)
    first = Write((), (), checks)
    if now != there:
        here, gone = divided(after, in_head(name.id, view.items[head_key(name.id)]), now)
        view.hold(name.id, after, here)
        puts = [Put(own_row(one, end_of(one.first, keeping.keep))) for one in gone]
        if name.kind == "claim" and not before:
            puts.append(
                Put(rows.claim_row(article.feed_id, name.id, article.url or "", keeping.keep, now.first))
            )
        first = Write(tuple(puts), (), checks)
    pages = yield from _pages(view, article, name, before, after)
    to_stand, place = _wanted(name, pages, after)
    touched = frozenset([name.id] if now != there else [])
    changed = yield from changes(view, to_stand, touched, keeping.keep, {row.chosen: record})
    changed.sort(key=lambda one: one.name != name.id)  # its own first
    yield from linked(changed)
    for write in writes(view, first, pages, changed, keeping.keep, alone=name.id):
        if not (yield write):
            return None
    yield from unlinked(changed)
    outcome = _outcome(place, there, now, changed)
    full = name.kind == "claim" and not any(one.name == name.id for _, page in pages for one in page.claims)
    return Saved(outcome, _article_id(name.id, place), row.revision, full)


def _named(article: Article, view: View) -> tuple[Name, tuple[Check, ...]]:
    """The record's name, by the grants of its feed; a stranger's on the condition that it gets none
    meanwhile."""
    key = grants.key_of(article.feed_id)
    if key not in view.items:  # by `first_keys` it needs none
        return name_of(article, owned=True), ()
    granted = grants.read(view.items[key])
    if speaks(article, (one.scope for one in granted.grants)):
        return name_of(article, owned=True), ()
    return name_of(article, owned=False), (Check(key, version_of(view.items[key])),)


def _erased_at(view: View, article: Article, name: Name) -> str | None:
    """When a person erased what this would be stored as; also as what its feed said before it was granted the
    page."""
    names = [name.id]
    if name.kind != "claim" and head_key(claim := name_of(article, owned=False).id) in view.items:
        names.append(claim)
    marks = [at.erased_at for each in names if isinstance(at := view.head(each), Erased)]
    page = view.page(article.url) if article.url else None
    return next((one for one in (*marks, page and page.erased) if one), None)


def _known(before: list[Revision], row: Revision, page: Page | None, name: Name) -> bool:
    """Whether a name's rows have all that this one says, and its page knows it, so that nothing else need be
    read."""
    if page and (page.unsettled or _first_seen(page, name.id) is None):
        return False
    there = next((one for one in before if one.key == row.key), None)
    return there is not None and joined(there, row) == there


def _led(at: AtHead | None, name: str) -> str:
    return at.leads_to if isinstance(at, Redirect) else name


def _first_seen(page: Page | None, name: str) -> str | None:
    """When a name was first observed at a page, as the page knows."""
    entries: list[Owner | Claim] = [*page.owners, *page.claims] if page else []
    return next((one.first for one in entries if one.name == name), None)


def _pages(
    view: View, article: Article, name: Name, before: list[Revision], after: list[Revision]
) -> Generator[Op, Any, list[tuple[Page, Page]]]:
    """The pages that know of this name, as they are and as they are to be."""
    urls = [url for url in dict.fromkeys((home(after), article.url, home(before))) if url]
    found = []
    for page in (yield from unsettled(view, urls)):
        if name.kind == "claim":
            after_it = with_claim(page, name.id, claim(name.id, after)) if page.url in urls else page
        else:
            after_it = with_owner(page, name.id, owner(name.id, page.url, after))
        found.append((page, replace(after_it, unsettled=())))
    return found


def _wanted(
    name: Name, pages: Iterable[tuple[Page, Page]], after: list[Revision]
) -> tuple[Mapping[str, Place], Place]:
    """Where names are to stand: those that move, this one, and the article that it is of."""
    wanted: dict[str, Place] = {}
    place: Place = Own((name.id,))
    at = home(after)
    for old, new in pages:
        wanted |= moved(old, new)
        if new.url == at:
            now = places(new)
            place = now.get(name.id, place)
            if isinstance(place, Redirect) and place.why == "same":
                wanted[place.leads_to] = now[place.leads_to]
    return {**wanted, name.id: place}, place


def _article_id(name: str, place: Place) -> str:
    return place.leads_to if isinstance(place, Redirect) else name


def _outcome(place: Place, there: Revision | None, now: Revision, changed: Iterable[Change]) -> Outcome:
    if now == there:
        return Outcome.DUPLICATE
    if isinstance(place, Redirect) and place.why == "beside":
        return Outcome.BESIDE
    article_id = _article_id(now.name, place)
    same = Redirect(leads_to=article_id, why="same")
    of_it = [one for one in changed if one.name in (article_id, now.name) or one.after == same]
    old = next((one.before for one in of_it if isinstance(one.before, Head)), None)
    new = next((one.after for one in of_it if isinstance(one.after, Head)), None)
    if old is None or new is None:
        return Outcome.NEW
    if old.revision != new.revision:
        return Outcome.REVISED
    if old.run != new.run:
        return Outcome.RETAGGED
    # Another name that says what is shown adds nothing to the history.
    shown = (now.revision, now.run) == (new.revision, new.run)
    return Outcome.OBSERVED if there or shown else Outcome.STALE
