"""How one article is written, step by step: pure, so that tests can stop it anywhere.

`saving` is a generator. It yields what it wants done to the table (`Read`, `Write`, `Keep`, `Load`), is
sent the answer, and returns a `Saved`. Its rules:

1. One consistent read of the aliases and of the head that the strongest alias leads to by default.
2. Nothing known: aliases, head, first revision and edges in one transaction, each only if absent.
3. Known: the head that `merge` makes of the stored one and this observation. What that changes goes out
   in one transaction: missing aliases and the revision only if absent, the head only at the version that
   was read, edges that differ from the stored head's put, edges it no longer has deleted.
4. Refused: someone else was there. Read again; the merge is the same in any order, so nothing is lost.

So at any moment, whoever dies, heads have their revision and exactly their edges, and a message that is
delivered again finds nothing left to do. Edges are in the transaction (twice the write units of a plain
put) since two revisers that put and delete edges outside it can leave an edge no head knows of.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from newscast.articles import rows
from newscast.articles.identity import Identity, identity, written
from newscast.articles.items import Item, Key, read
from newscast.articles.keys import alias_key, head_key, revision_key
from newscast.articles.rows import AliasRow, Head, Revision
from newscast.records import Article, TaggedArticle

MAX_ROUNDS = 8
"""Times one message is tried against other writers before its delivery counts as failed."""
MAX_SAME_AS = 16
"""Other articles that one head names as the same: a bound where guids and URLs are mixed up for good."""


class Outcome(StrEnum):
    """What became of one message."""

    NEW = "new"
    REVISED = "revised"
    """The article is now what this message says."""
    STALE = "stale"
    """An older content that came late: kept in the history, the head unchanged."""
    ALIAS_ADDED = "alias_added"
    """Nothing new but another guid or URL."""
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Saved:
    outcome: Outcome
    article_id: str
    content: str
    same_as: str | None = None
    """The other article that this one's URL leads to, and that is the same."""


@dataclass(frozen=True)
class Read:
    """Consistent reads; answered by the items found, by key."""

    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Put:
    item: Item
    only: str | int | None = None
    """None: always. "absent": if no such row is there. A number: if the row has this version."""


@dataclass(frozen=True)
class Write:
    """All or nothing. Answered by None when done, else by the keys whose condition did not hold (none
    of them if it was only a conflict with another transaction)."""

    puts: tuple[Put, ...]
    deletes: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Keep:
    """Put a large body into the bucket; answered by its key."""

    body: bytes


@dataclass(frozen=True)
class Load:
    """Answered by the record of a stored revision."""

    revision: Revision


Op = Read | Write | Keep | Load


class ContendedError(RuntimeError):
    """Other writers were faster each time; another delivery will find them gone."""


def saving(record: TaggedArticle, correlation_id: str, now: datetime) -> Generator[Op, Any, Saved]:
    """Store one record. Raises ContendedError."""
    known_as = identity(record.article)
    content = record.article.content_hash
    kept: dict[str, TaggedArticle] = {}  # by article: its stored record of this very content
    revision: Revision | None = None
    for _ in range(MAX_ROUNDS):
        facts = yield from _facts(known_as, record.article)
        if facts.article_id and not facts.head:
            continue  # read between its transaction's aliases and its head: the next read sees both
        article_id = facts.article_id or known_as.article_id
        seen = rows.head_of(record, article_id, correlation_id, now)
        if article_id in kept:
            seen = _as_returned(rows.head_of(kept[article_id], article_id, correlation_id, now), seen)
        change = _change(seen, known_as, facts, revision_stored=article_id in kept)
        puts = change.puts
        if change.revision:
            if not revision or revision.article_id != article_id:
                revision = yield from _revision(record, article_id, correlation_id, now)
            puts = (*puts, Put(rows.revision_row(revision), "absent"))
        refused = (yield Write(puts, change.deletes)) if puts else None
        if refused is None:
            return Saved(change.outcome, article_id, content, facts.other_id)
        if refused == {revision_key(article_id, content)}:
            kept[article_id] = yield from _stored(article_id, content)
    raise ContendedError(f"article {known_as.article_id} was written by others {MAX_ROUNDS} times")


def _as_returned(kept: Head, seen: Head) -> Head:
    """A content that the article had before: what its revision says, observed when and where it is now.

    Head and edges always say what their revision says, also when another gazetteer would say more.
    """
    return replace(
        kept,
        observed=seen.observed,
        own=seen.own,
        page=seen.page,
        first_seen=seen.first_seen,
        source=seen.source,
        feed_id=seen.feed_id,
    )


def _revision(
    record: TaggedArticle, article_id: str, correlation_id: str, now: datetime
) -> Generator[Op, Any, Revision]:
    packed = rows.pack(record)
    large = len(packed) > rows.INLINE_BYTES
    return Revision(
        article_id=article_id,
        content=record.article.content_hash,
        observed=written(record.article.observed_at),
        stored_at=written(now),
        correlation_id=correlation_id,
        body=None if large else packed,
        body_at=(yield Keep(packed)) if large else None,
    )


# ------------------------------------------------------------------------------------- what is there
@dataclass(frozen=True)
class Facts:
    """What the table says of an article: which of its aliases are missing, and its head."""

    article_id: str | None
    head: Head | None
    missing: tuple[Item, ...]
    """Rows of the aliases that lead nowhere yet."""
    other_id: str | None = None
    """Where the URL leads, if that is not where the guid leads, and is the same article all the same."""


