"""Polls end to end: a table, a scripted server, a clock that is set; what is asked, sent and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from unittest.mock import ANY

import pytest
from msgspec.structs import replace

from newscast.aws.sender import SendError
from newscast.feeds.feed import Move, new_feed
from newscast.feeds.manners import Manners
from newscast.feeds.poll import Asked, Busy, Done
from newscast.feeds.response import judge
from newscast.feeds.settle import Moment, settle
from newscast.normalise.article import article
from newscast.records import FeedPoll
from newscast.web.exchange import Hop, Response
from newscast.web.lease import Held
from tests.feeds.rows import Rows
from tests.feeds.world import DAY, HOUR, NOON, URL, World, conditional, dated, item, rss, turns, world
from tests.web.publisher import Answer, Piece, Request, reply

MINUTE = timedelta(minutes=1)
TEN = rss(*(item(number) for number in range(10)))


@pytest.fixture
def site() -> Iterator[World]:
    with world() as made:
        made.publisher.says("/feed", conditional(TEN))
        yield made


def reason(done: Done | Busy) -> str:
    assert isinstance(done, Done)
    return done.reason


# ------------------------------------------------------------------------- the order of things
def test_a_first_poll_sends_everything_and_the_next_says_what_it_knows(site: World) -> None:
    feed = site.subscribe()
    done = site.poll(feed.feed_id)
    assert isinstance(done, Done)
    assert (done.outcome, done.entries, done.status) == ("changed", 10, 200)
    assert len(site.titles()) == 10
    site.now += HOUR
    assert reason(site.poll(feed.feed_id)) == "304"
    first, second = site.asked()
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"1"'
    assert site.titles() == []


def test_an_entry_says_where_it_comes_from(site: World) -> None:
    feed = site.subscribe("http://www.site.example/feed", title="My desk")
    site.poll(feed.feed_id)
    entry = site.sent[0]
    assert (entry.feed_id, entry.source, entry.feed_title) == (feed.feed_id, "site.example", "My desk")
    assert (entry.observed_at, entry.feed_url) == (NOON, "http://www.site.example/feed")
    assert entry.published
    assert entry.published.at == NOON


@pytest.mark.parametrize("gap", [0, 5])
def test_an_entry_was_observed_when_the_answer_came_and_not_when_it_was_read(gap: int) -> None:
    with world(host_gap_seconds=gap) as site:

        def slow(_: Request) -> bytes:
            site.now += timedelta(seconds=9)
            return reply(200, TEN)

        site.publisher.says("/feed", slow)
        feed = site.subscribe()
        asked = site.poller.ask(FeedPoll(feed_id=feed.feed_id, poll_id="p1", asked_at=NOON))
        assert isinstance(asked, Asked)
        site.now += timedelta(seconds=60)
        site.poller.finish(asked, site.accept)
        assert {entry.observed_at for entry in site.sent} == {NOON + timedelta(seconds=9)}


def test_nothing_is_remembered_before_the_queue_has_it_all(site: World) -> None:
    feed = site.subscribe()
    poll = FeedPoll(feed_id=feed.feed_id, poll_id="p1", asked_at=NOON)

    def refuse(_: object) -> None:
        raise SendError({3: "InternalError: "})

    asked = site.poller.ask(poll)
    assert isinstance(asked, Asked)
    with pytest.raises(SendError):
        site.poller.finish(asked, refuse)
    assert site.state(feed.feed_id).etag is None
    site.now += HOUR
    site.poll(feed.feed_id)
    assert len(site.titles()) == 10


def test_a_crash_before_the_state_is_saved_repeats_work_and_loses_none(site: World) -> None:
    feed = site.subscribe()
    asked = site.poller.ask(FeedPoll(feed_id=feed.feed_id, poll_id="p1", asked_at=NOON))
    assert isinstance(asked, Asked)

    class CrashError(RuntimeError):
        pass

    def accept_and_crash(entries: object) -> None:
        site.accept(entries)  # type: ignore[arg-type]
        raise CrashError

    with pytest.raises(CrashError):
        site.poller.finish(asked, accept_and_crash)
    site.now += HOUR
    site.poll(feed.feed_id)
    assert len(site.titles()) == 20  # twice on the queue; stored once, by their identity


def test_two_polls_at_once_of_one_feed_save_one_state(site: World) -> None:
    feed = site.subscribe()
    asked = site.poller.ask(FeedPoll(feed_id=feed.feed_id, poll_id="p1", asked_at=NOON))
    assert isinstance(asked, Asked)
    site.now += HOUR
    site.poll(feed.feed_id)
    after = site.feed(feed.feed_id)
    site.poller.finish(asked, site.accept)  # the slower one ends without a word
    assert site.feed(feed.feed_id) == after


def test_an_unchanged_poll_writes_nothing_but_now_and_then(site: World) -> None:
    often = rss(*(item(number, when=NOON - number * HOUR) for number in range(150)))
    site.publisher.says("/feed", conditional(often))
    feed = site.subscribe()
    site.poll(feed.feed_id)
    before = site.feeds.get(feed.feed_id)
    site.now += HOUR
    site.run(feed.feed_id, NOON + DAY)
    after = site.feeds.get(feed.feed_id)
    assert before
    assert after
    assert 20 <= after.asked <= 24  # hourly, with a little more each time
    assert after.version - before.version <= 5
    assert site.now - (after.feed.state.last_ok or NOON) < 8 * HOUR


# ------------------------------------------------------------------------- what is skipped
def test_a_feed_that_is_gone_from_the_table_or_disabled_is_skipped(site: World) -> None:
    assert reason(site.poll("f0")) == "unknown"
    feed = site.subscribe()
    row = site.feeds.get(feed.feed_id)
    assert row
    site.feeds.change(row, replace(feed, disabled="by hand"))
    assert list(turns(site.feeds).due(NOON + DAY)) == []
    assert reason(site.poll(feed.feed_id)) == "disabled"
    assert site.asked() == []


def test_a_forced_poll_does_not_wait_but_honours_retry_after(site: World) -> None:
    feed = site.subscribe()
    site.poll(feed.feed_id)
    site.now += timedelta(minutes=1)
    assert reason(site.poll(feed.feed_id, forced=True)) == "304"
    site.publisher.says("/feed", reply(404, b"", "Retry-After: 7200"))
    site.now += timedelta(minutes=1)
    assert reason(site.poll(feed.feed_id, forced=True)) == "missing"
    site.now += HOUR
    assert reason(site.poll(feed.feed_id, forced=True)) == "quiet"
    site.now += 2 * HOUR
    assert reason(site.poll(feed.feed_id, forced=True)) == "missing"


@pytest.mark.parametrize("answer", [conditional(TEN), reply(404), reply(410), reply(500)])
def test_a_forced_poll_leaves_a_disabled_feed_disabled(site: World, answer: bytes | Answer) -> None:
    site.publisher.says("/feed", answer)
    feed = site.subscribe()
    row = site.feeds.get(feed.feed_id)
    assert row
    site.feeds.change(row, replace(feed, disabled="by hand"))
    for _ in range(3):
        assert reason(site.poll(feed.feed_id, forced=True)) != "disabled"
        assert site.feed(feed.feed_id).disabled == "by hand"
        site.now += 10 * DAY
    assert list(turns(site.feeds).due(site.now)) == []


# ------------------------------------------------------------------------- hosts
def test_a_busy_host_is_no_failure_and_the_poll_comes_again(site: World) -> None:
    one, other = site.subscribe(), site.subscribe("http://site.example/other")
    site.poll(one.feed_id)
    busy = site.poll(other.feed_id)
    assert isinstance(busy, Busy)
    assert 5 <= busy.delay <= 5 + 11
    assert site.state(other.feed_id).trouble is None
    site.now += timedelta(seconds=5)
    assert reason(site.poll(other.feed_id)) == "missing"


def test_a_request_under_way_is_waited_for_by_its_gap_and_not_by_its_lease(site: World) -> None:
    feed = site.subscribe()
    running = site.poller.leases.take("site.example", "another", site.now, timedelta(seconds=46))
    assert not isinstance(running, Held)
    busy = site.poll(feed.feed_id)
    assert isinstance(busy, Busy)
    assert 10 <= busy.delay <= 20


@pytest.mark.parametrize(
    ("alone", "known", "free_in"),
    [(True, True, 27), (False, True, 5), (True, False, 27)],
)
def test_a_host_that_nobody_waits_for_is_left_to_its_lease(
    site: World, alone: bool, known: bool, free_in: int
) -> None:
    feed = site.subscribe()
    if known:  # so that the answer is 304
        site.poll(feed.feed_id)
        site.now += HOUR
    rows = site.feeds._dynamodb
    assert isinstance(rows, Rows)
    rows.units.clear()
    poll = FeedPoll(feed_id=feed.feed_id, poll_id="p", asked_at=site.now, alone=alone)
    assert isinstance(site.poller.ask(poll), Asked)
    assert rows.units["Write calls"] == (1 if free_in > 5 else 2)
    seconds = timedelta(seconds=1)
    for wait, is_free in ((free_in - 1, False), (free_in, True)):
        lease = site.poller.leases.take("site.example", "me", site.now + wait * seconds, seconds)
        assert isinstance(lease, Held) is not is_free


def test_a_poll_in_the_rhythm_moves_nothing_in_the_due_index(site: World) -> None:
    entries = [item(number, when=NOON - number * HOUR) for number in range(48)]
    site.publisher.says("/feed", conditional(rss(*entries)))
    feed = site.subscribe()
    site.poll(feed.feed_id)
    site.now = site.state(feed.feed_id).next_due
    (due,) = turns(site.feeds).due(site.now)
    claimed = site.now + 60 * MINUTE
    assert turns(site.feeds).claim(due, claimed, site.now)
    site.publisher.says("/feed", conditional(rss(item(99), *entries), '"2"'))
    rows = site.feeds._dynamodb
    assert isinstance(rows, Rows)
    rows.units.clear()
    assert site.poll(feed.feed_id) == Done(outcome="changed", reason="200", status=200, size=ANY, entries=1)
    assert site.state(feed.feed_id).next_due == claimed
    assert rows.units["index write"] == 0


def test_a_host_that_stays_busy_leaves_the_poll_to_a_later_round(site: World) -> None:
    feed = site.subscribe()
    leases = site.poller.leases
    site.now += timedelta(minutes=14, seconds=55)
    leases.take("site.example", "other", site.now, timedelta(seconds=60))
    late = FeedPoll(feed_id=feed.feed_id, poll_id="p", asked_at=NOON)
    done = site.poller.ask(late)
    assert isinstance(done, Done)
    assert (done.outcome, done.reason) == ("skipped", "host-busy")
    assert site.state(feed.feed_id).next_due > site.now


def test_429_quiets_the_host_and_404_only_the_feed(site: World) -> None:
    one, other = site.subscribe(), site.subscribe("http://site.example/other")
    site.publisher.says("/feed", reply(404, b"", "Retry-After: 86400"))
    site.poll(one.feed_id)
    site.now += timedelta(seconds=6)
    site.publisher.says("/other", reply(429, b"", "Retry-After: 3600", dated(site.now)))
    assert reason(site.poll(other.feed_id)) == "quiet"
    third = site.subscribe("http://site.example/third")
    site.now += timedelta(minutes=30)
    assert reason(site.poll(third.feed_id)) == "host-quiet"
    assert site.state(third.feed_id).next_due >= site.now + timedelta(minutes=30)
    assert len(site.asked()) == 2
    site.run(third.feed_id, site.now + 2 * HOUR)
    assert next(request.path for request in site.asked()) in ("/third", "/other")


def test_quiet_for_one_host_is_quiet_for_its_group() -> None:
    with world(host_groups="x.example;site.example, cdn.example") as site:
        one, other, third = (
            site.subscribe(f"http://{host}/feed") for host in ("a.site.example", "cdn.example", "y.example")
        )
        site.publisher.says("a.site.example/feed", reply(429, b"", "Retry-After: 7200"))
        for host in ("cdn.example", "y.example"):
            site.publisher.says(f"{host}/feed", conditional(TEN))
        outcomes = [reason(site.poll(feed.feed_id)) for feed in (one, other, third)]
        assert outcomes == ["quiet", "host-quiet", "200"]
        site.now += 3 * HOUR
        assert reason(site.poll(other.feed_id)) == "200"


def test_a_group_that_wants_quiet_is_not_reached_by_a_redirect_into_it() -> None:
    with world(host_groups="site.example,cdn.example") as site:
        outside, inside = site.subscribe("http://links.example/feed"), site.subscribe()
        site.publisher.says("links.example/feed", reply(302, b"", "Location: http://cdn.example/feed"))
        site.publisher.says("cdn.example/feed", reply(429, b"", "Retry-After: 7200"))
        assert reason(site.poll(outside.feed_id)) == "quiet"
        # Who leads into it doesn't silence it, but is kept from all of it.
        site.publisher.says("links.example/feed", reply(302, b"", "Location: http://site.example/feed"))
        site.asked()
        site.now += HOUR
        assert reason(site.poll(outside.feed_id)) == "host-quiet"
        assert [request.headers["host"] for request in site.asked()] == ["links.example"]
        site.publisher.says("site.example/feed", reply(429, b"", "Retry-After: 14400"))
        assert reason(site.poll(inside.feed_id)) == "quiet"
        site.asked()
        site.now += 2 * HOUR
        site.now += HOUR
        assert reason(site.poll(outside.feed_id)) == "host-quiet"
        assert [request.headers["host"] for request in site.asked()] == ["links.example"]


def test_quiet_is_for_the_host_that_asked_for_it_wherever_the_chain_has_been(site: World) -> None:
    feed, other = site.subscribe(), site.subscribe("http://cdn.example/other")
    site.publisher.says("site.example/feed", reply(302, b"", "Location: http://cdn.example/feed"))
    site.publisher.says("cdn.example/feed", reply(302, b"", "Location: http://site.example/busy"))
    site.publisher.says("site.example/busy", reply(429, b"", "Retry-After: 7200"))
    site.publisher.says("cdn.example/other", conditional(TEN))
    assert reason(site.poll(feed.feed_id)) == "quiet"
    site.now += timedelta(minutes=1)
    assert reason(site.poll(other.feed_id)) == "200"
    assert site.poller.leases.quiet_until("site.example") is not None


def test_a_503_without_a_wish_quiets_the_feed_alone(site: World) -> None:
    one, other = site.subscribe(), site.subscribe("http://site.example/other")
    site.publisher.says("/other", reply(503))
    site.poll(other.feed_id)
    site.now += timedelta(seconds=6)
    assert reason(site.poll(one.feed_id)) == "200"


def test_a_redirect_to_another_host_needs_that_hosts_lease_too(site: World) -> None:
    feed = site.subscribe()
    site.publisher.says("site.example/feed", reply(302, b"", "Location: http://cdn.example/feed"))
    leases = site.poller.leases
    leases.take("cdn.example", "other", site.now, timedelta(seconds=20))
    assert isinstance(site.poll(feed.feed_id), Busy)
    site.now += timedelta(seconds=21)
    assert reason(site.poll(feed.feed_id)) == "200"
    assert [request.headers["host"] for request in site.asked()] == ["site.example"] * 2 + ["cdn.example"]


# ------------------------------------------------------------------------- weeks
def test_weeks_of_a_quiet_feed(site: World) -> None:
    """A feed of ten entries that gets one a day, then none: what its server sees."""
    items = [item(number, when=NOON - number * DAY) for number in range(1, 11)]

    def answer(request: Request) -> bytes | Iterable[Piece]:
        age = (site.now - NOON) // DAY
        fresh = [item(100 + day, when=NOON + day * DAY) for day in range(min(age, 14), 0, -1)]
        body = rss(*fresh, *items)
        return conditional(body, f'"{len(fresh)}"')(request)

    site.publisher.says("/feed", answer)
    feed = site.subscribe()
    site.run(feed.feed_id, NOON + 15 * DAY)
    busy = site.asked()
    assert len(site.titles()) == 10 + 14
    # About two polls an entry, and none of an unchanged document.
    assert 24 <= len(busy) <= 36
    site.run(feed.feed_id, NOON + 57 * DAY)
    quiet = site.asked()
    assert site.titles() == []
    assert 42 <= len(quiet) <= 52  # about one a day
    whole = [request for request in quiet if "if-none-match" not in request.headers]
    assert len(whole) == 1  # after thirty days of 304


def test_weeks_of_a_redirect_that_is_adopted(site: World) -> None:
    site.publisher.says("site.example/feed", reply(301, b"", "Location: http://new.example/feed"))
    site.publisher.says("new.example/feed", conditional(TEN))
    feed = site.subscribe()
    site.run(feed.feed_id, NOON + 14 * DAY)
    hosts = [request.headers["host"] for request in site.asked()]
    assert site.feed(feed.feed_id).url == "http://new.example/feed"
    assert 3 <= hosts.count("site.example") <= 2 * 24 + 1  # for two days, at most hourly
    assert hosts[-5:] == ["new.example"] * 5
    assert len(site.titles()) == 10


def test_weeks_of_gone_and_then_never_again(site: World) -> None:
    site.publisher.says("/feed", reply(410))
    feed = site.subscribe()
    site.run(feed.feed_id, NOON + 28 * DAY)
    assert len(site.asked()) == 2
    assert (site.feed(feed.feed_id).disabled or "").startswith("gone:")


def test_weeks_of_404_and_back(site: World) -> None:
    site.publisher.says("/feed", reply(404))
    feed = site.subscribe()
    site.run(feed.feed_id, NOON + 60 * DAY)
    asked = site.asked()
    # An hour, two, three … a day; after thirty days weekly.
    assert 40 <= len(asked) <= 60
    site.publisher.says("/feed", conditional(TEN))
    site.run(feed.feed_id, NOON + 68 * DAY)
    assert len(site.titles()) == 10
    assert site.state(feed.feed_id).trouble is None


def test_entries_over_the_bound_come_at_later_polls_with_nothing_new_to_read() -> None:
    with world(max_entries_per_poll=4) as site:
        site.publisher.says("/feed", conditional(TEN))
        feed = site.subscribe()
        site.poll(feed.feed_id)
        assert site.state(feed.feed_id).problem == "6 entries are left for later polls"
        site.run(feed.feed_id, NOON + DAY)
        assert len(set(site.titles())) == 10
        requests = site.asked()
        # Whole documents until all is taken, then 304.
        assert ["if-none-match" in request.headers for request in requests[:4]] == [False] * 3 + [True]
        assert site.state(feed.feed_id).waiting == 0


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (reply(200, TEN, length=len(TEN) + 5), "cut"),
        (reply(200, b"<!doctype html><title>Sign in</title>", "Content-Type: text/html"), "not_a_feed"),
        (reply(200, b"\0\0\0\x18ftypmp42", "Content-Type: video/mp4"), "not_a_feed"),
        (reply(200, b""), "empty"),
        (reply(200, b'<!DOCTYPE x [<!ENTITY a "&b;">]><rss/>'), "entities"),
        (reply(200, bytes(9_000_000)), "too_large"),
        (reply(200, TEN, "Content-Encoding: br"), "encoding"),
    ],
)
def test_what_is_no_feed_is_counted_and_what_was_known_stays(site: World, answer: bytes, word: str) -> None:
    feed = site.subscribe()
    site.poll(feed.feed_id)
    before = site.state(feed.feed_id)
    site.now += HOUR
    site.publisher.says("/feed", answer)
    done = site.poll(feed.feed_id)
    assert reason(done) == word
    after = site.state(feed.feed_id)
    assert after.trouble
    assert after.trouble.reason == word
    assert (after.etag, after.body_sha256, after.last_full) == (before.etag, before.body_sha256, NOON)
    site.publisher.says("/feed", conditional(TEN))
    site.now += DAY
    assert reason(site.poll(feed.feed_id)) == "304"
    assert len(site.titles()) == 10


def test_a_feed_that_became_a_page_tells_the_feeds_that_the_page_names(site: World) -> None:
    feed = site.subscribe()
    site.poll(feed.feed_id)
    link = '<link rel=alternate type="application/rss+xml" href="/new/feed">'
    site.publisher.says("/feed", reply(200, f"<!doctype html><html><head>{link}</head></html>".encode()))
    site.now += HOUR
    assert reason(site.poll(feed.feed_id)) == "not_a_feed"
    trouble = site.state(feed.feed_id).trouble
    assert trouble
    assert trouble.words.endswith("a web page, not a feed; it names this feed: http://site.example/new/feed")


def test_a_document_cut_between_two_entries_loses_neither_entries_nor_the_rest(site: World) -> None:
    half = TEN[: TEN.index(b"<item><title>Title 6")] + b"<item><title>Ti"
    site.publisher.says("/feed", reply(200, half, 'ETag: "half"'))
    feed = site.subscribe(URL)
    site.poll(feed.feed_id)
    assert len(site.titles()) == 6
    assert site.state(feed.feed_id).etag is None
    site.publisher.says("/feed", conditional(TEN))
    site.now += DAY
    site.poll(feed.feed_id)
    assert sorted(site.titles()) == [f"Title {number}" for number in range(6, 10)]


def test_a_redirect_to_a_url_that_is_watched_already_ends_the_older_subscription(site: World) -> None:
    site.publisher.says("site.example/feed", reply(301, b"", "Location: http://new.example/feed"))
    site.publisher.says("new.example/feed", conditional(TEN))
    old, new = site.subscribe(), site.subscribe("http://new.example/feed")
    row = site.feeds.get(new.feed_id)
    assert row
    site.feeds.change(row, replace(new, state=replace(new.state, next_due=NOON + 99 * DAY)))
    site.run(old.feed_id, NOON + 14 * DAY)
    disabled = site.feed(old.feed_id).disabled
    assert disabled == f"moved to http://new.example/feed, which is watched already ({new.feed_id})"


def test_who_subscribes_to_where_a_feed_moved_finds_it_there(site: World) -> None:
    site.publisher.says("site.example/feed", reply(301, b"", "Location: http://site.example/new"))
    site.publisher.says("site.example/new", conditional(TEN))
    old = site.subscribe()
    site.run(old.feed_id, NOON + 14 * DAY)
    again = new_feed("http://site.example/new", site.now)
    assert not site.feeds.add(again)
    found = site.feeds.get(again.feed_id)
    assert found
    assert found.feed.feed_id == old.feed_id
    assert [row.feed.feed_id for row in site.feeds.all()] == [old.feed_id]
    site.feeds.remove(old.feed_id, site.now)
    assert site.feeds.add(again)


def test_a_feed_that_moved_still_says_where_its_subscriber_found_it(site: World) -> None:
    """It may move to an address of its own choosing: that makes it no part of the site there."""
    relative = rss(item(1, link="/1"), item(2, link="http:2"), item(3, link="3?ref=x"))
    site.publisher.says("site.example/feed", reply(301, b"", "Location: http://new.example/a/feed"))
    site.publisher.says("new.example/a/feed", conditional(relative))
    old = site.subscribe()
    site.poll(old.feed_id)
    before = list(site.sent)
    site.run(old.feed_id, NOON + 14 * DAY)
    moved = site.feed(old.feed_id)
    assert (moved.url, moved.given_url, moved.given) == ("http://new.example/a/feed", URL, URL)
    site.sent.clear()
    site.publisher.says("new.example/a/feed", conditional(relative.replace(b"Title", b"New"), '"2"'))
    site.poll(old.feed_id)
    # Links lead to where the document was, before the move and after it.
    for sent in (before, site.sent):
        assert [(entry.feed_url, article(entry).url) for entry in sent] == [
            (URL, "http://new.example/1"),
            (URL, "http://new.example/a/2"),
            (URL, "http://new.example/a/3?ref=x"),
        ]


def test_a_feed_that_moved_back_is_where_it_was(site: World) -> None:
    feed = site.subscribe()
    away = replace(feed, url="http://new.example/feed", given_url=URL)
    answer = Response(URL, 304, hops=(Hop("http://new.example/feed", 301, URL),), conditional=True)
    at = Moment(now=NOON + 3 * DAY, dice=0.0, manners=Manners())
    seen = replace(away, state=replace(away.state, move=Move(to=URL, count=2, since=NOON)))
    back = settle(seen, judge(seen.state, answer), answer, None, at)
    assert (back.url, back.given_url, back.given) == (URL, None, URL)
