"""The same observations and grants come to the same articles, in whatever order they arrive."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from newscast.articles import grouping, revisions, settling
from newscast.articles.rows import Head, Redirect
from tests.articles.histories import FEEDS, OWNERS, PAGES, history, observation, play, state

ORDERS = 5


def differing(seeds: range, grants: bool = True) -> list[int]:
    """Seeds of histories that some order changes."""
    found = []
    for seed in seeds:
        rng = random.Random(seed)
        events = history(rng, grants)
        expected = state(play(events))
        if any(state(play(rng.sample(events, len(events)))) != expected for _ in range(ORDERS)):
            found.append(seed)
    return found


def test_no_order_changes_an_article() -> None:
    assert differing(range(150)) == []


def test_nor_where_lists_are_full(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without grants: a list that was full before one came has room after it, which only later
    # observations fill.
    monkeypatch.setattr(revisions, "MAX_ROWS", 3)
    monkeypatch.setattr(grouping, "MAX_OWNERS", 2)
    monkeypatch.setattr(grouping, "MAX_CLAIMS", 2)
    monkeypatch.setattr(grouping, "MAX_CLAIMS_OF_ONE", 1)
    assert differing(range(1000, 1100), grants=False) == []


def test_nor_where_it_takes_many_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST", 4)
    assert differing(range(2000, 2080)) == []


def test_the_histories_hold_what_can_go_wrong() -> None:
    """Merged names, observations beside, names that moved, articles of each feed."""
    seen: Counter[str] = Counter()
    for seed in range(60):
        for at in play(history(random.Random(seed))).at_heads().values():
            seen[at.why if isinstance(at, Redirect) else "article"] += 1
            if isinstance(at, Head) and len(at.names) > 1:
                seen["several names"] += 1
    assert min(seen[kind] for kind in ("article", "several names", "same", "beside", "moved")) > 10


def test_a_stranger_changes_nothing_of_an_owners_article() -> None:
    """No sequence of observations of feeds that don't speak for a page changes what is shown of it."""
    for seed in range(150):
        rng = random.Random(seed)
        owners = [observation(rng, sorted(OWNERS), PAGES[:-1]) for _ in range(rng.randint(1, 6))]
        strangers = [observation(rng, sorted(set(FEEDS) - OWNERS)) for _ in range(rng.randint(1, 8))]
        alone = play(owners)
        memory = play(rng.sample([*owners, *strangers], len(owners) + len(strangers)))
        shown = state(memory)
        assert {name: shown.get(name) for name in state(alone)} == state(alone)
        # Where else something of the owners' would be filed: nothing new speaks for them.
        ours = {FEEDS[feed] for feed in OWNERS}
        assert {name for name, head in shown.items() if ours & {*head.observers}} == set(state(alone))
