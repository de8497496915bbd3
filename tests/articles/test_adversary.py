"""No feed that neither owns an article's address nor shares its authority changes what is shown of it."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from newscast.articles import grouping, queries, revisions, settling
from newscast.articles.bodies import pack
from newscast.articles.erasing import erasing
from newscast.articles.identity import written
from newscast.articles.migrating import migrate
from newscast.articles.ops import Put, Write
from newscast.articles.rows import expired
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping
from newscast.records import TaggedArticle
from tests.articles.adversary import (
    FEEDS,
    THIRD,
    VICTIMS,
    Event,
    attack,
    interleaved,
    lead,
    play,
    shown,
    victims,
)
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

TIMES = int(os.environ.get("ADVERSARY", "1"))
"""How many times more histories than in a usual run."""
ORDERS = 3
B = {*VICTIMS, *THIRD}


def mixed(rng: random.Random, ours: list[Event], theirs: list[Event]) -> list[Event]:
    """Both in any order."""
    return rng.sample([*ours, *theirs], len(ours) + len(theirs))


def changed(seeds: range, full: bool = False) -> list[int]:
    """Seeds of histories in which A changes something of B's, in some order. `full`: where few observers have
    room beside an article, B isn't what another stranger (not granted V's site) said of it."""
    found = []
    for seed in seeds:
        rng = random.Random(seed)
        ours, theirs = victims(rng), attack(rng)
        alone, _ = play(ours)
        granted = any(event.kind == "grant" for event in ours)
        of = B if granted or not full else B - {"elsewhere"}
        expected = shown(alone, of)
        for _ in range(ORDERS):
            memory, ids = play(mixed(rng, ours, theirs))
            leads = [lead(memory, ids[id(event)]) for event in ours if event.record and event.feed in of]
            if shown(memory, of) != expected or any(head is None or head.feed_id not in B for head in leads):
                found.append(seed)
                break
    return found


def test_a_changes_nothing_of_bs() -> None:
    assert changed(range(150 * TIMES)) == []


def test_nor_where_bounds_are_low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "MAX_ROWS", 3)
    monkeypatch.setattr(grouping, "MAX_OWNERS", 2)
    monkeypatch.setattr(grouping, "MAX_CLAIMS", 2)
    monkeypatch.setattr(grouping, "MAX_CLAIMS_OF_ONE", 1)
    monkeypatch.setattr(grouping, "MAX_TITLES", 2)
    assert changed(range(10**6, 10**6 + 100 * TIMES), full=True) == []


def test_nor_where_it_takes_many_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST", 4)
    assert changed(range(2 * 10**6, 2 * 10**6 + 60 * TIMES)) == []


@pytest.mark.parametrize("kills", [0.0, 0.03])
def test_nor_where_both_write_at_the_same_time(kills: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST", 6)
    found = []
    start = 3 * 10**6 + (10**6 if kills else 0)
    for seed in range(start, start + 60 * TIMES):
        rng = random.Random(seed)
        ours, theirs = victims(rng), attack(rng)
        alone, _ = play(ours)
        cut = rng.randint(0, len(theirs))
        for _ in range(ORDERS):
            memory = interleaved(rng, [rng.sample(ours, len(ours)), theirs[:cut], theirs[cut:]], kills)
            if shown(memory, B) != shown(alone, B):
                found.append(seed)
                break
    assert found == []


def test_the_attacks_reach_what_they_attack() -> None:
    """A's observations stand beside B's articles, before and after; some are erased, taken over, unlisted."""
    seen: Counter[str] = Counter()
    for seed in range(200):
        rng = random.Random(seed)
        memory, _ = play(mixed(rng, victims(rng), attack(rng)))
        for page in memory.pages():
            if page.owners and page.claims:
                seen["beside"] += 1
                seen["first"] += page.claims[0].first < page.owners[0].first
                seen["tie"] += any(one.first == page.owners[0].first for one in page.claims)
        for at in memory.at_heads().values():
            seen[type(at).__name__] += 1
            seen[getattr(at, "why", "")] += 1
    assert min(seen[kind] for kind in ("beside", "first", "tie", "Erased", "moved", "same")) > 10, seen


# ------------------------------------------------------------------------------------------ time and 0.1.0
PAGE = "https://victim.example/a"


def said(feed: str, days: float, **fields: Any) -> TaggedArticle:
    seen = NOON + timedelta(days=days)
    made = {
        "feed_id": feed,
        "feed_url": FEEDS[feed],
        "source": FEEDS[feed].split("/")[2].removeprefix("www."),
    }
    return tagged(actor("RUS"), at=seen, seen=seen, **made | {"url": PAGE, "link": PAGE} | fields)


def test_a_page_lasts_as_long_as_its_owners_whoever_claimed_it_before() -> None:
    """A observes the address of a page that is yet to be (a live text, a yearly report). Its claim is old
    when V's two feeds bring it: the page's row, that says that both are one article, may not end with it."""
    seen = []
    for early in ([], [said("evil", 0)]):
        memory = Memory(keep=timedelta(days=30), now=NOON)
        later = [
            said("world", 420, guid="w"),
            said("politics", 420.1, guid="p"),
            said("politics", 432, guid="p", text="Revised."),
        ]
        for record in (*early, *later):
            memory.now = record.article.observed_at
            for key in [key for key, item in memory.items.items() if expired(item, memory.now)]:
                del memory.items[key]
            memory.save(record)
        seen.append(shown(memory, B))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("order", ["as stored", "the other way round"])
def test_an_id_of_a_poisoned_archive_leads_to_the_article_that_it_was(articles: Articles, order: str) -> None:
    """In 0.1.0, E's second poll made V's article show E's text and address (`source` stayed V's). The id is
    V's, as it was given to V's revision, and must not lead to E's page."""
    first = said("world", 0, guid="v1", title="Zelenskyy visits Kharkiv")
    poison = [
        said("evil", 0.1, guid="e1", title="Peru ousts Jeri"),
        said("evil", 0.2, guid="e1", title="Peru ousts Jeri again", url="https://evil.example/own"),
    ]
    name = "0" * 32
    rows_there = [first, *poison] if order == "as stored" else [*reversed(poison), first]
    for number, record in enumerate(rows_there):
        revision = {
            "PK": {"S": f"ART#{name}"},
            "SK": {"S": f"REV#{number}{record.article.content_hash[1:]}"},
            "content": {"S": record.article.content_hash},
            "stored_at": {"S": written(record.article.observed_at)},
            "correlation_id": {"S": "old"},
            "body": {"B": pack(record)},
        }
        articles.carry_out(Write((Put(revision),)))
    head = {
        "PK": {"S": f"ART#{name}"},
        "SK": {"S": "HEAD"},
        "content": {"S": poison[1].article.content_hash},
        "source": {"S": "victim.example"},
        "observed": {"S": written(poison[1].article.observed_at)},
    }
    articles.carry_out(Write((Put(head),)))
    migrate(articles, FEEDS.get, lambda _: None)
    (found,) = queries.heads(articles, [name]).values()
    assert (found.source, found.title, found.url) == ("victim.example", "Zelenskyy visits Kharkiv", PAGE)


