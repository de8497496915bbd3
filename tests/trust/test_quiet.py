"""What a stranger's words lead to is held against the stranger: who speaks for a host is asked as before.

V is a publisher, E a feed that its reader subscribes to as well, and that means harm. Many sites have an
address that says 429 to anyone (an interface without a key, a search): V has one at /api.
"""

from __future__ import annotations

import bisect
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from msgspec.structs import replace

from newscast.feeds.authority import Named
from newscast.feeds.poll import Busy, Done
from newscast.settings import Settings
from newscast.web.claims import Claims
from newscast.web.lease import Leases
from newscast.web.robots import RobotsTable
from newscast.web.visit import PATIENCE, Fetched, Later, Missed, Visitor
from tests.feeds.rows import Rows
from tests.feeds.world import NOON, World, item, rss, world
from tests.web.publisher import Publisher, Request, network, reply, serving

V, E = "http://v.example/feed", "http://e.example/feed"
HOUR = timedelta(hours=1)
WEEK = 7 * 24 * 3600
ENOUGH = f"Retry-After: {WEEK}"
"""The longest wish that is believed."""


def to(url: str) -> bytes:
    return reply(302, b"", f"Location: {url}")


def answers(site: World, host: str) -> list[str]:
    """Paths that a host was asked for since this was last asked."""
    return [request.path for request in site.asked() if request.headers["host"] == host]


# ------------------------------------------------------------------------- feeds
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("chain", "groups"),
    [
        (["v.example/api"], ""),
        (["x.example/go", "v.example/api"], ""),
        (["v.example/old", "v.example/api"], ""),
        (["v.example/api"], "v.example,other.example"),  # the group that V is in
        (["v.example/api"], "e.example,other.example"),  # the group that E is in
    ],
)
def test_a_redirect_to_where_the_victim_asks_for_quiet_does_not_silence_the_victim(
    status: int, chain: list[str], groups: str
) -> None:
    with world(host_groups=groups) as site:
        site.publisher.says("v.example/feed", reply(200, rss(item(1))))
        for here, there in zip(["e.example/feed", *chain], chain, strict=False):
            site.publisher.says(here, to(f"http://{there}"))
        site.publisher.says("v.example/api", reply(status, b"", ENOUGH))
        v, e, other = site.subscribe(V), site.subscribe(E), site.subscribe("http://other.example/feed")
        site.publisher.says("other.example/feed", reply(200, rss(item(2))))
        site.poll(e.feed_id)
        # E gets the wish in full, V a gap.
        assert site.state(e.feed_id).next_due - site.now >= timedelta(seconds=WEEK)
        assert site.state(e.feed_id).next_why == "retry-after"
        assert isinstance(site.poll(v.feed_id), Busy)
        site.now += timedelta(seconds=6)
        for its in (v, other):
            done = site.poll(its.feed_id)
            assert isinstance(done, Done), done
            assert (done.outcome, done.entries) == ("changed", 1), done


def test_who_leads_there_is_not_silenced_for_all_who_share_its_host() -> None:
    """E has a part of a host that many share: the others there have nothing to do with V's wish."""
    with world() as site:
        site.publisher.says("feeds.feedburner.com/e", to("http://v.example/api"))
        site.publisher.says("feeds.feedburner.com/d", reply(200, rss(item(1))))
        site.publisher.says("v.example/api", reply(429, b"", ENOUGH))
        e, d = (site.subscribe(f"http://feeds.feedburner.com/{name}") for name in "ed")
        site.poll(e.feed_id)
        site.now += timedelta(minutes=1)
        done = site.poll(d.feed_id)
        assert isinstance(done, Done)
        assert done.outcome == "changed"


@pytest.mark.parametrize("moved", [False, True])
def test_one_of_many_on_a_host_does_not_silence_it_by_leading_to_its_owner(moved: bool) -> None:
    """E has pages on the host of a university, which has a search."""
    with world() as site:
        eve, busy = "http://uni.example/~eve/feed", "http://uni.example/search"
        site.publisher.says("uni.example/~eve/feed", to(busy))
        site.publisher.says("uni.example/search", reply(429, b"", ENOUGH))
        site.publisher.says("uni.example/news", reply(200, rss(item(1))))
        e, news = site.subscribe(eve), site.subscribe("http://uni.example/news")
        row = site.feeds.get(e.feed_id)
        assert row
        if moved:
            site.feeds.change(row, replace(row.feed, url=busy, given_url=eve))
        site.poll(e.feed_id)
        site.now += timedelta(minutes=1)
        done = site.poll(news.feed_id)
        assert isinstance(done, Done)
        assert done.outcome == "changed"
        # The host itself, asked where its reader named it, is heard.
        site.now += timedelta(hours=2)
        site.publisher.says("uni.example/news", reply(429, b"", ENOUGH))
        site.poll(news.feed_id)
        assert site.poller.leases.quiet_until("uni.example") is not None


