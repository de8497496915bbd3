"""What an entry is known by, who speaks for a page, and keys that never collide or break."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.articles.identity import (
    digest,
    digest_of,
    filed_at,
    key_part,
    name_of,
    read_time,
    revision_of,
    run_of,
    speaks,
    written,
)
from tests.articles.samples import NOON, article, tagged

PAGE = "https://example.org/a"
A: dict[str, Any] = {"feed_id": "f1", "source": "example.org", "guid": "g1", "url": PAGE, "link": PAGE}
LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "owned", "kind"),
    [
        ({}, True, "entry"),
        ({"url": None}, True, "entry"),
        ({"guid": None}, True, "address"),
        ({"guid": ""}, True, "address"),
        ({"guid": None, "url": None}, True, "text"),
        ({}, False, "claim"),
        ({"guid": None}, False, "claim"),
    ],
)
def test_the_kind_of_a_name(fields: dict[str, Any], owned: bool, kind: str) -> None:
    name = name_of(article(**A | fields), owned)
    assert name.kind == kind
    assert len(name.id) == 32


SAME_OR_NOT: list[tuple[dict[str, Any], dict[str, Any], bool, bool]] = [
    ({}, {"url": "https://example.org/moved"}, True, True),
    ({}, {"title": "Other", "text": "Other.", "observed_at": LATER}, True, True),
    ({}, {"guid": "g2"}, True, False),
    ({}, {"feed_id": "f2"}, True, False),  # a guid is its feed's own
    ({}, {"guid": None}, True, False),
    ({"guid": None}, {"guid": None, "text": "Other."}, True, True),
    ({"guid": None}, {"guid": None, "url": "https://example.org/b"}, True, False),
    ({"guid": None}, {"guid": PAGE, "url": None}, True, False),  # a guid that looks like the URL is none
    ({"guid": None, "url": None}, {"guid": None, "url": None, "link": "x"}, True, True),
    ({"guid": None, "url": None}, {"guid": None, "url": None, "text": "Other."}, True, False),
    ({}, {"url": "https://example.org/b"}, False, False),  # of a stranger: one for each page
    ({}, {"guid": "g2"}, False, False),
    ({}, {"text": "Other."}, False, True),
    ({"guid": f"{PAGE}#1"}, {"guid": f"{PAGE}#2"}, True, True),
    ({"guid": f"{PAGE}#1"}, {"guid": PAGE}, True, True),
    ({"guid": f"{PAGE}#1"}, {"guid": f"{PAGE}#2", "link": f"{PAGE}?at=rss"}, True, True),
    ({"guid": f"{PAGE}#one"}, {"guid": f"{PAGE}#two"}, True, False),  # no count
    ({"guid": f"{PAGE}#1"}, {"guid": f"{PAGE}#"}, True, False),
    ({"guid": f"{PAGE}#1"}, {"guid": f"{PAGE}#²"}, True, False),
    ({"guid": "x#1", "link": PAGE}, {"guid": "x#2", "link": PAGE}, True, False),  # not its own link
    ({"guid": f"{PAGE}#1", "link": None}, {"guid": f"{PAGE}#2", "link": None}, True, False),
    ({"guid": "#1", "link": ""}, {"guid": "#2", "link": ""}, True, False),
]


@pytest.mark.parametrize(("one", "other", "owned", "same"), SAME_OR_NOT)
def test_which_entries_have_one_name(
    one: dict[str, Any], other: dict[str, Any], owned: bool, same: bool
) -> None:
    assert (name_of(article(**A | one), owned) == name_of(article(**A | other), owned)) == same


def test_a_strangers_name_is_none_of_an_owners() -> None:
    assert name_of(article(**A), owned=True).id != name_of(article(**A), owned=False).id


@pytest.mark.parametrize(
    ("feed", "source", "url", "scopes", "told"),
    [
        ("https://example.org/feed.xml", "example.org", PAGE, (), True),
        ("https://feeds.example.org/x", "example.org", PAGE, (), True),
        ("http://www.example.org/feed", "example.org", PAGE, (), True),
        ("https://evil.example/feed", "example.org", PAGE, (), False),  # what it calls itself says nothing
        ("https://example.org/feed", "example.org", None, (), True),
        ("https://evil.example/feed", "evil.example", None, (), True),
        ("https://ann.github.io/feed", "x", "https://bob.github.io/a", (), False),
        ("https://ann.github.io/feed", "x", "https://ann.github.io/a", (), True),
        ("https://cdn.example/feed", "x", PAGE, ("example.org",), True),
        ("https://cdn.example/feed", "x", PAGE, ("example.com", "example.org"), True),
        ("https://cdn.example/feed", "x", PAGE, ("example.com",), False),
        ("https://cdn.example/feed", "x", "https://example.org/news/a", ("example.org/news",), True),
        ("https://cdn.example/feed", "x", "https://example.org/newsroom", ("example.org/news",), False),
        (None, "example.org", PAGE, (), True),  # 0.1.0 knew no more than the source
        (None, "evil.example", PAGE, (), False),
    ],
)
def test_who_speaks_for_a_page(
    feed: str | None, source: str, url: str | None, scopes: tuple[str, ...], told: bool
) -> None:
    assert speaks(article(feed_url=feed, source=source, url=url), scopes) is told


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ({"guid": "g9", "feed_id": "f9", "observed_at": LATER, "summary": "Other."}, True),
        ({"text": "Other."}, False),
        ({"url": "https://example.org/b"}, False),
        ({"url": None}, False),
    ],
)
def test_a_revision_is_what_is_said_and_where(fields: dict[str, Any], same: bool) -> None:
    assert (revision_of(article(**A)) == revision_of(article(**A | fields))) is same


def test_a_run_is_a_gazetteer_and_a_tagger() -> None:
    assert run_of(tagged(gazetteer="1", tagged_at=NOON)) == run_of(tagged(gazetteer="1", text="Other."))
    assert run_of(tagged(gazetteer="1")) != run_of(tagged(gazetteer="2"))
    assert digest_of(tagged(text="a")) != digest_of(tagged(text="b"))


@given(st.lists(st.text(max_size=4), max_size=3), st.lists(st.text(max_size=4), max_size=3))
def test_hashes_agree_only_where_the_parts_do(one: list[str], two: list[str]) -> None:
    assert (digest("k", *one) == digest("k", *two)) == (one == two)
    assert digest("entry", *one) != digest("url", *one)


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=400)


@given(ANY_TEXT, ANY_TEXT)
def test_parts_of_keys_are_short_whole_and_never_shared(one: str, two: str) -> None:
    part = key_part(one)
    assert 0 < len(part.encode()) <= 256
    assert "#" not in part
    assert (part == key_part(two)) == (one == two)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("country:USA", "country:USA"),
        ("Le Monde – été", "Le Monde – été"),
        ("C#", "C%23"),
        ("100%", "100%25"),
        ("", "%~" + digest("part", "")),
        ("a\x00b", "%~" + digest("part", "a\x00b")),
        ("x" * 257, "%~" + digest("part", "x" * 257)),
    ],
)
def test_parts_of_keys_stay_readable_where_publishers_are_sane(text: str, part: str) -> None:
    assert key_part(text) == part


TIMES = st.datetimes(timezones=st.just(UTC))


@given(TIMES, TIMES)
def test_times_in_keys_sort_as_times(one: datetime, two: datetime) -> None:
    assert (written(one) < written(two)) == (one < two)
    assert len(written(one)) == 27
    assert read_time(written(one)) == one


@pytest.mark.parametrize(
    ("published", "filed"),
    [
        (NOON - timedelta(days=9000), NOON - timedelta(days=9000)),
        (NOON, NOON),
        (NOON + timedelta(minutes=60), NOON + timedelta(minutes=60)),
        (NOON + timedelta(minutes=61), NOON + timedelta(minutes=60)),
        (datetime(9999, 12, 31, tzinfo=UTC), NOON + timedelta(minutes=60)),
    ],
)
def test_nothing_is_filed_in_the_future(published: datetime, filed: datetime) -> None:
    assert filed_at(published, NOON) == filed


@given(TIMES, TIMES)
def test_any_two_times_can_be_filed(published: datetime, first_seen: datetime) -> None:
    assert filed_at(published, first_seen) - first_seen <= timedelta(hours=1)
