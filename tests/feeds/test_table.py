"""The rows of feeds, on moto and on the table in memory alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, cast

import pytest
from msgspec.structs import replace

from newscast.aws.backoff import ThrottledError
from newscast.feeds.feed import feed_id, new_feed
from newscast.feeds.rows import SHARDS, Row, Seen, item_of, shard
from newscast.feeds.table import ChangedMeanwhileError, Feeds
from newscast.feeds.turns import Turns
from tests.feeds.rows import Rows, size
from tests.feeds.world import DAY, HOUR, NOON, URL, feeds_on_moto, polled, turns
from tests.web.lost import Repeating

FEED = new_feed(URL, NOON, title="Site", tags=("World", "World/Europe"))


@pytest.fixture(scope="module")
def on_moto() -> Iterator[Feeds]:
    with feeds_on_moto() as made:
        yield made


@pytest.fixture(params=["moto", "memory"])
def feeds(request: pytest.FixtureRequest, on_moto: Feeds) -> Iterator[Feeds]:
    if request.param == "memory":
        yield Feeds(cast(Any, Rows(page=3)), "t")
        return
    yield on_moto
    for row in list(on_moto.all()):
        on_moto.remove(row.feed.feed_id, NOON)
    on_moto.remove("f1", NOON)


def test_a_usual_row_is_one_unit() -> None:
    # Each KB more is a write unit more, in the table and twice in its index, at each claim.
    feed = polled("http://www.example-newspaper.example/rss/world/europe/latest.xml")
    assert size(item_of(Row(feed=feed, version=12, asked=300))) < 1024


def test_a_feed_comes_back_as_it_went_and_is_added_once(feeds: Feeds) -> None:
    assert feeds.add(FEED)
    assert not feeds.add(replace(FEED, title="Other"))
    row = feeds.get(FEED.feed_id)
    assert row
    assert (row.feed, row.version, row.asked) == (FEED, 1, 0)
    assert feeds.get("f0") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://site.example/feed", "https://site.example/feed", True),
        ("http://site.example/feed", "http://SITE.example:80/feed#top", True),
        ("http://site.example", "http://site.example/", True),
        ("http://site.example/?feed=rss2", "http://site.example/", False),
        ("http://site.example/feed", "http://site.example/feed/", False),
        ("http://site.example/feed?a=1", "http://site.example/feed?a=2", False),
    ],
)
def test_one_feed_has_one_id(one: str, other: str, same: bool) -> None:
    assert (feed_id(one) == feed_id(other)) is same


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ftp://site.example/", "only http and https"),
        ("not a url", "not a URL"),
        ("http://user:hush@site.example/", "keep it as a secret"),
        ("http://localhost/feed", "this machine"),
        ("http://router/feed", "private network"),
    ],
)
def test_a_url_that_is_never_fetched_is_not_subscribed(url: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as raised:
        new_feed(url, NOON)
    assert "hush" not in str(raised.value)


def test_a_change_is_refused_if_another_was_first(feeds: Feeds) -> None:
    feeds.add(FEED)
    row = feeds.get(FEED.feed_id)
    assert row
    state = replace(FEED.state, next_due=NOON + DAY, etag='"1"')
    saved = feeds.change(row, replace(FEED, state=state))
    assert saved.version == 2
    with pytest.raises(ChangedMeanwhileError):
        feeds.change(row, FEED)
    assert feeds.get(FEED.feed_id) == saved
    feeds.change(saved, FEED)


def test_due_feeds_come_from_the_index_and_each_round_claims_its_own(feeds: Feeds) -> None:
    for number in range(40):
        feed = new_feed(f"http://site{number}.example/feed", NOON)
        state = replace(feed.state, next_due=NOON + number * HOUR)
        feeds.add(replace(feed, state=state))
    due = list(turns(feeds).due(NOON + 19 * HOUR))
    assert len(due) == 20
    assert {one.feed_id for one in due} == {
        feed_id(f"http://site{number}.example/feed") for number in range(20)
    }
    assert turns(feeds).claim(due[0], NOON + 30 * HOUR, NOON)
    assert not turns(feeds).claim(due[0], NOON + 31 * HOUR, NOON)  # another round saw the same
    assert len(list(turns(feeds).due(NOON + 19 * HOUR))) == 19
    row = feeds.get(due[0].feed_id)
    assert row
    assert (row.asked, row.version) == (1, 1)
    assert row.feed.state.next_due == NOON + 30 * HOUR


def test_a_claim_that_is_made_again_since_its_answer_was_lost_is_ours(feeds: Feeds) -> None:
    feeds.add(FEED)
    (due,) = turns(feeds).due(NOON)
    assert Turns(cast(Any, Repeating(feeds._dynamodb)), "t").claim(due, NOON + HOUR, NOON)
    row = feeds.get(FEED.feed_id)
    assert row
    assert (row.asked, row.feed.state.next_due) == (1, NOON + HOUR)
    feeds.remove(FEED.feed_id, NOON)
    assert not turns(feeds).claim(due, NOON + HOUR, NOON)


def test_a_disabled_feed_is_not_due_and_comes_back_when_enabled(feeds: Feeds) -> None:
    feeds.add(FEED)
    row = feeds.get(FEED.feed_id)
    assert row
    off = feeds.change(row, replace(FEED, disabled="by hand"))
    assert list(turns(feeds).due(NOON + DAY)) == []
    feeds.change(off, replace(FEED, disabled=None))
    assert [one.feed_id for one in turns(feeds).due(NOON + DAY)] == [FEED.feed_id]


def test_a_move_may_be_noted_again_but_not_over_another_feed(feeds: Feeds) -> None:
    other = new_feed("http://other.example/feed", NOON)
    assert feeds.add(FEED)
    assert feeds.add(other)
    new = f"{URL}/new"
    assert feeds.moves_to(FEED, URL) is None  # the same but for its scheme, say
    # A poll that died before its row was saved notes it once more.
    assert [feeds.moves_to(FEED, new), feeds.moves_to(FEED, new)] == [None, None]
    assert feeds.moves_to(other, new) is None  # at another's site it leaves no note
    assert feeds.moves_to(other, URL) == FEED.feed_id
    row = feeds.get(feed_id(new))
    assert row
    assert row.feed.feed_id == FEED.feed_id
    feeds.remove(feed_id(new), NOON)


def test_all_feeds_are_listed_disabled_ones_too(feeds: Feeds) -> None:
    added = [new_feed(f"http://site{number}.example/feed", NOON) for number in range(30)]
    for number, feed in enumerate(added):
        feeds.add(replace(feed, disabled="by hand" if number % 3 else None))
    assert {row.feed.feed_id for row in feeds.all()} == {feed.feed_id for feed in added}
    feeds.remove(added[0].feed_id, NOON)
    assert len(list(feeds.all())) == 29
    assert feeds.get(added[0].feed_id) is None


def test_the_seen_set_is_saved_by_whoever_was_first(feeds: Feeds) -> None:
    assert feeds.seen("f1") == Seen()
    feeds.save_seen("f1", Seen(), b"one")
    with pytest.raises(ChangedMeanwhileError):
        feeds.save_seen("f1", Seen(), b"other")
    first = feeds.seen("f1")
    assert first == Seen(marks=b"one", version=1)
    feeds.save_seen("f1", first, b"two")
    assert feeds.seen("f1").marks == b"two"


def test_the_largest_seen_set_fits_into_a_row(feeds: Feeds) -> None:
    from newscast.feeds.seen import MARK, MAX_MARKS

    largest = bytes(MARK * MAX_MARKS)
    feeds.save_seen("f1", Seen(), largest)
    assert feeds.seen("f1").marks == largest


def test_shards_are_even() -> None:
    counts = [0] * SHARDS
    for number in range(8000):
        counts[shard(feed_id(f"http://site{number}.example/"))] += 1
    assert max(counts) - min(counts) < 200


def test_feeds_that_were_not_read_are_asked_for_again_after_a_pause_and_not_for_ever() -> None:
    rows, waits = Rows(), list[float]()
    feeds = Feeds(cast(Any, rows), "t", waits.append, random.Random(1))
    ids = [f"f{number}" for number in range(9)]
    for each in ids:
        assert feeds.add(replace(FEED, feed_id=each))
    rows.most = 2
    assert {row.feed.feed_id for row in feeds.several(ids)} == set(ids)
    assert len(waits) == 4
    assert all(0 < wait <= 0.05 * 2**number for number, wait in enumerate(waits))
    rows.most = 0
    with pytest.raises(ThrottledError, match="9 feeds not read in 10 calls"):
        list(feeds.several(ids))
    assert sum(waits) < 20
