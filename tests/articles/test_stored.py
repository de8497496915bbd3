"""Stored articles as one record: as they stand, by whom they were observed, and what a run has stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from newscast.articles import queries, stored
from newscast.articles.erasing import erasing
from newscast.articles.stored import Stored
from newscast.articles.writing import Keeping
from newscast.local.engine import pages
from newscast.records import TaggedArticle
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import Engine

MINUTE = timedelta(minutes=1)
PAGE = "https://example.org/a"
FEEDS = {
    "owner": "https://example.org/all.xml",
    "second": "https://example.org/news.xml",
    "stranger": "https://other.example/feed",
    "evil": "https://evil.example/feed",
}


class Table:
    """Articles over the engine, with a clock."""

    def __init__(self, engine: Engine) -> None:
        self.clock = NOON
        self.articles = engine.articles(lambda: self.clock)

    def say(self, feed: str, guid: str = "g", **fields: Any) -> str:
        """Store one record now, observed now; its article's id."""
        return self.articles.save(self.record(feed, guid, **fields), "p").article_id

    def record(self, feed: str, guid: str = "g", **fields: Any) -> TaggedArticle:
        url = FEEDS[feed]
        made: dict[str, Any] = {
            "seen": self.clock,
            "feed_id": feed,
            "feed_url": url,
            "source": url.split("/")[2],
        }
        return tagged(actor("RUS"), guid=guid, **made | fields)

    def later(self) -> datetime:
        self.clock += MINUTE
        return self.clock


@pytest.fixture
def table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Table:
    monkeypatch.setattr(pages, "PAGE_BYTES", 2000)
    return Table(engine)


def told(found: Iterable[Stored]) -> list[tuple[str, str, str]]:
    return [(one.change, one.article.text, one.feed) for one in found]


# ------------------------------------------------------------------------------------- as they stand
def test_articles_as_they_stand_in_the_order_asked(table: Table) -> None:
    first = table.say("owner")
    table.later()
    second = table.say("owner", "h", url="https://example.org/b", text="Second.")
    table.later()
    table.say("owner", text="Revised.")
    found = list(stored.current(table.articles, [second, first, "0" * 32]))
    assert told(found) == [
        ("new", "Second.", FEEDS["owner"]),
        ("revised", "Revised.", FEEDS["owner"]),
    ]
    assert [one.article_id for one in found] == [second, first]
    assert found[1].tags == table.record("owner").tags
    assert (found[1].published, found[1].url, found[1].source) == (NOON, PAGE, "example.org")
    table.articles.carry(erasing(second, Keeping(NOON)))
    assert [one.article_id for one in stored.current(table.articles, [second, first])] == [first]


def test_more_articles_than_are_read_together(table: Table) -> None:
    ids = [table.say("owner", f"g{n}", url=f"https://example.org/{n}", text=f"{n}") for n in range(60)]
    assert [one.article.text for one in stored.current(table.articles, ids)] == [f"{n}" for n in range(60)]
    assert len(list(stored.since(table.articles, NOON))) == 60


# ---------------------------------------------------------------------------------------- by whom
def observers(table: Table, article_id: str) -> list[str]:
    heads = queries.heads(table.articles, [article_id])
    (urls,) = stored.observers(table.articles, heads.values()).values()
    return [name for url in urls for name, address in FEEDS.items() if address == url]


def test_strangers_are_told_after_those_who_speak_for_it(table: Table) -> None:
    evil = table.say("evil")
    assert observers(table, evil) == ["evil"]
    table.later()
    table.say("stranger")
    assert observers(table, evil) == ["evil"]  # an article of its own
    table.later()
    table.say("second")
    table.later()
    article_id = table.say("owner", "o")
    assert observers(table, article_id) == ["second", "owner", "evil", "stranger"]
    (found,) = stored.current(table.articles, [evil])
    assert found.feed == FEEDS["second"]
    assert found.observed_by == tuple(FEEDS[name] for name in ("second", "owner", "evil", "stranger"))


# ------------------------------------------------------------------------------- what a run has stored
def test_each_change_is_told_as_what_it_was(table: Table) -> None:
    table.say("owner")
    began = table.later()
    assert told(stored.since(table.articles, began)) == []
    table.say("owner", text="Revised.")
    table.later()
    table.say("owner", text="Revised.", gazetteer="2", tagged_at=table.clock)
    table.later()
    table.say("owner", "h", url="https://example.org/b", text="New.")
    assert told(stored.since(table.articles, began)) == [
        ("revised", "Revised.", FEEDS["owner"]),
        ("retagged", "Revised.", FEEDS["owner"]),
        ("new", "New.", FEEDS["owner"]),
    ]
    assert [change for change, *_ in told(stored.since(table.articles, NOON))] == [
        *("new", "revised", "retagged", "new")
    ]


