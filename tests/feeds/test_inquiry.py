"""A site is asked whether it names a feed that brings its articles: what it says counts, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from newscast.feeds import authority
from newscast.feeds.authority import Named, Question
from newscast.feeds.feed import Feed, new_feed
from newscast.feeds.inquiry import Allowance
from newscast.feeds.poll import Done
from newscast.feeds.rows import Row, item_of
from newscast.feeds.secret import Secret
from newscast.web.exchange import Problem, Response
from tests.feeds.rows import size
from tests.feeds.test_head import HOSTILE
from tests.feeds.world import DAY, HOUR, NOON, World, item, polled, rss, world
from tests.web.publisher import Answer, Piece, Request, reply

FEED, SITE, PAGE = "http://feeds.example/v", "http://v.example/", "http://v.example/news"
HTML = "Content-Type: text/html; charset=utf-8"
EVIL = f'<link rel=alternate type="application/rss+xml" href="{FEED}">'
MINUTE = timedelta(minutes=1)


def page(head: str = EVIL, *lines: str, status: int = 200) -> bytes:
    text = f"<!doctype html><html><head><title>V</title>{head}</head><body></body></html>"
    return reply(status, text.encode(), *(lines or (HTML,)))


def document(*numbers: int, channel: str | None = PAGE, links: str = "http://v.example/news/{}") -> bytes:
    head = f"<link>{channel.replace('&', '&amp;')}</link>" if channel else ""
    return rss(*(item(number, link=links.format(number)) for number in numbers or range(6)), head=head)


@pytest.fixture
def site() -> Iterator[World]:
    with world() as made:
        made.publisher.says("feeds.example/v", reply(200, document()))
        yield made


def hosts(site: World) -> list[str]:
    return [request.headers["host"] + request.path for request in site.asked()]


def grants(site: World) -> list[tuple[str, str]]:
    return [(named.scope, named.evidence) for named in site.named]


def again(site: World, feed: Feed, after: timedelta, number: int, **more: str) -> None:
    """A later poll, which brings one new entry."""
    site.now += after
    site.allowance.refill()
    site.publisher.says("feeds.example/v", reply(200, document(number, **more)))
    assert isinstance(site.poll(feed.feed_id), Done)


# ------------------------------------------------------------------------- what is granted
@pytest.mark.parametrize(
    ("says", "granted"),
    [
        ({"v.example/news": page()}, [("v.example/news", PAGE)]),
        ({"v.example/news": page(EVIL.replace("http:", "https:"))}, [("v.example/news", PAGE)]),
        (
            {"v.example/news": page(EVIL.replace("feeds.example", "www.feeds.example"))},
            [("v.example/news", PAGE)],
        ),
        (
            {"v.example/news": page("<base href=http://feeds.example/a/>" + EVIL.replace(FEED, "../v"))},
            [("v.example/news", PAGE)],
        ),
        ({"v.example/news": page(EVIL.replace("/v", "/v/"))}, []),
        ({"v.example/news": page(EVIL.replace("/v", "/v?a=1"))}, []),
        ({"v.example/news": page(EVIL.replace("/v", "/w"))}, []),
        ({"v.example/news": page("")}, []),
        (
            {"v.example/news": reply(301, b"", "Location: /news/"), "v.example/news/": page()},
            [("v.example/news", PAGE)],
        ),
        ({"v.example/news": reply(302, b"", "Location: /about"), "v.example/about": page()}, []),
        ({}, []),
    ],
)
def test_a_page_that_names_the_feed_grants_what_lies_below_it(
    says: dict[str, bytes], granted: list[tuple[str, str]], site: World
) -> None:
    for path, answer in says.items():
        site.publisher.says(path, answer)
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    assert grants(site) == granted
    assert len(site.sent) == 6


def test_a_grant_is_there_before_the_entries_are_sent(site: World) -> None:
    site.publisher.says("v.example/news", page())
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    assert (site.sent_before_grant, len(site.sent)) == (0, 6)
    at = "2024-07-12T12:00:00Z"
    assert site.named == [Named(feed_id=feed.feed_id, scope="v.example/news", evidence=PAGE, at=at)]


def test_what_cannot_be_written_down_fails_the_poll_and_sends_nothing(
    site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.publisher.says("v.example/news", page())
    feed = site.subscribe(FEED)

    def refuse(_: Named) -> None:
        raise RuntimeError("throttled")

    monkeypatch.setattr(site, "grant", refuse)
    with pytest.raises(RuntimeError, match="throttled"):
        site.poll(feed.feed_id)
    assert site.sent == []


@pytest.mark.parametrize(
    ("channel", "links", "asked"),
    [
        (PAGE, "http://v.example/news/{}", ["v.example/news"]),
        (f"{PAGE}?next=http://e.example/#top", "http://v.example/news/{}", ["v.example/news"]),
        ("http://v.example/sport", "http://v.example/news/{}", ["v.example/"]),  # vouches for none of them
        (None, "http://v.example/news/{}", ["v.example/"]),
        (None, "http://www.v.example/news/{}", ["www.v.example/"]),
        (None, "http://blog.v-example.com/news/{}", ["v-example.com/"]),
        ("http://e.example/", "http://v.example/news/{}", ["v.example/"]),
        ("http://v.example.e.example/", "http://v.example/news/{}", ["v.example/"]),
        ("http://v.example@e.example/", "http://v.example/news/{}", ["v.example/"]),
        ("http://10.0.0.1/", "http://v.example/news/{}", ["v.example/"]),
        ("javascript:alert(1)", "http://v.example/news/{}", ["v.example/"]),
        ("http://v.example/" + "x" * 5000, "http://v.example/news/{}", ["v.example/"]),
        (PAGE, "http://feeds.example/{}", []),
        (PAGE, "http://127.0.0.1/{}", []),
        (PAGE, "http://10.0.0.1/{}", []),
        (PAGE, "http://router/{}", []),
        (PAGE, "http://v.example:8080/{}", []),
        (PAGE, "mailto:{}@v.example", []),
        (None, "http://v.github.io/{}", ["v.github.io/"]),
    ],
)
def test_which_page_is_asked(channel: str | None, links: str, asked: list[str], site: World) -> None:
    site.publisher.says("feeds.example/v", reply(200, document(channel=channel, links=links)))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    assert hosts(site)[1:] == asked


def test_the_other_page_is_asked_at_another_poll_and_each_again_after_a_month(site: World) -> None:
    site.publisher.says("v.example/news", page(""))
    site.publisher.says("v.example/", page(""))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    for number in range(7, 12):
        again(site, feed, DAY, number)
    assert [each for each in hosts(site) if each.startswith("v.")] == ["v.example/news", "v.example/"]
    again(site, feed, 25 * DAY, 20)
    again(site, feed, DAY, 21)
    again(site, feed, DAY, 22)
    assert [each for each in hosts(site) if each.startswith("v.")] == ["v.example/news", "v.example/"]


def test_a_page_that_leads_on_is_remembered_as_it_was_asked_for(site: World) -> None:
    site.publisher.says("v.example/news", reply(301, b"", "Location: /news/"))
    site.publisher.says("v.example/news/", page(""))
    site.publisher.says("v.example/", page(""))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    again(site, feed, DAY, 7)
    again(site, feed, DAY, 8)
    assert [each for each in hosts(site) if each.startswith("v.")].count("v.example/news") == 1


def test_a_page_vouches_only_for_where_it_was_asked() -> None:
    """Whoever asked it: `inquire` follows no redirect out of that either."""
    answer = Response("http://v.example/blog/x", 200, {"content-type": "text/html"}, EVIL.encode())
    assert authority.vouched_by(answer, "http://v.example/blog") == (FEED,)
    assert authority.vouched_by(answer, "http://v.example/") == (FEED,)
    assert authority.vouched_by(answer, "http://v.example/news") == ()
    assert authority.vouched_by(answer, "http://w.example/") == ()
    broken = dataclasses.replace(answer, problem=Problem("early_end", "the page ended early"))
    assert authority.vouched_by(broken, "http://v.example/blog") == ()


def test_of_two_other_sites_the_one_with_more_links_is_asked_first() -> None:
    few, many = "http://few.example", "http://many.example"
    links = [f"{few}/1", *(f"{many}/{n}" for n in range(3)), f"{few}/2"]
    assert [scope for scope, _ in authority.others(links, FEED, ())] == ["many.example", "few.example"]


def test_of_a_long_page_the_head_is_read(site: World) -> None:
    whole = page() + b" " * 600_000
    site.publisher.says("v.example/news", reply(200, whole.partition(b"\r\n\r\n")[2], HTML))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    assert grants(site) == [("v.example/news", PAGE)]


def test_a_page_that_failed_is_asked_again_after_three_days(site: World) -> None:
    site.publisher.says("v.example/news", reply(500))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    for number in range(7, 12):
        again(site, feed, DAY, number)
    assert [each for each in hosts(site) if each.startswith("v.")] == [
        "v.example/news",
        "v.example/",  # 404
        "v.example/news",
        "v.example/",
    ]
    site.publisher.says("v.example/news", page())
    again(site, feed, 3 * DAY, 13)
    assert grants(site) == [("v.example/news", PAGE)]


def test_what_is_granted_is_asked_for_no_more(site: World) -> None:
    site.publisher.says("v.example/news", page())
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    for number in range(7, 10):
        again(site, feed, 40 * DAY, number)
    assert len([each for each in hosts(site) if each.startswith("v.")]) == 1


def test_an_unchanged_poll_asks_nobody(site: World) -> None:
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    hosts(site)
    site.now += 5 * DAY
    site.poll(feed.feed_id)
    assert hosts(site) == ["feeds.example/v"]


@pytest.mark.parametrize(("others", "asked"), [(2, True), (1, False)])
def test_a_link_or_two_to_others_are_no_reason(others: int, asked: bool, site: World) -> None:
    own = [item(number, link=f"http://feeds.example/{number}") for number in range(4)]
    away = [item(number, link=f"http://v.example/{number}") for number in range(10, 10 + others)]
    site.publisher.says("feeds.example/v", reply(200, rss(*own, *away)))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    assert ("v.example/" in hosts(site)) is asked


def test_a_feed_that_links_to_many_sites_asks_few(site: World) -> None:
    feed = site.subscribe(FEED)
    for number in range(30):
        again(site, feed, HOUR, number, links=f"http://v{number}.example/{{}}", channel="")
    asked = [each for each in hosts(site) if each.startswith("v")]
    assert len(asked) == authority.MOST_PAGES


# ------------------------------------------------------------------------- attacks
@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("channel", [PAGE, SITE, None])
def test_what_strangers_write_on_a_page_grants_nothing(markup: str, channel: str | None, site: World) -> None:
    """E brings V's articles and names V's page as its own. V's page names its own feed alone."""
    markup = markup.replace("https://evil.example/feed", FEED)
    markup = markup.replace("https://site.example/feed", "http://v.example/feed")
    own = '<link rel=alternate type="application/rss+xml" href=/feed>'
    for path in ("v.example/", "v.example/news"):
        site.publisher.says(path, reply(200, f"<html><head>{own}{markup}<body>{EVIL}".encode(), HTML))
    site.publisher.says("feeds.example/v", reply(200, document(channel=channel)))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    again(site, feed, DAY, 9, channel=channel or "")
    assert len(hosts(site)) in (3, 4)
    assert site.named == []
    assert len(site.sent) == 7


