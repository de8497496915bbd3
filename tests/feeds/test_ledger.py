"""What was asked of a feed and what came of it, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest
from msgspec.structs import replace

from newscast.feeds import ledger
from newscast.feeds.feed import Feed, new_feed
from newscast.feeds.ledger import Counts, Day
from newscast.feeds.months import Months
from newscast.feeds.poll import Asked
from newscast.feeds.rows import META, key_of
from newscast.feeds.table import ChangedMeanwhileError, Feeds
from newscast.records import FeedPoll
from tests.feeds.rows import Rows
from tests.feeds.world import DAY, HOUR, NOON, URL, World, conditional, feeds_on_moto, item, rss, turns, world
from tests.web.lost import Repeating
from tests.web.publisher import reply

TODAY = NOON.date()
MIDNIGHT = NOON + 12 * HOUR
MINUTE = timedelta(minutes=1)
OFTEN = rss(*(item(number, when=NOON - number * HOUR) for number in range(150)))


@pytest.fixture
def site() -> Iterator[World]:
    with world() as made:
        made.publisher.says("/feed", conditional(OFTEN))
        yield made


@pytest.fixture(params=["moto", "memory"])
def feeds(request: pytest.FixtureRequest) -> Iterator[Feeds]:
    if request.param == "memory":
        yield Feeds(cast(Any, Rows()), "t")
        return
    with feeds_on_moto() as made:
        yield made


def days(site: World, feed: Feed) -> dict[int, Day]:
    """By the day of July, which NOON is the twelfth of."""
    found = site.feeds.coverage(feed.feed_id, TODAY - timedelta(days=30), TODAY + timedelta(days=60))
    return {(day.date - date(2024, 6, 30)).days: day for day in found}


def day(polls: int = 0, entries: int = 0, stored: int = 0, of: int = 12, **failures: int) -> Day:
    return Day(date=date(2024, 7, of), polls=polls, failures=failures, entries=entries, stored=stored)


def attributes(site: World, feed: Feed) -> set[str]:
    found: Any = site.feeds._dynamodb.get_item(TableName="t", Key=key_of(feed.feed_id, META))
    return {name for name in found["Item"] if name.startswith("d2")}


def writes(site: World) -> int:
    rows = site.feeds._dynamodb
    assert isinstance(rows, Rows)
    return rows.units["Write calls"]


# ------------------------------------------------------------------------- what is counted
def test_polls_of_a_day_are_told_apart_from_those_that_brought_or_failed(site: World) -> None:
    feed = site.subscribe()
    site.run(feed.feed_id, MIDNIGHT - 4 * HOUR + MINUTE)
    row = site.feeds.get(feed.feed_id)
    assert row
    assert row.asked == 9
    assert days(site, feed) == {12: day(polls=9, entries=150)}
    site.publisher.says("/feed", reply(500))
    site.run(feed.feed_id, MIDNIGHT - 2 * HOUR)
    assert days(site, feed) == {12: day(polls=10, entries=150, server=1)}


def test_an_unchanged_poll_is_counted_by_its_claim_alone(site: World) -> None:
    feed = site.subscribe()
    site.run(feed.feed_id, NOON + HOUR)
    before = days(site, feed)[12]
    calls = 0
    while days(site, feed)[12].polls < before.polls + 3:
        site.now = max(site.now, site.state(feed.feed_id).next_due)
        (due,) = turns(site.feeds).due(site.now)
        assert turns(site.feeds).claim(due, site.now + HOUR, site.now)
        calls = writes(site)
        site.poll(feed.feed_id)
        assert writes(site) - calls == 2  # the lease, taken and given back
    after = days(site, feed)[12]
    assert (after.entries, after.failures) == (before.entries, {})


def test_a_feed_that_fails_all_day_says_why(site: World) -> None:
    site.publisher.says("/feed", reply(404))
    feed = site.subscribe()
    site.run(feed.feed_id, NOON + 2 * DAY)
    found = days(site, feed)
    assert sorted(found) == [12, 13, 14]
    assert all(one.failures == {"missing": one.polls} and one.entries == 0 for one in found.values())


def test_a_poll_whose_host_was_busy_for_long_is_a_failure(site: World) -> None:
    feed = site.subscribe()
    site.poller.leases.take("site.example", "other", NOON, 30 * MINUTE)
    site.now += 20 * MINUTE
    (due,) = turns(site.feeds).due(NOON)
    assert turns(site.feeds).claim(due, NOON + HOUR, NOON)
    site.poller.ask(FeedPoll(feed_id=feed.feed_id, poll_id="p", asked_at=NOON))
    assert days(site, feed) == {12: day(polls=1, host_busy=1)}


def test_forced_polls_count_and_each_is_written(site: World) -> None:
    feed = site.subscribe()
    for hour in range(4):
        site.now = NOON + hour * HOUR
        site.poll(feed.feed_id, forced=True)
    site.publisher.says("/feed", reply(500))
    site.now += HOUR
    site.poll(feed.feed_id, forced=True)
    assert days(site, feed) == {12: day(polls=5, entries=150, server=1)}


@pytest.mark.parametrize(
    ("reason", "cause"), [("host-quiet", "host_quiet"), ("unasked_304", "unasked_304"), ("a b:=1", "other")]
)
def test_a_cause_is_a_word(reason: str, cause: str) -> None:
    assert f"d240712f{cause}" in ledger.tally(NOON, NOON, failure=reason).attributes()


# ------------------------------------------------------------------------- days change
def test_a_day_that_is_over_moves_into_its_month_with_one_write(site: World) -> None:
    feed = site.subscribe()
    site.run(feed.feed_id, MIDNIGHT + 50 * MINUTE)
    assert {name[:7] for name in attributes(site, feed)} == {"d240712", "d240713"}
    before = days(site, feed)
    site.publisher.says("/feed", conditional(OFTEN.replace(b"Title 0<", b"New<"), '"2"'))
    site.run(feed.feed_id, MIDNIGHT + 2 * HOUR)
    assert {name[:7] for name in attributes(site, feed)} == {"d240713"}
    after = days(site, feed)
    assert after[12] == before[12]
    assert after[13].entries == 1


def test_weeks_leave_small_rows_and_a_day_costs_one_write_more(site: World) -> None:
    feed = site.subscribe()
    site.run(feed.feed_id, NOON + 60 * DAY)
    found = days(site, feed)
    assert 50 < len(found) <= 61  # a feed that falls silent is polled every day and a bit
    row = site.feeds.get(feed.feed_id)
    assert row
    assert sum(one.polls for one in found.values()) == row.asked
    assert sum(one.entries for one in found.values()) == row.feed.state.entries
    assert not any(one.failures for one in found.values())
    assert len(attributes(site, feed)) <= 6
    assert isinstance(site.feeds._dynamodb, Rows)
    months = [key for key in site.feeds._dynamodb.items if key[1].startswith("DAYS#")]
    assert sorted(sort for _, sort in months) == ["DAYS#2024-07", "DAYS#2024-08", "DAYS#2024-09"]


def test_a_poll_belongs_to_the_day_that_it_was_asked_on(site: World) -> None:
    feed = site.subscribe()
    site.now = MIDNIGHT - MINUTE
    (due,) = turns(site.feeds).due(site.now)
    turns(site.feeds).claim(due, site.now + HOUR, site.now)
    poll = FeedPoll(feed_id=feed.feed_id, poll_id="p", asked_at=site.now)
    site.now = MIDNIGHT + MINUTE
    asked = site.poller.ask(poll)
    assert isinstance(asked, Asked)
    site.poller.finish(asked, site.accept)
    assert days(site, feed) == {12: day(polls=1, entries=150)}
    # Delivered again hours later: that day is closed, and counts on.
    site.now = MIDNIGHT + 5 * HOUR
    site.poller.finish(asked, site.accept)
    assert days(site, feed)[12] == day(polls=1, entries=150)


def test_polls_of_which_nothing_was_heard_are_lost_once_their_day_is_over(site: World) -> None:
    feed = site.subscribe()
    site.poll(feed.feed_id)
    for hour in range(1, 60):  # fetch is down
        site.now = NOON + hour * HOUR
        for due in turns(site.feeds).due(site.now):
            turns(site.feeds).claim(due, site.now + HOUR, site.now)
    down = days(site, feed)
    assert down[13] == day(of=13, polls=down[13].polls, lost=down[13].polls)
    site.now += HOUR
    site.poll(feed.feed_id)
    after = days(site, feed)
    assert after[13] == down[13]
    assert after[12] == down[12]
    assert (after[12].failures, after[12].entries) == ({}, 150)


def test_a_move_that_dies_half_way_is_made_again_and_counts_once(site: World) -> None:
    feed = site.subscribe()
    site.run(feed.feed_id, MIDNIGHT)
    before = days(site, feed)
    row = site.feeds.get(feed.feed_id)
    assert row
    site.feeds._months.keep(feed.feed_id, {TODAY: row.days[TODAY]})
    assert days(site, feed)[12] == before[12]
    site.run(feed.feed_id, MIDNIGHT + DAY)
    assert days(site, feed)[12] == before[12]


# ------------------------------------------------------------------------- several at once
def test_of_two_polls_at_once_both_are_counted(site: World) -> None:
    feed = site.subscribe()
    polls = [FeedPoll(feed_id=feed.feed_id, poll_id=f"p{n}", asked_at=NOON, forced=True) for n in range(2)]
    first = site.poller.ask(polls[0])
    site.now += MINUTE
    second = site.poller.ask(polls[1])
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    site.poller.finish(second, site.accept)
    site.poller.finish(first, site.accept)
    assert days(site, feed)[12].polls == 2


def test_a_poll_that_a_person_was_before_is_counted_all_the_same(site: World) -> None:
    site.publisher.says("/feed", reply(500))
    feed = site.subscribe()
    asked = site.poller.ask(FeedPoll(feed_id=feed.feed_id, poll_id="p", asked_at=NOON))
    assert isinstance(asked, Asked)
    site.feeds.change(asked.row, replace(feed, full_text="always"))
    site.poller.finish(asked, site.accept)
    assert days(site, feed) == {12: day(server=1)}
    assert site.feed(feed.feed_id).full_text == "always"


def test_a_change_whose_answer_was_lost_counts_once(feeds: Feeds) -> None:
    feed = new_feed(URL, NOON)
    feeds.add(feed)
    row = feeds.get(feed.feed_id)
    assert row
    tally = ledger.tally(NOON, NOON, polls=1, failure="timeout")
    twice = Feeds(cast(Any, Repeating(feeds._dynamodb)), "t")
    saved = twice.change(row, replace(feed, title="Other"), tally)
    assert feeds.get(feed.feed_id) == saved
    assert feeds.coverage(feed.feed_id, TODAY, TODAY) == [day(polls=1, timeout=1)]
    with pytest.raises(ChangedMeanwhileError):
        feeds.change(row, replace(feed, title="Third"), tally)
    assert feeds.coverage(feed.feed_id, TODAY, TODAY) == [day(polls=1, timeout=1)]


# ------------------------------------------------------------------------- the months' rows
def test_what_was_stored_stands_beside_what_was_sent(feeds: Feeds) -> None:
    feed = new_feed(URL, NOON)
    feeds.add(feed)
    months = Months(feeds._dynamodb, "t")
    months.stored(TODAY, {feed.feed_id: 3, "another": 9}, "batch 1")
    months.stored(TODAY, {feed.feed_id: 2}, "batch 2")
    row = feeds.get(feed.feed_id)
    assert row
    feeds.change(row, feed, ledger.tally(NOON, NOON, polls=1, entries=7))
    assert feeds.coverage(feed.feed_id, TODAY, TODAY) == [day(polls=1, entries=7, stored=5)]
    row = feeds.get(feed.feed_id)
    assert row
    later = NOON + 40 * DAY
    saved = feeds.change(row, feed, ledger.tally(later, later, entries=1))
    assert list(saved.days) == [later.date()]
    assert feeds.get(feed.feed_id) == saved
    assert feeds.coverage(feed.feed_id, TODAY, TODAY) == [day(polls=1, entries=7, stored=5)]
    assert len(feeds.coverage(feed.feed_id, TODAY, later.date())) == 2
    assert feeds.coverage(feed.feed_id, TODAY + timedelta(days=1), TODAY + timedelta(days=9)) == []


def test_the_ledger_outlives_the_subscription_and_goes_on_with_the_next(feeds: Feeds) -> None:
    feed = new_feed(URL, NOON)
    row = None
    for at in (NOON, NOON + HOUR, NOON + 2 * HOUR):
        feeds.add(feed)
        row = feeds.get(feed.feed_id)
        assert row
        feeds.change(row, feed, ledger.tally(at, at, polls=1, entries=2))
        feeds.remove(feed.feed_id, at)
    assert feeds.get(feed.feed_id) is None
    assert feeds.coverage(feed.feed_id, TODAY, TODAY) == [day(polls=3, entries=6)]
    # A poll that was under way brings no row back.
    feeds.count(feed.feed_id, ledger.tally(NOON, NOON, polls=1))
    assert row
    with pytest.raises(ChangedMeanwhileError):
        feeds.change(row, feed, ledger.tally(NOON, NOON))
    assert feeds.get(feed.feed_id) is None
    assert feeds.coverage("f0", TODAY, TODAY) == []


@pytest.mark.parametrize(
    ("now", "closed"),
    [(NOON, False), (MIDNIGHT, False), (MIDNIGHT + 59 * MINUTE, False), (MIDNIGHT + HOUR, True)],
)
def test_a_day_is_open_for_an_hour_more(now: datetime, closed: bool) -> None:
    assert ledger.is_closed(TODAY, now) is closed
    assert ledger.tally(NOON, now).day == (now.date() if closed else TODAY)


def test_a_full_month_of_a_busy_feed_is_one_write_unit() -> None:
    from tests.feeds.rows import size

    row: dict[str, Any] = dict(key_of("f" + 16 * "0", "DAYS#2024-07"))
    for number in range(1, 32):
        of = date(2024, 7, number)
        row |= ledger.kept(of, Counts(24, 24, 320))[2]
    assert size(row) < 1024