def test_a_newer_tag_run_is_told_as_one_whenever_and_whoever_brought_the_first(table: Table) -> None:
    table.say("owner", "a")
    table.later()
    table.say("owner", "a", text="Revised.")
    began = table.later()
    table.say("owner", "a", text="Revised.", gazetteer="2", tagged_at=table.clock)
    assert told(stored.since(table.articles, began)) == [("retagged", "Revised.", FEEDS["owner"])]
    table.later()
    table.say("second", "b", text="Revised.", gazetteer="3", tagged_at=table.clock)
    assert told(stored.since(table.articles, NOON))[2:] == [
        ("retagged", "Revised.", FEEDS["owner"]),
        ("retagged", "Revised.", FEEDS["second"]),
    ]


def test_what_was_stored_at_one_moment_is_told_as_it_was_observed(table: Table) -> None:
    for n in range(8):
        table.say("owner", text=f"{n}", seen=NOON + n * MINUTE)
    found = told(stored.since(table.articles, NOON))
    assert [text for _, text, _ in found] == [f"{n}" for n in range(8)]
    assert [change for change, *_ in found] == ["new"] + ["revised"] * 7


def test_of_a_record_without_its_feeds_address_the_source_stands_for_it(table: Table) -> None:
    article_id = table.say("owner", feed_url=None)
    table.say("stranger", feed_url=None)
    (found,) = stored.current(table.articles, [article_id])
    assert (found.feed, found.observed_by) == ("example.org", ("example.org", "other.example"))


def test_what_two_feeds_of_a_publisher_brought_is_told_once(table: Table) -> None:
    table.say("owner", "a")
    table.later()
    table.say("second", "b")
    assert told(stored.since(table.articles, NOON)) == [("new", "Text.", FEEDS["owner"])]
    began = table.later()
    table.say("second", "b", text="Revised.")
    table.later()
    table.say("owner", "a", text="Revised.")
    assert told(stored.since(table.articles, began)) == [("revised", "Revised.", FEEDS["second"])]


def test_what_strangers_said_beside_is_not_told(table: Table) -> None:
    table.say("evil", text="Lies.")
    table.later()
    assert told(stored.since(table.articles, NOON)) == [("new", "Lies.", FEEDS["evil"])]
    table.say("owner")
    table.later()
    table.say("stranger", text="More.")
    assert told(stored.since(table.articles, NOON)) == [("new", "Text.", FEEDS["owner"])]


def test_what_an_earlier_run_stored_is_not_told_whoever_delivers_it(table: Table) -> None:
    first = table.record("owner", "a")
    table.articles.save(first, "p1")
    began = table.later()
    table.articles.save(first, "p1")  # its acknowledgement was lost in a kill
    two = table.record("owner", "b", url="https://example.org/b", text="Two.")
    table.articles.save(two, "p1")
    table.later()
    table.say("owner", "a", text="Changed.")
    table.articles.save(two, "p2")
    assert told(stored.since(table.articles, began)) == [
        ("new", "Two.", FEEDS["owner"]),
        ("revised", "Changed.", FEEDS["owner"]),
    ]


def test_an_old_version_that_comes_late_is_told_as_a_revision(table: Table) -> None:
    table.say("owner")
    began = table.later()
    table.say("owner", text="Earlier.", seen=NOON - MINUTE)
    assert told(stored.since(table.articles, began)) == [("revised", "Earlier.", FEEDS["owner"])]
    assert told(stored.since(table.articles, NOON)) == [
        ("new", "Text.", FEEDS["owner"]),
        ("revised", "Earlier.", FEEDS["owner"]),
    ]


def test_what_was_erased_or_is_past_its_time_is_not_told(table: Table) -> None:
    articles = replace(table.articles, keep=timedelta(days=30))
    article_id = articles.save(table.record("owner"), "p").article_id
    articles.save(table.record("owner", "b", url="https://example.org/b"), "p")
    assert len(list(stored.since(articles, NOON))) == 2
    articles.carry(erasing(article_id, Keeping(NOON, articles.keep)))
    assert len(list(stored.since(articles, NOON))) == 1
    table.clock += timedelta(days=30)
    assert list(stored.since(articles, NOON)) == []
    assert list(stored.current(articles, [article_id])) == []
