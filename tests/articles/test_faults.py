"""The store function, stopped or failed at each AWS call of a batch of every kind of record: when all is
drained, everything reads as if nothing had happened.

`FAULTS=all` tries every call with every fault and every cut of the redelivery; else SAMPLE of them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from newscast import settings
from newscast.articles.erasing import erasing
from newscast.articles.grants import Grant, Grants
from newscast.articles.items import key_of
from newscast.articles.ops import Check, Drop, Put, Several, Write
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping
from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.records import ArticleTime, Payload, Regroup, TaggedArticle
from tests.articles import faults
from tests.articles.faults import (
    CUTS,
    FAULTS,
    Batch,
    Cut,
    Fault,
    State,
    Wire,
    drain,
    ledger,
    ticking,
    told,
    wrong,
)
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import BUCKET, TABLE, Engine, items

SITE = "https://example.org"
ALL = os.environ.get("FAULTS") == "all"
SAMPLE = 7
STRANGER: dict[str, Any] = {"feed_id": "s", "feed_url": "https://cdn.example/feed", "source": "cdn.example"}
GRANTED: dict[str, Any] = {"feed_id": "g", "feed_url": "https://host.example/feed", "source": "host.example"}


def at(hours: float, name: str = "a", text: str = "Text.", *actors: str, **fields: Any) -> TaggedArticle:
    made: dict[str, Any] = {
        "guid": f"g-{name}",
        "url": f"{SITE}/{name}",
        "title": f"Title of {name}",
    } | fields
    return tagged(
        *map(actor, actors or ("country:USA", "RUS")), text=text, seen=NOON + timedelta(hours=hours), **made
    )


OLD = at(0)
GONE = at(0, "gone", "Words that must go.")
CLAIMED = at(0, "claimed", "Of a stranger.", **STRANGER)
LIVE = [at(hour, "live", f"Minute {hour}.") for hour in range(7)]
BEFORE = [OLD, GONE, CLAIMED, *LIVE, *(at(0, f"t{n}", **GRANTED) for n in range(3))]

BATCHES: dict[str, list[Payload]] = {
    "own": [
        at(1, "new"),
        OLD,
        at(2, "a", "Revised.", "IND"),
        at(3, "new", "By another.", feed_id="second", guid="other"),
        at(3, "a", "Elsewhere.", **STRANGER),
        at(1, "two", "One."),
        at(2, "two", "Two.", "NATO"),
        at(9, "gone", "Words that must go, again."),
    ],
    "large": [
        at(1, "long", url=f"{SITE}/{'x' * 1500}"),
        at(1, "many", "Many.", *(f"A{n:02}" for n in range(45))),
        at(8, "live", "Minute 8.", "IND"),
        at(2, "live", "Minute 2."),
        at(1, "claimed", "Of the owner."),
        at(1, "nowhere", url=None, published=ArticleTime(at=NOON, basis="missing")),
        at(0, gazetteer="2025", tagged_at=NOON),
        at(-2, "a", "Came late."),
        at(1, "a", "Moved.", url=f"{SITE}/moved"),
    ],
    "granted": [
        Regroup(feed_id="g", asked_at=NOON),
        at(1, "t0", "More.", **GRANTED),
        at(1, "t1", "Of the owner.", guid="own"),
        at(1, "t9", **GRANTED),
        CLAIMED,
    ],
}


@pytest.fixture
def world(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Articles]]:
    """Makes the table and bucket that each case begins with."""
    clock = ticking(NOON + timedelta(hours=10))
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("RECORD_QUEUE_URL", "https://queue.example/record")
    monkeypatch.setattr(Edge, "of", lambda name: Edge(name, settings.read(os.environ), clock))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    clients.forget()
    start = State({}, {}).put_back(engine, clock)
    for record in BEFORE:
        start.save(record, "before")
    start.carry(erasing(start.save(GONE, "before").article_id, Keeping(NOON)))
    Grants(start.dynamodb, TABLE).add(
        Grant(feed_id="g", scope="example.org", why="named", evidence="", at="")
    )
    state = State.of(start)
    yield lambda: state.put_back(engine, clock)
    clients.forget()
    faults.end_process()


def cases(calls: int) -> Iterator[tuple[int, Fault, Cut]]:
    every = [(call, fault, cut) for call in range(calls) for fault in FAULTS for cut in CUTS]
    return iter(every if ALL else every[3 :: len(every) // SAMPLE | 1])


@pytest.mark.parametrize("kind", BATCHES)
def test_a_fault_at_any_call_leaves_nothing_half_done(world: Callable[[], Articles], kind: str) -> None:
    batch: Batch = [(f"{kind}.{place}", body) for place, body in enumerate(BATCHES[kind])]
    articles, whole = world(), Wire()
    drain(batch, whole, faults.the_same)
    expected, counted = told(articles), ledger(articles)
    assert wrong(articles) == []
    tried = 0
    for call, fault, cut in cases(len(whole.calls)):
        articles, wire = world(), Wire(fault, call)
        drain(batch, wire, cut)
        case = f"{fault} at call {call}, {wire.calls[call]}, then {cut.__name__}"
        assert wire.struck, case
        now = told(articles)
        assert {part for part in expected if now[part] != expected[part]} == set(), case
        assert wrong(articles) == [], case
        if cut is faults.the_same:
            stored = ledger(articles)
            # Who fails behind its write, or dies before its ledger, comes again and has nothing to store.
            assert stored <= counted, case
            assert stored >= counted or fault != "repeated", case
        assert faults.readable("Words that must go") == [], case
        tried += 1
    assert tried >= SAMPLE - 2


def test_a_put_that_botocore_repeats_is_one_new_article_of_the_ledger(world: Callable[[], Articles]) -> None:
    whole = Wire()
    articles = world()
    drain([("m", at(1, "fresh"))], whole, faults.the_same)
    expected = ledger(articles)
    assert expected == 1
    for call, name in enumerate(whole.calls):
        if name == "PutItem":
            articles = world()
            drain([("m", at(1, "fresh"))], Wire("repeated", call), faults.the_same)
            assert ledger(articles) == expected
    assert whole.calls.count("PutItem") == 3  # page, head, ledger


def test_an_edge_that_a_later_head_needs_stays(world: Callable[[], Articles]) -> None:
    articles = world()
    edge = {"PK": {"S": "ACTOR#RUS#202407"}, "SK": {"S": "time#id"}, "version": {"N": "5"}}
    for version, stays in ((4, True), (5, False)):
        articles.carry_out(Several((edge,)))
        articles.carry_out(Drop((key_of(edge),), version))
        assert (key_of(edge) in items(articles)) is stays


def test_nothing_is_written_where_a_row_that_was_read_has_changed(world: Callable[[], Articles]) -> None:
    articles = world()
    row = {"PK": {"S": "ART#x"}, "SK": {"S": "HEAD"}}
    for version, done in ((2, False), (1, True)):
        assert articles.carry_out(Write((Put(row),), (), (Check(("AUTH#g", "GRANTS"), version),))) is done
        assert (key_of(row) in items(articles)) is done


def test_a_batch_does_not_trust_that_what_the_one_before_kept_is_still_there(
    world: Callable[[], Articles],
) -> None:
    articles, record = world(), at(1, "fresh")
    for _ in range(2):  # the first one fails, and its pack is gone when it comes again
        articles.gather([record], articles.look_ahead([record]))
        for place in list(articles.archive.kept.values()):
            articles.archive.objects.part(place.object, place.offset, place.length)
            articles.archive.objects.remove_file(place.object)
    articles.gather([OLD], articles.look_ahead([OLD]))
    assert articles.archive.kept == {}
