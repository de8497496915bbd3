"""Where a writer may stop between two writes of its own: what others make of it, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from newscast.articles import grouping, settling
from newscast.articles.ops import Write
from newscast.articles.writing import Keeping, Outcome, saving
from newscast.records import TaggedArticle
from tests.articles.histories import FEEDS, broken, play
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

SITE = "https://victim.example"
KEEP = timedelta(days=30)


def said(feed: str, hours: float, guid: str = "g1", url: str = f"{SITE}/a", **fields: Any) -> TaggedArticle:
    made: dict[str, Any] = {
        "feed_id": feed,
        "feed_url": FEEDS[feed],
        "source": FEEDS[feed].split("/")[2],
        "link": url,
    }
    seen = NOON + timedelta(hours=hours)
    return tagged(actor("RUS"), url=url, guid=guid, seen=seen, at=seen, **made | fields)


def writes_done(memory: Memory, record: TaggedArticle, most: int) -> bool:
    """Only so many of a record's writes are done; whether there were more."""
    work, answer = saving(record, "c", Keeping(memory.now, memory.keep)), None
    try:
        while True:
            op = work.send(answer)
            if isinstance(op, Write):
                most -= 1
            if most < 0:
                return True
            answer = memory.carry_out(op)
    except StopIteration:
        return False


# ----------------------------------------------------------------------------- a page that knows a name early
def test_an_owner_whose_head_is_not_there_yet_hides_nobody_and_comes_to_the_same() -> None:
    """Its page names it, and it died. Meanwhile come: itself again, another of the page, a stranger."""
    owner = said("world", 1)
    for others in (
        [said("politics", 2)],
        [said("politics", 0)],
        [said("world", 2, "g2", title="Another")],
        [said("world", 2, text="Revised.")],
        [said("evil", 0)],
        [said("evil", 2), said("politics", 3)],
    ):
        memory = Memory()
        assert writes_done(memory, owner, 1)
        assert memory.heads() == {}
        for record in others:
            assert memory.save(record).outcome is not Outcome.DUPLICATE
        assert memory.save(owner).outcome is not Outcome.DUPLICATE
        assert broken(memory, [owner, *others]) == []


# ------------------------------------------------------------------------------------ many transactions
@pytest.mark.parametrize("most", [3, 4, 6])
def test_who_falls_out_of_a_full_list_stands_alone_wherever_the_writer_stopped(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST", most)
    monkeypatch.setattr(grouping, "MAX_CLAIMS", 3)
    strange = [said("evil", n, f"e{n}") for n in range(1, 3)] + [
        said("aggregator", n, f"x{n}") for n in range(3, 5)
    ]
    events = [said("world", 9), *strange, said("elsewhere", 0, "first"), said("politics", -1, "p")]
    whole = play(events)
    for stop in range(1, 12):
        memory = play(events[:-2])
        for event in events[-2:]:
            assert isinstance(event, TaggedArticle)
            writes_done(memory, event, stop)
            memory.save(said("politics", 12, "later"))
            memory.save(event)
        assert broken(memory, [*events, said("politics", 12, "later")]) == [], f"stopped after {stop}"
    assert whole.heads()