def first_keys(known_as: Identity) -> tuple[Key, ...]:
    """What is read first: the aliases, and the head that the strongest of them leads to by default."""
    return (*map(alias_key, known_as.aliases), head_key(known_as.article_id))


def _facts(known_as: Identity, article: Article) -> Generator[Op, Any, Facts]:
    alias_keys = {alias: alias_key(alias) for alias in known_as.aliases}
    likely = head_key(known_as.article_id)
    found: Mapping[Key, Item] = yield Read(first_keys(known_as))
    leads = {
        alias: read(found[key], AliasRow).article_id for alias, key in alias_keys.items() if key in found
    }
    article_id = next(iter(leads.values()), None)  # aliases stand in the order of their strength
    missing = tuple(
        rows.alias_row(alias, article_id or known_as.article_id)
        for alias in known_as.aliases
        if alias not in leads
    )
    if article_id is None:
        return Facts(None, None, missing)
    key = head_key(article_id)
    if key != likely:
        found = yield Read((key,))
    head = read(found[key], Head) if key in found else None
    strongest = known_as.aliases[0]
    if head and strongest.kind == "guid" and strongest not in leads and _another(head, article):
        return Facts(None, None, (rows.alias_row(strongest, known_as.article_id),))
    other = next((other for other in leads.values() if other != article_id), None)
    if other and head and other not in head.same_as:
        found = yield Read((head_key(other),))
        if any(_another(read(item, Head), article) for item in found.values()):
            other = None
    return Facts(article_id, head, missing, other)


def _another(head: Head, article: Article) -> bool:
    """Whether a guid and a URL that lead to this head are of two articles: its own source says so by
    another title.

    Feeds exist whose entries all link to one page (alerts, a front page): the first holds the URL, and the
    others are neither stored under it nor said to be the same. With the same title it is the same article,
    whose publisher changes guids.
    """
    return head.source == article.source and head.title != rows.title_of(article)


def _stored(article_id: str, content: str) -> Generator[Op, Any, TaggedArticle]:
    key = revision_key(article_id, content)
    found: Mapping[Key, Item] = yield Read((key,))
    record: TaggedArticle = yield Load(read(found[key], Revision))
    return record


# ------------------------------------------------------------------------------------ what to change
def merge(stored: Head, seen: Head) -> Head:
    """The head after one more observation: the same whatever order observations come in.

    The newest observation's content wins, and of two at the same moment the greater hash; but what its own
    publisher says wins over what others say of it (an aggregator's teaser), and a whole text over a teaser
    whose page could not be had. First seen, source and feed are those of the earliest.
    """
    newer = _place(seen) > _place(stored)
    merged = stored
    if newer and seen.content == stored.content:
        merged = replace(stored, observed=seen.observed, own=seen.own, page=seen.page)
    elif newer:
        merged = replace(
            seen,
            version=stored.version,
            revisions=stored.revisions,
            same_as=stored.same_as,
            stored_at=stored.stored_at,
        )
    first = min(stored, seen, key=lambda head: (head.first_seen, head.source, head.feed_id))
    return replace(merged, first_seen=first.first_seen, source=first.source, feed_id=first.feed_id)


def _place(head: Head) -> tuple[int, str, str, str]:
    return head.standing, head.observed, head.content, head.page or ""


@dataclass(frozen=True)
class Change:
    outcome: Outcome
    puts: tuple[Put, ...] = ()
    deletes: tuple[Key, ...] = ()
    revision: bool = False
    """A revision row goes with it."""


def _change(seen: Head, known_as: Identity, facts: Facts, revision_stored: bool) -> Change:
    """What this observation changes. `revision_stored`: its revision is known to be there."""
    aliases = tuple(Put(item, "absent") for item in facts.missing)
    if facts.head is None:
        first = (*aliases, Put(rows.head_row(seen), "absent"), *map(Put, rows.edges(seen).values()))
        return Change(Outcome.NEW, first, revision=True)
    stored = facts.head
    merged = merge(stored, seen)
    same_as: tuple[Put, ...] = ()
    other = facts.other_id
    if other and other not in stored.same_as and len(stored.same_as) < MAX_SAME_AS:
        merged = replace(merged, same_as=(*stored.same_as, other))
        pair = ((stored.article_id, other), (other, stored.article_id))
        same_as = tuple(Put(rows.same_as_row(*ids)) for ids in pair)
    revision = seen.content != stored.content and not revision_stored
    if seen.page == "kept" and stored.page == "taken":
        revision = False  # the text of its page is the article's; its teaser is no version of that
    if revision:
        merged = replace(merged, revisions=stored.revisions + 1)
    outcome = (
        Outcome.REVISED
        if merged.content != stored.content
        else Outcome.STALE
        if revision
        else Outcome.ALIAS_ADDED
        if aliases
        else Outcome.DUPLICATE
    )
    if merged == stored:
        return Change(outcome, aliases)
    merged = rows.fit(replace(merged, version=stored.version + 1))
    before, after = rows.edges(stored), rows.edges(merged)
    changed = tuple(Put(item) for key, item in after.items() if before.get(key) != item)
    gone = tuple(key for key in before if key not in after)
    head = Put(rows.head_row(merged), stored.version)
    return Change(outcome, (*aliases, head, *same_as, *changed), gone, revision)
