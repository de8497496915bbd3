"""An article's head is a function of the set of its rows, and small whatever publishers write."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from newscast.articles import heads, revisions, rows
from newscast.articles.heads import HEAD_BYTES, head_of, row_of, weigh
from newscast.articles.identity import written
from newscast.articles.items import item_bytes
from newscast.articles.keys import actor_partition, actor_shards
from newscast.articles.revisions import Revision, joined, kept, shown
from newscast.articles.rows import Head
from newscast.records import ArticleTime, FullText, Involvement, TaggedArticle
from tests.articles.samples import NOON, actor, tagged

ID = "0123456789abcdef0123456789abcdef"
HOUR = timedelta(hours=1)


def row(record: TaggedArticle, name: str = ID) -> Revision:
    return row_of(name, record, "c", NOON)


def head(*records: TaggedArticle) -> Head:
    """The head of an article with one row of each record."""
    found = {row(record).chosen: record for record in records}
    its = [row(record) for record in records]
    return head_of(ID, its, found[shown(its).chosen])


# -------------------------------------------------------------------------------- joining two rows
TIMES = st.integers(0, 3).map(lambda hours: written(NOON + hours * HOUR))
SIGHTINGS = st.builds(
    lambda first, last, tagged_at, stored_at, chosen: replace(
        row(tagged()),
        first=min(first, last),
        last=max(first, last),
        tagged_at=tagged_at,
        stored_at=stored_at,
        chosen=chosen,
        # What a record says goes with it.
        title=chosen,
        correlation_id=chosen,
    ),
    *[TIMES] * 4,
    st.sampled_from("abc"),
)


@given(SIGHTINGS, SIGHTINGS, SIGHTINGS)
def test_joining_is_commutative_associative_and_idempotent(a: Revision, b: Revision, c: Revision) -> None:
    assert joined(a, b) == joined(b, a)
    assert joined(joined(a, b), c) == joined(a, joined(b, c))
    assert joined(a, a) == a
    assert joined(joined(a, b), b) == joined(a, b)


@given(SIGHTINGS, SIGHTINGS)
def test_the_earlier_record_stands_for_both(a: Revision, b: Revision) -> None:
    both = joined(a, b)
    assert (both.first, both.last) == (min(a.first, b.first), max(a.last, b.last))
    assert both.title == min((a.first, a.chosen), (b.first, b.chosen))[1]


# ------------------------------------------------------------------------------------ what is shown
TAKEN, KEPT = FullText(outcome="taken"), FullText(outcome="kept")
SHOWN: list[tuple[str, list[dict[str, Any]], int]] = [
    ("the revision that was last observed", [{"text": "a"}, {"text": "b", "seen": NOON + HOUR}], 1),
    (
        "also one that came back",
        [{"text": "a"}, {"text": "b", "seen": NOON + HOUR}, {"text": "a", "seen": NOON + 2 * HOUR}],
        2,
    ),
    (
        "a whole text before a later teaser",
        [{"text": "a", "full_text": TAKEN}, {"text": "b", "full_text": KEPT, "seen": NOON + HOUR}],
        0,
    ),
    (
        "a teaser whose page wasn't asked for before one whose page was not had",
        [{"text": "a"}, {"text": "b", "full_text": KEPT, "seen": NOON + HOUR}],
        0,
    ),
    (
        "of teasers alone the later",
        [{"text": "a", "full_text": KEPT}, {"text": "b", "full_text": KEPT, "seen": NOON + HOUR}],
        1,
    ),
    (
        "the newest tag run of it",
        [
            {"gazetteer": "1", "tagged_at": NOON + HOUR},
            {"gazetteer": "2", "tagged_at": NOON, "seen": NOON + HOUR},
        ],
        0,
    ),
    (
        "an old tag run of the newer revision",
        [
            {"text": "a", "gazetteer": "2", "tagged_at": NOON + HOUR},
            {"text": "b", "gazetteer": "1", "tagged_at": NOON, "seen": NOON + HOUR},
        ],
        1,
    ),
    ("a run with a time before one without", [{"gazetteer": "1", "tagged_at": NOON}, {"gazetteer": "2"}], 0),
]


@pytest.mark.parametrize(("records", "place"), [case[1:] for case in SHOWN], ids=[case[0] for case in SHOWN])
def test_what_an_article_shows(records: list[dict[str, Any]], place: int) -> None:
    rows = [row(tagged(**fields)) for fields in records]
    expected = rows[place]
    found = shown(rows)
    assert (found.revision, found.run) == (expected.revision, expected.run)


def random_rows(seed: int) -> tuple[list[Revision], dict[str, TaggedArticle]]:
    rng = random.Random(seed)
    found: dict[tuple[str, str, str], Revision] = {}
    records = {}
    for _ in range(rng.randint(1, 10)):
        record = tagged(
            *(actor(name) for name in rng.sample(["RUS", "IND", "NATO"], rng.randint(0, 3))),
            text=rng.choice("abc"),
            title=rng.choice(["One", "Two"]),
            url=rng.choice([None, "https://example.org/a", "https://example.org/b"]),
            gazetteer=rng.choice("12"),
            tagged_at=rng.choice([None, NOON, NOON + HOUR]),
            seen=NOON + rng.randint(0, 2) * HOUR,
            full_text=rng.choice([None, TAKEN, KEPT]),
        )
        one = row(record, rng.choice("xyz"))
        records[one.chosen] = record
        key = one.name, one.revision, one.run
        found[key] = joined(found[key], one) if key in found else one
    return list(found.values()), records


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_head_or_what_is_kept(seed: int, rng: random.Random) -> None:
    its, records = random_rows(seed)
    other = rng.sample(its, len(its))
    top = shown(its)
    assert shown(other) == top
    assert head_of(ID, other, records[top.chosen]) == head_of(ID, its, records[top.chosen])
    assert kept(other) == kept(its)


def test_what_a_head_counts() -> None:
    made = head(
        tagged(text="a", full_text=KEPT),
        tagged(text="b", full_text=TAKEN, seen=NOON + HOUR),
        tagged(text="b", full_text=TAKEN, gazetteer="2", tagged_at=NOON, seen=NOON + 2 * HOUR),
    )
    assert (made.revisions, made.rows) == (1, 3)  # a teaser is no version of the text
    assert (made.first_seen, made.last) == (written(NOON), written(NOON + 2 * HOUR))


def test_rows_of_a_name_are_bounded_from_the_earliest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "MAX_ROWS", 3)
    its = [row(tagged(text=f"{n}", seen=NOON + n * HOUR)) for n in range(5)]
    assert kept(its[::-1]) == its[:3]


# --------------------------------------------------------------------------------------- its bounds
@pytest.mark.parametrize(
    ("basis", "published", "filed"),
    [
        ("given", NOON - timedelta(days=2), NOON - timedelta(days=2)),
        ("given", NOON + timedelta(days=2), NOON + HOUR),
        ("missing", NOON + timedelta(minutes=30), NOON),  # a later observation gives no later time
    ],
)
def test_the_time_it_is_filed_under(basis: Any, published: datetime, filed: datetime) -> None:
    item = rows.head_row(head(tagged(published=ArticleTime(at=published, basis=basis))), 1, None, {})
    assert item["Filed"]["S"] == f"{written(filed)}#{ID}"
    assert item["DayPK"]["S"] == f"DAY#{filed.date()}#{int(ID[:8], 16) % 8}"


def test_actors_that_act_come_before_actors_that_are_named() -> None:
    tags = [
        *(actor("named", "mentioned"), actor("said", "speaker"), actor("b"), actor("a")),
        *(actor("afp", "source"), actor("a", "mentioned")),
    ]
    found = weigh(tuple(tags))
    assert [who.actor_id for who in found] == ["a", "b", "said", "afp", "named"]
    assert found[0].involvement == "participant"  # the first of its parts
    assert set(heads.INVOLVEMENTS) == set(get_args(Involvement))


def test_a_url_too_long_for_a_link_in_lists_is_left_to_the_record() -> None:
    for size, fits in ((heads.URL_BYTES, True), (heads.URL_BYTES + 1, False)):
        url = "https://example.org/".ljust(size, "x")
        assert head(tagged(url=url)).url == (url if fits else None)


def test_a_list_of_the_world_keeps_forty_edges_and_counts_all() -> None:
    made = head(tagged(*(actor(f"c{n:03}") for n in range(193))))
    assert (len(rows.edges(made, None)), made.actor_count) == (40, 193)


def test_a_hot_actors_edges_are_spread_and_its_first_key_is_the_plain_one() -> None:
    shards = range(actor_shards("country:USA"))
    expected = {actor_partition("country:USA", "202407", shard) for shard in shards}
    made = head(tagged(actor("country:USA")))
    found = {pk for n in range(50) for pk, _ in rows.edges(replace(made, article_id=f"{n:08x}"), None)}
    assert found == expected
    assert "ACTOR#country:USA#202407" in expected


MESS = st.text(min_size=1, max_size=40).map(lambda text: text * 30)
HASH_BYTES, RANGE_BYTES = 2048, 1024
"""What DynamoDB takes as keys."""


@settings(max_examples=25)
@given(
    MESS,
    MESS,
    st.lists(MESS, max_size=60, unique=True),
    st.datetimes(timezones=st.just(UTC)),
    st.integers(-700_000, 2_900_000).map(lambda days: NOON + timedelta(days=days)),
)
@example("\u0080\U00010000" * 120, "\U00010000" * 420, [], NOON, NOON)
@example('"\\' * 600, '"' * 900, ["\x01" * 300] * 2, NOON, NOON)
def test_whatever_publishers_write_the_rows_are_taken(
    title: str, source: str, actors: list[str], published: datetime, seen: datetime
) -> None:
    records = [
        tagged(
            *(actor(name) for name in actors),
            title=title,
            source=source[:250],  # a host
            publisher=title,
            url=f"https://example.org/{n}/{title}",
            feed_url=f"https://example.org/{n}/{source}",
            published=ArticleTime(at=published, basis="given"),
            observed_at=seen,
            signature=title[:100],
        )
        for n in range(20)
    ]
    made = head_of(ID, [row(record, f"{n:032x}") for n, record in enumerate(records)], records[0])
    item = rows.head_row(made, 10**9, timedelta(days=1000), {})
    assert item_bytes(item) <= HEAD_BYTES
    for each in (item, *rows.edges(made, None).values()):
        for name, most in {
            "PK": HASH_BYTES,
            "SK": RANGE_BYTES,
            "SourcePK": HASH_BYTES,
            "DayPK": HASH_BYTES,
        }.items():
            assert len(each.get(name, {"S": ""})["S"].encode()) <= most
