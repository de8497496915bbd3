"""What makes two entries one article, and keys that never collide, never break and sort by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.articles.identity import digest, filed_at, identity, key_part, read_time, written
from tests.articles.samples import NOON, article

A: dict[str, Any] = {"source": "example.org", "guid": "g1", "url": "https://example.org/a"}


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        ({}, {"guid", "url"}),
        ({"title": "Another", "text": "Other words."}, {"guid", "url"}),
        ({"url": "https://example.org/moved"}, {"guid"}),
        ({"guid": "g2"}, {"url"}),
        ({"guid": None}, {"url"}),
        ({"source": "example.net"}, {"url"}),
        ({"source": "example.net", "url": None}, set()),
        ({"guid": "https://example.org/a", "url": None}, set()),  # a guid that looks like the URL is none
        ({"guid": None, "url": None}, set()),
    ],
)
def test_what_two_entries_share(other: dict[str, Any], shared: set[str]) -> None:
    first, second = identity(article(**A)), identity(article(**A | other))
    assert {alias.kind for alias in set(first.aliases) & set(second.aliases)} == shared
    if "guid" in shared:
        assert first.article_id == second.article_id


def test_the_guid_is_stronger_than_the_url() -> None:
    assert [alias.kind for alias in identity(article(**A)).aliases] == ["guid", "url"]


def test_an_entry_with_neither_guid_nor_url_is_known_by_what_it_says() -> None:
    none: dict[str, Any] = {"guid": None, "url": None}
    same, other = identity(article(**none)), identity(article(**none, title="Another"))
    assert same == identity(article(**none, link="https://example.org/x?y"))
    assert not set(same.aliases) & set(other.aliases)


@given(st.lists(st.text(max_size=4), max_size=3), st.lists(st.text(max_size=4), max_size=3))
def test_hashes_agree_only_where_the_parts_do(one: list[str], two: list[str]) -> None:
    assert (digest("k", *one) == digest("k", *two)) == (one == two)
    assert digest("guid", *one) != digest("url", *one)


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
