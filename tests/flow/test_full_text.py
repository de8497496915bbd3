"""Articles read on their pages, from a feed of teasers to rows, on the very template that deploys."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from newscast.articles import queries, stored
from newscast.articles.store import Articles
from newscast.aws import clients
from newscast.cli import place
from newscast.feeds.feed import Feed, new_feed
from newscast.feeds.table import Feeds
from newscast.local.stack import Stack
from newscast.normalise import guarded_page
from newscast.records import Article, FullTextWish
from newscast.web.lease import Lease, Leases
from newscast.web.loopback import open_loopback
from tests.flow.feeds import TEMPLATE, heads, waiting
from tests.normalise.hostile import CASES
from tests.web.publisher import Publisher, reply, serving

HOST = "site.example"
HTML = "Content-Type: text/html"
RULES = b"User-agent: *\nDisallow: /print/"


def rss(*items: tuple[str, str, str]) -> bytes:
    """A feed of (guid, path, teaser)."""
    inner = "".join(
        f"<item><title>Ministers speak of {guid[:1]}</title><guid>{guid}</guid>"
        f"<link>http://{HOST}{path}</link><description>{teaser}</description></item>"
        for guid, path, teaser in items
    )
    return f'<rss version="2.0"><channel><title>Site</title>{inner}</channel></rss>'.encode()


def html(said: str) -> bytes:
    """A page about what teasers announce."""
    prose = f"<p>The defence ministers spoke by telephone on Friday. {said}</p>" * 4
    return f"<html><title>Ministers speak</title><body><article>{prose}</article></body></html>".encode()


TEASER = "The defence ministers spoke by telephone…"


class World:
    """A stack, and a publisher at HOST."""

    def __init__(self, stack: Stack, publisher: Publisher) -> None:
        self.stack = stack
        self.publisher = publisher
        publisher.says("/robots.txt", reply(200, RULES))

    def poll(self, path: str, body: bytes, wish: FullTextWish | None = "always") -> Feed:
        """Watch a feed with this body, ask for it now, and work until nothing is left."""
        self.publisher.says(path, reply(200, body, "Content-Type: application/rss+xml"))
        feed = new_feed(f"http://{HOST}{path}", datetime.now(UTC), full_text=wish)
        Feeds(clients.dynamodb(), self.stack.table_name).add(feed)
        self.send(feed)
        self.stack.drain()
        return feed

    def send(self, feed: Feed) -> None:
        assert self.stack.invoke("schedule", {"feed_ids": [feed.feed_id]}).outcome == "ok"

    def asked(self) -> list[str]:
        """Pages that were asked for since this was last asked."""
        paths = [request.path for request in self.publisher.requests if "feed" not in request.path]
        self.publisher.requests.clear()
        return [path for path in paths if path != "/robots.txt"]

    def stored(self) -> dict[str | None, Article]:
        """What each article now says, by its URL's path."""
        articles = self.articles()
        ids = [row.article_id for row in queries.everything(articles, datetime(2100, 1, 1, tzinfo=UTC))]
        found = stored.current(articles, ids)
        return {(one.article.url or "").removeprefix(f"http://{HOST}"): one.article for one in found}

    def changes(self) -> list[str]:
        """What became of all that was stored, in its order."""
        return [one.change for one in stored.since(self.articles(), datetime(2020, 1, 1, tzinfo=UTC))]

    def articles(self) -> Articles:
        return place.of_stack(self.stack)

    def forget_claims(self) -> None:
        """As if a quarter of an hour had passed."""
        for item in clients.dynamodb().scan(TableName=self.stack.table_name)["Items"]:
            if item["PK"]["S"].startswith("PAGE#") and item["SK"]["S"].startswith("CLAIM#"):
                key = {name: item[name] for name in ("PK", "SK")}
                clients.dynamodb().delete_item(TableName=self.stack.table_name, Key=key)