def test_who_met_the_wish_keeps_it_whatever_brings_it_there() -> None:
    """By another feed of the same publisher, and when a person asks for a poll at once."""
    with world() as site:
        site.publisher.says("v.example/api", reply(429, b""))  # for how long is not said
        for name in ("feed", "more"):
            site.publisher.says(f"e.example/{name}", to("http://v.example/api"))
        e, more = site.subscribe(E), site.subscribe("http://e.example/more")
        site.poll(e.feed_id)
        assert answers(site, "v.example") == ["/api"]
        for its, forced in ((more, False), (e, True), (more, True)):
            site.now += timedelta(minutes=30)
            done = site.poll(its.feed_id, forced)
            assert isinstance(done, Done), done
            assert (done.outcome, done.reason) == ("skipped", "host-quiet")
        assert answers(site, "v.example") == []
        site.now += 5 * HOUR
        site.poll(e.feed_id)
        assert answers(site, "v.example") == ["/api"]


@pytest.mark.parametrize(
    ("feed", "answers_at", "groups", "granted"),
    [
        ("www.example.org/feed", "www.example.org/feed", "", ""),
        ("www.example.org/feed", "example.org/rss", "", ""),
        ("example.org/feed", "feeds.example.org/rss", "", ""),
        ("feeds.bbci.co.uk/news", "www.bbc.co.uk/rss", "bbci.co.uk,bbc.co.uk", ""),
        ("feeds.bbci.co.uk/news", "www.bbc.co.uk/rss", "", "bbc.co.uk"),
        ("medium.com/feed/@ann", "medium.com/feed/@ann", "", ""),
        ("nobodys.s3.amazonaws.com/feed", "nobodys.s3.amazonaws.com/feed", "", ""),
    ],
)
def test_a_wish_of_its_own_host_or_site_silences_all_feeds_there(
    feed: str, answers_at: str, groups: str, granted: str
) -> None:
    host = answers_at.partition("/")[0]
    with world(host_groups=groups) as site:
        if feed != answers_at:
            site.publisher.says(feed, to(f"http://{answers_at}"))
        site.publisher.says(answers_at, reply(429, b"", "Retry-After: 7200"))
        one, another = site.subscribe(f"http://{feed}"), site.subscribe(f"http://{host}/another")
        if granted:
            site.named.append(Named(feed_id=one.feed_id, scope=granted, evidence="x", at="x"))
        site.poll(one.feed_id)
        site.asked()
        site.now += HOUR
        done = site.poll(another.feed_id)
        assert isinstance(done, Done)
        assert (done.outcome, done.reason, site.asked()) == ("skipped", "host-quiet", [])


def test_where_a_feed_moved_it_is_a_stranger_still() -> None:
    """Its server chose that address, which is polled now as if it had been given."""
    with world() as site:
        site.publisher.says("v.example/api", reply(429, b"", ENOUGH))
        site.publisher.says("v.example/feed", reply(200, rss(item(1))))
        e, v = site.subscribe(E), site.subscribe(V)
        row = site.feeds.get(e.feed_id)
        assert row
        site.feeds.change(row, replace(row.feed, url="http://v.example/api", given_url=E))
        site.poll(e.feed_id)
        site.now += timedelta(minutes=1)
        done = site.poll(v.feed_id)
        assert isinstance(done, Done)
        assert done.outcome == "changed"


