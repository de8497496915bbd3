"""The monthly ceiling on the real schedule, store of counts and fetch, over the engine: what is claimed, what
the month's row says."""

from __future__ import annotations

import argparse
import json
import random
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from msgspec.structs import replace

from newscast import settings
from newscast.articles.grants import Grants
from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.sender import Sender
from newscast.cli import feeds as command
from newscast.cli.granting import Watched
from newscast.feeds import ceiling
from newscast.feeds.ceiling import LONGEST
from newscast.feeds.feed import Feed, new_feed
from newscast.feeds.meter import Meter, Pace
from newscast.feeds.poll import Done
from newscast.feeds.rhythm import NET
from newscast.feeds.table import Feeds
from newscast.feeds.turns import Turns
from newscast.handlers import schedule
from newscast.records import FeedPoll, Message
from tests.articles.tables import TABLE, Engine, on_engine
from tests.feeds.world import DAY, HOUR, World, conditional, item, rss, world
from tests.web.lost import Repeating
from tests.web.publisher import reply

BEGIN = datetime(2026, 11, 3, tzinfo=UTC)


class Rounds:
    """Rounds of the schedule at times that a test sets, and the polls that they send."""

    def __init__(self, engine: Engine, environment: pytest.MonkeyPatch) -> None:
        self.articles = engine.articles()
        self.feeds = Feeds(engine.client, TABLE)
        self.meter = Meter(engine.client, TABLE)
        self.now = BEGIN
        self.sent: list[FeedPoll] = []
        dice = random.Random(1)

        def of(stage: str) -> Edge:
            return Edge(stage, settings.read({**ENVIRONMENT, **self.given}), lambda: self.now, dice)

        def send(_: Sender, messages: Iterable[Message], delay_seconds: int = 0) -> None:
            self.sent += [cast(FeedPoll, message.body) for message in messages]

        self.given: dict[str, str] = {}
        environment.setattr(Edge, "of", of)
        environment.setattr(Sender, "send", send)

    def ceiling(self, usd: int) -> None:
        self.given = {"MONTHLY_CEILING": str(usd)}

    def subscribe(self, count: int, minutes: float = 60) -> list[str]:
        """Feeds as a poll leaves them that was written, due now."""
        made = []
        for number in range(count):
            feed = new_feed(f"http://site{number}.example/{minutes:g}", self.now)
            state = replace(feed.state, next_due=self.now, next_why="rhythm", interval_minutes=minutes)
            assert self.feeds.add(replace(feed, state=state))
            made.append(feed.feed_id)
        return made

    def round(self, event: dict[str, Any] | None = None) -> list[str]:
        """Ids of the feeds that one round sends."""
        self.sent.clear()
        schedule.handler(event or {}, None)
        return [poll.feed_id for poll in self.sent]

    def run(self, hours: int) -> Counter[str]:
        polled: Counter[str] = Counter()
        for _ in range(hours):
            polled.update(self.round())
            self.now += HOUR
        return polled

    def row(self) -> dict[str, Any] | None:
        """The month's, as DynamoDB has it."""
        key = {"PK": {"S": f"MONTH#{self.now:%Y-%m}"}, "SK": {"S": "USE"}}
        found: Any = self.articles.dynamodb.get_item(TableName=TABLE, Key=key)
        return cast("dict[str, Any] | None", found.get("Item"))


