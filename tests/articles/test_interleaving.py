"""Exactly-once effect from at-least-once delivery, over many seeded histories, and that the check bites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from newscast.articles import writing
from newscast.articles.rows import Head
from newscast.articles.writing import Op, Outcome, Put, Write
from tests.articles.interleaving import Split, broken, play, torn

SEEDS = range(220)


def test_whatever_happens_the_table_says_what_the_messages_say() -> None:
    histories = {seed: play(seed) for seed in SEEDS}
    assert {seed: problems for seed, history in histories.items() if (problems := broken(history))} == {}
    assert sum(history.kills for history in histories.values()) > 200
    assert {saved.outcome for history in histories.values() for saved in history.outcomes} == set(Outcome)


def test_delivering_everything_again_changes_nothing() -> None:
    for seed in SEEDS[:60]:
        history = play(seed)
        before = dict(history.table.items)
        again = [history.articles.save(message, "c") for message in history.messages]
        assert {saved.outcome for saved in again} == {Outcome.DUPLICATE}
        assert history.table.items == before


def test_without_faults_the_same_holds() -> None:
    assert [broken(play(seed, faults=False)) for seed in SEEDS[:50]] == [[]] * 50


def test_reads_that_others_write_between_are_no_harm() -> None:
    assert [broken(play(seed, split=torn)) for seed in SEEDS[:60]] == [[]] * 60


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


def any_version(op: Op) -> Iterator[Op]:
    """The head is written whatever its version is by now."""
    if isinstance(op, Write):
        op = replace(op, puts=tuple(Put(p.item) if isinstance(p.only, int) else p for p in op.puts))
    yield op


def edges_left(op: Op) -> Iterator[Op]:
    """A superseded revision's edges stay."""
    yield replace(op, deletes=()) if isinstance(op, Write) else op


@pytest.mark.parametrize("bug", [one_by_one, unconditional, any_version, edges_left])
def test_a_broken_write_is_found(bug: Split) -> None:
    assert any(broken(play(seed, split=bug)) for seed in SEEDS)


def last_wins(stored: Head, seen: Head) -> Head:
    """No guard on the time of observation: what comes last is taken for the newest."""
    kept = {name: getattr(stored, name) for name in ("version", "revisions", "same_as", "stored_at")}
    return changed(seen, **kept, first_seen=min(stored.first_seen, seen.first_seen))


def last_seen(stored: Head, seen: Head) -> Head:
    """Forgets when the article was first seen."""
    return changed(RIGHT(stored, seen), first_seen=stored.first_seen)


def newest_wins(stored: Head, seen: Head) -> Head:
    """A teaser that is newer than the full text replaces it."""
    return RIGHT(changed(stored, page=None), changed(seen, page=None))


RIGHT = writing.merge


@pytest.mark.parametrize("bug", [last_wins, last_seen, newest_wins])
def test_a_broken_merge_is_found(bug: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "merge", bug)
    assert any(broken(play(seed)) for seed in SEEDS)