def test_a_page_that_is_asked_whether_it_names_the_feed_does_not_silence_its_site() -> None:
    """E chooses which page that is, by what its entries link to."""
    with world() as site:
        front = "http://v.example/api"
        site.publisher.says(
            "e.example/feed", reply(200, rss(*(item(n, link=f"{front}/{n}") for n in range(9))))
        )
        for path in ("/", "/api", *(f"/api/{n}" for n in range(9))):
            site.publisher.says(f"v.example{path}", reply(429, b"", ENOUGH))
        site.publisher.says("v.example/feed", reply(200, rss(item(1))))
        e, v = site.subscribe(E), site.subscribe(V)
        site.poll(e.feed_id)
        assert answers(site, "v.example") != []
        site.now += timedelta(minutes=1)
        done = site.poll(v.feed_id)
        assert isinstance(done, Done)
        assert done.outcome == "changed"


# ------------------------------------------------------------------------- pages
PAGE = reply(200, b"<html><body><p>An article.</p></body></html>", "Content-Type: text/html")


@dataclass
class Pages:
    """Articles' pages and who reads them; `now` moves as the queue sends visits again."""

    publisher: Publisher
    settings: Settings
    now: datetime = NOON
    rows: Rows = field(default_factory=Rows)
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        table = cast(Any, self.rows)
        self.visitor = Visitor(
            Leases(table, "t"),
            RobotsTable(table, "t"),
            Claims(table, "t"),
            self.settings,
            lambda: self.now,
            self.dice,
            network({80: self.publisher.port}),
        )

    def visit(self, url: str, publisher: str) -> Fetched | Missed:
        """As the queue sends it again and again."""
        asked_at, who = self.now, f"{publisher} {url} {self.now}"
        while isinstance(found := self.visitor.visit(url, asked_at, who, publisher), Later):
            self.now += timedelta(seconds=found.delay)
        return found


Reading = Callable[..., Pages]


@pytest.fixture
def reading() -> Iterator[Reading]:
    with serving() as publisher:
        publisher.says("/robots.txt", reply(404))
        publisher.says("/news", PAGE)
        publisher.says("v.example/api", reply(429, b"", ENOUGH))
        publisher.says("e.example/go", to("http://v.example/api"))
        publisher.says("e.example/robots.txt", reply(404))
        yield lambda groups="": Pages(publisher, Settings(host_groups=groups))


@pytest.mark.parametrize("groups", ["", "v.example,w.example", "e.example,w.example"])
@pytest.mark.parametrize("link", ["http://v.example/api", "http://e.example/go"])
@pytest.mark.parametrize("who", ["e.example", "f0123456789abcdef"])
def test_a_link_to_where_the_victim_asks_for_quiet_does_not_silence_the_victim(
    reading: Reading, link: str, who: str, groups: str
) -> None:
    pages = reading(groups)
    assert pages.visit(link, who) == Missed("quiet", "the server asks for fewer requests (429)", 429)
    pages.now += timedelta(minutes=1)
    for url, publisher in (("http://v.example/news", "v.example"), ("http://w.example/news", "w.example")):
        assert isinstance(pages.visit(url, publisher), Fetched)
    # E keeps the wish, for V and all its group.
    assert pages.visit("http://v.example/news", who).__class__ is Missed
    assert pages.visit(link, who).__class__ is Missed
    assert pages.visit("http://w.example/news", who).__class__ is (
        Missed if "v.example" in groups else Fetched
    )


@pytest.mark.parametrize("leads", ["v.example/robots.txt", "e.example/robots.txt"])
def test_rules_for_robots_that_a_stranger_asks_for_do_not_silence_the_victims_feeds(
    reading: Reading, leads: str
) -> None:
    """V's own address for rules answers 429, or E's leads to V's interface. V's pages wait until V's rules
    can be had (RFC 9309), but nothing else of V's does."""
    pages = reading()
    wish = reply(429, b"", ENOUGH)
    pages.publisher.says(leads, wish if leads.startswith("v.") else to("http://v.example/api"))
    pages.visit(f"http://{leads.replace('robots.txt', 'news')}", "e.example")
    assert pages.visitor.leases.quiet_until("v.example") is None
    assert pages.visitor.leases.quiet_until("e.example") is None
    pages.now += timedelta(minutes=70)
    pages.publisher.says("v.example/robots.txt", reply(404))
    assert isinstance(pages.visit("http://v.example/news", "v.example"), Fetched)
    assert pages.visit("http://v.example/news", "e.example") == Missed(
        "host-quiet", "v.example asked for quiet"
    )


