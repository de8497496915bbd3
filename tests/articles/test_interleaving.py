"""Exactly-once effect from at-least-once delivery, over many seeded histories, and that the check bites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace as changed

from newscast.articles import grouping, heads, regrouping, revisions, settling, writing
from newscast.articles.items import item_of, key_of, read
from newscast.articles.ops import Drop, Op, Put, Several, Write
from newscast.articles.revisions import Revision
from newscast.articles.rows import Page
from newscast.articles.writing import Keeping, saving
from tests.articles import histories
from tests.articles.histories import FEEDS, PAGES, Event, broken
from tests.articles.interleaving import Played, Split, play, torn
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

SEEDS = range(160)


def wrong(played: Played) -> list[str]:
    return ["a message was given up"] * played.dead + broken(played.memory, played.events)


def test_whatever_happens_the_table_says_what_was_observed() -> None:
    histories = {seed: play(seed) for seed in SEEDS}
    assert {seed: problems for seed, played in histories.items() if (problems := wrong(played))} == {}
    assert sum(played.kills for played in histories.values()) > 200
    outcomes: Counter[str] = sum((played.outcomes for played in histories.values()), Counter())
    assert {"new", "revised", "retagged", "stale", "observed", "beside", "duplicate"} <= set(outcomes)


def test_without_faults_the_same_holds() -> None:
    assert [wrong(play(seed, faults=False)) for seed in SEEDS[:50]] == [[]] * 50


def test_reads_that_others_write_between_are_no_harm() -> None:
    assert [wrong(play(seed, split=torn)) for seed in SEEDS[:60]] == [[]] * 60


def test_nor_is_work_that_takes_many_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST", 4)
    assert [wrong(play(seed, split=torn)) for seed in SEEDS[:80]] == [[]] * 80


def test_two_articles_of_many_actors_become_one_and_each_transaction_fits() -> None:
    """The one has all its edges replaced, the other's go: more than a transaction holds."""
    actors = [[actor(f"{letter}{n:02}") for n in range(heads.MAX_EDGES)] for letter in "ABC"]
    said = [
        tagged(*actors[0], guid="g1", title="Flood"),
        tagged(*actors[1], guid="g2", title="Storm", seen=NOON + timedelta(hours=1)),
        tagged(*actors[2], guid="g2", title="Flood", text="Both.", seen=NOON + timedelta(hours=2)),
    ]
    memory = histories.play(said)  # it refuses a transaction of more than 100 rows
    assert {one.actor_id for head in memory.heads().values() for one in head.actors} == {
        one.actor_id for one in actors[2]
    }
    assert broken(memory, said) == []


FED = tagged(feed_id="elsewhere", feed_url=FEEDS["elsewhere"], source="feeds.cdn.example", url=PAGES[1])
GRANT = ("elsewhere", "victim.example")


def test_a_grant_between_reading_and_writing_is_not_missed() -> None:
    """Its job is done by then, and has not seen what is about to be written."""
    memory = Memory()
    work = saving(FED, "c", Keeping(NOON))
    op = next(work)
    while not isinstance(op, Write):
        op = work.send(memory.carry_out(op))
    memory.grant(*GRANT)
    memory.regroup("elsewhere")
    with suppress(StopIteration):
        while True:
            op = work.send(memory.carry_out(op))
    assert broken(memory, [FED, GRANT]) == []


def test_regrouping_stopped_anywhere_and_begun_again_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrouping, "DELETES", 1)
    monkeypatch.setattr(settling, "MOST", 2)
    events: list[Event] = [FED, changed(FED, article=changed(FED.article, content_hash="b" * 64)), GRANT]
    whole = histories.play(events)
    for stopped in count():
        memory = histories.play(events[:-1])
        memory.grant(*GRANT)
        work, answer = regrouping.regrouping("elsewhere", Keeping(NOON)), None
        done = False
        try:
            for _ in range(stopped):
                answer = memory.carry_out(work.send(answer))
        except StopIteration:
            done = True
        memory.regroup("elsewhere")
        assert set(memory.items) == set(whole.items), f"stopped after {stopped} operations"
        assert broken(memory, events) == []
        if done:
            break
    assert stopped > 10


# ---------------------------------------------------------------------------------- planted bugs
def one_by_one(op: Op) -> Iterator[Op]:
    """No transaction: each row for itself, with its condition."""
    if not isinstance(op, Write):
        yield op
        return
    yield from (Write((put,)) for put in op.puts)
    yield from (Write((), (key,)) for key in op.deletes)


