"""An erased article is gone and stays gone, wherever erasing is stopped and whatever comes meanwhile."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Generator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from newscast.articles import bodies, queries, settling
from newscast.articles.erasing import erasing, forgetting
from newscast.articles.grouping import MAX_CLAIMS_OF_ONE
from newscast.articles.identity import written
from newscast.articles.items import Item
from newscast.articles.migrating import migrate
from newscast.articles.ops import Op, Put, Write
from newscast.articles.packs import PACKS, held
from newscast.articles.rows import Erased, Head, Redirect, edges
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping, Outcome, saving
from newscast.records import TaggedArticle
from tests.articles.histories import FEEDS, history, play
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

SITE = "https://victim.example"
PAGE, MOVED, OTHER, ALERTS = (f"{SITE}/{name}" for name in ("page", "moved", "other", "alerts"))
KEEPING = Keeping(NOON)
TITLE = "Ministers talk"


def said(feed: str, url: str | None, guid: str | None, hours: int = 0, **fields: Any) -> TaggedArticle:
    actors = [actor(name) for name in fields.pop("actors", ("RUS", "IND"))]
    made = {"feed_id": feed, "feed_url": FEEDS[feed], "source": FEEDS[feed].split("/")[2], "link": url}
    return tagged(*actors, url=url, guid=guid, seen=NOON + timedelta(hours=hours), **made | fields)


FIRST = said("world", PAGE, "g1")
TOLD = [
    FIRST,
    said("world", PAGE, "g1", 1, text="Revised.", actors=("NATO",)),
    said("world", PAGE, "g1", 2, text="Revised.", gazetteer="2"),
    said("world", MOVED, "g1", 3),
    said("world", PAGE, "g2", 4),  # its guid changed
    said("politics", PAGE, "p1", 5, title="Politics"),
    said("aggregator", PAGE, "x1", 6),
    said("evil", PAGE, "e1", -1, text="Lies."),
    said("evil", PAGE, "e2", 7, text="More."),
]
BESIDES = [
    said("world", OTHER, "g9"),
    said("aggregator", OTHER, "x9"),
    said("world", ALERTS, "a1", title="Flood"),
    said("world", ALERTS, "a2", title="Storm"),
    said("world", ALERTS, "a3", title="Frost"),
    said("world", None, "alone"),
]


def world() -> Memory:
    memory = Memory()
    for record in (*TOLD, *BESIDES):
        memory.save(record)
    return memory


def besides() -> Memory:
    memory = Memory()
    for record in BESIDES:
        memory.save(record)
    return memory


def article_of(memory: Memory, record: TaggedArticle) -> str:
    return memory.save(record).article_id


def erase(memory: Memory, article_id: str) -> bool:
    return memory.carry(erasing(article_id, KEEPING))


def marks(memory: Memory) -> dict[str, object]:
    return {name: at for name, at in memory.at_heads().items() if isinstance(at, Erased)}


def without_marks(memory: Memory) -> dict[tuple[str, str], Any]:
    gone = {f"ART#{name}" for name in marks(memory)}
    pages = {f for f, item in memory.items.items() if f[1] == "PAGE" and '"erased":' in item["json"]["S"]}
    return {key: item for key, item in memory.items.items() if key[0] not in gone and key not in pages}


def problems(memory: Memory) -> list[str]:
    """What is stored though nobody can see it."""
    found = []
    at = memory.at_heads()
    for row in memory.rows():
        name, hops = row.name, 0
        while isinstance(there := at.get(name), Redirect) and hops < 9:
            name, hops = there.leads_to, hops + 1
        if not isinstance(there, Head):
            found.append(f"revision {row.key} leads to {there}")
    heads = memory.heads().values()
    said = {key: item for head in heads for key, item in edges(head, None).items()}
    if not said.items() <= memory.edges().items():
        found.append("a head says an edge that isn't there")
    kept = {row.body for row in memory.rows()}
    live = {name for name, there in at.items() if not isinstance(there, Erased)}
    found += [f"body {key}" for key in memory.bodies if key not in kept and key.split("/")[0] not in live]
    found += [f"body {key} is gone" for key in kept - set(memory.bodies)]
    for page in memory.pages():
        if page.unsettled and not page.erased:
            found.append(f"{page.url} is unsettled")
    return found


# ------------------------------------------------------------------------------------------- it goes
@pytest.mark.parametrize("asked", [0, 4, 5, 6], ids=["its id", "another guid", "another feed", "beside it"])
def test_all_of_an_article_goes_and_nothing_else(asked: int) -> None:
    memory = world()
    assert erase(memory, article_of(memory, TOLD[asked]))
    assert without_marks(memory) == besides().items
    assert len(marks(memory)) == 6  # three of the owners' names, three of strangers
    assert set(memory.bodies.values()) == set(besides().bodies.values())
    assert problems(memory) == []


def test_what_is_not_there_cannot_be_erased() -> None:
    memory = world()
    before = copy.deepcopy(memory.items)
    assert not erase(memory, "0" * 32)
    assert memory.items == before
    article_id = article_of(memory, FIRST)
    assert erase(memory, article_id)
    assert not erase(memory, article_id)


LATER: list[tuple[str, TaggedArticle, Outcome]] = [
    ("the same entry", FIRST, Outcome.ERASED),
    ("revised", said("world", PAGE, "g1", 9, text="New.", title="New"), Outcome.ERASED),
    ("moved to a new page", said("world", f"{SITE}/new", "g1", 9), Outcome.ERASED),
    ("another guid of the page", said("world", PAGE, "g5", 9, title="New"), Outcome.ERASED),
    ("a new feed of the publisher", said("politics", PAGE, "p5", 9), Outcome.ERASED),
    ("an address, no guid", said("world", PAGE, None, 9), Outcome.ERASED),
    ("a stranger's claim of the page", said("aggregator", PAGE, "x5", 9), Outcome.ERASED),
    ("a stranger's claim that was beside it", TOLD[6], Outcome.ERASED),
    ("a claim of the page that it was first seen at elsewhere", said("evil", MOVED, "e5", 9), Outcome.ERASED),
    ("the other page's next revision", said("world", OTHER, "g9", 9, text="New."), Outcome.REVISED),
    ("a new page", said("world", f"{SITE}/new", "n", 9), Outcome.NEW),
    ("a stranger's own page", said("evil", "https://evil.example/x", "e1", 9), Outcome.NEW),
    ("a page's text without its address", said("world", None, "fresh", 9), Outcome.NEW),
]


@pytest.mark.parametrize(("record", "outcome"), [case[1:] for case in LATER], ids=[case[0] for case in LATER])
def test_what_comes_later(record: TaggedArticle, outcome: Outcome) -> None:
    memory = world()
    erase(memory, article_of(memory, FIRST))
    before = copy.deepcopy(memory.items)
    assert memory.save(record).outcome is outcome
    assert memory.save(record).outcome in (outcome, Outcome.DUPLICATE)
    if outcome is Outcome.ERASED:
        assert memory.items == before
    assert problems(memory) == []


@pytest.mark.parametrize("which", [2, 3, 4])
def test_of_a_page_of_many_one_goes(which: int) -> None:
    memory = world()
    assert erase(memory, article_of(memory, BESIDES[which]))
    assert memory.save(BESIDES[which]).outcome is Outcome.ERASED
    for place in {2, 3, 4} - {which}:
        record = BESIDES[place]
        assert memory.save(record).outcome is Outcome.DUPLICATE
        # Also if it is titled as the erased one was.
        again = said("world", ALERTS, record.article.guid, 9, title=BESIDES[which].article.title)
        saved = memory.save(again)
        assert saved.outcome is Outcome.REVISED
        assert isinstance(memory.at_heads()[saved.article_id], Head)
    assert memory.save(said("world", ALERTS, "a4", 9, title="Heat")).outcome is Outcome.NEW
    saved = memory.save(said("aggregator", ALERTS, "x4", 9))
    assert saved.outcome is Outcome.BESIDE
    assert isinstance(memory.at_heads()[saved.article_id], Head)
    assert problems(memory) == []


def test_an_entry_without_an_address_goes() -> None:
    memory = world()
    assert erase(memory, article_of(memory, BESIDES[5]))
    assert memory.save(BESIDES[5]).outcome is Outcome.ERASED
    assert problems(memory) == []


def test_a_strangers_article_of_a_page_without_an_owner() -> None:
    memory = Memory()
    lies, other = TOLD[7], TOLD[6]
    memory.save(lies)
    memory.save(other)
    assert erase(memory, article_of(memory, lies))
    assert memory.save(lies).outcome is Outcome.ERASED
    assert memory.save(other).outcome is Outcome.DUPLICATE  # another feed's article of that page
    assert memory.save(FIRST).outcome is Outcome.NEW  # nor is the page its owner's no more
    assert problems(memory) == []


def test_a_feed_that_is_granted_the_site_brings_nothing_back() -> None:
    memory = Memory()
    for record in (*TOLD, said("elsewhere", PAGE, "c1", 8)):
        memory.save(record)
    erase(memory, article_of(memory, FIRST))
    before = memory.at_heads()
    memory.grant("elsewhere", "victim.example")
    assert memory.regroup("elsewhere") == 0
    assert memory.save(said("elsewhere", PAGE, "c1", 8)).outcome is Outcome.ERASED
    assert memory.at_heads() == before
    assert problems(memory) == []


def test_a_strangers_entry_that_the_page_had_no_room_for_stays_whole() -> None:
    """It stood alone. What its feed says of the page later is not kept, and takes nothing of it along."""
    memory = Memory()
    memory.save(FIRST)
    strange = [said("evil", PAGE, f"e{n}", n) for n in range(MAX_CLAIMS_OF_ONE + 1)]
    alone = [memory.save(one) for one in strange][-1]
    assert alone.unlisted_claim
    erase(memory, article_of(memory, FIRST))
    assert memory.save(strange[-1]).outcome is Outcome.ERASED
    assert isinstance(memory.at_heads()[alone.article_id], Head)
    assert problems(memory) == []


def test_forgetting_what_one_feed_said() -> None:
    memory = world()
    name = [name for name, at in memory.at_heads().items() if isinstance(at, Redirect) and at.why == "beside"]
    shown = memory.heads()
    for each in name:
        assert memory.carry(forgetting(each, KEEPING))
    assert memory.heads() == shown
    assert memory.save(TOLD[6]).outcome is Outcome.ERASED
    assert problems(memory) == []


# ------------------------------------------------------------------------------- stopped at each step
Work = Generator[Op, Any, object]


def steps(memory: Memory, work: Work, most: int) -> bool:
    """So many operations of it; whether it came to its end."""
    answer: Any = None
    try:
        for _ in range(most):
            answer = memory.carry_out(work.send(answer))
        work.send(answer)
    except StopIteration:
        return True
    work.close()
    return False


def test_stopped_anywhere_and_begun_again_it_comes_to_the_same() -> None:
    start = world()
    article_id = article_of(start, FIRST)
    whole = copy.deepcopy(start)
    erase(whole, article_id)
    for stopped in count():
        memory = copy.deepcopy(start)
        done = steps(memory, erasing(article_id, KEEPING), stopped)
        for record in TOLD:  # whoever polls meanwhile
            memory.save(record)
        erase(memory, article_id)
        assert memory.items == whole.items, f"stopped after {stopped} operations"
        assert memory.bodies == whole.bodies
        if done:
            break
    assert stopped > 15


def test_stopped_while_strangers_move_to_another_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes many transactions here, and whoever begins again finishes them."""
    monkeypatch.setattr(settling, "MOST", 2)
    start = Memory()
    for record in (*BESIDES[2:5], *(said("evil", ALERTS, f"e{n}", 9) for n in range(3))):
        article_id = start.save(record).article_id  # in the end, what the strangers stand beside
    whole = copy.deepcopy(start)
    erase(whole, article_id)
    for stopped in count():
        memory = copy.deepcopy(start)
        done = steps(memory, erasing(article_id, KEEPING), stopped)
        erase(memory, article_id)
        assert problems(memory) == [], f"stopped after {stopped} operations"
        assert memory.at_heads() == whole.at_heads()
        if done:
            break
    assert stopped > 10


