"""What a server says → what the fetcher does and remembers: every row as a pure decision."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from newscast.feeds import manners, response
from newscast.feeds.feed import Feed, Move, State, Trouble, new_feed
from newscast.feeds.manners import Manners
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.settle import Moment, Reading, settle, worth_writing
from newscast.web.exchange import Hop, Problem, Response
from tests.feeds.world import DAY, HOUR, NOON, URL

MINUTE = timedelta(minutes=1)
FLOOR = Manners()
GOOD = {"etag": '"1"', "last-modified": "Fri, 12 Jul 2024 11:00:00 GMT"}


def known(**state: Any) -> Feed:
    """A feed that was polled before, an hour ago, and brings an entry each hour."""
    before: dict[str, Any] = {
        "next_due": NOON,
        "etag": '"0"',
        "last_modified": "Thu, 11 Jul 2024 11:00:00 GMT",
        "validated_url": URL,
        "body_sha256": "0",
        "last_ok": NOON - HOUR,
        "last_full": NOON - HOUR,
        "rate_per_day": 24.0,
        "rate_at": NOON - HOUR,
        **state,
    }
    return replace(new_feed(URL, NOON - 30 * DAY), state=State(**before))


def said(status: int | None = 200, body: bytes = b"<rss/>", /, **more: Any) -> Response:
    headers = {name.replace("_", "-"): value for name, value in more.pop("headers", {}).items()}
    return Response(more.pop("final_url", URL), status, headers, body, **more)


def poll(
    feed: Feed, answer: Response, read: Reading | None = None, now: datetime = NOON, dice: float = 0.0
) -> Feed:
    """The feed after an answer; a document is read as `read`, by default as a feed with nothing new."""
    verdict = response.judge(feed.state, answer)
    reading = (read or Reading(document=ParsedFeed(), sent=0)) if verdict.kind == "document" else None
    return settle(feed, verdict, answer, reading, Moment(now=now, dice=dice, manners=FLOOR))


def wait(feed: Feed, now: datetime = NOON) -> timedelta:
    return feed.state.next_due - now


# ------------------------------------------------------------------------- success
def test_200_with_validators_keeps_them_and_the_url_that_gave_them() -> None:
    after = poll(known(), said(headers=GOOD, final_url="http://site.example/real")).state
    assert (after.etag, after.last_modified) == (GOOD["etag"], GOOD["last-modified"])
    assert after.validated_url == "http://site.example/real"
    assert after.last_ok == after.last_full == NOON


@pytest.mark.parametrize("etag", ["unquoted", 'W/"weak"', '""', "'single'"])
def test_an_etag_is_kept_as_it_came(etag: str) -> None:
    assert poll(known(), said(headers={"etag": etag})).state.etag == etag


@pytest.mark.parametrize("etag", ["a\r\nX: y", "a\x00b", "a" * 1001])
def test_a_validator_that_cannot_be_sent_back_is_dropped(etag: str) -> None:
    assert poll(known(), said(headers={"etag": etag})).state.etag is None


def test_validators_are_not_kept_while_entries_wait_or_a_document_is_cut() -> None:
    waiting = Reading(document=ParsedFeed(), sent=500, waiting=9500)
    cut = Reading(document=ParsedFeed(cut=True), sent=3)
    for reading in (waiting, cut):
        after = poll(known(), said(headers=GOOD), reading).state
        assert (after.etag, after.last_modified, after.validated_url, after.body_sha256) == (None,) * 4
    for dice, due in ((0.0, HOUR), (1.0, 66 * MINUTE)):  # the rest is fetched soon, by a little chance
        feed = poll(known(), said(headers=GOOD), waiting, dice=dice)
        assert (feed.state.next_why, wait(feed)) == ("waiting", due)


def test_the_same_body_is_unchanged_and_not_read() -> None:
    body = b"<rss/>"
    first = poll(known(), said(200, body)).state
    verdict = response.judge(first, said(200, body))
    assert (verdict.kind, verdict.reason) == ("unchanged", "same_body")


def test_304_is_a_success_that_refreshes_validators() -> None:
    feed = known(trouble=Trouble(reason="timeout", words="late", since=NOON - DAY, count=3))
    after = poll(feed, said(304, b"", conditional=True, headers={"etag": '"new"'})).state
    assert (after.etag, after.last_modified) == ('"new"', feed.state.last_modified)
    assert (after.trouble, after.last_ok, after.last_full) == (None, NOON, NOON - HOUR)


def test_304_without_being_asked_is_a_failure() -> None:
    after = poll(known(), said(304, b"", conditional=False)).state
    assert after.trouble
    assert after.trouble.reason == "unasked_304"


def test_after_30_days_of_304_one_whole_document_is_asked_for() -> None:
    fresh, old = known().state, known(last_full=NOON - 30 * DAY).state
    assert response.validators(fresh, NOON)
    assert response.validators(old, NOON) is None
    again = poll(known(last_full=NOON - 30 * DAY), said(headers=GOOD))
    assert response.validators(again.state, NOON + HOUR)
    assert worth_writing(known(last_full=NOON - 30 * DAY), again)


# ------------------------------------------------------------------------- redirects
def via(*hops: tuple[int, str], start: str = URL) -> Response:
    chain, here = [], start
    for status, to in hops:
        chain.append(Hop(here, status, to))
        here = to
    return said(hops=tuple(chain), final_url=here, headers=GOOD)


SECURE = "https://site.example/feed"


def test_a_permanent_redirect_is_adopted_after_three_sightings_over_two_days() -> None:
    feed = known()
    urls = []
    for day in range(4):
        feed = poll(feed, via((301, SECURE)), now=NOON + day * DAY)
        urls.append(feed.url)
    assert urls == [URL, URL, SECURE, SECURE]
    assert feed.feed_id == known().feed_id
    assert feed.state.move is None


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (via((302, SECURE)), "temporary"),
        (via((303, SECURE)), "temporary"),
        (via((307, SECURE)), "temporary"),
        (said(404, b"", hops=(Hop(URL, 301, SECURE),), final_url=SECURE), "to an error page"),
        (said(200, b"", hops=(Hop(URL, 301, SECURE),), final_url=SECURE), "to nothing"),
    ],
)
def test_other_redirects_are_followed_and_never_adopted(answer: Response, why: str) -> None:
    feed = known()
    for day in range(9):
        feed = poll(feed, answer, now=NOON + day * DAY)
    assert feed.url == URL, why


def test_only_the_permanent_beginning_of_a_chain_is_adopted() -> None:
    feed = known()
    for day in range(3):
        feed = poll(feed, via((308, SECURE), (302, "https://cdn.example/x")), now=NOON + day * DAY)
    assert feed.url == SECURE


def test_many_sightings_in_a_short_time_are_one_mistake() -> None:
    feed = known()
    for hour in range(24):
        feed = poll(feed, via((301, SECURE)), now=NOON + hour * HOUR)
    assert feed.url == URL
    assert feed.state.move == Move(to=SECURE, count=24, since=NOON)


def test_nor_are_two_sightings_enough_however_far_apart() -> None:
    feed = known()
    for day, where in ((0, URL), (9, URL), (10, SECURE)):
        feed = poll(feed, via((301, SECURE)), now=NOON + day * DAY)
        assert feed.url == where


def test_a_redirect_that_changes_or_ends_is_forgotten() -> None:
    feed = poll(known(), via((301, SECURE)))
    other = poll(feed, via((301, "https://other.example/")), now=NOON + DAY)
    assert other.state.move == Move(to="https://other.example/", count=1, since=NOON + DAY)
    assert poll(feed, said(headers=GOOD)).state.move is None
    assert poll(feed, said(304, b"", conditional=True)).state.move is None


def test_a_304_at_the_end_of_a_redirect_is_a_sighting_too() -> None:
    feed = known(validated_url=SECURE)
    for day in range(3):
        answer = said(304, b"", conditional=True, hops=(Hop(URL, 301, SECURE),), final_url=SECURE)
        feed = poll(feed, answer, now=NOON + day * DAY)
    assert feed.url == SECURE


def test_https_is_never_given_up() -> None:
    feed = replace(known(), url=SECURE)
    for day in range(5):
        feed = poll(feed, via((301, URL), start=SECURE), now=NOON + day * DAY)
    assert feed.url == SECURE


# ------------------------------------------------------------------------- failures
FAILURES = [
    # what came back, reason, waits after the first, second, third and thirtieth failure in a row
    (said(401, b""), "denied", [4 * HOUR, DAY, DAY, DAY]),
    (said(403, b""), "denied", [4 * HOUR, DAY, DAY, DAY]),
    (said(404, b""), "missing", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(400, b""), "rejected", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(500, b""), "server", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(599, b""), "server", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(429, b""), "quiet", [4 * HOUR, 8 * HOUR, 12 * HOUR, DAY]),
    (said(503, b""), "quiet", [4 * HOUR, 8 * HOUR, 12 * HOUR, DAY]),
    (said(410, b""), "gone", [25 * HOUR, 25 * HOUR, 25 * HOUR, 25 * HOUR]),
    (said(204, b""), "empty", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(206), "partial", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(226), "partial", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(200, b"  \n"), "empty", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (
        said(200, b"\0\0", headers={"content-type": "video/mp4"}),
        "not_a_feed",
        [HOUR, 2 * HOUR, 3 * HOUR, DAY],
    ),
    (said(301, b""), "redirects", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(None, b"", problem=Problem("timeout", "late")), "timeout", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(None, b"", problem=Problem("dns", "unknown")), "dns", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(200, b"", problem=Problem("cut", "short")), "cut", [HOUR, 2 * HOUR, 3 * HOUR, DAY]),
    (said(None, b"", problem=Problem("private", "not public")), "private", [DAY, 2 * DAY, 3 * DAY, 7 * DAY]),
]


@pytest.mark.parametrize(
    ("answer", "reason", "waits"), FAILURES, ids=[f"{row[1]}-{row[0].status}" for row in FAILURES]
)
def test_failures_back_off_and_keep_what_was_known(
    answer: Response, reason: str, waits: list[timedelta]
) -> None:
    feed, now, seen = known(), NOON, []
    for _ in range(30):
        feed = poll(feed, answer, now=now)
        seen.append(wait(feed, now))
        now += 10 * MINUTE
    assert [seen[0], seen[1], seen[2], seen[29]] == waits
    trouble = feed.state.trouble
    assert trouble
    assert (trouble.reason, trouble.count, trouble.since) == (reason, 30, NOON)
    assert trouble.words
    kept = ("etag", "last_modified", "validated_url", "body_sha256", "last_ok", "last_full")
    assert all(getattr(feed.state, name) == getattr(known().state, name) for name in kept)


def test_after_a_month_of_trouble_a_feed_is_asked_weekly_and_comes_back() -> None:
    feed = known(trouble=Trouble(reason="missing", words="404", since=NOON - 30 * DAY, count=99))
    assert wait(poll(feed, said(404, b""))) == 7 * DAY
    assert wait(poll(feed, said(headers=GOOD))) == HOUR


def test_quiet_without_a_wish_is_spread_at_random() -> None:
    assert wait(poll(known(), said(429, b""), dice=1.0)) == 4 * HOUR * 1.1 + HOUR


def test_gone_is_believed_when_it_was_said_twice_over_a_day() -> None:
    once = poll(known(), said(410, b""))
    assert once.disabled is None
    soon = poll(once, said(410, b""), now=NOON + HOUR)
    assert soon.disabled is None
    twice = poll(once, said(410, b""), now=NOON + 25 * HOUR)
    assert twice.disabled == "gone: the server said so 2 times since 2024-07-12 (410)"
    back = poll(once, said(headers=GOOD), now=NOON + 25 * HOUR)
    assert (back.disabled, back.state.gone_count) == (None, 0)


WISHES = [
    # Retry-After, the server's clock, wait; None: as if it said nothing
    ("7200", None, 2 * HOUR),
    ("60", None, HOUR),  # never sooner than the floor
    ("99999999", None, 7 * DAY),  # capped
    ("Fri, 12 Jul 2024 15:00:00 GMT", None, 3 * HOUR),
    ("Fri, 12 Jul 2024 15:00:00 GMT", NOON + 2 * HOUR, HOUR),  # relative to its own Date
    ("Fri, 12 Jul 2024 11:00:00 GMT", None, None),  # past
    ("0", None, None),
    ("-5", None, None),
    ("soon", None, None),
    ("", None, None),
    ("1e9", None, None),
    ("١٢٣", None, None),  # digits, but not ASCII
]


@pytest.mark.parametrize(("written", "clock", "expected"), WISHES)
@pytest.mark.parametrize(
    ("status", "without"), [(429, 4 * HOUR), (503, 4 * HOUR), (404, HOUR), (403, 4 * HOUR)]
)
def test_retry_after_is_honoured_on_any_failure(
    written: str, clock: datetime | None, expected: timedelta | None, status: int, without: timedelta
) -> None:
    after = poll(known(), said(status, b"", headers={"retry-after": written}, date=clock))
    assert wait(after) == (expected or without)
    assert (after.state.next_why == "retry-after") == (expected is not None)


# ------------------------------------------------------------------------- timing
FRESH = [
    # headers, time that the response is fresh for
    ({"cache_control": "max-age=7200"}, 2 * HOUR),
    ({"cache_control": "public, MAX-AGE=7200, must-revalidate"}, 2 * HOUR),
    ({"cache_control": "max-age=7200", "age": "3600"}, HOUR),
    ({"cache_control": "max-age=7200", "age": "\u00b2"}, 2 * HOUR),  # a digit to Python, and no number
    ({"cache_control": "max-age=31536000"}, DAY),
    ({"cache_control": "s-maxage=7200"}, timedelta(0)),
    ({"cache_control": "no-cache"}, timedelta(0)),
    ({"cache_control": "max-age=soon"}, timedelta(0)),
    ({"expires": "Fri, 12 Jul 2024 18:00:00 GMT"}, 6 * HOUR),
    ({"expires": "0"}, timedelta(0)),
    ({"expires": "Fri, 12 Jul 2024 18:00:00 GMT", "cache_control": "max-age=600"}, 10 * MINUTE),
]


@pytest.mark.parametrize(("headers", "fresh"), FRESH)
def test_not_before_the_response_is_stale(headers: dict[str, str], fresh: timedelta) -> None:
    answer = said(headers={**GOOD, **headers})
    assert response.fresh_for(answer, NOON) == fresh
    assert wait(poll(known(), answer)) == max(fresh, HOUR)


def test_a_server_without_validators_is_asked_once_a_day() -> None:
    assert wait(poll(known(), said())) == DAY
    assert wait(poll(replace(known(rate_per_day=99.0), floor_minutes=30.0), said())) == 30 * MINUTE
    # Nor is a feed whose subscriber wants it seldom tried more often for failing.
    assert wait(poll(replace(known(), floor_minutes=600.0), said(404))) == 10 * HOUR


def test_settlement_is_worth_a_write_only_when_it_teaches_something() -> None:
    feed = known()
    same = poll(feed, said(304, b"", conditional=True))
    claimed = replace(feed, state=replace(feed.state, next_due=NOON + HOUR))
    assert not worth_writing(claimed, same)
    assert worth_writing(feed, same)  # not claimed: a forced poll moves the next one
    late = poll(feed, said(304, b"", conditional=True, headers={"cache-control": "max-age=86400"}))
    assert worth_writing(claimed, late)
    assert worth_writing(claimed, poll(feed, said(404, b"")))
    hours = manners.QUIETLY
    assert worth_writing(claimed, poll(feed, said(304, b"", conditional=True), now=NOON + hours))


def test_a_copy_older_than_one_served_before_is_not_read_unless_it_stays() -> None:
    old = said(
        200, b"<rss>old</rss>", headers={"etag": '"x"', "last-modified": "Thu, 27 Jun 2024 11:00:00 GMT"}
    )
    once = poll(known(), old)
    assert response.judge(known().state, old).reason == "stale"
    assert (once.state.etag, once.state.stale_count) == ('"0"', 1)
    assert poll(once, said(headers=GOOD)).state.stale_count == 0
    twice = poll(once, old)
    assert response.judge(twice.state, old).kind == "document"  # three times in a row: a restored site
    assert poll(twice, old).state.etag == '"x"'
