"""A page is asked for under its host's rules and lease, once; whatever its server does comes back as data."""

from __future__ import annotations

import gzip
import heapq
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from newscast.settings import Settings
from newscast.web.address import Network
from newscast.web.claims import Claims
from newscast.web.lease import Lease, Leases
from newscast.web.robots import RobotsTable
from newscast.web.visit import PATIENCE, Fetched, Later, Missed, Visitor
from tests.web.publisher import Answer, Piece, Publisher, Request, network, reply, serving
from tests.web.table import empty_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
URL = "http://site.example/news/a"
PAGE = b"<html><body><p>An article.</p></body></html>"
HTML = "Content-Type: text/html; charset=iso-8859-1"
OPEN, CLOSED = b"User-agent: *\nDisallow: /print/", b"User-agent: *\nDisallow: /news/"


@dataclass
class World:
    """A publisher and a visitor; `now` moves only when a test moves it."""

    dynamodb: DynamoDBClient
    publisher: Publisher
    net: Network
    settings: Settings
    now: datetime = NOON
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def visit(
        self, url: str = URL, who: str = "me", asked_at: datetime = NOON, publisher: str = "site.example"
    ) -> Fetched | Missed | Later:
        leases = Leases(self.dynamodb, "t")
        visitor = Visitor(
            leases,
            RobotsTable(self.dynamodb, "t"),
            Claims(self.dynamodb, "t"),
            self.settings,
            lambda: self.now,
            self.dice,
            self.net,
        )
        return visitor.visit(url, asked_at, who, publisher)

    def finally_(self, url: str = URL, who: str = "me", publisher: str = "site.example") -> Fetched | Missed:
        """As the queue sends it again and again."""
        asked_at = self.now
        while isinstance(found := self.visit(url, who, asked_at, publisher), Later):
            self.now += found.delay * SECOND
        return found

    def paths(self) -> list[str]:
        """What the publisher was asked for since this was last asked, with its host."""
        asked = [request.headers["host"] + request.path for request in self.publisher.requests]
        self.publisher.requests.clear()
        return asked


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serving() as publisher, empty_table() as dynamodb:
        publisher.says("/robots.txt", reply(200, OPEN))
        publisher.says("/news/a", reply(200, PAGE, HTML))
        net = network({80: publisher.port}, {"inside.example": ["10.0.0.1"]})
        settings = Settings(contact="me@example.org", fetch_deadline_seconds=10.0, max_page_bytes=100_000)
        yield World(dynamodb, publisher, net, settings)


# ------------------------------------------------------------------------- manners
def test_the_rules_are_asked_for_first_and_the_page_after_the_hosts_gap(world: World) -> None:
    waits = world.visit()
    assert isinstance(waits, Later)
    assert waits.delay >= 5
    assert world.paths() == ["site.example/robots.txt"]
    world.now += waits.delay * SECOND
    assert world.visit() == Fetched(PAGE, URL, "iso-8859-1")
    assert world.paths() == ["site.example/news/a"]
    # The rules hold for a day and for all.
    world.now += timedelta(hours=20)
    assert isinstance(world.visit(who="another"), Fetched)
    assert world.paths() == ["site.example/news/a"]
    world.now += timedelta(hours=5)
    assert isinstance(world.finally_(who="a third"), Fetched)
    assert world.paths() == ["site.example/robots.txt", "site.example/news/a"]


def test_a_page_that_the_rules_forbid_is_never_asked_for(world: World) -> None:
    world.publisher.says("/robots.txt", reply(200, CLOSED))
    assert world.finally_() == Missed("robots", "its robots.txt forbids it")
    world.now += timedelta(hours=1)
    assert world.finally_(who="another") == Missed("robots", "its robots.txt forbids it")
    assert world.paths() == ["site.example/robots.txt"]