MEANWHILE: list[tuple[str, TaggedArticle]] = [
    ("the same entry, later", said("world", PAGE, "g1", 20)),
    ("a revision", said("world", PAGE, "g1", 20, text="New.", actors=("country:USA",))),
    ("another guid, joined", said("world", PAGE, "g7", 20)),
    ("another guid of another title", said("world", PAGE, "g7", 20, title="New")),
    ("a new feed of the publisher", said("politics", PAGE, "p7", 20)),
    ("an earlier observation", said("politics", PAGE, "p7", -5)),
    ("a stranger", said("aggregator", PAGE, "x7", 20)),
    ("the entry at a new page", said("world", f"{SITE}/new", "g1", 20)),
    ("another entry at its second page", said("world", MOVED, "m7", 20)),
]


@pytest.mark.parametrize("record", [case[1] for case in MEANWHILE], ids=[case[0] for case in MEANWHILE])
@pytest.mark.parametrize("first", ["the eraser", "the writer"])
def test_a_writer_that_comes_between(record: TaggedArticle, first: str) -> None:
    """The one stops after each of its operations, the other does all of its work, the first goes on."""
    start = world()
    article_id = article_of(start, FIRST)
    makers: list[Callable[[], Work]] = [
        lambda: erasing(article_id, KEEPING),
        lambda: saving(record, "c", KEEPING),
    ]
    if first == "the writer":
        makers.reverse()
    for stopped in count(1):
        memory = copy.deepcopy(start)
        if between(memory, makers[0](), stopped, makers[1]()):
            break
        memory.save(record)  # whose delivery may have failed
        assert problems(memory) == [], f"stopped after {stopped} operations"
        split = record.article.title == "New" or record.article.guid == "p7"  # then it is a page of many
        for told in TOLD[:6] if split else TOLD:
            assert memory.save(told).outcome is Outcome.ERASED, f"stopped after {stopped} operations"
    assert stopped > 1


