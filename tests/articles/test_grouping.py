"""A page's row, and which of its names are one article: tables of cases, and bounds that no order changes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.articles.grouping import (
    MAX_CLAIMS,
    MAX_CLAIMS_OF_ONE,
    MAX_OWNERS,
    Own,
    Place,
    claim,
    home,
    owner,
    places,
    with_claim,
    with_owner,
)
from newscast.articles.heads import row_of
from newscast.articles.revisions import Revision
from newscast.articles.rows import Claim, Owner, Page, Redirect
from tests.articles.samples import NOON, tagged

URL = "https://example.org/a"
OTHER = "https://example.org/b"


def row(hours: int = 0, name: str = "n", **fields: Any) -> Revision:
    return row_of(name, tagged(seen=NOON + timedelta(hours=hours), **fields), "c", NOON)


def told(first: int, name: str, feed: str = "f", titles: str = "t", home: bool = True) -> Owner:
    return Owner(f"{first:02}", name, feed, home, tuple(titles))


def stranger(first: int, name: str, feed: str = "s") -> Claim:
    return Claim(f"{first:02}", name, feed, f"https://{feed}.example/", f"{feed}.example")


def same(name: str) -> Redirect:
    return Redirect(leads_to=name, why="same")


def beside(name: str) -> Redirect:
    return Redirect(leads_to=name, why="beside")


CASES: list[tuple[str, list[Owner], list[Claim], dict[str, Place]]] = [
    ("nobody", [], [], {}),
    ("one", [told(1, "a")], [], {"a": Own(("a",))}),
    (
        "two feeds of a publisher, whatever their titles",
        [told(1, "a", "f", "t"), told(2, "b", "g", "u")],
        [],
        {"a": Own(("a", "b")), "b": same("a")},
    ),
    (
        "a guid that changed: a title in common",
        [told(1, "a", titles="tu"), told(2, "b", titles="uv")],
        [],
        {"a": Own(("a", "b")), "b": same("a")},
    ),
    (
        "alerts: a feed's names without one",
        [told(1, "a", titles="t"), told(2, "b", titles="u"), told(3, "c", titles="v")],
        [],
        {name: Own((name,)) for name in "abc"},
    ),
    (
        "alerts of one feed part the names of all feeds",
        [told(1, "a", "f", "t"), told(2, "b", "f", "u"), told(3, "c", "g", "t")],
        [],
        {name: Own((name,)) for name in "abc"},
    ),
    (
        "each two must have one in common",
        [told(1, "a", titles="t"), told(2, "b", titles="tu"), told(3, "c", titles="u")],
        [],
        {name: Own((name,)) for name in "abc"},
    ),
    (
        "a name whose home is another page is not placed here",
        [told(1, "a", home=False), told(2, "b")],
        [],
        {"b": Own(("b",))},
    ),
    (
        "nor does its title part others",
        [told(1, "a", titles="", home=False), told(2, "b", titles="t")],
        [],
        {"b": Own(("b",))},
    ),
    ("strangers alone", [], [stranger(1, "x"), stranger(2, "y")], {"x": Own(("x",)), "y": Own(("y",))}),
    (
        "strangers, and an owner that came later",
        [told(9, "a")],
        [stranger(1, "x")],
        {"a": Own(("a",)), "x": beside("a")},
    ),
    (
        "strangers beside a page of many",
        [told(1, "a", titles="t"), told(2, "b", titles="u")],
        [stranger(3, "x")],
        {"a": Own(("a",)), "b": Own(("b",)), "x": beside("a")},
    ),
    (
        "strangers beside an owner whose home is elsewhere",
        [told(1, "a", home=False)],
        [stranger(3, "x")],
        {"x": beside("a")},
    ),
    (
        "as many names as one article may have",
        [told(n, f"{n:02}", f"f{n}") for n in range(MAX_OWNERS)],
        [],
        {"00": Own(tuple(f"{n:02}" for n in range(MAX_OWNERS)))}
        | {f"{n:02}": same("00") for n in range(1, MAX_OWNERS)},
    ),
    (
        "one more",
        [told(n, f"{n:02}", f"f{n}") for n in range(MAX_OWNERS + 1)],
        [],
        {f"{n:02}": Own((f"{n:02}",)) for n in range(MAX_OWNERS + 1)},
    ),
]


@pytest.mark.parametrize(
    ("owners", "claims", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_where_names_stand(owners: list[Owner], claims: list[Claim], expected: dict[str, Place]) -> None:
    assert places(Page(url=URL, owners=tuple(owners), claims=tuple(claims))) == expected


# ------------------------------------------------------------------------------ what a page says of rows
def test_a_names_home_is_where_it_was_first_observed() -> None:
    rows = [row(2, url=OTHER, text="x"), row(1, url=URL), row(3, url=None, text="y")]
    assert home(rows) == URL
    assert home([]) is None
    assert home([row(url=None)]) is None


OWNERS: list[tuple[str, list[Revision], str, tuple[bool, int] | None]] = [
    ("not observed here", [row(url=OTHER)], URL, None),
    ("at home", [row(), row(1, title="Other")], URL, (True, 2)),
    ("moved away: its home stays", [row(), row(1, url=OTHER, title="Other")], URL, (True, 2)),
    ("moved here: no titles", [row(), row(1, url=OTHER, title="Other")], OTHER, (False, 0)),
    ("one title twice", [row(), row(1, text="x")], URL, (True, 1)),
    ("many titles", [row(n, title=f"{n}") for n in range(20)], URL, (True, 16)),
]


@pytest.mark.parametrize(
    ("rows", "url", "expected"), [case[1:] for case in OWNERS], ids=[case[0] for case in OWNERS]
)
def test_what_a_page_says_of_an_owner(
    rows: list[Revision], url: str, expected: tuple[bool, int] | None
) -> None:
    found = owner("n", url, rows[::-1])
    assert (found and (found.home, len(found.titles))) == expected
    assert owner("n", url, rows) == found


def test_what_a_page_says_of_a_stranger() -> None:
    rows = [row(1), row(0, text="x", feed_url=None)]
    assert claim("n", rows) == claim("n", rows[::-1]) == Claim(rows[1].first, "n", "f1", "", "example.org")
    assert claim("n", []) is None


# -------------------------------------------------------------------------------------------- bounds
def filled(put: Callable[[Page, str, Any], Page], entries: list[Any], rng: random.Random) -> Page:
    """The page after these entries, in any order, some of them twice."""
    page = Page(url=URL)
    for one in rng.sample(entries, len(entries)) + rng.choices(entries, k=3):
        page = put(page, one.name, one)
    return page


NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=60)


@given(NUMBERS, st.randoms(use_true_random=False))
def test_owners_are_in_order_and_one_more_than_fit_tells_that_there_are_more(
    times: list[int], rng: random.Random
) -> None:
    entries = [told(time, f"{n:02}") for n, time in enumerate(times)]
    page = filled(with_owner, entries, rng)
    assert page.owners == tuple(sorted(entries, key=lambda one: (one.first, one.name))[: MAX_OWNERS + 1])
    assert with_owner(page, page.owners[0].name, None).owners == page.owners[1:]


@given(NUMBERS, st.integers(1, 20), st.randoms(use_true_random=False))
def test_claims_are_bounded_by_feed_and_the_first_are_kept(
    times: list[int], feeds: int, rng: random.Random
) -> None:
    entries = [stranger(time, f"{n:02}", f"s{n % feeds}") for n, time in enumerate(times)]
    page = filled(with_claim, entries, rng)
    counted: Counter[str] = Counter()
    expected = []
    for one in sorted(entries, key=lambda one: (one.first, one.name)):
        counted[one.feed_id] += 1
        if counted[one.feed_id] <= MAX_CLAIMS_OF_ONE:
            expected.append(one)
    assert page.claims == tuple(expected[:MAX_CLAIMS])


def test_one_feed_cannot_fill_the_claims() -> None:
    page = Page(url=URL)
    for n in range(100):
        page = with_claim(page, f"e{n:03}", stranger(1, f"e{n:03}", "evil"))
    assert len(page.claims) == MAX_CLAIMS_OF_ONE
    page = with_claim(page, "late", stranger(9, "late", "honest"))
    assert "late" in places(page)


def test_an_entry_is_replaced_not_doubled() -> None:
    page = with_owner(with_owner(Page(url=URL), "a", told(2, "a")), "a", told(1, "a"))
    assert page.owners == (told(1, "a"),)
    page = with_claim(with_claim(page, "x", stranger(2, "x")), "x", stranger(1, "x"))
    assert page.claims == (stranger(1, "x"),)
    assert with_claim(page, "x", None).claims == ()


@given(st.integers(0, 5000), st.randoms(use_true_random=False))
def test_every_name_that_leads_leads_to_an_article(seed: int, rng: random.Random) -> None:
    """And each name at home is in exactly one article."""
    made = random.Random(seed)
    owners = [
        told(
            made.randint(0, 3), f"o{n}", made.choice("fg"), made.choice(["t", "u", "tu"]), made.random() < 0.8
        )
        for n in range(made.randint(0, 5))
    ]
    page = filled(with_owner, owners, rng) if owners else Page(url=URL)
    found = places(page)
    own = [name for place in found.values() if isinstance(place, Own) for name in place.names]
    assert sorted(own) == sorted(one.name for one in owners if one.home)
    for place in found.values():
        if isinstance(place, Redirect):
            assert isinstance(found[place.leads_to], Own)
