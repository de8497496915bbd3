"""Seeded histories of a publisher and of feeds that mean it harm, worse than `histories`: B must stay.

B: all that V's feeds (two of its site, one that must be granted it, one each on a shared host, a suffix, a
port, a user's pages) and C's observed. A: feeds beside them that own none of it, some with grants of their
own. Contents, titles and guids are equal, times tie, and whatever A does may happen at any moment.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from newscast.articles import grants as granting
from newscast.articles import queries, rows
from newscast.articles.erasing import erasing, forgetting
from newscast.articles.keys import head_key
from newscast.articles.regrouping import regrouping
from newscast.articles.revisions import Revision, kept
from newscast.articles.rows import Head, Redirect, edges
from newscast.articles.writing import ContendedError, Keeping, saving
from newscast.records import ArticleTime, FullText, TaggedArticle
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

VICTIMS = {
    "world": "https://victim.example/world.xml",
    "politics": "https://www.victim.example/politics.xml",
    "elsewhere": "https://feeds.cdn.example/victim.xml",
    "medium": "https://medium.com/feed/@victim",
    "pages": "https://victim.github.io/feed.xml",
    "port": "http://127.0.0.1:8001/feed",
    "user": "https://uni.example/~victim/feed.xml",
    "uni": "https://uni.example/news.xml",
}
EVIL = {
    "evil": "https://evil.example/feed.xml",
    "cdn": "https://feeds.cdn.example/evil.xml",
    "subdomain": "https://victim.example.evil.example/feed.xml",
    "other port": "http://127.0.0.1:8002/feed",
    "other port of V": "https://victim.example:8443/world.xml",
    "localhost": "http://localhost:8001/feed",
    "medium evil": "https://medium.com/feed/@evil",
    "medium tag": "https://medium.com/feed/tag/news",
    "pages evil": "https://evil.github.io/feed.xml",
    "user evil": "https://uni.example/~evil/feed.xml",
    "burner": "https://feeds.feedburner.com/victim",
}
THIRD = {"third": "https://third.example/feed.xml"}
FEEDS = VICTIMS | EVIL | THIRD

OF_VICTIM = [
    "https://victim.example/a",
    "https://victim.example/a",
    "https://victim.example/b",
    "https://news.victim.example/c",
]
PAGES: dict[str, list[str | None]] = {
    "world": [None, *OF_VICTIM],
    "politics": [*OF_VICTIM],
    "elsewhere": [*OF_VICTIM],
    "medium": ["https://medium.com/@victim/a-1"],
    "pages": ["https://victim.github.io/a"],
    "port": ["http://127.0.0.1:8001/a"],
    "user": ["https://uni.example/~victim/a"],
    "uni": ["https://uni.example/a"],
    "third": ["https://nobody.example/story", "https://third.example/own"],
}
EVILS_OWN = ["https://evil.example/a", "https://victim.example/guest/1", "https://medium.com/@evil/a"]
EVERYWHERE = [page for pages in PAGES.values() for page in pages if page] + EVILS_OWN
GRANTS = {
    "evil": ["medium.com/@evil", "victim.example/guest", "evil.example"],
    "cdn": ["evil.example"],
    "burner": ["victim.example/guest"],
}
GUIDS = [None, "g1", "g1", "g2", "g3", *OF_VICTIM[1:3], "1001"]
ACTORS = ("country:USA", "RUS", "IND", "NATO", "UKR")
TITLES = ["One title", "One title", "Another title", "A third"]


class Event(NamedTuple):
    """What happens, to whom: "observe", "grant", "revoke", or "erase" (all that a feed observed)."""

    kind: str
    feed: str
    record: TaggedArticle | None = None
    scope: str = ""


def observation(rng: random.Random, feed: str, pages: Sequence[str | None]) -> Event:
    # A tie in time with any other is as likely as not; A may also be long before and long after.
    spread = [0, 0, 1, 1, 2, 3] if feed not in EVIL else [-400 * 48, -1, 0, 0, 1, 2, 3, 4, 400 * 48]
    record = tagged(
        *(actor(name) for name in rng.sample(ACTORS, rng.randint(0, 4))),
        gazetteer=rng.choice("12"),
        tagged_at=NOON + timedelta(minutes=rng.randint(0, 3)),
        text=rng.choice("abc"),
        title=rng.choice(TITLES),
        feed_id=feed,
        feed_url=FEEDS[feed],
        source=FEEDS[feed].split("/")[2].split(":")[0].removeprefix("www."),
        guid=rng.choice(GUIDS),
        url=(url := rng.choice(pages)),
        link=url,
        seen=NOON + timedelta(minutes=30 * rng.choice(spread)),
        published=ArticleTime(
            at=NOON + timedelta(minutes=rng.choice([-60, 0, 600])),
            basis=rng.choice(["given", "given", "missing"]),
            raw=None,
        ),
        full_text=rng.choice([None, None, FullText(outcome="taken"), FullText(outcome="kept")]),
    )
    return Event("observe", feed, record)


def victims(rng: random.Random) -> list[Event]:
    some = rng.sample(sorted(VICTIMS | THIRD), rng.randint(1, 4))
    if rng.random() < 0.7:
        some += ["world", "world", "politics", "elsewhere"]
    events = [observation(rng, feed, PAGES[feed]) for feed in rng.choices(some, k=rng.randint(1, 8))]
    if rng.random() < 0.6:
        events.append(Event("grant", "elsewhere", scope="victim.example"))
    return events


def attack(rng: random.Random) -> list[Event]:
    feeds = rng.sample(sorted(EVIL), rng.randint(1, 3))
    targets = rng.sample(EVERYWHERE, rng.randint(1, 4))
    events = [observation(rng, rng.choice(feeds), targets) for _ in range(rng.randint(1, 12))]
    for feed in feeds:
        events += [Event("grant", feed, scope=scope) for scope in GRANTS.get(feed, []) if rng.random() < 0.4]
        if rng.random() < 0.15:
            events.append(Event("revoke", feed))
        if rng.random() < 0.2:
            events.append(Event("erase", feed))
    return events


# ------------------------------------------------------------------------------------------ carrying out
def work(memory: Memory, event: Event) -> Generator[Any, Any, Any]:
    """The operations of an event, as the stages and commands ask for them."""
    keeping = Keeping(memory.now, memory.keep)
    if event.record:
        return (yield from saving(event.record, "c", keeping))
    if event.kind == "grant":
        there = granting.read(memory.items.get(granting.key_of(event.feed))).grants
        if all(one.scope != event.scope for one in there):
            memory.grant(event.feed, event.scope)
        return (yield from regrouping(event.feed, keeping))
    if event.kind == "revoke":
        memory.items.pop(granting.key_of(event.feed), None)
        return None
    return (yield from _erase(memory, event.feed, keeping))


def _erase(memory: Memory, feed: str, keeping: Keeping) -> Generator[Any, Any, None]:
    """As `newscast erase --feed`."""
    found = [row for row in memory.rows() if row.feed_id == feed]
    beside: list[str] = []
    own = []
    for row in found:
        at = rows.at_head(memory.items.get(head_key(row.name)))
        if isinstance(at, Redirect) and at.why == "beside":
            beside.append(row.name)
        elif head := lead(memory, row.name):
            own.append(head.article_id)
    for name in dict.fromkeys(own):
        yield from erasing(name, keeping, own=True)
    for name in dict.fromkeys(beside):
        yield from forgetting(name, keeping)


def play(events: Iterable[Event], memory: Memory | None = None) -> tuple[Memory, dict[int, str]]:
    """The table after these events, and the id that each observation of B's was told, by its place."""
    memory = memory or Memory()
    ids: dict[int, str] = {}
    for event in events:
        saved = memory.carry(work(memory, event))
        if event.record:
            ids[id(event)] = saved.article_id
    return memory, ids


