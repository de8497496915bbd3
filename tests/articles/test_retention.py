"""How long articles are kept: which rows end when, and that what ended does not come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from newscast.articles.identity import written
from newscast.articles.items import Key
from newscast.articles.rows import PAGES_OUTLIVE, expired
from newscast.articles.writing import Keeping, Outcome
from newscast.records import ArticleTime, TaggedArticle
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

KEEP = timedelta(days=30)
DAY = timedelta(days=1)
PUBLISHED = NOON - 2 * DAY


def entry(seen: datetime = NOON, published: datetime | None = PUBLISHED, **fields: Any) -> TaggedArticle:
    """Without a published time, it is dated when it was observed."""
    time = ArticleTime(at=published or seen, basis="given" if published else "missing")
    return tagged(actor("RUS"), seen=seen, published=time, **fields)


def stranger(seen: datetime = NOON, **fields: Any) -> TaggedArticle:
    return entry(seen, feed_id="s", feed_url="https://other.example/feed", source="other.example", **fields)


def kept(now: datetime = NOON) -> Memory:
    return Memory(keep=KEEP, now=now)


def at(memory: Memory, moment: datetime) -> Memory:
    """The table at a later time, without what DynamoDB has removed by then."""
    memory.now = moment
    for key in [key for key, item in memory.items.items() if expired(item, moment)]:
        del memory.items[key]
    return memory


def kind(key: Key) -> str:
    return key[1].split("#")[0] if key[0].startswith("ART#") else key[0].split("#")[0]


def ends(memory: Memory) -> dict[str, set[datetime | None]]:
    found: dict[str, set[datetime | None]] = {}
    for key, item in memory.items.items():
        end = (
            datetime.fromtimestamp(int(item["expires_at"]["N"]), NOON.tzinfo)
            if "expires_at" in item
            else None
        )
        found.setdefault(kind(key), set()).add(end)
    return found


def test_which_rows_end_when() -> None:
    memory = kept()
    memory.save(entry())
    memory.save(entry(NOON + DAY, text="Revised."))
    memory.save(stranger(NOON + DAY, url="https://unowned.example/x"))
    memory.save(stranger(NOON + DAY, url="https://example.org/a"))
    filed = PUBLISHED + KEEP
    assert ends(memory) == {
        "HEAD": {filed, NOON + DAY + KEEP + PAGES_OUTLIVE},  # one leads to an owner's
        "ACTOR": {filed},
        "URL": {NOON + KEEP + PAGES_OUTLIVE, NOON + DAY + KEEP + PAGES_OUTLIVE},
        "CLAIMS": {NOON + DAY + KEEP},
    }


def test_without_a_time_nothing_ends() -> None:
    memory = Memory()
    memory.save(entry())
    memory.save(stranger())
    assert set().union(*ends(memory).values()) == {None}


def test_a_page_that_is_erased_stays_so() -> None:
    from newscast.articles.erasing import erasing

    memory = kept()
    saved = memory.save(entry())
    memory.carry(erasing(saved.article_id, Keeping(NOON, KEEP)))
    assert ends(memory) == {"HEAD": {None}, "URL": {None}}
    later = at(memory, NOON + 9000 * DAY)
    assert later.save(entry(later.now, published=later.now)).outcome is Outcome.ERASED


@pytest.mark.parametrize(
    ("published", "seen", "outcome"),
    [
        (NOON - KEEP - timedelta(seconds=1), NOON, Outcome.TOO_OLD),
        (NOON - KEEP, NOON, Outcome.NEW),
        (NOON, NOON, Outcome.NEW),
        (None, NOON, Outcome.NEW),
        (NOON + 900 * DAY, NOON, Outcome.NEW),  # filed an hour after it was observed
        (NOON + 900 * DAY, NOON - KEEP - DAY, Outcome.TOO_OLD),  # replayed
        (None, NOON - KEEP - DAY, Outcome.TOO_OLD),
    ],
)
def test_what_is_too_old_is_not_stored(published: datetime | None, seen: datetime, outcome: Outcome) -> None:
    memory = kept()
    assert memory.save(entry(seen, published)).outcome is outcome
    assert bool(memory.items) == (outcome is Outcome.NEW)


@pytest.mark.parametrize("days", [29, 31, 45, 400])
@pytest.mark.parametrize("make", [entry, stranger])
@pytest.mark.parametrize("published", [PUBLISHED, None], ids=["dated", "undated"])
def test_an_entry_that_stays_in_its_feed_does_not_come_back(
    days: int, make: Any, published: datetime | None
) -> None:
    memory = kept()
    first = memory.save(make(NOON, published=published))
    now = NOON + days * DAY
    later = at(memory, now)
    expected = Outcome.OBSERVED if (published or NOON) + KEEP > now else Outcome.TOO_OLD
    assert later.save(make(now, published=published)).outcome is expected
    assert len(later.heads()) == (expected is Outcome.OBSERVED)
    assert first.outcome is Outcome.NEW


def test_a_page_says_whose_it_is_after_its_article_has_gone() -> None:
    memory = kept()
    memory.save(entry())
    later = at(memory, NOON + 60 * DAY)
    assert [kind(key) for key in later.items] == ["URL"]
    saved = later.save(stranger(later.now, published=later.now))
    assert saved.outcome is Outcome.BESIDE


def test_an_article_that_comes_back_after_its_time_begins_anew() -> None:
    memory = kept()
    memory.save(entry(published=NOON))
    memory.save(entry(NOON + 20 * DAY, published=NOON + 20 * DAY, text="A new edition."))
    later = at(memory, NOON + 35 * DAY)
    saved = later.save(entry(later.now, published=NOON + 20 * DAY, text="Third."))
    assert saved.outcome is Outcome.NEW
    (head,) = later.heads().values()
    assert (head.revisions, head.first_seen) == (1, written(later.now))


def test_an_article_whose_rows_are_past_their_time_shows_nothing_of_another() -> None:
    """The page's names were two articles, one, and two again."""
    memory = kept()
    for guid, title, day in (
        ("g1", "Flood", 0),
        ("g2", "Storm", 20),
        ("g2", "Flood", 35),
        ("g3", "Frost", 36),
    ):
        seen = NOON + day * DAY
        at(memory, seen).save(entry(seen, seen, guid=guid, title=title))
    shown = [head.name for head in memory.heads().values()]
    assert len(shown) == len(set(shown))