ENVIRONMENT = {
    "TABLE_NAME": TABLE,
    "BUCKET_NAME": "bodies",
    "OUT_QUEUE_URL": "https://queue.example/feeds",
    "HOST_GAP_SECONDS": "0",
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with on_engine() as made:
        yield made


@pytest.fixture
def rounds(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rounds]:
    clients.forget()
    yield Rounds(engine, monkeypatch)
    clients.forget()


def test_who_has_no_ceiling_pays_for_none(rounds: Rounds) -> None:
    ids = rounds.subscribe(3)
    assert rounds.run(3) == Counter(dict.fromkeys(ids, 3))
    assert rounds.row() is None


def test_under_the_ceiling_each_feed_is_polled_as_without(rounds: Rounds) -> None:
    rounds.ceiling(50)
    ids = rounds.subscribe(3)
    assert rounds.run(12) == Counter(dict.fromkeys(ids, 12))
    assert rounds.meter.read(rounds.now).polls == 36
    assert {poll.stretch for poll in rounds.sent} == {1.0}


def test_at_the_slowest_pace_each_feed_is_polled_every_two_days(
    rounds: Rounds, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds.ceiling(1)  # less than what stands at rest
    hourly, daily = rounds.subscribe(20), rounds.subscribe(3, 1440)
    days = 4
    assert timedelta(days=days) > 2 * NET  # nets come, and catch none that sits out
    times: dict[str, list[datetime]] = {name: [] for name in (*hourly, *daily)}
    for _ in range(days * 24):
        for name in rounds.round():
            times[name].append(rounds.now)
        assert all(poll.stretch > 100 for poll in rounds.sent)
        rounds.now += HOUR
    assert {len(times[name]) for name in hourly} == {days // 2}
    assert {len(times[name]) for name in daily} == {days // 2}
    for polled in times.values():
        gaps = {after - before for before, after in pairwise(polled)}
        assert all(LONGEST <= gap <= LONGEST * 1.1 + HOUR for gap in gaps)
    assert rounds.meter.read(rounds.now).polls == sum(map(len, times.values()))
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    warned = [line for line in printed if line["message"] == "polling is slowed"]
    assert len(warned) == days * 24
    assert {(line["level"], line["ceiling"], line["stretch"] > 100) for line in warned} == {
        ("WARNING", 1, True)
    }
    assert warned[0].keys() >= {"spent", "projected"}
    (slowed,) = {line["Slowed"] for line in printed if line["message"] == "summary"}
    assert slowed > 100


def test_feeds_share_what_is_left_alike(rounds: Rounds) -> None:
    ids = rounds.subscribe(30)
    rounds.meter.add(rounds.now, {"articles": 600_000, "actors": 4_800_000, "polls": 6_000_000})
    rounds.now += 2 * DAY
    use = rounds.meter.read(rounds.now)
    rounds.ceiling(
        next(usd for usd in range(999, 0, -1) if ceiling.pace(use, rounds.now, usd, 0).stretch > 5)
    )
    polled: Counter[str] = Counter()
    expected = 0.0
    for _ in range(24):
        polled += rounds.run(1)
        last = rounds.meter.read(rounds.now).pace
        assert last
        assert 1.5 < last.stretch < 10
        expected += 1 / last.stretch
    assert expected < 12
    assert set(polled) == set(ids)
    # Each change of the factor may let a feed come once more than its share.
    assert {feed: count for feed, count in polled.items() if abs(count - expected) > 5} == {}, expected


def test_it_recovers_when_the_month_turns_and_when_the_ceiling_is_raised(rounds: Rounds) -> None:
    rounds.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    rounds.ceiling(12)
    ids = rounds.subscribe(10)
    rounds.meter.add(rounds.now, {"polls": 10_000_000})
    assert len(rounds.run(6)) < 5
    rounds.ceiling(99_999)
    assert rounds.run(1).total() == 10
    rounds.ceiling(12)
    assert rounds.run(5).total() < 5
    assert rounds.now == datetime(2026, 12, 1, tzinfo=UTC)
    assert rounds.run(2) == Counter(dict.fromkeys(ids, 2))
    assert rounds.meter.read(rounds.now).polls == 20


def test_two_rounds_at_once_send_and_count_each_poll_once(rounds: Rounds) -> None:
    rounds.ceiling(50)
    rounds.subscribe(20)
    rounds.now += HOUR
    both = [threading.Thread(target=schedule.handler, args=({}, None)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(rounds.sent) == 20
    assert len({poll.feed_id for poll in rounds.sent}) == 20
    assert rounds.meter.read(rounds.now).polls == 20


def test_polls_that_a_person_asks_for_are_counted_and_not_slowed(rounds: Rounds) -> None:
    rounds.ceiling(1)
    ids = rounds.subscribe(3)
    assert rounds.round({"feed_ids": ids}) == ids
    assert {poll.stretch for poll in rounds.sent} == {1.0}
    assert rounds.meter.read(rounds.now).polls == 3


def test_a_row_of_newer_code_is_read_as_far_as_it_is_known_and_kept(rounds: Rounds) -> None:
    rounds.ceiling(50)
    ids = rounds.subscribe(2)
    key = {"PK": {"S": "MONTH#2026-11"}, "SK": {"S": "USE"}}
    newer: dict[str, Any] = {"polls": {"N": "7"}, "pages": {"M": {}}, "stretch": {"S": "2"}, "by": {"M": {}}}
    rounds.articles.dynamodb.put_item(TableName=TABLE, Item=key | newer)
    use = rounds.meter.read(rounds.now)
    assert (use.polls, use.pages, use.pace) == (7, 0, None)
    rounds.run(1)
    row = rounds.row()
    assert row
    assert (row["by"], row["polls"]) == ({"M": {}}, {"N": "9"})
    # What can't be added to is told; the polls are sent.
    rounds.articles.dynamodb.put_item(TableName=TABLE, Item=key | {"polls": {"S": "many"}})
    assert sorted(rounds.round()) == sorted(ids)


def test_a_month_that_can_not_be_read_is_not_slowed(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds.ceiling(1)
    ids = rounds.subscribe(1)
    monkeypatch.setattr(schedule, "_meter", lambda _: Meter(clients.dynamodb(), "no-such-table"))
    assert rounds.round() == ids
    assert '"MeterError":2' in capsys.readouterr().out


def test_a_count_whose_answer_was_lost_counts_twice_and_no_more(rounds: Rounds) -> None:
    """Harmless: it is a round's, and errs towards the ceiling."""
    again = Meter(cast(Any, Repeating(rounds.articles.dynamodb)), TABLE)
    last = Pace(stretch=2.5, spent=1, projected=2, ceiling=3, at=rounds.now)
    again.add(rounds.now, {"polls": 3}, last)
    use = rounds.meter.read(rounds.now)
    assert (use.polls, use.pace) == (6, last)


@pytest.mark.parametrize("as_json", [False, True])
def test_the_list_of_feeds_says_so_in_one_line(
    rounds: Rounds, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = rounds.subscribe(1)
    grants = Grants(rounds.articles.dynamodb, TABLE)
    watched = Watched(rounds.feeds, grants, rounds.articles)
    command._list(watched, argparse.Namespace(json=as_json))
    assert "slowed" not in capsys.readouterr().err
    now = datetime.now(UTC)
    rounds.meter.add(now, {"polls": 1}, Pace(stretch=3, spent=9, projected=20, ceiling=10, at=now))
    command._list(watched, argparse.Namespace(json=as_json))
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert line.startswith("polling is slowed: intervals are 3.0 times as long")
    assert ids[0] in said.out


# ------------------------------------------------------------------------- fetch
def polled(one: World, feed: Feed, stretch: float) -> timedelta:
    """How long the feed waits after a poll that was sent with a stretch."""
    poll = FeedPoll(feed_id=feed.feed_id, poll_id=f"p{stretch}", asked_at=one.now, stretch=stretch)
    asked = one.poller.ask(poll)
    assert not isinstance(asked, Done)
    one.poller.finish(cast(Any, asked), one.accept)
    return one.state(feed.feed_id).next_due - one.now


def test_fetch_leaves_a_feed_that_is_in_no_turn_to_a_later_time() -> None:
    with world() as one:
        one.publisher.says("/feed", reply(200, rss(item(1))))  # without validators: once a day
        feed = one.subscribe()
        assert DAY <= polled(one, feed, 1.0) <= 1.1 * DAY
        one.now += 3 * DAY
        assert polled(one, feed, 1.5) >= 1.5 * DAY
        one.now += 3 * DAY
        assert 2 * DAY <= polled(one, feed, 50.0) <= 2.2 * DAY
        one.publisher.says("/feed", conditional(rss(*(item(n, when=one.now) for n in range(60)))))
        one.now += 3 * DAY
        waits = polled(one, feed, 50.0)  # in turn now: it sits out instead
        assert waits <= 1.1 * timedelta(minutes=one.state(feed.feed_id).interval_minutes) <= 8 * HOUR


def test_a_claim_leaves_a_feed_that_is_in_no_turn_to_the_same_later_time(rounds: Rounds) -> None:
    rounds.ceiling(1)
    (daily,) = rounds.subscribe(1, 1440)
    rounds.round()
    row = rounds.feeds.get(daily)
    assert row
    assert 2 * DAY <= row.feed.state.next_due - rounds.now <= 2.2 * DAY
    assert list(Turns(rounds.articles.dynamodb, TABLE).due(rounds.now + 47 * HOUR)) == []