def test_erasing_what_a_feed_said_while_the_owner_comes_erases_no_owners_article() -> None:
    """`newscast erase --feed` lists what goes and asks; until it is told yes, V is polled."""
    memory = Memory()
    junk = memory.save(said("evil", 0, guid="e1", title="Junk")).article_id
    memory.save(said("world", 1, guid="v1"))
    memory.carry(erasing(junk, Keeping(memory.now), own=True))
    (head,) = memory.heads().values()
    assert head.feed_id == "world"
    page = memory.page(PAGE)
    assert page
    assert (page.erased, page.claims) == (None, ())
    assert memory.save(said("world", 2, guid="v1", text="Revised.")).outcome == "revised"


def test_what_one_name_lacks_is_not_told_from_anothers() -> None:
    """V alone, two orders: that a text was seen again is kept under its own name, since names that are one
    article may become several (a page of many)."""
    first, again = said("world", 0, guid="g1"), said("world", 2, guid="g1")
    other = said("world", 2, guid="g2")
    between = said("world", 1, guid="g1", text="Other text.")
    many = said("world", 3, guid="g3", title="Another title")
    orders = [first, other, again, between, many], [first, again, between, other, many]
    tables = [Memory() for _ in orders]
    for memory, order in zip(tables, orders, strict=True):
        for record in order:
            memory.save(record)
    assert shown(tables[0], B) == shown(tables[1], B)