def test_no_page_is_asked_for_while_the_rules_can_not_be_had(world: World) -> None:
    world.publisher.says("/robots.txt", reply(503))
    found = world.finally_()
    assert found == Missed("no_rules", "robots.txt answered 503")
    world.now += 70 * MINUTE
    world.publisher.says("/robots.txt", reply(404))
    assert isinstance(world.finally_(who="another"), Fetched)
    assert world.paths() == ["site.example/robots.txt", "site.example/robots.txt", "site.example/news/a"]


def test_who_asks_says_who_it_is_and_brings_nothing_along(world: World) -> None:
    world.finally_()
    rules, page = world.publisher.requests
    for request in (rules, page):
        assert request.headers["user-agent"].startswith("Newscast/")
        assert "+me@example.org" in request.headers["user-agent"]
        assert not {"cookie", "referer", "if-none-match", "if-modified-since"} & request.headers.keys()
    assert request.headers["accept"].startswith("text/html")


def test_a_busy_host_is_waited_for_and_nothing_is_lost(world: World) -> None:
    world.finally_(who="first")
    world.paths()
    world.now += 20 * MINUTE
    other = Leases(world.dynamodb, "t").take("site.example", "a feed", world.now, 25 * SECOND)
    assert isinstance(other, Lease)
    asked_at, rounds, done = world.now, 0, 0
    queue = [(world.now, f"{URL}?{n}") for n in range(5)]
    while queue:
        at, url = heapq.heappop(queue)
        world.now, rounds = max(world.now, at), rounds + 1
        found = world.visit(url, url, asked_at)
        if isinstance(found, Later):
            heapq.heappush(queue, (world.now + found.delay * SECOND, url))
        else:
            assert isinstance(found, Fetched)
            done += 1
    # Each comes when it is its turn, or once or twice more.
    assert (done, len(world.paths())) == (5, 5)
    assert rounds <= 15
    assert world.now - asked_at <= 70 * SECOND


def test_a_host_that_is_never_free_is_not_waited_for_for_ever(world: World) -> None:
    Leases(world.dynamodb, "t").take("site.example", "a feed", world.now, timedelta(days=1))
    found = world.finally_()
    assert isinstance(found, Missed)
    assert found.reason == "host-busy"
    assert world.now - NOON <= PATIENCE
    assert world.paths() == []


def test_however_many_want_a_host_those_who_come_later_are_not_kept_from_it(world: World) -> None:
    Leases(world.dynamodb, "t").take("site.example", "a feed", world.now, 60 * SECOND)
    first = [world.visit(who=f"a{n}", url=f"{URL}?a{n}") for n in range(300)]
    # 120 get a turn before a queue must send them, the others come then.
    delays = [found.delay for found in first if isinstance(found, Later)]
    assert len(delays) == 300
    assert 120 <= len(set(delays)) <= 130
    assert max(delays) == 900
    world.now += PATIENCE
    assert isinstance(world.finally_(who="late"), Fetched)


@pytest.mark.parametrize(("quiet", "reason"), [(600, None), (7200, "host-quiet")])
def test_quiet_that_a_host_asked_for_is_kept(world: World, quiet: int, reason: str | None) -> None:
    Leases(world.dynamodb, "t").ask_quiet("site.example", NOON + quiet * SECOND)
    found = world.finally_()
    assert (found.reason if isinstance(found, Missed) else None) == reason
    assert (world.paths() == []) is (reason is not None)
    if reason is None:
        assert world.now - NOON >= quiet * SECOND


@pytest.mark.parametrize("answer", [reply(429), reply(503, b"", "Retry-After: 3600")])
def test_a_page_that_asks_for_quiet_gets_it_for_its_whole_host(world: World, answer: bytes) -> None:
    world.publisher.says("/news/a", answer)
    found = world.finally_()
    assert isinstance(found, Missed)
    assert found.reason == "quiet"
    assert world.finally_("http://site.example/news/b", "another") == Missed(
        "host-quiet", "site.example asked for quiet"
    )
    quiet = Leases(world.dynamodb, "t").quiet_until("site.example")
    assert quiet is not None
    assert quiet >= world.now + timedelta(minutes=59)