@pytest.mark.parametrize(
    ("link", "publisher", "groups"),
    [
        ("http://v.example/api", "v.example", ""),
        ("http://www.v.example/go", "v.example", ""),
        ("http://medium.com/@ann/a", "medium.com/@ann", ""),
        ("http://v.example/api", "w.example", "v.example,w.example"),
    ],
)
def test_a_wish_of_its_own_site_silences_the_host(
    reading: Reading, link: str, publisher: str, groups: str
) -> None:
    pages = reading(groups)
    pages.publisher.says("www.v.example/go", to("http://v.example/api"))
    pages.publisher.says("medium.com/@ann/a", reply(429, b"", ENOUGH))
    assert isinstance(pages.visit(link, publisher), Missed)
    pages.now += timedelta(minutes=1)
    host = "medium.com" if "medium" in link else "v.example"
    for who in (publisher, host, "another.example"):
        assert pages.visit(f"http://{host}/news", who) == Missed(
            "host-quiet", f"{groups and 'group:'}{host} asked for quiet"
        )


# ------------------------------------------------------------------------- turns
SLOW = timedelta(seconds=4)
"""What a server takes for a page: with its gap more than lies between two turns."""


@pytest.mark.parametrize("takes", [timedelta(0), SLOW], ids=["quick", "slow"])
@pytest.mark.parametrize("flood", ["", "e", "ed", "edfg"])
def test_the_links_of_strangers_keep_nobody_from_its_own_pages(
    reading: Reading, flood: str, takes: timedelta
) -> None:
    """320 entries of each stranger link to V's host, two minutes before 20 of V's own come, and 20 of A's,
    which speaks for another site. All of V's and of A's are read in time."""
    pages = reading()

    def page(_: Request) -> bytes:
        pages.now += takes
        return PAGE

    pages.publisher.says("v.example/news", page)
    waits = [(NOON, number, NOON, f"{who}.example") for who in flood for number in range(320)]
    later = NOON + 2 * timedelta(minutes=1)
    waits += [(later, number, later, f"{who}.example") for who in "va" for number in range(20)]
    told = _carried(pages, waits)
    for who in "va":
        found = told[f"{who}.example"]
        assert [its.__class__ for its, _ in found] == [Fetched] * 20
        assert max(after for _, after in found) <= PATIENCE
    # Nor are the strangers' shut out: what they ask for beyond their share has its feed's text.
    read = [sum(isinstance(its, Fetched) for its, _ in told[f"{who}.example"]) for who in flood]
    assert sum(read) >= 35 or not flood


def test_a_stranger_whose_links_never_end_leaves_turns_to_other_strangers(reading: Reading) -> None:
    """E brings ten links to V's host every half a minute, more than there are turns; later come 20
    of A's, and of V's own."""
    pages = reading()
    steady = [(NOON + timedelta(seconds=30) * (number // 10), number) for number in range(500)]
    waits = [(at, number, at, "e.example") for at, number in steady]
    later = NOON + timedelta(minutes=10)
    waits += [(later, number, later, f"{who}.example") for who in "va" for number in range(20)]
    told = _carried(pages, waits)
    for who in "va":
        assert [its.__class__ for its, _ in told[f"{who}.example"]] == [Fetched] * 20


def test_whose_host_it_is_is_read_as_far_as_patience_goes(reading: Reading) -> None:
    """300 pages of V's own, all at once: some 250 turns are in half an hour."""
    pages = reading()
    told = _carried(pages, [(NOON, number, NOON, "v.example") for number in range(300)])["v.example"]
    assert 250 <= sum(isinstance(found, Fetched) for found, _ in told) <= 260
    assert max(after for _, after in told) <= PATIENCE + timedelta(seconds=10)


def _carried(
    pages: Pages, waits: list[tuple[datetime, int, datetime, str]]
) -> dict[str, list[tuple[Fetched | Missed, timedelta]]]:
    """What became of each page by who wanted it, and after what time; the visits one by one as their turn
    comes."""
    waits.sort()
    told: dict[str, list[tuple[Fetched | Missed, timedelta]]] = {}
    while waits:
        at, number, asked_at, who = waits.pop(0)
        pages.now = max(pages.now, at)
        found = pages.visitor.visit(f"http://v.example/news?{who}-{number}", asked_at, f"{who}{number}", who)
        if isinstance(found, Later):
            bisect.insort(waits, (pages.now + timedelta(seconds=found.delay), number, asked_at, who))
        else:
            told.setdefault(who, []).append((found, pages.now - asked_at))
    return told
