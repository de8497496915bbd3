"""A name with more revisions than its HEAD has room for, and rows in a HEAD that are past their time."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from newscast.articles import stored
from newscast.articles.grants import Grant, Grants
from newscast.articles.keys import head_key
from newscast.articles.regrouping import regrouping
from newscast.articles.revisions import INLINE, in_head, older
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping, Outcome
from newscast.records import TaggedArticle
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import Engine, items

MANY = INLINE + 4


def minute(number: int, seen: float | None = None) -> TaggedArticle:
    """A live text at one minute, seen then or at another."""
    at = NOON + timedelta(minutes=number if seen is None else seen)
    return tagged(actor("RUS"), text=f"Minute {number}.", seen=at)


@pytest.fixture
def live(engine: Engine) -> Articles:
    articles = engine.articles()
    for number in range(MANY):
        articles.save(minute(number), "c")
    return articles


def name_of(articles: Articles) -> str:
    return articles.save(minute(0), "c").article_id


def test_all_of_its_revisions_are_told_and_counted(live: Articles) -> None:
    name = name_of(live)
    assert [one.article.text for one in stored.history(live, name)] == [f"Minute {n}." for n in range(MANY)]
    assert len({one.article.text for one in stored.since(live, NOON)}) == MANY
    (shown,) = stored.current(live, [name])
    assert shown.article.text == f"Minute {MANY - 1}."
    item = items(live)[head_key(name)]
    assert (len(in_head(name, item)), older(item)) == (INLINE, MANY - INLINE)


def test_each_of_them_delivered_again_is_known(live: Articles) -> None:
    before = items(live)
    assert {live.save(minute(number), "c").outcome for number in range(MANY)} == {Outcome.DUPLICATE}
    assert items(live) == before


def test_one_that_had_left_head_and_is_seen_again_counts_as_it_was_seen_last(live: Articles) -> None:
    name = name_of(live)
    assert live.save(minute(0, seen=100), "c").outcome is Outcome.REVISED
    assert live.save(minute(1, seen=50), "c").outcome is Outcome.OBSERVED
    last = {row.revision: row.last for its in live.rows([name]) for row in its}
    assert sorted(last.values())[-2:] == ["2024-07-12T12:50:00.000000Z", "2024-07-12T13:40:00.000000Z"]
    assert len(last) == MANY
    (shown,) = stored.current(live, [name])
    assert shown.article.text == "Minute 0."
    # And nothing that it is asked later brings back what its own row said before.
    assert live.save(minute(9, seen=60), "c").outcome is Outcome.STALE
    (shown,) = stored.current(live, [name])
    assert shown.article.text == "Minute 0."
    assert live.save(minute(0, seen=90), "c").outcome is Outcome.DUPLICATE


def test_rows_past_their_time_count_for_nothing() -> None:
    memory = Memory(keep=timedelta(days=30))

    def said(day: int) -> TaggedArticle:
        at = NOON + timedelta(days=day)
        memory.now = at
        return tagged(actor("RUS"), text=f"Day {day}.", seen=at, at=at)

    for day in (0, 20, 40):
        memory.save(said(day))
    (head,) = memory.heads().values()
    assert (head.rows, head.revisions, head.first_seen[:10]) == (2, 2, "2024-08-01")
    assert sorted(row.first[:10] for row in memory.rows()) == ["2024-08-01", "2024-08-21"]


def test_a_row_past_its_time_whose_record_is_gone_hinders_no_reader(engine: Engine) -> None:
    """Its article goes on: another feed of the publisher has published it anew."""
    now = NOON
    articles = dataclasses.replace(engine.articles(lambda: now), keep=timedelta(days=30))

    def said(day: int, feed: str) -> TaggedArticle:
        at = NOON + timedelta(days=day)
        return tagged(actor("RUS"), text=f"Day {day}.", seen=at, at=at, feed_id=feed, guid=feed)

    articles.save(said(0, "one"), "c")
    gone = list(articles.archive.kept.values())
    for day in (20, 31):
        now = NOON + timedelta(days=day)
        articles.save(said(day, "two"), "c")
    for place in gone:
        articles.archive.objects.remove_file(place.object)
    found = {one.article.text for one in stored.since(articles, NOON)}
    assert found == {"Day 20.", "Day 31."}
    (shown,) = {one.article_id for one in stored.since(articles, NOON)}
    assert [one.article.text for one in stored.history(articles, shown)] == ["Day 20.", "Day 31."]


def test_nor_does_it_hinder_a_feed_that_is_granted_the_page(engine: Engine) -> None:
    now = NOON
    articles = dataclasses.replace(engine.articles(lambda: now), keep=timedelta(days=30))
    stranger: dict[str, Any] = {"feed_id": "s", "feed_url": "https://cdn.example/f", "source": "cdn.example"}
    places = []
    for day in (0, 20):
        now = NOON + timedelta(days=day)
        articles.save(tagged(text=f"Day {day}.", seen=now, at=now, **stranger), "c")
        places.append(list(articles.archive.kept.values()))
    now = NOON + timedelta(days=31)
    articles.archive.objects.remove_file(places[0][0].object)
    grant = Grant(feed_id="s", scope="example.org", why="named", evidence="", at="")
    Grants(articles.dynamodb, articles.table).add(grant)
    assert articles.carry(regrouping("s", Keeping(now, articles.keep))) == 1
    (shown,) = stored.since(articles, NOON)
    assert (shown.article.text, shown.change) == ("Day 20.", "new")
