"""What each kind of observation does to the table, and that observations may come in any order."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from functools import reduce
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from newscast.articles import rows, writing
from newscast.articles.items import key_of, read
from newscast.articles.keys import head_key, revision_key, same_as_key
from newscast.articles.rows import Head, Revision
from newscast.articles.store import Articles
from newscast.articles.writing import ContendedError, Op, Outcome, Put, Saved, Write
from newscast.records import FullText, TaggedArticle
from tests.articles.fake_table import in_memory
from tests.articles.samples import NOON, actor, tagged

HOUR = timedelta(hours=1)
FIRST = tagged(actor("country:USA"), actor("RUS"))
LATER: dict[str, Any] = {"text": "Changed.", "seen": NOON + HOUR}


@pytest.mark.parametrize(
    ("message", "outcome", "changed"),
    [
        (FIRST, "duplicate", set()),
        (tagged(actor("country:USA"), actor("RUS"), gazetteer="2"), "duplicate", set()),
        (tagged(actor("country:USA"), actor("RUS"), seen=NOON + HOUR), "duplicate", {"HEAD"}),
        (tagged(actor("country:USA"), actor("RUS"), **LATER), "revised", {"HEAD", "REV"}),
        (tagged(actor("country:USA"), **LATER), "revised", {"HEAD", "REV", "-ACTOR"}),
        (tagged(actor("RUS", "speaker"), actor("country:USA"), **LATER), "revised", {"HEAD", "REV", "ACTOR"}),
        (
            tagged(actor("country:USA"), actor("RUS"), title="New", **LATER),
            "revised",
            {"HEAD", "REV", "ACTOR"},
        ),
        (tagged(text="Old.", seen=NOON - HOUR), "stale", {"HEAD", "REV"}),
        (tagged(actor("country:USA"), actor("RUS"), guid="g2"), "alias_added", {"K"}),
        (tagged(actor("country:USA"), actor("RUS"), url="https://example.org/b"), "alias_added", {"K"}),
        (tagged(guid="g2", **LATER), "revised", {"HEAD", "REV", "K", "-ACTOR"}),
        (tagged(guid="g2", url=None), "new", {"HEAD", "REV", "K"}),
        # Alerts that all link to one page: another guid with another title is another article.
        (tagged(guid="g2", title="Storm warning", **LATER), "new", {"HEAD", "REV", "K"}),
        # An aggregator's teaser of it is kept, and does not replace what its publisher says.
        (
            tagged(guid="g2", source="links.example", title="Discussed", **LATER),
            "stale",
            {"HEAD", "REV", "K"},
        ),
    ],
)
def test_what_a_second_observation_changes(message: TaggedArticle, outcome: str, changed: set[str]) -> None:
    articles, table = in_memory()
    assert articles.save(FIRST, "poll.1").outcome is Outcome.NEW
    before = dict(table.items)
    saved = articles.save(message, "poll.2")
    put = {key[1].split("#")[0] for key, item in table.items.items() if before.get(key) != item}
    gone = {"-" + key[1].split("#")[0] for key in before.keys() - table.items.keys()}
    assert (saved.outcome, put | gone) == (outcome, changed)


def test_a_guid_and_a_url_that_disagree_are_kept_apart_and_told_of_each_other() -> None:
    articles, table = in_memory()
    one = articles.save(tagged(guid="g1", url="https://example.org/1"), "p")
    two = articles.save(tagged(guid="g2", url="https://example.org/2", text="Two"), "p")
    both = articles.save(tagged(guid="g1", url="https://example.org/2", text="Three", seen=NOON + HOUR), "p")
    assert (both.article_id, both.same_as, both.outcome) == (one.article_id, two.article_id, "revised")
    assert same_as_key(one.article_id, two.article_id) in table.items
    assert same_as_key(two.article_id, one.article_id) in table.items


def test_of_other_articles_that_are_the_same_only_so_many_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_SAME_AS", 2)
    articles, table = in_memory()
    for number in range(4):
        articles.save(tagged(guid=f"o{number}", url=f"https://example.org/{number}", text=f"N {number}"), "p")
    url = [f"https://example.org/{number}" for number in range(4)]
    for number in range(4):
        seen = NOON + HOUR * (number + 1)
        saved = articles.save(tagged(guid="g", url=url[number], text=f"All {number}", seen=seen), "p")
    head = read(table.items[head_key(saved.article_id)], Head)
    assert len(head.same_as) == 2


def test_alerts_that_share_one_link_are_not_said_to_be_the_same() -> None:
    articles, table = in_memory()
    alerts = [("g1", "Flood warning"), ("g2", "Storm warning"), ("g3", "Frost warning")]
    for hours in range(3):  # new, then observed again, then with another text
        for guid, title in alerts:
            saved = articles.save(
                tagged(guid=guid, title=title, text="Later." * (hours // 2), seen=NOON + hours * HOUR), "p"
            )
            assert saved.same_as is None
    heads = [read(item, Head) for key, item in table.items.items() if key[1] == "HEAD"]
    assert {(head.title, head.revisions, head.same_as) for head in heads} == {
        (title, 2, ()) for _, title in alerts
    }
    assert not [key for key in table.items if key[1].startswith("SAME#")]


def test_a_content_that_comes_back_is_what_its_revision_says() -> None:
    articles, table = in_memory()
    articles.save(FIRST, "p")
    articles.save(tagged(actor("IND"), **LATER), "p")
    back = articles.save(tagged(actor("CHN"), gazetteer="2", seen=NOON + 2 * HOUR), "p")
    head = read(table.items[head_key(back.article_id)], Head)
    assert (back.outcome, head.revisions, head.gazetteer) == ("revised", 2, "2024.1")
    assert {who.actor_id for who in head.actors} == {"country:USA", "RUS"}
    assert {sk for _, sk in table.items if sk.startswith("ACTOR#")} == {"ACTOR#country:USA", "ACTOR#RUS"}


def finish(work: Generator[Op, Any, Saved], articles: Articles, answer: Any) -> Saved:
    try:
        while True:
            answer = articles.carry_out(work.send(answer))
    except StopIteration as done:
        saved: Saved = done.value
        return saved


def test_a_revision_seen_under_one_article_is_not_taken_for_anothers() -> None:
    """The URL led to one article and its revision; before the write, the guid led to another."""
    articles, table = in_memory()
    url = "https://example.org/1"
    articles.save(tagged(guid="g1", url=url), "p")
    articles.save(tagged(guid="g1", url=url, **LATER), "p")
    work = writing.saving(tagged(guid="g2", url=url, seen=NOON + 2 * HOUR), "p", NOON)
    ask: Op = next(work)
    while not isinstance(ask, Write):
        ask = work.send(articles.carry_out(ask))
    refused = articles.carry_out(ask)
    assert {sk.split("#")[0] for _, sk in refused} == {"REV"}
    articles.save(tagged(guid="g2", url="https://example.org/2", text="Else"), "p")
    saved = finish(work, articles, refused)
    assert revision_key(saved.article_id, saved.content) in table.items


def test_a_writer_that_others_always_overtake_gives_up() -> None:
    articles, table = in_memory()
    table.conflicts = 100
    with pytest.raises(ContendedError, match="8 times"):
        articles.save(FIRST, "p")


def test_the_largest_change_fits_one_transaction() -> None:
    articles, _ = in_memory()
    crowd = [actor(f"a{n}") for n in range(60)], [actor(f"b{n}") for n in range(60)]
    articles.save(tagged(*crowd[0], guid="g1", url="https://example.org/1"), "p")
    articles.save(tagged(guid="g2", url="https://example.org/2"), "p")
    assert articles.save(tagged(*crowd[1], guid="g1", url="https://example.org/2", **LATER), "p").same_as


# ------------------------------------------------------------------------------------- full texts
TAKEN, SAME, KEPT = (FullText(outcome=outcome) for outcome in ("taken", "same", "kept"))
WHOLE = tagged(actor("country:USA"), text="All that the page says.", full_text=TAKEN)
TEASER: dict[str, Any] = {"text": "What…", "full_text": KEPT}


@pytest.mark.parametrize(
    ("first", "then", "outcome", "text", "revisions"),
    [
        # The full text comes later: a revision. The same text again: none.
        (tagged(**TEASER), tagged(text="All.", full_text=TAKEN, seen=NOON + HOUR), "revised", "All.", 2),
        (tagged(text="All.", full_text=KEPT), tagged(text="All.", full_text=SAME), "duplicate", "All.", 1),
        (WHOLE, WHOLE, "duplicate", "All that the page says.", 1),
        # A teaser sent again, as it was or changed, does not replace the page's text and is no version of it.
        (WHOLE, tagged(**TEASER, seen=NOON + HOUR), "duplicate", "All that the page says.", 1),
        (WHOLE, tagged(**TEASER, guid="g2", seen=NOON + HOUR), "alias_added", "All that the page says.", 1),
        # A newer page does, and so does a feed that gives its text from now on.
        (WHOLE, tagged(text="Newer.", full_text=TAKEN, seen=NOON + HOUR), "revised", "Newer.", 2),
        (WHOLE, tagged(text="In the feed.", seen=NOON + HOUR), "revised", "In the feed.", 2),
        # Teasers among themselves: the newest.
        (tagged(**TEASER), tagged(text="Who…", full_text=KEPT, seen=NOON + HOUR), "revised", "Who…", 2),
        # The page that another's feed led to is worth more than the publisher's own teaser, not its text.
        (
            tagged(text="All.", full_text=TAKEN, source="links.example"),
            tagged(**TEASER, guid="g2", seen=NOON + HOUR),
            "alias_added",
            "All.",
            1,
        ),
        (
            tagged(text="In the feed."),
            tagged(text="All.", full_text=TAKEN, guid="g2", source="links.example", seen=NOON + HOUR),
            "stale",
            "In the feed.",
            2,
        ),
    ],
)
def test_a_full_text_is_kept(
    first: TaggedArticle, then: TaggedArticle, outcome: str, text: str, revisions: int
) -> None:
    articles, table = in_memory()
    articles.save(first, "poll.1")
    saved = articles.save(then, "poll.2")
    rows_of = {
        kind: [i for (_, sort), i in table.items.items() if sort[:4] == kind] for kind in ("HEAD", "REV#")
    }
    head = read(rows_of["HEAD"][0], Head)
    said = {one.content: one for one in (read(item, Revision) for item in rows_of["REV#"])}
    assert (saved.outcome, articles.load(said[head.content]).article.text) == (outcome, text)
    assert (head.revisions, len(said)) == (revisions, revisions)


# ----------------------------------------------------------------------------------------- merge
def seen(text: str, minute: int, source: str, full_text: FullText | None) -> Head:
    """One observation's head; the content decides what is said, as its revision does."""
    record = tagged(
        *(actor(name) for name in text),
        text=text,
        seen=NOON + timedelta(minutes=minute),
        source=source,
        full_text=full_text,
    )
    return rows.head_of(record, "a", "p", NOON)


OBSERVATIONS = st.builds(
    seen,
    st.sampled_from("abc"),
    st.integers(0, 3),
    st.sampled_from(["s", "t", "example.org"]),
    st.sampled_from([None, TAKEN, KEPT]),
)


@given(st.lists(OBSERVATIONS, min_size=1, max_size=4))
def test_observations_merge_to_the_same_head_in_any_order(observed: list[Head]) -> None:
    assert len({reduce(writing.merge, order) for order in permutations(observed)}) == 1


@given(OBSERVATIONS, OBSERVATIONS)
def test_an_observation_merged_twice_is_merged_once(one: Head, two: Head) -> None:
    merged = writing.merge(one, two)
    assert writing.merge(merged, two) == writing.merge(merged, one) == merged
    assert replace(merged, version=1) == merged


def test_all_that_is_put_is_told_apart_by_its_key() -> None:
    work = writing.saving(FIRST, "p", NOON)
    next(work)
    asked = work.send({})
    assert isinstance(asked, Write)
    assert [put.only for put in asked.puts] == ["absent", "absent", "absent", None, None, "absent"]
    assert len({key_of(put.item) for put in asked.puts}) == len(asked.puts)
    assert all(isinstance(put, Put) for put in asked.puts)
