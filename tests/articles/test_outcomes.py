"""What became of a record, as metrics and the log tell it: a table of histories."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from newscast.articles import revisions
from newscast.articles.writing import Outcome
from newscast.records import FullText
from tests.articles.memory import Memory
from tests.articles.samples import NOON, tagged

HOUR = timedelta(hours=1)
LATER, EARLIER = NOON + HOUR, NOON - HOUR
STRANGER: dict[str, Any] = {"feed_id": "s", "feed_url": "https://other.example/f", "source": "other.example"}
TAKEN, KEPT = FullText(outcome="taken"), FullText(outcome="kept")

CASES: list[tuple[str, list[dict[str, Any]], str]] = [
    ("first", [{}], "new"),
    ("again", [{}, {}], "new duplicate"),
    ("seen again later, and then earlier", [{}, {"seen": LATER}, {"seen": EARLIER}], "new observed observed"),
    ("seen between", [{}, {"seen": LATER}, {"seen": NOON + HOUR / 2}], "new observed duplicate"),
    ("revised", [{}, {"text": "b", "seen": LATER}], "new revised"),
    ("an old version, late", [{}, {"text": "b", "seen": EARLIER}], "new stale"),
    ("moved", [{}, {"url": "https://example.org/b", "seen": LATER}], "new revised"),
    (
        "back to what it was",
        [{}, {"text": "b", "seen": LATER}, {"seen": NOON + 2 * HOUR}],
        "new revised revised",
    ),
    (
        "a newer tag run, and an older one late",
        [{}, {"gazetteer": "2", "tagged_at": LATER}, {"gazetteer": "1", "tagged_at": NOON}],
        "new retagged stale",
    ),
    ("the publisher's second feed", [{}, {"feed_id": "b"}, {"feed_id": "b"}], "new observed duplicate"),
    ("a second feed that had it earlier", [{}, {"feed_id": "b", "seen": EARLIER}], "new observed"),
    ("a second feed that knows more", [{}, {"feed_id": "b", "text": "b", "seen": LATER}], "new revised"),
    ("a second feed that lags", [{}, {"feed_id": "b", "text": "b", "seen": EARLIER}], "new stale"),
    ("a guid that changed", [{}, {"guid": "g2", "seen": LATER}], "new observed"),
    ("another alert on one page", [{}, {"guid": "g2", "title": "Other", "seen": LATER}], "new new"),
    ("a stranger", [{}, STRANGER, STRANGER], "new beside duplicate"),
    ("a stranger, then the owner", [STRANGER, {}], "new new"),
    ("two strangers", [STRANGER, STRANGER | {"feed_id": "t"}], "new new"),
    (
        "a teaser after the page",
        [{"full_text": TAKEN}, {"text": "b", "full_text": KEPT, "seen": LATER}],
        "new stale",
    ),
    ("the page after a teaser", [{"full_text": KEPT}, {"text": "b", "full_text": TAKEN}], "new revised"),
]


@pytest.mark.parametrize(
    ("records", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_became_of_each(records: list[dict[str, Any]], expected: str) -> None:
    memory = Memory()
    assert " ".join(memory.save(tagged(**fields)).outcome for fields in records) == expected


def test_more_revisions_than_are_kept_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "MAX_ROWS", 2)
    memory = Memory()
    outcomes = [memory.save(tagged(text=f"{n}", seen=NOON + n * HOUR)).outcome for n in range(4)]
    assert outcomes == [Outcome.NEW, Outcome.REVISED, Outcome.DROPPED, Outcome.DROPPED]


def test_a_claim_without_room_is_told() -> None:
    memory = Memory()
    saved = [memory.save(tagged(guid=f"g{n}", seen=NOON + n * HOUR, **STRANGER)) for n in range(6)]
    assert [one.unlisted_claim for one in saved] == [False] * 4 + [True] * 2
    assert not memory.save(tagged()).unlisted_claim


def test_the_article_id_is_the_owners() -> None:
    memory = Memory()
    first = memory.save(tagged()).article_id
    assert memory.save(tagged(feed_id="b")).article_id == first
    assert memory.save(tagged(**STRANGER)).article_id == first
    assert memory.save(tagged(feed_id="b")).article_id  # of a duplicate, the id that leads to it