def drip(_: Request) -> Iterable[Piece]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head>"
    for _piece in range(100):
        yield 0.3
        yield b"<meta>"
    yield EVIL.encode()


def huge(_: Request) -> Iterable[Piece]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head>"
    for _piece in range(40):
        yield b"<!-- " + b"x" * 100_000 + b" -->"
    yield EVIL.encode()


EVIL_PAGE = {"e.example/": page(), "e.example/news": page()}
ANSWERS: dict[str, dict[str, bytes | Answer]] = {
    "an open redirect to E": {"v.example/news": reply(302, b"", "Location: http://e.example/"), **EVIL_PAGE},
    "a permanent one": {"v.example/news": reply(301, b"", "Location: http://e.example/news"), **EVIL_PAGE},
    "one to E and back to users' pages": {
        "v.example/news": reply(302, b"", "Location: http://e.example/"),
        "e.example/": reply(302, b"", "Location: http://v.example/users/e"),
        "v.example/users/e": page(),
    },
    "one to users' pages": {
        "v.example/news": reply(302, b"", "Location: /users/e"),
        "v.example/users/e": page(),
    },
    "one to a path that is like it": {
        "v.example/news": reply(302, b"", "Location: /newsletter"),
        "v.example/newsletter": page(),
    },
    "one that climbs": {
        "v.example/news": reply(302, b"", "Location: /news/../users/e"),
        "v.example/users/e": page(),
    },
    "one to this machine": {"v.example/news": reply(302, b"", "Location: http://127.0.0.1/")},
    "one to the metadata": {"v.example/news": reply(302, b"", "Location: http://169.254.169.254/")},
    "one in a ring": {"v.example/news": reply(302, b"", "Location: /news")},
    "a header in a redirect": {"v.example/news": reply(302, page(), "Location: http://e.example/")},
    "a page that is none": {"v.example/news": page(EVIL, "Content-Type: text/plain")},
    "XHTML": {"v.example/news": page(EVIL, "Content-Type: application/xhtml+xml")},
    "no type": {"v.example/news": page(EVIL, "X: y")},
    "two types": {"v.example/news": page(EVIL, "Content-Type: text/plain", "Content-Type: text/html")},
    "an error page": {"v.example/news": page(status=404)},
    "a page for subscribers": {"v.example/news": page(status=403)},
    "a part": {"v.example/news": page(status=206)},
    "a Link header": {"v.example/news": page("", HTML, f'Link: <{FEED}>; rel="alternate"')},
    "a huge page": {"v.example/news": huge},
    "a dripping page": {"v.example/news": drip},
    "a page that ends early": {"v.example/news": reply(200, b"<head>", HTML, length=9_000)},
    "nothing": {"v.example/news": b""},
    "brotli": {"v.example/news": page(EVIL, HTML, "Content-Encoding: br")},
}


