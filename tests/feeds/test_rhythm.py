"""Feeds that come round in turns: found when they are due and by one round, whoever dies or overlaps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from newscast.feeds import rhythm
from newscast.feeds.feed import Feed, new_feed
from newscast.feeds.rows import META, key_of
from newscast.feeds.table import Feeds
from newscast.feeds.turns import Turns, next_time
from tests.feeds.rows import Rows
from tests.feeds.world import DAY, HOUR, NOON, feeds_on_moto, turns
from tests.web.lost import Repeating

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
ROUND = 5 * MINUTE
OLD_CHANGE = "SET feed = :feed, version = :version, GSI1PK = :pk, GSI1SK = :sk"


@pytest.fixture(params=["moto", "memory"])
def feeds(request: pytest.FixtureRequest) -> Iterator[Feeds]:
    if request.param == "memory":
        yield Feeds(cast(Any, Rows(page=3)), "t")
        return
    with feeds_on_moto() as made:
        yield made


def settled(feeds: Feeds, number: int, due: datetime, minutes: float = 60, why: str = "rhythm") -> Feed:
    """A feed as a poll leaves it that was written."""
    feed = new_feed(f"http://site{number}.example/feed", NOON)
    state = replace(feed.state, next_due=due, next_why=why, interval_minutes=minutes)
    feed = replace(feed, state=state)
    assert feeds.add(feed)
    return feed


def round_of(feeds: Feeds, now: datetime, dice: random.Random) -> list[str]:
    """Feeds that a whole round makes its own, as the schedule does it."""
    of = turns(feeds)
    through = of.through()
    progress = rhythm.Progress(now, through)
    won = []
    for due in of.due(now, through):
        try:
            if of.claim(due, next_time(due, now, dice), now):
                won.append(due.feed_id)
        except ClientError:
            if due.turn:
                progress.failed(due.turn, due.due)
    of.save_through(progress.through(True))
    return won


def item(feeds: Feeds, feed: Feed) -> dict[str, Any]:
    found: Any = feeds._dynamodb.get_item(TableName="t", Key=key_of(feed.feed_id, META))
    return cast("dict[str, Any]", found["Item"])


# ------------------------------------------------------------------------- turns
@pytest.mark.parametrize(
    ("minutes", "turn"),
    [(5, 5), (6, None), (60, 60), (60.01, 75), (72, 75), (480, 480), (481, None), (1440, None), (0, None)],
)
def test_a_turn_is_no_shorter_and_hardly_longer_than_the_interval(minutes: float, turn: int | None) -> None:
    assert rhythm.turn_of(minutes) == turn


@settings(max_examples=60, deadline=None)
@given(
    turn=st.sampled_from(rhythm.TURNS),
    phase=st.integers(0, 480 * 60 - 1),
    steps=st.lists(st.integers(1, 40_000), min_size=1, max_size=12),
)
def test_each_time_that_a_phase_comes_is_in_one_window(turn: int, phase: int, steps: list[int]) -> None:
    phase %= turn * 60
    written = f"{phase:05d}"
    since = NOON
    for step in steps:
        now = since + step * SECOND
        found = sum(first <= written <= last for first, last in rhythm.phases(turn, since, now))
        came = rhythm.point(written, turn, now)
        assert came <= now < came + turn * MINUTE
        assert found == (came > since)  # of several, the last
        since = now


# ------------------------------------------------------------------------- rounds
def test_a_feed_in_turn_is_polled_each_time_it_comes_and_stands_still(feeds: Feeds) -> None:
    feed = settled(feeds, 1, NOON + 10 * MINUTE)
    dice = random.Random(1)
    keys = {name: item(feeds, feed)[name] for name in ("GSI1SK", "SourcePK", "Filed")}
    polled = [NOON + n * ROUND for n in range(1, 61) if round_of(feeds, NOON + n * ROUND, dice)]
    assert polled == [NOON + 10 * MINUTE + hour * HOUR for hour in range(5)]
    assert {name: item(feeds, feed)[name] for name in keys} == keys
    row = feeds.get(feed.feed_id)
    assert row
    assert row.asked == 5
    assert timedelta(0) <= row.feed.state.next_due - (NOON + 10 * MINUTE + 5 * HOUR) < SECOND


def test_a_claim_of_a_feed_in_turn_is_one_unit() -> None:
    rows = Rows()
    feeds = Feeds(cast(Any, rows), "t")
    settled(feeds, 1, NOON)
    rows.units.clear()
    assert round_of(feeds, NOON, random.Random(1))
    assert (rows.units["write"], rows.units["index write"]) == (2, 0)  # the other is what rounds remember


def test_rounds_that_overlap_send_a_feed_once(feeds: Feeds) -> None:
    for number in range(6):
        settled(feeds, number, NOON, why=("rhythm", "new")[number % 2])
    of, now = turns(feeds), NOON + MINUTE
    seen = [list(of.due(now)) for _ in range(2)]
    dice = random.Random(1)
    won = [[of.claim(due, next_time(due, now, dice), now) for due in found] for found in seen]
    assert [sum(map(bool, each)) for each in won] == [6, 0]


def test_a_claim_that_is_made_again_since_its_answer_was_lost_is_ours(feeds: Feeds) -> None:
    feed = settled(feeds, 1, NOON)
    (due,) = turns(feeds).due(NOON)
    until = next_time(due, NOON, random.Random(1))
    assert Turns(cast(Any, Repeating(feeds._dynamodb)), "t").claim(due, until, NOON)
    row = feeds.get(feed.feed_id)
    assert row
    assert row.asked == 1
    assert not turns(feeds).claim(due, next_time(due, NOON, random.Random(2)), NOON)


def test_a_poll_that_was_not_accepted_is_found_by_the_next_round_and_taken_back_once(feeds: Feeds) -> None:
    feed = settled(feeds, 1, NOON)
    (due,) = turns(feeds).due(NOON)
    until = next_time(due, NOON, random.Random(1))
    assert turns(feeds).claim(due, until, NOON)
    turns(feeds).save_through(dict.fromkeys(rhythm.TURNS, NOON + MINUTE))  # another round was faster
    Turns(cast(Any, Repeating(feeds._dynamodb)), "t").take_back(feed.feed_id, until, NOON)
    row = feeds.get(feed.feed_id)
    assert row
    assert row.asked == 0
    assert round_of(feeds, NOON + ROUND, random.Random(1)) == [feed.feed_id]
    turns(feeds).take_back(feed.feed_id, until, NOON)  # too late: another has it
    assert round_of(feeds, NOON + 2 * ROUND, random.Random(1)) == []


def test_a_claim_that_fails_is_looked_for_again_for_an_hour(feeds: Feeds) -> None:
    progress = rhythm.Progress(NOON, {60: NOON - ROUND})
    progress.failed(60, NOON - MINUTE)
    progress.done(60, NOON)
    assert progress.through(True)[60] == NOON - MINUTE - SECOND
    late = rhythm.Progress(NOON, {})
    late.failed(480, NOON - 5 * HOUR)
    assert late.through(True)[480] == NOON - HOUR
    assert late.through(True)[60] == NOON


def test_a_round_that_runs_out_of_time_says_how_far_it_came(feeds: Feeds) -> None:
    for number in range(4):
        settled(feeds, number, NOON + number * SECOND)
    of, now = turns(feeds), NOON + ROUND
    of.save_through(dict.fromkeys(rhythm.TURNS, NOON - ROUND))
    progress, dice = rhythm.Progress(now, of.through()), random.Random(1)
    for due in list(of.due(now, of.through()))[:2]:
        assert of.claim(due, next_time(due, now, dice), now)
        progress.done(60, due.due)
    of.save_through(progress.through(False))
    assert of.through()[60] == NOON
    assert len(round_of(feeds, now, dice)) == 2


def test_rounds_that_were_down_leave_no_feed_and_poll_none_twice(feeds: Feeds) -> None:
    ids = {settled(feeds, number, NOON + number * 7 * MINUTE, 60).feed_id for number in range(8)}
    dice = random.Random(1)
    assert set(round_of(feeds, NOON + 9 * HOUR, dice)) == ids
    # Their next turn is not a moment later.
    assert round_of(feeds, NOON + 9 * HOUR + 50 * MINUTE, dice) == []
    assert set(round_of(feeds, NOON + 10 * HOUR + ROUND, dice)) == ids


def test_a_feed_that_the_turns_forget_is_caught_by_its_net_and_a_healthy_one_is_not(feeds: Feeds) -> None:
    feed = settled(feeds, 1, NOON)
    of, dice = turns(feeds), random.Random(1)
    assert round_of(feeds, NOON, dice)
    for day in range(1, 4):
        of.save_through(dict.fromkeys(rhythm.TURNS, NOON + 20 * DAY))  # nobody looks at turns any more
        polled = round_of(feeds, NOON + day * DAY, dice)
        assert polled == ([feed.feed_id] if day >= 2 else [])
    other = settled(feeds, 2, NOON + 37 * HOUR)
    stale = feeds._dynamodb.get_item(TableName="t", Key=key_of(other.feed_id, META))["Item"]
    feeds._dynamodb.put_item(
        TableName="t",
        Item={**stale, "GSI1SK": {"S": "2024-07-13T12:00:00Z"}, "net": {"S": "2024-07-13T12:00:00Z"}},
    )
    found = [due for due in of.due(NOON + 25 * HOUR, of.through()) if due.feed_id == other.feed_id]
    assert [of.claim(due, NOON + 26 * HOUR, NOON + 25 * HOUR) for due in found] == [None]
    assert [due for due in of.due(NOON + 25 * HOUR, of.through()) if due.feed_id == other.feed_id] == []


def test_a_net_that_comes_near_is_set_anew_by_a_poll_that_is_written_anyway(feeds: Feeds) -> None:
    feed = settled(feeds, 1, NOON)
    for ahead, net in ((24, 36), (25, 25 + 36)):
        row = feeds.get(feed.feed_id)
        assert row
        due = NOON + ahead * HOUR
        saved = feeds.change(row, replace(row.feed, state=replace(row.feed.state, next_due=due)))
        assert saved.net == NOON + net * HOUR


def test_a_wish_for_quiet_ends_the_turns_until_it_is_over(feeds: Feeds) -> None:
    feed = settled(feeds, 1, NOON)
    row = feeds.get(feed.feed_id)
    assert row
    quiet = replace(feed.state, next_due=NOON + 5 * HOUR, next_why="retry-after")
    feeds.change(row, replace(feed, state=quiet))
    dice = random.Random(1)
    polled = [hour for hour in range(6) if round_of(feeds, NOON + hour * HOUR, dice)]
    assert polled == [5]


# ------------------------------------------------------------------------- with the version before
def test_what_the_version_before_writes_counts_and_it_finds_a_feed_by_its_net(feeds: Feeds) -> None:
    feed = settled(feeds, 1, NOON)
    before = item(feeds, feed)
    # It reads GSI1SK as a time, and claims what is due by it.
    assert datetime.fromisoformat(before["GSI1SK"]["S"]) == NOON + rhythm.NET
    feeds._dynamodb.update_item(
        TableName="t",
        Key=key_of(feed.feed_id, META),
        UpdateExpression=OLD_CHANGE,
        ExpressionAttributeValues={
            ":feed": before["feed"],
            ":version": {"N": "2"},
            ":pk": before["GSI1PK"],
            ":sk": {"S": "2024-07-12T20:00:00Z"},
        },
    )
    row = feeds.get(feed.feed_id)
    assert row
    assert row.feed.state.next_due == NOON + 8 * HOUR
    dice = random.Random(1)
    assert [hour for hour in range(9) if round_of(feeds, NOON + hour * HOUR, dice)] == [8]
    # A poll that is written puts it back into its turns.
    row = feeds.get(feed.feed_id)
    assert row
    feeds.change(row, replace(row.feed, state=replace(row.feed.state, next_due=NOON + 9 * HOUR)))
    assert item(feeds, feed)["net"] == item(feeds, feed)["GSI1SK"]


# ------------------------------------------------------------------------- killed
class Killed(BaseException):
    """As a function ends that is killed: nothing catches it."""


class Deadly:
    """A table that kills its caller at one call, before or after it is done."""

    def __init__(self, rows: Rows, at: int, after: bool) -> None:
        self._rows, self._left, self._after = rows, at, after

    def __getattr__(self, name: str) -> Any:
        def call(**asked: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Killed
            answer = getattr(self._rows, name)(**asked)
            if self._left == 0:
                raise Killed
            return answer

        return call


@pytest.mark.parametrize("after", [False, True])
def test_a_round_that_is_killed_at_any_call_forgets_no_feed_and_none_is_sent_twice(after: bool) -> None:
    survived, at = False, 0
    while not survived:
        at += 1
        rows = Rows()
        feeds = Feeds(cast(Any, rows), "t")
        made = [settled(feeds, number, NOON + number * MINUTE, 60) for number in range(3)]
        made.append(settled(feeds, 3, NOON, 60, why="new"))
        dice = random.Random(1)
        assert round_of(feeds, NOON - ROUND, dice) == []
        try:
            round_of(Feeds(cast(Any, Deadly(rows, at, after)), "t"), NOON + ROUND, dice)
            survived = True
        except Killed:
            pass
        for number in range(2, 31):  # two hours and a half: late ones start anew
            round_of(feeds, NOON + number * ROUND, dice)
        asked = [row.asked for row in feeds.several([feed.feed_id for feed in made])]
        assert asked == [3, 3, 3, 3]
    assert at > 30
