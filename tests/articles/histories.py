"""Seeded histories: what feeds observe of a few pages, in any order, with grants among it.

Three feeds of one publisher (one of them on another host, which must be granted the site first), an
aggregator, and one that means harm: guids and addresses clash, contents come back, times tie.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec.structs import replace

from newscast.articles.rows import Head, edges
from newscast.articles.writing import Outcome
from newscast.records import FullText, TaggedArticle
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

FEEDS = {
    "world": "https://victim.example/world.xml",
    "politics": "https://victim.example/politics.xml",
    "elsewhere": "https://feeds.cdn.example/victim.xml",
    "aggregator": "https://aggregator.example/all.xml",
    "evil": "https://evil.example/feed.xml",
}
OWNERS = {"world", "politics"}
PAGES = [None, *(f"https://victim.example/{name}" for name in "aabc"), "https://evil.example/a"]
ACTORS = ("country:USA", "RUS", "IND", "NATO")

Grant = tuple[str, str]
"""(feed, scope)"""
Event = TaggedArticle | Grant


def observation(
    rng: random.Random, feeds: Sequence[str] = tuple(FEEDS), pages: Sequence[str | None] = PAGES
) -> TaggedArticle:
    feed = rng.choice(feeds)
    return tagged(
        *(actor(name) for name in rng.sample(ACTORS, rng.randint(0, 3))),
        gazetteer=rng.choice("12"),
        tagged_at=NOON + timedelta(minutes=rng.randint(0, 3)),
        text=rng.choice("abcd"),
        title=rng.choice(["One title", "One title", "Another title"]),
        feed_id=feed,
        feed_url=FEEDS[feed],
        source=FEEDS[feed].split("/")[2],
        guid=rng.choice([None, "g1", "g1", "g2", "g3"]),
        url=rng.choice(pages),
        link=None,
        seen=NOON + timedelta(minutes=30 * rng.randint(0, 5)),
        at=NOON + timedelta(minutes=rng.choice([-60, 0, 600])),
        full_text=rng.choice([None, None, FullText(outcome="taken"), FullText(outcome="kept")]),
    )


def history(rng: random.Random, grants: bool = True) -> list[Event]:
    events: list[Event] = [observation(rng) for _ in range(rng.randint(3, 14))]
    if grants and rng.random() < 0.6:
        events.append(("elsewhere", "victim.example"))
    if grants and rng.random() < 0.2:
        events.append(("evil", "evil.example"))  # its own, which it has already
    return events


def play(events: Iterable[Event], memory: Memory | None = None) -> Memory:
    """The table after these events, one after the other."""
    memory = memory or Memory()
    for event in events:
        if isinstance(event, tuple):
            memory.grant(*event)
            memory.regroup(event[0])
        else:
            memory.save(event)
    return memory


def state(memory: Memory) -> dict[str, Head]:
    """All heads, without what depends on when they were stored."""
    return {name: replace(head, stored_at="", correlation_id="") for name, head in memory.heads().items()}


def broken(memory: Memory, events: Sequence[Event]) -> list[str]:
    """What is wrong with a table, whatever happened to it; empty if nothing is."""
    problems = []
    if state(memory) != state(play(events)):
        problems.append("heads are not those of an undisturbed run")
    expected = {key: item for head in memory.heads().values() for key, item in edges(head, None).items()}
    if not expected.items() <= memory.edges().items():
        problems.append("a head says an edge that isn't there")
    if any(page.unsettled for page in memory.pages()):
        problems.append("a page is left unsettled")
    for event in events:
        if not isinstance(event, tuple) and memory.save(event).outcome is not Outcome.DUPLICATE:
            problems.append("a message that was acknowledged is not stored")
    return problems