def interleaved(rng: random.Random, parts: Sequence[Sequence[Event]], kills: float = 0.0) -> Memory:
    """The table after several writers, each with its events in order, their operations mixed; a writer dies
    now and then, and its event is delivered again."""
    memory = Memory()
    left = [list(part) for part in parts]
    running: dict[int, tuple[Event, Any, Any]] = {}
    while any(left) or running:
        which = rng.choice([number for number in range(len(parts)) if left[number] or number in running])
        if which not in running:
            event = left[which].pop(0)
            running[which] = event, work(memory, event), None
            continue
        event, generator, answer = running[which]
        try:
            op = generator.send(answer)
            if rng.random() < kills:
                del running[which]
                left[which].insert(0, event)
                continue
            running[which] = event, generator, memory.carry_out(op)
        except StopIteration:
            del running[which]
        except ContendedError:
            del running[which]
            left[which].insert(0, event)
    return memory


# ------------------------------------------------------------------------------------------ what is shown
def lead(memory: Memory, name: str) -> Head | None:
    for _ in range(queries.MAX_HOPS):
        at = rows.at_head(memory.items.get(head_key(name)))
        if not isinstance(at, Redirect):
            return at if isinstance(at, Head) else None
        name = at.leads_to
    return None


def without_clock(head: Head) -> Head:
    return replace(head, stored_at="", correlation_id="")


def shown(memory: Memory, feeds: Iterable[str]) -> dict[str, Any]:
    """All that a reader can see of these feeds' articles: heads, edges, index keys, history, where names
    lead."""
    own = set(feeds)
    heads = {name: head for name, head in memory.heads().items() if head.feed_id in own}
    found: dict[str, Any] = {}
    for name, head in heads.items():
        item = memory.items[head_key(name)]
        index = [item[key]["S"] for key in ("SourcePK", "DayPK", "Filed")]
        found[f"head {name}"] = (without_clock(head), index)
    by_name: dict[str, list[Revision]] = {}
    for row in memory.rows():
        by_name.setdefault(row.name, []).append(row)
    for row in (row for its in by_name.values() for row in kept(its)):  # what is beyond it counts nowhere
        if row.feed_id in own:
            found[f"row {row.name} {row.revision} {row.run}"] = replace(
                row, stored_at="", correlation_id="", body=""
            )
    expected = {key: item for head in heads.values() for key, item in edges(head, memory.keep).items()}
    for edge, item in memory.edges().items():
        article_id = edge[1].rpartition("#")[2]
        if expected.get(edge) == item:  # else its head doesn't say it any more
            assert article_id in heads
            found[f"edge {edge}"] = item["part"]
    assert all(f"edge {edge}" in found for edge in expected)
    for name, at in memory.at_heads().items():
        if isinstance(at, Redirect) and (there := lead(memory, name)) and name_feed(memory, name) in own:
            found[f"lead {name}"] = there.article_id
    return found


def name_feed(memory: Memory, name: str) -> str | None:
    return next((row.feed_id for row in memory.rows() if row.name == name), None)