def test_rules_that_can_not_be_had_for_too_many_requests_silence_the_host_too(world: World) -> None:
    world.publisher.says("/robots.txt", reply(429, b"", "Retry-After: 900"))
    assert isinstance(world.visit(), Later)
    assert Leases(world.dynamodb, "t").quiet_until("site.example") == NOON + 900 * SECOND


def test_a_longer_gap_that_the_rules_ask_for_is_kept(world: World) -> None:
    world.publisher.says("/robots.txt", reply(200, OPEN + b"\nCrawl-delay: 60"))
    world.finally_()
    world.paths()
    world.now += SECOND
    busy = Leases(world.dynamodb, "t").take("site.example", "you", world.now, SECOND)
    assert not isinstance(busy, Lease)
    assert busy.free_at - world.now == 59 * SECOND


def test_without_a_gap_all_is_asked_for_at_once(world: World) -> None:
    world.settings = Settings(host_gap_seconds=0)
    assert isinstance(world.visit(), Fetched)
    assert world.paths() == ["site.example/robots.txt", "site.example/news/a"]


def test_a_page_is_asked_for_once_by_all_who_bring_it_and_anew_at_the_next_poll(world: World) -> None:
    assert isinstance(world.finally_(who="first"), Fetched)
    world.paths()
    assert world.visit(who="second") == Missed(
        "asked-lately", "the page was just asked for, for another entry"
    )
    assert world.paths() == []
    world.now += SECOND * 20
    assert isinstance(world.visit(who="first"), Fetched)  # delivered again: its answer may be lost
    world.now += 30 * MINUTE
    assert isinstance(world.visit(who="second"), Fetched)


def test_a_stranger_who_asks_first_takes_no_page_from_its_publisher(world: World) -> None:
    assert isinstance(world.finally_(who="stranger", publisher="evil.example"), Fetched)
    world.now += SECOND * 20
    assert isinstance(world.visit(who="owner", publisher="site.example"), Fetched)


# ------------------------------------------------------------------------- redirects
def test_every_host_of_a_chain_is_asked_for_its_rules_and_its_lease(world: World) -> None:
    world.publisher.says("links.example/go", reply(302, b"", "Location: http://site.example/news/a"))
    assert world.finally_("http://links.example/go") == Fetched(PAGE, URL, "iso-8859-1")
    asked = world.paths()
    assert asked[0] == "links.example/robots.txt"
    assert asked.index("site.example/robots.txt") < asked.index("site.example/news/a")
    assert [path for path in asked if "robots" in path] == [
        "links.example/robots.txt",
        "site.example/robots.txt",
    ]


def test_a_redirect_to_what_is_forbidden_is_not_followed(world: World) -> None:
    world.publisher.says("/news/b", reply(301, b"", "Location: /print/b"))
    assert world.finally_("http://site.example/news/b") == Missed("robots", "its robots.txt forbids it")
    assert "site.example/print/b" not in world.paths()


def test_a_chain_to_a_new_host_each_time_is_not_followed_for_ever(world: World) -> None:
    times = iter(range(10_000))

    def elsewhere(_: Request) -> bytes:
        return reply(302, b"", f"Location: http://n{next(times)}.example/news/a")

    world.publisher.says("links.example/go", elsewhere)
    found = world.finally_("http://links.example/go")
    assert isinstance(found, Missed)
    assert found.reason == "host-busy"
    assert world.now - NOON <= 2 * PATIENCE


def test_another_host_that_is_busy_is_waited_for(world: World) -> None:
    world.publisher.says("links.example/go", reply(302, b"", "Location: http://site.example/news/a"))
    world.finally_(who="first")
    world.finally_("http://links.example/other", "second")
    Leases(world.dynamodb, "t").take("site.example", "a feed", world.now, 40 * SECOND)
    before = world.now
    assert isinstance(world.finally_("http://links.example/go", "third"), Fetched)
    assert world.now - before >= 40 * SECOND


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://inside.example/", "no_rules"),  # not even its robots.txt is asked for
        ("http://localhost/", "private"),
        ("http://site.example:8080/", "port"),
        ("file:///etc/passwd", "scheme"),
        ("http://user:pass@site.example/", "credentials"),
    ],
)
def test_a_redirect_inside_is_refused(world: World, location: str, reason: str) -> None:
    world.publisher.says("/news/a", reply(302, b"", f"Location: {location}"))
    found = world.finally_()
    assert isinstance(found, Missed)
    assert found.reason == reason
    assert {path.split("/")[0] for path in world.paths()} == {"site.example"}