def unconditional(op: Op) -> Iterator[Op]:
    """No conditions at all."""
    yield Write(tuple(Put(put.item) for put in op.puts), op.deletes) if isinstance(op, Write) else op


def heads_of_any_version(op: Op) -> Iterator[Op]:
    """Heads are written whatever their version is by now."""
    yield _without_condition(op, "HEAD")


def pages_of_any_version(op: Op) -> Iterator[Op]:
    yield _without_condition(op, "PAGE")


def _without_condition(op: Op, sort: str) -> Op:
    if not isinstance(op, Write):
        return op
    return replace(op, puts=tuple(Put(p.item) if p.item["SK"]["S"] == sort else p for p in op.puts))


def nothing_checked(op: Op) -> Iterator[Op]:
    """What was read and not written may have changed."""
    yield replace(op, checks=()) if isinstance(op, Write) and op.puts else op


def edges_dropped_anyway(op: Op) -> Iterator[Op]:
    """Edges of an actor that is gone are deleted, though another head needs them by now."""
    yield replace(op, version=10**9) if isinstance(op, Drop) else op


def edges_of_one(op: Op) -> Iterator[Op]:
    """Only the first of an article's actors gets its edge."""
    yield replace(op, items=op.items[:1]) if isinstance(op, Several) else op


@pytest.mark.parametrize(
    "bug",
    [
        one_by_one,
        unconditional,
        heads_of_any_version,
        pages_of_any_version,
        edges_of_one,
    ],
)
def test_a_broken_write_is_found(bug: Split) -> None:
    assert any(wrong(play(seed, split=bug)) for seed in range(400))


def test_a_write_that_checks_nothing_is_found() -> None:
    """Only now and then does it matter: in 16 of 4,000 histories."""
    assert any(wrong(play(seed, split=nothing_checked)) for seed in range(800, 900))


@pytest.mark.parametrize("bug", [None, edges_dropped_anyway])
def test_an_edge_that_a_later_head_needs_is_not_deleted(bug: Split | None) -> None:
    """A writer's head says an actor no more; before it deletes the edge, another's says the actor again."""
    events: list[Event] = [
        tagged(actor("IND")),
        tagged(actor("RUS"), text="Revised.", seen=NOON + timedelta(hours=1)),
        tagged(actor("IND"), text="Again.", seen=NOON + timedelta(hours=2)),
    ]
    memory = histories.play(events[:1])
    work = saving(events[1], "c", Keeping(NOON))  # type: ignore[arg-type]
    op = next(work)
    while not isinstance(op, Drop):
        op = work.send(memory.carry_out(op))
    histories.play(events[2:], memory)
    for each in bug(op) if bug else (op,):
        memory.carry_out(each)
    assert bool(broken(memory, events)) == (bug is not None)


def unmarked(right: Callable[..., list[Write]]) -> Callable[..., list[Write]]:
    """Work in several transactions that nobody finishes for a writer that died."""

    def writes(*asked: Any, **more: Any) -> list[Write]:
        return [replace(one, puts=tuple(map(settled, one.puts))) for one in right(*asked, **more)]

    def settled(put: Put) -> Put:
        if put.item["SK"]["S"] != "PAGE":
            return put
        page = changed(read(put.item, Page), unsettled=())
        return Put({**put.item, **item_of(key_of(put.item), page)}, put.only)

    return writes


def test_a_missing_mark_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST", 4)
    monkeypatch.setattr(writing, "writes", unmarked(settling.writes))
    monkeypatch.setattr(regrouping, "writes", unmarked(settling.writes))
    assert any(wrong(play(seed)) for seed in range(200))


def last_wins(one: Revision, other: Revision) -> Revision:
    """What comes last is taken for what was observed last."""
    return changed(other, first=min(one.first, other.first))


def forgets_first(one: Revision, other: Revision) -> Revision:
    return changed(RIGHT(one, other), first=one.first)


def any_record(one: Revision, other: Revision) -> Revision:
    """The record that came first stands, not the one that was observed first."""
    return changed(one, first=min(one.first, other.first), last=max(one.last, other.last))


RIGHT = revisions.joined


@pytest.mark.parametrize("bug", [last_wins, forgets_first, any_record])
def test_a_broken_join_is_found(bug: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "joined", bug)
    assert any(wrong(play(seed)) for seed in range(400))


def test_an_owner_that_leaves_strangers_where_they_are_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = grouping.places
    monkeypatch.setattr(
        settling,
        "places",
        lambda page: {n: p for n, p in right(page).items() if getattr(p, "why", "") != "beside"},
    )
    assert any(wrong(play(seed)) for seed in SEEDS)