@contextmanager
def world(gap: str = "0", **parameters: str) -> Iterator[World]:
    with (
        Stack.open(TEMPLATE, parameters=parameters) as stack,
        serving() as publisher,
        open_loopback(HOST, publisher.port),
    ):
        stack.set("HOST_GAP_SECONDS", gap)
        yield World(stack, publisher)


def became(article: Article) -> tuple[str, str | None]:
    assert article.full_text is not None
    return article.full_text.outcome, article.full_text.reason


def test_a_teaser_becomes_its_article_and_each_failure_keeps_the_feeds_text() -> None:
    with world() as here:
        pages = {
            "/a": (reply(200, html("They agreed."), HTML), ("taken", None)),
            "/gone": (reply(410), ("kept", "gone")),
            "/broken": (reply(500), ("kept", "server")),
            "/print/a": (reply(200, html("Closed."), HTML), ("kept", "robots")),
            "/inside": (reply(302, b"", "Location: http://10.0.0.1/"), ("kept", "private")),
            "/picture": (reply(200, b"\xff\xd8\xff", "Content-Type: image/jpeg"), ("kept", "not_a_page")),
            "/binary": (reply(200, b"\0\1\2" * 99, HTML), ("kept", "not_a_page")),
            "/huge": (reply(200, b"<p>" * 2_000_000, HTML), ("kept", "too_large")),
            "/slow": (reply(200, CASES["500,000 breaks"]().encode(), HTML), ("kept", "cpu")),
            "/wall": (reply(200, b"<h1>Accept all cookies</h1>", HTML), ("kept", "cookie_wall")),
            "/tags": (reply(200, b"<p " + bytes(f"{'a' * 9}", "ascii") + b">", HTML), ("kept", "no_text")),
        }
        for path, (answer, _) in pages.items():
            here.publisher.says(path, answer)
        here.poll("/feed", rss(*((f"{n}-{path}", path, TEASER) for n, path in enumerate(pages))))
        stored = here.stored()
        assert {path: became(stored[path]) for path in pages} == {
            path: wanted for path, (_, wanted) in pages.items()
        }
        assert stored["/a"].text.startswith(
            "The defence ministers spoke by telephone on Friday. They agreed."
        )
        assert {article.text for path, article in stored.items() if path != "/a"} == {TEASER}
        assert "/print/a" not in here.asked()
        assert waiting(here.stack) == {}
        assert here.stack.dead_letters() == []
        counted = [json.loads(line) for line in here.stack.logs.lines("PageFunction") if '"Failures"' in line]
        reasons = sum((Counter(line["failures"]) for line in counted), Counter[str]())
        assert reasons == Counter(reason for _, (_, reason) in pages.values() if reason)


def test_the_full_text_stays_when_the_entry_is_sent_again_without_it() -> None:
    with world() as here:
        here.publisher.says("/a", reply(200, html("They agreed."), HTML))
        here.poll("/feed", rss(("1", "/a", TEASER)))
        first = here.stored()["/a"]
        here.asked()
        # The same feed again: nothing is new, and the page is left alone.
        here.poll("/feed", rss(("1", "/a", TEASER)))
        assert here.asked() == []
        # The teaser was edited, and the page can't be had now.
        here.forget_claims()
        here.publisher.says("/a", reply(503))
        here.poll("/feed", rss(("1", "/a", "The two ministers spoke…")))
        assert here.asked() == ["/a"]
        assert here.stored()["/a"].text == first.text
        # Edited again, and the page says the same: no revision.
        here.forget_claims()
        here.publisher.says("/a", reply(200, html("They agreed."), HTML))
        here.poll("/feed", rss(("1", "/a", "The ministers spoke once more…")))
        assert list(heads(here.stack).values()) == [1]
        # Now the page has changed too: one revision.
        here.forget_claims()
        here.publisher.says("/a", reply(200, html("They quarrelled."), HTML))
        here.poll("/feed", rss(("1", "/a", "The ministers spoke a last time…")))
        assert "quarrelled" in here.stored()["/a"].text
        assert list(heads(here.stack).values()) == [2]