@pytest.mark.parametrize("says", ANSWERS.values(), ids=ANSWERS.keys())
def test_what_a_server_answers_grants_nothing(
    says: dict[str, bytes | Answer], site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscast.feeds.inquiry.SECONDS", 1.0)
    for path, answer in says.items():
        site.publisher.says(path, answer)
    feed = site.subscribe(FEED)
    done = site.poll(feed.feed_id)
    assert isinstance(done, Done)
    assert (done.outcome, done.entries) == ("changed", 6)
    assert site.named == []
    asked = hosts(site)
    assert "v.example/news" in asked
    assert not any(each.startswith("e.example") for each in asked)  # nobody is led there either


def test_a_feed_that_moved_to_an_address_of_its_choice_gains_nothing_there(site: World) -> None:
    """E redirects for good to an open redirector of V, or to a page of V."""
    own = "http://e.example/feed"
    feed = replace(new_feed(own, NOON), url="http://v.example/go?to=x", given_url=own)
    assert site.feeds.add(feed)
    site.publisher.says("v.example/go", reply(200, document()))
    site.publisher.says("v.example/news", page())
    site.poll(feed.feed_id)
    assert site.named == []
    assert "v.example/news" in hosts(site)  # it must be named there, as any other
    assert {entry.feed_url for entry in site.sent} == {own}


@pytest.mark.parametrize(
    ("given", "granted"), [("http://www.{}/old", True), ("http://old.example/feed", False)]
)
def test_a_feed_is_known_by_where_it_moved_within_its_site_alone(
    given: str, granted: bool, site: World
) -> None:
    """It could move to a feed that the page names; what it said before isn't that feed's."""
    given = given.format(FEED.split("/")[2])
    feed = replace(new_feed(given, NOON), url=FEED, given_url=given)
    assert site.feeds.add(feed)
    site.publisher.says("v.example/news", page())
    site.poll(feed.feed_id)
    assert grants(site) == ([("v.example/news", PAGE)] if granted else [])


@pytest.mark.parametrize(
    ("named", "granted"), [(FEED, True), (f"{FEED}?token=t", False), ("http://hidden.example/v", False)]
)
def test_of_a_feed_with_a_secret_only_what_is_shown_counts(named: str, granted: bool, site: World) -> None:
    site.secrets = lambda _: Secret(url=f"{FEED}?token=t")
    feed = new_feed(f"{FEED}?token=t", NOON, secret="/newscast/dev/v")
    assert site.feeds.add(feed)
    site.publisher.says("v.example/", page(EVIL.replace(FEED, named)))
    site.poll(feed.feed_id)
    assert [named.evidence for named in site.named] == [SITE] * granted
    assert "v.example/" in hosts(site)  # its own link may hold the token


# ------------------------------------------------------------------------- manners
def test_a_busy_host_is_no_failure_and_asked_at_a_later_poll(site: World) -> None:
    site.publisher.says("v.example/news", page())
    site.poller.leases.take("v.example", "another", NOON, MINUTE)
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    assert (site.named, len(site.sent), dict(site.state(feed.feed_id).inquiries)) == ([], 6, {})
    again(site, feed, HOUR, 7)
    assert len(site.named) == 1


def test_the_gap_after_the_feeds_own_request_is_waited_for(site: World) -> None:
    shared = "http://medium.com/feed/@ann"
    site.publisher.says(
        "medium.com/feed/@ann", reply(200, document(channel=None, links="http://medium.com/some-desk/{}"))
    )
    feed = site.subscribe(shared)
    site.poll(feed.feed_id)
    asked = hosts(site)
    assert asked[0] == "medium.com/feed/@ann"
    assert len(asked) == 2
    assert site.now - NOON == timedelta(seconds=5)


def test_a_host_that_asks_for_quiet_gets_it(site: World) -> None:
    site.publisher.says("v.example/news", reply(429, b"", "Retry-After: 7200"))
    feed = site.subscribe(FEED)
    site.poll(feed.feed_id)
    # From this publisher: it chose the page. Others are not silenced by that.
    assert site.poller.leases.quiet_until("v.example", "feeds.example") == NOON + 2 * HOUR
    assert site.poller.leases.quiet_until("v.example") is None
    assert site.poller.leases.quiet_until("feeds.example") is None
    hosts(site)
    again(site, feed, HOUR, 7)
    assert hosts(site) == ["feeds.example/v"]


def test_a_batch_asks_two_pages_and_leaves_the_others_to_later_polls() -> None:
    with world() as site:
        feeds = []
        for number in range(4):
            path = f"feeds{number}.example/v"
            links = f"http://v{number}.example/{{}}"
            site.publisher.says(path, reply(200, document(channel=None, links=links)))
            feeds.append(site.subscribe(f"http://{path}"))
        for feed in feeds:
            site.poll(feed.feed_id)
        assert [each for each in hosts(site) if each.startswith("v")] == ["v0.example/", "v1.example/"]
        assert len(site.sent) == 24
        assert [len(site.state(feed.feed_id).inquiries) for feed in feeds] == [1, 1, 0, 0]


def test_an_allowance_is_of_one_batch() -> None:
    allowance = Allowance()
    assert [allowance.take() for _ in range(4)] == [True, True, False, False]
    allowance.refill()
    assert allowance.take()


# ------------------------------------------------------------------------- what is remembered
def test_what_is_remembered_is_small_and_forgotten() -> None:
    asked: dict[str, date] = {}
    day = NOON.date()
    for number in range(authority.MOST_PAGES):
        asked = authority.asked_now(asked, f"{SITE}{number}", day, answered=True)
    feed = polled("http://www.example-newspaper.example/rss/world/europe/latest.xml")
    full = replace(feed, state=replace(feed.state, inquiries=asked))
    before, after = (size(item_of(Row(feed=each, version=12, asked=300))) for each in (feed, full))
    assert after - before < 130
    later = day + timedelta(days=30)
    assert authority.asked_now(asked, SITE, later, answered=False) == {
        authority.page_key(SITE): later + timedelta(days=3)
    }


def test_questions_of_one_page_are_one() -> None:
    assert authority.questions("v.example", ["http://v.example/1"], SITE) == [Question(SITE, "v.example")]
    assert authority.questions("v.example/@ann", ["http://v.example/@ann/1"], SITE) == [
        Question("http://v.example/@ann", "v.example/@ann")
    ]
