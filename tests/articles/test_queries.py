"""Reading back: lists newest first, whole over every page, shard, month and day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from newscast.articles import queries
from newscast.articles.identity import written
from newscast.articles.queries import position
from newscast.articles.rows import Edge, Listed
from newscast.articles.store import Articles
from newscast.aws import clients
from newscast.aws.objects import Objects
from newscast.local.stack import Stack
from tests.articles.fake_table import in_memory
from tests.articles.samples import NOON, actor, tagged
from tests.table_shape import TEMPLATE

FIRST = datetime(2024, 5, 30, tzinfo=UTC)
GAP = timedelta(hours=7)
COUNT = 250
ALL = (FIRST, FIRST + COUNT * GAP)


@pytest.fixture(scope="module")
def articles() -> Articles:
    """250 articles, one every 7 hours over 73 days: the USA in all, India in every third."""
    found, table = in_memory()
    for n in range(COUNT):
        actors = [actor("country:USA")] + [actor("IND", "speaker")] * (n % 3 == 0)
        source, then = "example.org" if n % 2 else "example.net", FIRST + n * GAP
        article = tagged(*actors, at=then, seen=then, guid=f"g{n}", url=None, text=f"{n}", source=source)
        found.save(article, "p")
    table.page = 7  # every answer is cut short, as AWS does at 1 MB
    return found


def numbers(rows: list[Listed] | list[Edge]) -> list[int]:
    return [int((datetime.fromisoformat(row.filed) - FIRST) / GAP) for row in rows]


def test_all_articles_of_an_actor_newest_first(articles: Articles) -> None:
    assert numbers(list(queries.by_actor(articles, "country:USA", *ALL))) == list(range(COUNT - 1, -1, -1))
    assert numbers(list(queries.by_actor(articles, "IND", *ALL))) == list(range(249, -1, -3))
    assert list(queries.by_actor(articles, "FRA", *ALL)) == []


def test_all_articles_of_a_source_newest_first(articles: Articles) -> None:
    assert numbers(list(queries.by_source(articles, "example.org", *ALL))) == list(range(249, 0, -2))


def test_the_latest_of_all_sources_over_days_and_shards(articles: Articles) -> None:
    assert numbers(list(queries.latest(articles, *ALL))) == list(range(COUNT - 1, -1, -1))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (10, 11), (10, 60), (249, 250), (30, 30), (31, 30)])
def test_from_is_included_and_until_is_not(articles: Articles, low: int, high: int) -> None:
    span = (FIRST + low * GAP, FIRST + high * GAP)
    expected = list(range(high - 1, low - 1, -1))
    assert numbers(list(queries.by_actor(articles, "country:USA", *span))) == expected
    assert numbers(list(queries.latest(articles, *span))) == expected
    assert numbers(list(queries.by_source(articles, "example.org", *span))) == [n for n in expected if n % 2]


@pytest.mark.parametrize("size", [1, 3, 40, 249, 250, 251])
def test_pages_of_any_size_put_together_are_the_list(articles: Articles, size: int) -> None:
    pages: list[list[Edge]] = []
    before: str | None = None
    while page := list(islice(queries.by_actor(articles, "country:USA", *ALL, before=before), size)):
        pages.append(page)
        before = position(page[-1])
    assert numbers([row for page in pages for row in page]) == list(range(COUNT - 1, -1, -1))
    assert {len(page) for page in pages[:-1]} <= {size}


def test_a_list_goes_on_where_it_was_though_newer_articles_came() -> None:
    articles, _ = in_memory()
    for n in range(4):
        articles.save(tagged(at=NOON + n * GAP / 24, guid=f"g{n}", url=None), "p")
    window = (NOON, NOON + timedelta(days=1))
    first = list(islice(queries.latest(articles, *window), 2))
    articles.save(tagged(at=NOON + timedelta(minutes=59), guid="new", url=None), "p")
    rest = list(queries.latest(articles, *window, before=position(first[-1])))
    filed = [row.filed for row in first + rest]
    assert len(filed) == 4
    assert all(newer > older for newer, older in pairwise(filed))


def test_a_list_reads_no_more_than_is_taken(articles: Articles) -> None:
    asked = []
    whole = articles.dynamodb.query

    def counted(**query: object) -> object:
        asked.append(query)
        return whole(**query)  # type: ignore[arg-type]

    articles.dynamodb.query = counted  # type: ignore[method-assign,assignment]
    list(islice(queries.by_source(articles, "example.org", *ALL), 5))
    articles.dynamodb.query = whole  # type: ignore[method-assign]
    assert len(asked) == 1


def test_lists_are_answered_from_indexes_that_hold_what_they_show_and_no_more() -> None:
    with Stack.open(TEMPLATE, enforce_roles=False) as stack:
        kept = Articles(
            clients.dynamodb(),
            stack.table_name,
            Objects(clients.s3, stack.bucket),
            lambda: NOON,
            lambda _: None,
        )
        span = (NOON - GAP, NOON + GAP)
        saved = kept.save(tagged(actor("IND", "speaker")), "p")
        (edge,) = queries.by_actor(kept, "IND", *span)
        for found in (queries.by_source(kept, "example.org", *span), queries.latest(kept, *span)):
            (row,) = found
            assert (row.article_id, row.title, row.actors[0].actor_id) == (
                saved.article_id,
                edge.title,
                "IND",
            )
        units = stack.gate.dynamodb.units
        before = units["write"]
        kept.save(tagged(actor("IND", "speaker"), seen=NOON + GAP), "p")
        assert units["write"] - before == 1, "only the head: nothing that a list shows has changed"
        indexes = {
            index.name: index
            for table in stack.deployment.tables.values()
            for index in table.indexes.values()
        }
    heads = set(Listed.__struct_fields__)
    due = {"host", "minutes"}
    holds: dict[str, set[str]] = {
        name: set(index.projection or ()) - {"PK", "SK", *index.keys} for name, index in indexes.items()
    }
    assert holds == {"GSI1": heads | set(Edge.__struct_fields__) | due, "GSI2": heads}


def test_an_article_with_its_history() -> None:
    articles, table = in_memory()
    table.page = 1
    hour = timedelta(hours=1)
    for seen, text in ((1, "B"), (2, "C"), (0, "A")):
        saved = articles.save(tagged(text=text, seen=NOON + seen * hour), "p")
    found = queries.history(articles, saved.article_id)
    assert found
    assert [articles.load(revision).article.text for revision in found.revisions] == ["A", "B", "C"]
    assert (found.head.revisions, found.head.first_seen) == (3, written(NOON))
    assert queries.current(articles, [found.head.article_id, "0" * 32])[saved.article_id].article.text == "C"
    assert queries.find(articles, tagged().article) == saved.article_id
    assert queries.find(articles, tagged(guid="g9", url=None).article) is None
    assert queries.history(articles, "0" * 32) is None


def test_what_a_run_stored_over_a_kept_table() -> None:
    """Also after a kill: what the first run stored is not in the second one's list, whoever delivers it."""
    clock = NOON
    articles, table = in_memory(now=lambda: clock)
    table.page = 2
    articles.save(tagged(guid="g1", url=None), "p1")
    second_run = clock = NOON + timedelta(minutes=5)
    articles.save(tagged(guid="g1", url=None), "p1")  # its acknowledgement was lost in the kill
    articles.save(tagged(guid="g2", url=None, text="Two"), "p1")
    articles.save(tagged(guid="g1", url=None, text="Changed", seen=clock), "p2")
    articles.save(tagged(guid="g2", url=None, text="Two"), "p2")
    stored = [record.article for record in queries.stored_since(articles, second_run)]
    assert sorted((article.guid, article.text) for article in stored) == [("g1", "Changed"), ("g2", "Two")]
