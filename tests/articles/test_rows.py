"""Rows: their keys, their bounds, and that what goes in comes out."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscast.articles import rows
from newscast.articles.identity import written
from newscast.articles.items import item_bytes, read
from newscast.articles.keys import actor_index, actor_shards
from newscast.articles.rows import AliasRow, Edge, Head, Revision, SameAs
from newscast.records import ArticleTime, Involvement, Language
from tests.articles.fake_table import KEY_BYTES, FakeTable
from tests.articles.samples import NOON, actor, tagged

ID = "0123456789abcdef0123456789abcdef"


def head(**fields: Any) -> Head:
    return rows.head_of(tagged(actor("country:USA"), actor("RUS", "speaker"), **fields), ID, "poll.1", NOON)


def test_each_row_reads_back_as_it_was_written() -> None:
    revision = Revision(
        article_id=ID,
        content="c",
        observed=written(NOON),
        stored_at=written(NOON),
        correlation_id="p",
        body=b"\0",
    )
    assert read(rows.head_row(head()), Head) == head()
    assert read(rows.revision_row(revision), Revision) == revision
    assert read(rows.same_as_row(ID, "b"), SameAs) == SameAs(article_id=ID, other_id="b")
    assert [read(item, Edge).actor_id for item in rows.edges(head()).values()] == ["country:USA", "RUS"]


def test_a_row_of_another_kind_is_named() -> None:
    with pytest.raises(ValueError, match=r"HEAD.*is not a Revision.*stored_at|HEAD.*is not a Revision"):
        read(rows.same_as_row(ID, "b") | {"SK": {"S": "HEAD"}}, Revision)


def test_a_record_comes_back_from_its_body() -> None:
    record = tagged(actor("country:USA"), text="Ünï 🌍 \x01 text. " * 50)
    assert rows.unpack(rows.pack(record)) == record
    assert len(rows.pack(record)) < 800


def test_rows_from_before_titles_had_their_own_language_are_read() -> None:
    old = tagged(actor("country:USA"))
    fields = msgspec.to_builtins(old)
    for name in ("title_language", "text_language"):
        del fields["article"][name]
    assert rows.unpack(zlib.compress(msgspec.json.encode(fields))) == old
    row = rows.head_row(head())
    assert "title_language" not in row
    assert read(row, Head).title_language is None


def test_lists_hold_the_title_in_its_own_language() -> None:
    spanish = Language(code="es", confidence=0.8, basis="detected")
    made = head(title_language=spanish)
    assert (read(rows.head_row(made), Head).title_language, made.language) == ("es", "en")
    assert {read(item, Edge).title_language for item in rows.edges(made).values()} == {"es"}


@pytest.mark.parametrize("body", [b"", b"no zlib", rows.pack(tagged())[:-3]])
def test_a_broken_body_is_one_clear_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="a body "):
        rows.unpack(body)


@pytest.mark.parametrize(
    ("basis", "published", "filed"),
    [
        ("given", NOON - timedelta(days=2), NOON - timedelta(days=2)),
        ("given", NOON + timedelta(days=2), NOON + timedelta(hours=1)),
        ("missing", NOON + timedelta(minutes=30), NOON),  # a later observation gives no later time
    ],
)
def test_the_time_it_is_filed_under(basis: Any, published: datetime, filed: datetime) -> None:
    row = rows.head_row(head(published=ArticleTime(at=published, basis=basis)))
    assert row["GSI1SK"]["S"] == row["GSI2SK"]["S"] == f"{written(filed)}#{ID}"
    assert row["GSI2PK"]["S"] == f"DAY#{filed.date()}#{int(ID[:8], 16) % 8}"


def test_actors_that_act_come_before_actors_that_are_named() -> None:
    tags = [
        actor("named", "mentioned"),
        actor("said", "speaker"),
        actor("b"),
        actor("a"),
        actor("afp", "source"),
    ]
    assert [who.actor_id for who in rows.weigh((*tags, actor("a", "mentioned")))] == [
        *("a", "b", "said", "afp", "named")
    ]
    assert set(rows.INVOLVEMENTS) == set(get_args(Involvement))


def test_a_list_of_the_world_keeps_forty_edges_and_counts_all() -> None:
    made = rows.head_of(tagged(*(actor(f"c{n:03}") for n in range(193))), ID, "p", NOON)
    assert (len(rows.edges(made)), made.actor_count) == (40, 193)


def test_a_hot_actors_edges_are_spread_and_its_first_key_is_the_plain_one() -> None:
    keys = {actor_index("country:USA", "202407", shard) for shard in range(actor_shards("country:USA"))}
    edges = [
        next(iter(rows.edges(rows.head_of(tagged(actor("country:USA")), f"{n:08x}", "p", NOON)).values()))
        for n in range(50)
    ]
    assert {edge["GSI1PK"]["S"] for edge in edges} == keys
    assert "ACTOR#country:USA#202407" in keys


MESS = st.text(min_size=1, max_size=40).map(lambda text: text * 30)


@settings(max_examples=25)
@given(
    MESS,
    MESS,
    st.lists(MESS, max_size=60, unique=True),
    st.datetimes(timezones=st.just(UTC)),
    st.integers(-700_000, 2_900_000).map(lambda days: NOON + timedelta(days=days)),
)
@example("\u0080\U00010000" * 120, "\U00010000" * 420, [], NOON, NOON)
def test_whatever_publishers_write_the_rows_are_taken(
    title: str, source: str, actors: list[str], published: datetime, seen: datetime
) -> None:
    record = tagged(
        *(actor(name) for name in actors),
        title=title,
        source=source,
        publisher=title,
        url="https://example.org/" + title,
        published=ArticleTime(at=published, basis="given"),
        observed_at=seen,
    )
    made = rows.head_of(record, ID, "poll.1", NOON)
    assert item_bytes(rows.head_row(made)) <= 4096
    table = FakeTable()
    for item in (rows.head_row(made), *rows.edges(made).values()):
        table.put_item(Item=item)
        assert all(len(item[name]["S"].encode()) <= KEY_BYTES[name] for name in KEY_BYTES if name in item)


def test_a_cut_title_ends_on_a_whole_character() -> None:
    assert rows.cut("é" * 400, 600) == "é" * 298 + "…"
    assert rows.cut("short", 600) == "short"


def test_an_alias_row_holds_no_more_than_where_it_leads() -> None:
    from newscast.articles.identity import Alias

    row = rows.alias_row(Alias("guid", "d"), ID)
    assert row == {"PK": {"S": "KEY#guid#d"}, "SK": {"S": "K"}, "article_id": {"S": ID}}
    assert read(row, AliasRow).article_id == ID
