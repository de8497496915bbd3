"""Reading back: lists newest first, whole over every page, shard, month and day."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from newscast.articles import queries
from newscast.articles.erasing import erasing
from newscast.articles.identity import name_of, written
from newscast.articles.ops import Several
from newscast.articles.queries import position
from newscast.articles.rows import Actor, Listed, edges
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping
from newscast.local.engine import pages
from newscast.records import TaggedArticle
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import Engine, items

FIRST = datetime(2023, 12, 5, tzinfo=UTC)
GAP = timedelta(hours=7)
COUNT = 250
ALL = (FIRST, FIRST + COUNT * GAP)
SITE = "https://example.org"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def many(engine: Engine) -> tuple[Articles, Any]:
    """250 articles, one every 7 hours over 73 days: the USA in all, India in every third."""
    found = engine.articles()
    for n in range(COUNT):
        actors = [actor("country:USA")] + [actor("IND", "speaker")] * (n % 3 == 0)
        source, then = "example.org" if n % 2 else "example.net", FIRST + n * GAP
        article = tagged(*actors, at=then, seen=then, guid=f"g{n}", url=None, text=f"{n}", source=source)
        found.save(article, "p")
    return found, engine.dynamodb.tables


@pytest.fixture
def listed(many: tuple[Articles, Any], engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Articles:
    """Those, in answers of few rows each, as DynamoDB cuts them at 1 MB."""
    articles, tables = many
    monkeypatch.setattr(engine.dynamodb, "tables", tables)
    monkeypatch.setattr(queries, "PAGE", 7)
    monkeypatch.setattr(pages, "PAGE_BYTES", 3000)
    return articles


def numbers(rows: list[Listed]) -> list[int]:
    return [int((datetime.fromisoformat(row.filed) - FIRST) / GAP) for row in rows]


def down(last: int, first: int = 0, step: int = 1) -> list[int]:
    return list(range(last, first - 1, -step))


def test_all_articles_of_an_actor_newest_first(listed: Articles) -> None:
    assert numbers(list(queries.by_actor(listed, "country:USA", *ALL))) == down(249)
    assert numbers(list(queries.by_actor(listed, "IND", *ALL))) == down(249, step=3)
    assert list(queries.by_actor(listed, "FRA", *ALL)) == []


def test_all_articles_of_a_source_newest_first(listed: Articles) -> None:
    assert numbers(list(queries.by_source(listed, "example.org", *ALL))) == down(249, 1, 2)


def test_the_latest_of_all_sources_over_days_and_shards(listed: Articles) -> None:
    assert numbers(list(queries.latest(listed, *ALL))) == down(249)


def test_a_time_that_is_none_or_the_first_of_all_has_no_articles(listed: Articles) -> None:
    for since, until in (ALL[::-1], (datetime.min.replace(tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC))):
        assert list(queries.latest(listed, since, until)) == []
        assert list(queries.by_source(listed, "example.org", since, until)) == []


def test_everything_there_is(listed: Articles) -> None:
    assert numbers(list(queries.everything(listed, ALL[1]))) == down(249)
    assert numbers(list(queries.everything(listed, FIRST + 10 * GAP))) == down(9)
    assert len(list(queries.every_row(listed))) == COUNT


@pytest.mark.parametrize(("low", "high"), [(0, 1), (10, 11), (10, 60), (249, 250), (30, 30), (31, 30)])
def test_from_is_included_and_until_is_not(listed: Articles, low: int, high: int) -> None:
    span = (FIRST + low * GAP, FIRST + high * GAP)
    expected = down(high - 1, low)
    assert numbers(list(queries.by_actor(listed, "country:USA", *span))) == expected
    assert numbers(list(queries.latest(listed, *span))) == expected
    assert numbers(list(queries.by_source(listed, "example.org", *span))) == [n for n in expected if n % 2]


@pytest.mark.parametrize("size", [1, 3, 40, 249, 250, 251])
def test_pages_of_any_size_put_together_are_the_list(listed: Articles, size: int) -> None:
    found: list[list[Listed]] = []
    before: str | None = None
    while page := list(islice(queries.by_actor(listed, "country:USA", *ALL, before=before), size)):
        found.append(page)
        before = position(page[-1])
        if len(found) == 60:  # of one row each it would take long
            break
    rows = [row for page in found for row in page]
    assert numbers(rows) == down(249)[: len(rows)]
    assert len(rows) == min(COUNT, 60 * size)
    assert {len(page) for page in found[:-1]} <= {size}


def test_a_list_reads_no_more_than_is_taken(listed: Articles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    calls: list[str] = []
    events = listed.dynamodb.meta.events
    events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="counted")
    list(islice(queries.by_source(listed, "example.org", *ALL), 5))
    events.unregister("before-call.dynamodb", unique_id="counted")
    assert calls == ["Query"]


def test_a_list_goes_on_where_it_was_though_newer_articles_came(articles: Articles) -> None:
    for n in range(4):
        articles.save(tagged(at=NOON + n * GAP / 24, guid=f"g{n}", url=None), "p")
    window = (NOON, NOON + DAY)
    first = list(islice(queries.latest(articles, *window), 2))
    articles.save(tagged(at=NOON + timedelta(minutes=59), guid="new", url=None), "p")
    rest = list(queries.latest(articles, *window, before=position(first[-1])))
    filed = [row.filed for row in first + rest]
    assert len(filed) == 4
    assert all(newer > older for newer, older in pairwise(filed))


# ---------------------------------------------------------------------------------- what lists hold
def test_lists_show_what_an_article_is_now(articles: Articles) -> None:
    articles.save(tagged(actor("IND"), actor("RUS")), "p")
    articles.save(tagged(actor("IND", "speaker"), title="They met", seen=NOON + GAP), "p")
    span = (NOON - GAP, NOON + GAP)
    for rows in (queries.by_source(articles, "example.org", *span), queries.latest(articles, *span)):
        (row,) = rows
        assert (row.title, [who.actor_id for who in row.actors]) == ("They met", ["IND"])
    (row,) = queries.by_actor(articles, "IND", *span)
    assert (row.title, [who.involvement for who in row.actors]) == ("They met", ["speaker"])
    assert list(queries.by_actor(articles, "RUS", *span)) == []


def test_an_edge_that_no_head_says_is_no_article(articles: Articles) -> None:
    """A writer left it, who died or was overtaken."""
    articles.save(tagged(actor("IND")), "p")
    (head,) = queries.heads(articles, [name_of(tagged().article, owned=True).id]).values()
    others = (replace(head, article_id="0" * 32), replace(head, actors=(Actor("RUS", "speaker"),)))
    later = replace(head, published=written(NOON + timedelta(minutes=5)))
    left = [item for one in (*others, later) for item in edges(one, None).values()]
    articles.carry_out(Several(tuple(left)))
    span = (NOON - GAP, NOON + GAP)
    assert [row.article_id for row in queries.by_actor(articles, "IND", *span)] == [head.article_id]
    assert list(queries.by_actor(articles, "RUS", *span)) == []


def test_a_revision_that_lists_show_nothing_of_writes_to_no_index(engine: Engine) -> None:
    articles = engine.articles()
    articles.save(tagged(actor("IND", "speaker")), "p")
    before = engine.dynamodb.units["write"]
    articles.save(tagged(actor("IND", "speaker"), text="Changed.", seen=NOON + GAP), "p")
    assert engine.dynamodb.units["write"] - before == 1  # its head alone, with both rows in it


def test_what_is_past_its_time_is_in_no_list(engine: Engine) -> None:
    clock = NOON
    articles = dataclasses.replace(engine.articles(), keep=30 * DAY, now=lambda: clock)
    old = articles.save(tagged(actor("IND"), at=NOON - 20 * DAY, guid="old", url=None), "p").article_id
    new = articles.save(tagged(actor("IND"), guid="new", url=None), "p").article_id
    span = (NOON - 40 * DAY, NOON + 40 * DAY)

    def lists() -> list[list[str]]:
        return [
            [row.article_id for row in queries.by_actor(articles, "IND", *span)],
            [row.article_id for row in queries.by_source(articles, "example.org", *span)],
            [row.article_id for row in queries.latest(articles, *span)],
            [row.article_id for row in queries.everything(articles, span[1])],
            list(queries.heads(articles, [new, old])),
        ]

    assert lists() == [[new, old]] * 5
    clock = NOON + 10 * DAY
    assert lists() == [[new]] * 5
    clock = NOON + 30 * DAY
    assert lists() == [[]] * 5
    assert items(articles)  # DynamoDB has not removed them yet


# ------------------------------------------------------------------------------- ids that lead on
def said(feed: str, guid: str, **fields: Any) -> TaggedArticle:
    host = {"owner": "example.org", "second": "example.org", "stranger": "other.example"}[feed]
    return tagged(feed_id=feed, feed_url=f"https://{host}/{feed}", source=host, guid=guid, **fields)


def test_an_article_has_every_id_that_it_ever_had(articles: Articles) -> None:
    beside = articles.save(said("stranger", "x"), "p").article_id
    assert queries.heads(articles, [beside])[beside].article_id == beside
    later = articles.save(said("second", "b", seen=NOON + GAP), "p").article_id
    first = articles.save(said("owner", "a"), "p").article_id
    other = articles.save(said("owner", "o", url=f"{SITE}/o"), "p").article_id
    names = [beside, later, first, other, "0" * 32]
    found = queries.heads(articles, names)
    assert {name: head.article_id for name, head in found.items()} == {
        beside: first,
        later: first,
        first: first,
        other: other,
    }
    assert queries.divided(articles, names) == ([first, other], [beside])
    articles.carry(erasing(later, Keeping(NOON)))
    assert set(queries.heads(articles, names)) == {other}
    assert [queries.erased(articles, name) for name in names] == [True, True, True, False, False]
    assert queries.divided(articles, names) == ([other], [])