def test_a_page_at_an_address_inside_is_refused(world: World) -> None:
    reasons = {
        "http://10.0.0.1/a": "private",
        "http://inside.example/a": "no_rules",
        "http://[::1]/a": "private",
        "ftp://site.example/a": "scheme",
        "http://site.example/" + "я" * 900: "url",  # longer than may be, once it is written as it is sent
    }
    for url, reason in reasons.items():
        found = world.finally_(url)
        assert isinstance(found, Missed)
        assert found.reason == reason
    assert world.paths() == []


# ------------------------------------------------------------------------- answers
def drip(request: Request) -> Iterable[Piece]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n"
    for _ in request.path * 20:
        yield b"<p>"
        yield 0.1


BOMB = gzip.compress(b"<p>" * 1_000_000)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(404), "missing"),
        (reply(410), "gone"),
        (reply(401), "denied"),
        (reply(403), "denied"),
        (reply(402), "denied"),
        (reply(451), "denied"),
        (reply(500), "server"),
        (reply(502), "server"),
        (reply(418), "status"),
        (reply(204), "status"),
        (reply(304), "status"),
        (reply(200, b"", HTML), "empty"),
        (reply(200, b" \n ", HTML), "empty"),
        (reply(200, b"%PDF-1.7", "Content-Type: application/pdf"), "not_a_page"),
        (reply(200, b"\xff\xd8\xff", "Content-Type: image/jpeg"), "not_a_page"),
        (reply(200, b"{}", "Content-Type: application/json"), "not_a_page"),
        (reply(200, b"<p>" * 50_000, HTML), "too_large"),
        (reply(200, BOMB, HTML, "Content-Encoding: gzip"), "too_large"),
        (reply(200, PAGE, HTML, "Content-Encoding: br"), "encoding"),
        (reply(200, PAGE, HTML, length=5000), "cut"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "protocol"),
        (drip, "timeout"),
        (reply(302, b"", "Location: /news/a"), "redirects"),
        (reply(302, b"", "Location: /"), "missing"),  # to the front page
    ],
)
def test_what_is_no_page_comes_back_with_its_reason(
    world: World, answer: bytes | Callable[[Request], Any], reason: str
) -> None:
    says: bytes | Answer = answer
    world.publisher.says("/news/a", says)
    world.publisher.says("/", reply(200, PAGE, HTML))
    if reason == "timeout":
        world.settings = replace(world.settings, fetch_deadline_seconds=1.0)
    found = world.finally_()
    assert isinstance(found, Missed), found
    assert (found.reason, bool(found.words)) == (reason, True)


def test_an_article_whose_address_is_a_front_page_is_read_there(world: World) -> None:
    world.publisher.says("/", reply(200, PAGE, HTML))
    assert isinstance(world.finally_("http://site.example/"), Fetched)


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("Content-Type: text/html", None),
        ('Content-Type: TEXT/HTML;Charset="Windows-1251"', "Windows-1251"),
        ("Content-Type: application/xhtml+xml; charset=utf-8", "utf-8"),
        ("X-Nothing: said", None),
    ],
)
def test_a_page_comes_with_the_charset_of_its_header(world: World, header: str, charset: str | None) -> None:
    world.publisher.says("/news/a", reply(200, PAGE, header))
    assert world.finally_() == Fetched(PAGE, URL, charset)


def test_the_rules_may_be_longer_than_what_is_read_of_them(world: World) -> None:
    world.publisher.says("/robots.txt", reply(200, CLOSED + b"\n# " + b"x" * 600_000))
    assert world.finally_() == Missed("robots", "its robots.txt forbids it")