def between(memory: Memory, one: Work, stopped: int, other: Work) -> bool:
    """Do one piece of work, and all of another after so many operations; whether it ended before that."""
    answer: Any = None
    for number in count():
        if number == stopped:
            memory.carry(other)
        try:
            answer = memory.carry_out(one.send(answer))
        except StopIteration:
            return number <= stopped
        except KeyError:  # a body that is gone: the message comes again
            return False
    return False


@pytest.mark.parametrize("first_seed", range(0, 200, 50))
def test_nothing_is_left_unseen_of_any_history(first_seed: int) -> None:
    """Writers and an eraser take turns at each operation; the eraser may be stopped, and runs again."""
    for seed in range(first_seed, first_seed + 50):
        rng = random.Random(seed)
        events = history(rng)
        memory = play(events[: len(events) // 2])
        ids = sorted(memory.heads())
        article_id = rng.choice(ids)
        running: list[tuple[Work, Any]] = [(erasing(article_id, KEEPING), None)]
        queue = [event for event in events if isinstance(event, TaggedArticle)]
        while queue or running:
            if queue and len(running) < 3:
                running.append((saving(queue.pop(), "c", KEEPING), None))
            work, answer = running.pop(rng.randrange(len(running)))
            with suppress(StopIteration, KeyError):
                op = work.send(answer)
                if rng.random() > 0.02:  # else it is stopped
                    running.append((work, memory.carry_out(op)))
        memory.carry(erasing(article_id, KEEPING))
        for event in events:
            if isinstance(event, TaggedArticle):
                memory.save(event)
        assert problems(memory) == [], f"seed {seed}"
        assert isinstance(memory.at_heads().get(article_id), Erased | Redirect), f"seed {seed}"


# ---------------------------------------------------------------------------------- rows of 0.1.0
def old_rows(record: TaggedArticle, name: str) -> list[Item]:
    """A revision and its head as 0.1.0 wrote them: what `migrating` reads of them."""
    revision = {
        "PK": {"S": f"ART#{name}"},
        "SK": {"S": f"REV#{record.article.content_hash}"},
        "content": {"S": record.article.content_hash},
        "stored_at": {"S": written(NOON)},
        "correlation_id": {"S": "old"},
        "body": {"B": bodies.pack(record)},
    }
    head = {
        "PK": {"S": f"ART#{name}"},
        "SK": {"S": "HEAD"},
        "content": {"S": record.article.content_hash},
        "observed": {"S": written(NOON)},
    }
    return [head, revision]


def test_what_was_erased_is_not_taken_over_from_0_1_0(articles: Articles) -> None:
    articles.save(FIRST, "c")
    articles.carry(erasing(articles.save(FIRST, "c").article_id, KEEPING))
    other = said("world", OTHER, "g9")
    for name, record in (("0" * 32, FIRST), ("1" * 32, other)):
        for item in old_rows(record, name):
            articles.carry_out(Write((Put(item),)))
    urls = {"world": FEEDS["world"]}
    progress = migrate(articles, urls.get, lambda _: None)
    assert (progress.outcomes, progress.unread) == ({"erased": 1, "new": 1}, {})
    found = queries.heads(articles, ["0" * 32, "1" * 32])
    assert [head.title for head in found.values()] == [TITLE]
    assert list(found) == ["1" * 32]
    assert len(list(queries.every_row(articles))) == 1
    assert [row.article_id for row in queries.everything(articles, NOON + timedelta(days=1))] == [
        found["1" * 32].article_id
    ]


def test_records_go_from_the_bucket(articles: Articles) -> None:
    for record in TOLD:
        articles.save(record, "c")
    articles.save(BESIDES[0], "c")
    saved = articles.save(FIRST, "c")
    # What a writer put there, before it found the article erased.
    late = said("world", PAGE, "g1", 30, text="Late.")
    work = saving(late, "c", KEEPING)
    op = next(work)
    while not isinstance(op, Write):
        op = work.send(articles.carry_out(op))
    names = {row.name for row in queries.every_row(articles)}
    assert len(texts(articles, names)) == len(TOLD) + 2
    articles.carry(erasing(saved.article_id, KEEPING))
    assert articles.carry_out(op) is False
    work.close()
    articles.save(late, "c")
    assert [one.article.url for one in texts(articles, names)] == [OTHER]


def texts(articles: Articles, names: set[str]) -> list[TaggedArticle]:
    """All records of names that can be read from the packs."""
    objects, found = articles.archive.objects, []
    for key in objects.listed(PACKS):
        content = objects.read_file(key)
        spans = [span for name in names for span in held(content, name)]
        parts = [content[start : start + length] for start, length in spans]
        found += [bodies.unpack(part) for part in parts if part.strip(b"\0")]
    return found


def test_what_a_stranger_said_stays_erased_when_the_owner_comes() -> None:
    """Also where erasing was stopped before the page forgot it."""
    lies = TOLD[7]
    for stopped in count():
        memory = Memory()
        done = steps(memory, erasing(memory.save(lies).article_id, KEEPING), stopped)
        marked = set(marks(memory))
        assert memory.save(FIRST).outcome is Outcome.NEW
        assert set(marks(memory)) == marked, f"stopped after {stopped} operations"
        if done:
            break
    assert memory.save(lies).outcome is Outcome.ERASED
    assert problems(memory) == []
