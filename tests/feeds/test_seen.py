"""Which entries are new or changed, and the tricks with identity that feeds play."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from newscast.feeds import order, parse
from newscast.feeds.parse import Skip, parse_document
from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.feeds.seen import MARK, distinct, known_raws, mark, select, unpack
from newscast.records import Markup
from tests.feeds.world import DAY, HOUR, NOON, item, rss


class Reader:
    """Polls one feed as fetch does: parse what is unknown, send what is new, remember."""

    def __init__(self, most: int = 500) -> None:
        self.seen = b""
        self.most = most
        self.useless = False
        self.waiting = 0
        self.parsed = 0

    def poll(self, *items: str) -> list[str]:
        document = parse_document(rss(*items), skip=Skip(known_raws(self.seen), self.most))
        assert not document.refused
        self.parsed = len(document.entries)
        document, self.useless = distinct(document, self.useless)
        chosen = select(document, self.seen, self.most)
        self.seen, self.waiting = chosen.seen, chosen.waiting
        return [entry.title.value if entry.title else "" for entry in chosen.entries]


TEN = [item(number) for number in range(10)]


def test_what_was_sent_is_not_sent_again() -> None:
    reader = Reader()
    assert len(reader.poll(*TEN)) == 10
    assert reader.poll(*TEN) == []
    assert reader.parsed == 0  # and not even parsed
    assert reader.poll(item(10), *TEN) == ["Title 10"]
    assert reader.parsed == 1


def test_a_changed_entry_is_sent_once_more() -> None:
    reader = Reader()
    reader.poll(*TEN)
    edited = [*TEN[:4], item(4, "Corrected"), *TEN[5:]]
    assert reader.poll(*edited) == ["Corrected"]
    assert reader.poll(*edited) == []


def test_one_story_edited_twelve_times_is_twelve_revisions() -> None:
    reader = Reader()
    titles = [f"Version {number}" for number in range(12)]
    assert [reader.poll(item(1, title)) for title in titles] == [[title] for title in titles]


@pytest.mark.parametrize(
    "change",
    [
        {"description": "&lt;p&gt;Text&lt;/p&gt;&lt;img src='http://ads.example/2'&gt;"},
        {"description": "&lt;p  class='b'&gt; Text &lt;/p&gt;"},
        {"description": "&lt;p&gt;Text&lt;/p&gt;", "comments": "http://site.example/7"},
        {"description": "&lt;p&gt;Text&lt;/p&gt;", "pubDate": "Sat, 13 Jul 2024 12:00:00 GMT"},
    ],
    ids=["tracking pixel", "markup", "comment link", "moving date"],
)
def test_what_readers_do_not_see_is_no_change(change: dict[str, Any]) -> None:
    reader = Reader()
    first = item(1, description="&lt;p&gt;Text&lt;/p&gt;&lt;img src='http://ads.example/1'&gt;")
    assert reader.poll(first) == ["Title 1"]
    assert reader.poll(item(1, **change)) == []


def test_a_guid_that_changes_on_every_request_brings_nothing_twice() -> None:
    reader = Reader()
    assert len(reader.poll(*(item(number, guid=f"a{number}") for number in range(5)))) == 5
    assert reader.poll(*(item(number, guid=f"b{number}") for number in range(5))) == []
    fresh = [item(number, guid=f"c{number}") for number in range(6)]
    assert reader.poll(*fresh) == ["Title 5"]


def test_the_same_words_with_a_new_guid_and_a_new_time_are_news() -> None:
    reader = Reader()
    warning: dict[str, Any] = {"title": "Storm warning in effect", "link": "http://site.example/warnings"}
    assert reader.poll(item(1, when=NOON, **warning)) == ["Storm warning in effect"]
    assert reader.poll(item(2, when=NOON + DAY, **warning)) == ["Storm warning in effect"]


def test_one_guid_for_all_items_is_no_guid_now_or_later() -> None:
    reader = Reader()
    assert len(reader.poll(*(item(number, guid="site") for number in range(5)))) == 5
    assert reader.useless
    # Later polls see one new entry alone, which could pass for a change of all the others.
    assert reader.poll(*(item(number, guid="site") for number in range(6))) == ["Title 5"]
    document, _ = distinct(ParsedFeed(entries=(ParsedEntry(guid="site", link="http://a.example/"),)), True)
    assert document.entries[0].guid is None


def test_two_entries_with_one_guid_lose_it_and_the_others_keep_theirs() -> None:
    document, useless = distinct(parse_document(rss(*TEN, item(11, guid="id-3"))))
    assert not useless
    assert [entry.guid for entry in document.entries].count(None) == 2
    assert document.problem == "1 guids stand for several entries"


def test_an_entry_that_stands_there_twice_is_sent_once_and_stays_quiet() -> None:
    reader = Reader()
    old, new = item(1, "As it was"), item(1, "As it is")
    assert reader.poll(new, old) == ["As it is"]
    assert [reader.poll(new, old) for _ in range(3)] == [[], [], []]
    assert reader.poll(old, new) == []


def test_without_guids_links_say_who_is_who_and_without_links_titles() -> None:
    reader = Reader()
    linked = [item(number, guid="") for number in range(3)]
    bare = [item(number, guid="", link="") for number in range(3, 6)]
    assert len(reader.poll(*linked, *bare)) == 6
    assert reader.poll(*bare, *linked) == []
    assert reader.poll(item(0, "Changed", guid="")) == ["Changed"]


def test_an_old_copy_served_once_brings_nothing_twice() -> None:
    reader = Reader()
    for day in range(30):
        reader.poll(*(item(number) for number in range(10 * day, 10 * day + 50)))
    two_weeks_old = [item(number) for number in range(150, 200)]
    assert reader.poll(*two_weeks_old) == []
    assert reader.poll(*(item(number) for number in range(290, 340))) == []


def test_entries_beyond_the_bound_come_later_and_none_is_lost() -> None:
    reader = Reader(most=40)
    feed = [item(number, when=NOON + number * HOUR) for number in range(150)]
    got = [reader.poll(*feed) for _ in range(5)]
    assert [len(titles) for titles in got] == [40, 40, 40, 30, 0]
    assert reader.waiting == 0
    assert len({title for titles in got for title in titles}) == 150
    # Appended to, so the newest stand at the end; they come first.
    assert got[0][0] == "Title 149"


def test_an_append_only_feed_resends_nothing_and_parses_only_what_is_new() -> None:
    # 10,000 entries, as the marks allow, are in tests/bench/hostile.py.
    reader = Reader(most=500)
    feed = [item(number, when=NOON + number * timedelta(minutes=5)) for number in range(1500)]
    sent: list[str] = []
    for _ in range(3):
        sent += reader.poll(*feed)
    assert len(set(sent)) == len(sent) == 1500
    for number in range(1500, 1503):
        feed.append(item(number, when=NOON + number * timedelta(minutes=5)))
        assert reader.poll(*feed) == [f"Title {number}"]
        assert reader.parsed == 1


ENTRIES = st.builds(
    ParsedEntry,
    guid=st.none() | st.sampled_from("abcdef"),
    link=st.none() | st.sampled_from(["http://a.example/1", "http://a.example/2"]),
    title=st.none() | st.builds(Markup, value=st.text(min_size=1, max_size=4)),
)


@given(st.lists(ENTRIES, max_size=12), st.integers(1, 5))
def test_each_distinct_entry_is_sent_exactly_once(entries: list[ParsedEntry], most: int) -> None:
    document, _ = distinct(ParsedFeed(entries=tuple(entries)))
    seen, sent = b"", list[ParsedEntry]()
    for _ in range(len(entries) + 1):
        chosen = select(document, seen, most)
        assert len(chosen.entries) <= most
        seen = chosen.seen
        sent += chosen.entries
    assert chosen.waiting == 0
    whole = {mark(entry).who for entry in document.entries}
    assert len({mark(entry).who for entry in sent}) == len(sent)
    # Twins without times under two identities count as one.
    assert {mark(entry).who for entry in sent} <= whole
    assert {mark(entry).twin for entry in sent} == {mark(entry).twin for entry in document.entries}


@given(st.binary(max_size=200))
def test_any_bytes_are_a_seen_set(seen: bytes) -> None:
    assert b"".join(its.packed() for its in unpack(seen)) == seen[: len(seen) // MARK * MARK]


def test_marks_tell_parts_apart() -> None:
    one = ParsedEntry(guid="a", title=Markup(value="bc"))
    other = ParsedEntry(guid="ab", title=Markup(value="c"))
    assert mark(one).who != mark(other).who
    assert mark(one).what != mark(replace(one, link="http://a.example/")).what


# ------------------------------------------------------------------------- longer than is looked at
def as_rss(numbers: Sequence[int], dated: bool) -> bytes:
    return rss(*(item(number, when=NOON + number * HOUR if dated else None) for number in numbers))


def as_json(numbers: Sequence[int], dated: bool) -> bytes:
    items = [
        {"id": f"id-{number}", "title": f"Title {number}"}
        | ({"date_published": (NOON + number * HOUR).isoformat()} if dated else {})
        for number in numbers
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


@pytest.mark.parametrize("document", [as_rss, as_json])
@pytest.mark.parametrize("appended", [True, False])
@pytest.mark.parametrize("dated", [True, False])
def test_a_feed_longer_than_is_looked_at_gives_what_is_new_and_nothing_twice(
    document: Callable[..., bytes], appended: bool, dated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parse, "MAX_ENTRIES", 200)
    first, most, each = 230, 25, 3
    seen, sent = b"", Counter[str]()
    for poll in range(60):
        count = first + poll * each
        body = document(range(count) if appended else range(count - 1, -1, -1), dated)
        read, _ = distinct(parse_document(body, skip=Skip(known_raws(seen), most)))
        chosen = select(read, seen, most)
        assert len(chosen.entries) <= most
        titles = [entry.title.value for entry in chosen.entries if entry.title]
        sent.update(titles)
        newest = {f"Title {number}" for number in range(count - each, count)}
        assert newest <= set(titles) or poll == 0
        assert f"of {count} entries are looked at" in (read.problem or "")
        seen = chosen.seen
        assert len(unpack(seen)) <= 2 * 200
    assert set(sent.values()) == {1}
    # What waited came too, but for old entries that newer ones pushed out of sight meanwhile.
    assert chosen.waiting == 0
    assert len(sent) >= 200 + 59 * each - 200 // (most - each) * each


@pytest.mark.parametrize(
    ("times", "which"),
    [
        ([3, 2, 1], "newest first"),
        ([1, 2, 3], "oldest first"),
        ([0, 9, 8, 7, 6], "newest first"),  # an old one is pinned
        ([9, 1, 2, 3, 4], "oldest first"),
        ([None, 2, None, 1], "newest first"),
        ([1, 1, 1], None),
        ([None, None], None),
        ([5], None),
        ([], None),
    ],
)
def test_which_end_is_the_new_one(times: list[int | None], which: order.Direction) -> None:
    assert order.direction([None if time is None else NOON + time * HOUR for time in times]) == which


@given(st.integers(0, 40), st.sampled_from(["newest first", "oldest first", None]))
def test_every_entry_is_taken_once_whatever_the_order(count: int, which: order.Direction) -> None:
    assert sorted(order.taken(range(count), which)) == list(range(count))
    places = order.samples(count)
    assert len(places) <= order.SAMPLES
    assert set(places) <= set(range(count))
    assert not count or {places[0], places[-1]} == {0, count - 1}
