"""Which sites a feed speaks for, as a person says it; and what is left of a feed that is watched no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from newscast.articles.grants import Grants
from newscast.aws import clients
from newscast.cli import main, place
from newscast.feeds.feed import feed_id, new_feed
from newscast.feeds.ledger import tally
from newscast.feeds.months import Months
from newscast.feeds.table import Feeds
from newscast.web.loopback import open_loopback
from tests.feeds.world import item, rss
from tests.web.publisher import Publisher, reply, serving

Out = pytest.CaptureFixture[str]
FEED, PAGE = "http://feeds.example/v", "http://page.example/"


@pytest.fixture
def where(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data")]


@contextmanager
def page(head: str) -> Iterator[Publisher]:
    """http://page.example, and http://feeds.example/v, which it may name."""
    with (
        serving() as publisher,
        open_loopback("page.example", publisher.port),
        open_loopback("feeds.example", publisher.port),
    ):
        publisher.says("page.example/", reply(200, head.encode(), "Content-Type: text/html"))
        publisher.says("feeds.example/v", reply(200, rss(item(1, link="http://page.example/1"))))
        yield publisher


def listed(capsys: Out, where: list[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["feeds", "list", "--json", *where]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def grants(capsys: Out, where: list[str]) -> list[tuple[str, str, str]]:
    (feed,) = listed(capsys, where)
    return [(one["scope"], one["why"], one["evidence"]) for one in feed["grants"]]


NAMES = f'<link rel=alternate type="application/rss+xml" href="{FEED}">'


@pytest.mark.parametrize(
    ("markup", "granted"),
    [
        (f"<html><head>{NAMES}</head>", [("page.example", "named", PAGE)]),
        (f"<html><head></head><body>{NAMES}</body>", []),  # found there, but anyone may have written it
        (f"<html><head><title>x</title><div>{NAMES}", []),
    ],
)
def test_the_page_that_a_feed_was_found_on_grants_it_the_site(
    markup: str, granted: list[tuple[str, str, str]], where: list[str], capsys: Out
) -> None:
    with page(markup):
        assert main(["feeds", "add", PAGE, *where]) == 0
        said = capsys.readouterr().out.splitlines()
    assert said == [f"added: {feed_id(FEED)} {FEED}", *(f"  it speaks for {one[0]}" for one in granted)]
    assert grants(capsys, where) == granted


def test_a_poll_asks_the_site_and_the_list_tells_what_it_said(where: list[str], capsys: Out) -> None:
    with page(f"<html><head>{NAMES}</head>") as publisher:
        assert main(["run", "--quiet", "--feed", FEED, *where]) == 0
        assert [request.path for request in publisher.requests] == ["/v", "/"]
    assert grants(capsys, where) == [("page.example", "named", PAGE)]
    assert main(["feeds", "list", *where]) == 0
    assert capsys.readouterr().out.rstrip().endswith("also speaks for page.example (named)")


def moved(path: str) -> str:
    """A feed that moved to FEED; its id."""
    old = replace(
        new_feed("http://old.example/feed", datetime.now(UTC)), url=FEED, given_url="http://old.example/feed"
    )
    with place.embedded(path) as stack:
        table = Feeds(clients.dynamodb(), stack.table_name)
        table.add(replace(old, url="http://old.example/feed", given_url=None))
        assert table.moves_to(old, FEED) is None
        row = table.get(old.feed_id)
        assert row
        table.change(row, old)
    return old.feed_id


@pytest.mark.parametrize("words", [["feeds", "add", FEED, "--offline"], ["run", "--quiet", "--feed", FEED]])
def test_who_subscribes_where_a_feed_moved_to_has_a_feed_of_its_own(
    words: list[str], where: list[str], capsys: Out
) -> None:
    """A feed may move where it likes: what it said before must not become what its target says."""
    known = moved(where[1])
    with page(""):
        assert main([*words, *where]) == 0
    found = {feed["feed_id"]: feed for feed in listed(capsys, where)}
    assert len(found) == 2
    assert found[known]["given_url"] == "http://old.example/feed"
    assert all(feed["grants"] == [] for feed in found.values())


def test_a_note_that_a_feed_moved_is_no_word_of_a_person(where: list[str], capsys: Out) -> None:
    """It noted its move to V's feed, but is polled where it was: it must not speak for V."""
    feed = new_feed("http://e.example/feed", datetime.now(UTC))
    with place.embedded(where[1]) as stack:
        table = Feeds(clients.dynamodb(), stack.table_name)
        table.add(feed)
        table.moves_to(feed, FEED)
    assert main(["feeds", "add", FEED, "--offline", *where]) == 0
    assert {each["url"]: each["grants"] for each in listed(capsys, where)} == {feed.url: [], FEED: []}


@pytest.mark.parametrize(
    ("given", "scope"),
    [
        ("example.org", "example.org"),
        ("www.example.org", "example.org"),
        ("https://example.org/", "example.org"),
        ("https://example.org/news/", "example.org/news"),
        ("https://medium.com/@ann", "medium.com/@ann"),
        ("https://example.org/?p=1", None),
        ("medium.com", None),
        ("github.io", None),
        ("http://", None),
        ("ftp://example.org/", None),
    ],
)
def test_a_person_says_what_a_feed_speaks_for(
    given: str, scope: str | None, where: list[str], capsys: Out
) -> None:
    assert main(["feeds", "add", FEED, "--offline", *where]) == 0
    assert main(["feeds", "set", FEED, "--speaks-for", given, *where]) == (scope is None)
    said = capsys.readouterr()
    if scope is None:
        assert f"newscast feeds: {given}: not the address of one owner's pages" in said.err
        assert grants(capsys, where) == []
        return
    assert said.out.splitlines()[-1] == f"speaks for {scope}: {feed_id(FEED)} {FEED}"
    assert main(["feeds", "set", FEED, "--speaks-for", given, *where]) == 0
    assert grants(capsys, where) == [(scope, "person", "newscast feeds set")]


def test_something_must_be_set(where: list[str], capsys: Out) -> None:
    assert main(["feeds", "add", FEED, "--offline", *where]) == 0
    assert main(["feeds", "set", FEED, *where]) == 1
    assert "nothing to set: say --full-text or --speaks-for" in capsys.readouterr().err
    assert main(["feeds", "set", FEED, "--speaks-for", "feeds.example", *where]) == 0
    assert grants(capsys, where) == []  # its own site, anyway


def test_a_feed_is_removed_with_its_grants_and_its_ledger_stays(where: list[str], capsys: Out) -> None:
    with page(f"<html><head>{NAMES}</head>"):
        assert main(["run", "--quiet", "--feed", FEED, *where]) == 0
    capsys.readouterr()
    assert main(["feeds", "remove", FEED, *where]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"removed: {feed_id(FEED)} {FEED}",
        "their articles stay (newscast erase --feed removes them)",
    ]
    assert listed(capsys, where) == []
    assert main(["feeds", "coverage", FEED, "--json", *where]) == 0
    (day,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (day["feed"], day["url"], day["polls"], day["entries"]) == (feed_id(FEED), None, 1, 1)
    with place.embedded(where[1]) as stack:
        assert Grants(clients.dynamodb(), stack.table_name).of(feed_id(FEED)).grants == ()
    assert main(["feeds", "remove", FEED, *where]) == 1
    assert main(["feeds", "coverage", "http://x.example/", *where]) == 1
    assert "not watched, and nothing is known" in capsys.readouterr().err


def test_coverage_shows_days_on_which_nobody_looked(where: list[str], capsys: Out) -> None:
    now = datetime.now(UTC)
    feed = new_feed(FEED, now - timedelta(days=2))
    with place.embedded(where[1]) as stack:
        table = Feeds(clients.dynamodb(), stack.table_name)
        table.add(feed)
        row = table.get(feed.feed_id)
        assert row
        table.change(row, feed, tally(now, now, polls=1, failure="timeout"))
        Months(clients.dynamodb(), stack.table_name).stored(
            now.date(), {feed.feed_id: 4}, "a batch", {feed.feed_id: {"cpu": 1, "memory": 2}}
        )
    assert main(["feeds", "coverage", "--json", *where]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(day["polls"], day["failures"]) for day in found] == [(0, {}), (0, {}), (1, {"timeout": 1})]
    assert found[-1] == {
        "feed": feed.feed_id,
        "url": FEED,
        "date": now.date().isoformat(),
        "polls": 1,
        "failures": {"timeout": 1},
        "entries": 0,
        "stored": 4,
        "unread": {"cpu": 1, "memory": 2},
    }
    assert main(["feeds", "coverage", "--days", "1", *where]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{now.date()} | 1 | timeout 1 | 0 | 4 | cpu 1, memory 2 | {FEED}"
    ]
    (told,) = listed(capsys, where)
    assert told["last_problem"] == (
        "texts that were not read lately: 1 (it takes more time than it may),"
        " 2 (it takes more memory than it may)"
    )


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
def test_a_number_of_days(days: str, capsys: Out) -> None:
    with pytest.raises(SystemExit):
        main(["feeds", "coverage", "--days", days])
    assert "a number of days" in capsys.readouterr().err