def test_a_text_that_could_not_be_had_at_first_is_a_revision_when_it_is() -> None:
    with world() as here:
        here.publisher.says("/a", reply(500))
        here.poll("/feed", rss(("1", "/a", TEASER)))
        assert became(here.stored()["/a"]) == ("kept", "server")
        here.forget_claims()
        here.publisher.says("/a", reply(200, html("They agreed."), HTML))
        here.poll("/feed", rss(("1", "/a", TEASER + " (corrected)")))
        assert became(here.stored()["/a"]) == ("taken", None)
        assert here.changes() == ["new", "revised"]
        assert list(heads(here.stack).values()) == [1]  # the teaser is no version of the text


def test_two_feeds_that_lead_to_one_page_ask_for_it_once() -> None:
    with world() as here:
        here.publisher.says("/a", reply(200, html("They agreed."), HTML))
        here.poll("/feed/world", rss(("1", "/a", TEASER)))
        here.poll("/feed/top", rss(("1 top", "/a", TEASER)))
        assert here.asked() == ["/a"]
        assert list(heads(here.stack).values()) == [1]
        assert became(here.stored()["/a"]) == ("taken", None)


@pytest.mark.parametrize(
    ("parameter", "wish", "asked"),
    [
        ("never", None, []),
        ("auto", None, ["/a"]),
        ("always", None, ["/a", "/b"]),
        ("always", "never", []),
        ("never", "auto", ["/a"]),
    ],
)
def test_the_switch_of_a_feed_and_of_the_stack(
    parameter: str, wish: FullTextWish | None, asked: list[str]
) -> None:
    with world(FullText=parameter) as here:
        for path in ("/a", "/b"):
            here.publisher.says(path, reply(200, html("They agreed."), HTML))
        here.poll("/feed", rss(("1", "/a", TEASER), ("2", "/b", "Whole sentences stand here. " * 60)), wish)
        assert sorted(here.asked()) == asked
        assert len(here.stored()) == 2


def test_a_page_whose_host_is_busy_comes_later_and_nothing_is_lost() -> None:
    with world("0.1") as here:
        for number in range(3):
            here.publisher.says(f"/{number}", reply(200, html("They agreed."), HTML))
        body = rss(*((str(number), f"/{number}", TEASER) for number in range(3)))
        here.publisher.says("/feed", reply(200, body, "Content-Type: application/rss+xml"))
        feed = new_feed(f"http://{HOST}/feed", datetime.now(UTC), full_text="always")
        Feeds(clients.dynamodb(), here.stack.table_name).add(feed)
        here.send(feed)
        here.stack.drain(max_wait=0)
        leases, now = Leases(clients.dynamodb(), here.stack.table_name), datetime.now(UTC)
        while not isinstance(leases.take(HOST, "another", datetime.now(UTC), timedelta(seconds=3)), Lease):
            time.sleep(0.05)
        here.stack.drain()
        assert {path: became(article) for path, article in here.stored().items()} == {
            f"/{number}": ("taken", None) for number in range(3)
        }
        assert sorted(here.asked()) == ["/0", "/1", "/2"]
        assert datetime.now(UTC) - now > timedelta(seconds=2)
        assert list(heads(here.stack).values()) == [1, 1, 1]
        assert waiting(here.stack) == {}


def test_a_page_that_we_fail_on_is_a_dead_letter_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read = guarded_page.read

    def broken(article: Article, body: bytes, url: str | None, charset: str | None) -> Article:
        if b"poison" in body:
            raise RuntimeError("our bug")
        return read(article, body, url, charset)

    with world() as here:
        monkeypatch.setattr(guarded_page, "read", broken)
        here.publisher.says("/a", reply(200, html("They agreed."), HTML))
        here.publisher.says("/b", reply(200, html("poison"), HTML))
        here.poll("/feed", rss(("1", "/a", TEASER), ("2", "/b", TEASER)))
        (letter,) = here.stack.dead_letters()
        assert (letter.stage, letter.reason) == ("page", "RuntimeError: our bug")
        assert list(here.stored()) == ["/a"]
