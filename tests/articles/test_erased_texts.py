"""No byte of an erased article can be read in the bucket: whoever died before, whoever comes after, wherever
erasing was stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from newscast import settings
from newscast.articles import bodies, stored
from newscast.articles.erasing import erasing
from newscast.articles.grants import Grant, Grants
from newscast.articles.grouping import MAX_CLAIMS_OF_ONE
from newscast.articles.identity import name_of
from newscast.articles.migrating import migrate
from newscast.articles.ops import Put, Write
from newscast.articles.regrouping import regrouping
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping, Outcome
from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.handlers import store
from newscast.records import TaggedArticle
from tests.articles import faults
from tests.articles.faults import FAULTS, Killed, State, Wire, event, kept, on, readable
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import BUCKET, TABLE, Engine, items
from tests.articles.test_erasing import old_rows

SITE = "https://example.org"
ALL = os.environ.get("FAULTS") == "all"
"""Try every call with every fault; else some eight."""


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def articles(engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Articles]:
    """An empty table and bucket, which the store function has too."""
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setattr(Edge, "of", lambda name: Edge(name, settings.read(os.environ), clock))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    clients.forget()
    yield State({}, {}).put_back(engine, clock)
    clients.forget()
    faults.end_process()


def said(hours: float, text: str, **fields: Any) -> TaggedArticle:
    return tagged(actor("RUS"), text=text, seen=NOON + timedelta(hours=hours), **fields)


FIRST, LATE = said(0, "The first words."), said(24 * 30, "The late words.")
STRANGER: dict[str, Any] = {"feed_id": "s", "feed_url": "https://cdn.example/f", "source": "cdn.example"}
STRANGE = said(0, "The strange words.", **STRANGER)
URLS = {"s": STRANGER["feed_url"]}


def erase(articles: Articles, article_id: str) -> None:
    articles.carry(erasing(article_id, Keeping(articles.now())))


OTHER = said(0, "Of another.", guid="other", url="https://example.org/other")


def dies_after_keeping(record: TaggedArticle) -> None:
    """A delivery that puts its record into the bucket, behind another's, and is the last of its process."""
    wire = Wire("killed after", 1)
    with pytest.raises(Killed), on(wire):
        store.handler(event([("o", OTHER), ("m", record)]), None)
    assert wire.calls[-1] == "S3 PUT"
    faults.end_process()


# ---------------------------------------------------------------------------- writers that died or are late
def test_what_a_writer_kept_that_died_long_after_the_rest_was_stored(
    articles: Articles, clock: Clock
) -> None:
    name = articles.save(FIRST, "c").article_id
    clock.at = NOON + timedelta(days=30)
    dies_after_keeping(LATE)
    clock.at += timedelta(days=30)
    assert readable("The late words")
    erase(articles, name)
    assert readable("words") == []


def test_what_a_writer_keeps_that_had_read_before_and_dies_is_gone_when_its_message_comes_again(
    articles: Articles, clock: Clock
) -> None:
    name = articles.save(FIRST, "c").article_id
    clock.at = LATE.article.observed_at
    ahead = articles.look_ahead([LATE])
    clock.at += timedelta(minutes=1)
    erase(articles, name)
    articles.gather([LATE], ahead)  # and it is gone
    articles.archive.kept.clear()
    assert readable("The late words")
    clock.at += timedelta(minutes=7)
    faults.delivered([("m", LATE)], Wire())
    assert readable("words") == []


def test_and_one_that_lives_takes_it_back_itself(articles: Articles, clock: Clock) -> None:
    name = articles.save(FIRST, "c").article_id
    clock.at = LATE.article.observed_at
    ahead = articles.look_ahead([LATE])
    erase(articles, name)
    articles.gather([LATE], ahead)
    assert articles.save(LATE, "c", ahead).outcome is Outcome.ERASED
    assert readable("words") == []


def test_a_live_text_is_not_kept_twice(articles: Articles) -> None:
    """A copy that no row leads to would be there behind an eraser's back."""
    for n in range(7):
        articles.save(said(n, f"Words of {n}."), "c")
    again = [said(0, "Words of 0."), said(0, "Beside it.", guid="g2", url=None)]
    articles.gather(again, articles.look_ahead(again))
    assert len(readable("Words of 0.")) == 1


# ------------------------------------------------------------------------------- stopped at each call
def scene(articles: Articles) -> str:
    """An article of two names, revised more often than its HEAD has room for, with a stranger beside it; a
    batch's pack shared with another article; and what a writer kept that died."""
    batch = [FIRST, said(1, "More words.", guid="g2"), STRANGE, said(0, "Others stay.", guid="o", url=None)]
    articles.gather(batch, articles.look_ahead(batch))
    for record in [*batch, *(said(n, f"Words of {n}.") for n in range(2, 8))]:
        articles.save(record, "c")
    name = articles.save(FIRST, "c").article_id
    kept(articles, name, said(9, "Kept words."), NOON)
    return name


def test_erasing_with_a_fault_at_any_call_and_begun_again_leaves_no_text(
    engine: Engine, articles: Articles
) -> None:
    name = scene(articles)
    state, whole = State.of(articles), Wire()
    with on(whole):
        erase(articles, name)
    assert readable("ords") == []
    expected = faults.told(articles)
    cases = [(call, fault) for call in range(len(whole.calls)) for fault in FAULTS]
    for call, fault in cases if ALL else cases[2 :: len(cases) // 8 | 1]:
        articles, wire = state.put_back(engine, lambda: NOON), Wire(fault, call)
        try:
            with on(wire):
                erase(articles, name)
        except (Killed, RuntimeError):
            # Whatever was left half done: readers can read, and nothing comes back.
            faults.told(articles)
            store.handler(event([("a", FIRST), ("b", STRANGE)]), None)
            faults.end_process()
            erase(articles, name)
        case = f"{fault} at call {call}, {whole.calls[call]}"
        assert readable("ords") == [], case
        assert len(readable("Others stay")) == 1, case
        assert faults.told(articles) == expected, case
        assert faults.wrong(articles) == [], case


def test_two_erasers_of_one_pack_at_once(engine: Engine, articles: Articles) -> None:
    """Each does all of its work between two calls of the other."""
    batch = [
        said(0, "First words."),
        said(0, "Second words.", guid="g2", url=None),
        said(0, "Stay.", guid="o", url=None),
    ]
    articles.gather(batch, articles.look_ahead(batch))
    names = [articles.save(record, "c").article_id for record in batch]
    state = State.of(articles)
    for between in count():
        articles = state.put_back(engine, lambda: NOON)
        wire = Meanwhile(between, lambda articles=articles: erase(articles, names[1]))  # type: ignore[misc]
        with on(wire):
            erase(articles, names[0])
        if not wire.struck:
            break
        assert readable("words") == [], f"between call {between}"
        assert len(readable("Stay.")) == 1
    assert between > 6


class Meanwhile(Wire):
    """Other work is done before call `at`."""

    def __init__(self, at: int, work: Callable[[], None]) -> None:
        super().__init__(at=at)
        self._work = work

    def answer(self, right: Callable[[Any], Any], request: Any) -> Any:
        if len(self.calls) == self.at and not self.struck:
            self.struck = True
            self._work()
        else:
            self.calls.append("")
        return right(request)


# --------------------------------------------------------------------------------------- granted feeds
GRANT = Grant(feed_id="s", scope="example.org", why="named", evidence="", at="")


def test_what_a_stranger_said_and_was_erased_stays_so_when_its_feed_is_granted_the_page(
    articles: Articles,
) -> None:
    erase(articles, articles.save(STRANGE, "c").article_id)
    Grants(articles.dynamodb, TABLE).add(GRANT)
    articles.carry(regrouping("s", Keeping(NOON)))
    assert articles.save(STRANGE, "c").outcome is Outcome.ERASED
    assert readable("words") == []


def test_also_when_erasing_was_stopped_and_the_feed_is_granted_before_it_is_begun_again(
    engine: Engine, articles: Articles
) -> None:
    name = articles.save(STRANGE, "c").article_id
    state, whole = State.of(articles), Wire()
    with on(whole):
        erase(articles, name)
    owned = name_of(STRANGE.article, owned=True).id
    for call in range(1, len(whole.calls)):
        articles = state.put_back(engine, lambda: NOON)
        with pytest.raises(Killed), on(Wire("killed", call)):
            erase(articles, name)
        Grants(articles.dynamodb, TABLE).add(GRANT)
        marked = any(
            key[0] == f"ART#{name}" and "erased" in str(item) for key, item in items(articles).items()
        )
        articles.carry(regrouping("s", Keeping(NOON)))
        erase(articles, name)
        assert readable("words") == [], f"killed at call {call}"
        assert list(stored.current(articles, [name, owned])) == []
        assert marked or call < 4


# ------------------------------------------------------------------------------------- rows of 0.1.0
def test_taking_over_from_0_1_0_with_a_fault_at_any_call_leaves_no_old_body_and_leads_to_the_same(
    engine: Engine, articles: Articles
) -> None:
    """A stranger's text was stored under the id that showed the owner's."""
    owner, lies = said(0, "The owner's words."), said(1, "Other words 0.", url=f"{SITE}/b", **STRANGER)
    name, objects = "0" * 32, articles.archive.objects
    for record in (lies, owner):  # the head is the last one's, the first row the other's
        for item in old_rows(record, name):
            large = record is owner and "body" in item
            if large:
                key = objects.put(f"{bodies.BODIES}{name}/", item.pop("body")["B"])
                item["body_at"] = {"S": key}
            if item["SK"]["S"] == "HEAD":
                item["source"] = {"S": record.article.source}
            articles.carry_out(Write((Put(item),)))
    state, whole = State.of(articles), Wire()
    with on(whole):
        migrate(articles, URLS.get, lambda _: None)
    expected = faults.told(articles)
    assert expected["heads"][name].leads_to == name_of(owner.article, owned=True).id
    assert objects.listed(bodies.BODIES) == {}
    cases = [(call, fault) for call in range(len(whole.calls)) for fault in FAULTS]
    for call, fault in cases if ALL else [one for one in cases if one[1] == "killed"]:
        articles = state.put_back(engine, lambda: NOON)
        with suppress(Killed, RuntimeError), on(Wire(fault, call)):
            migrate(articles, URLS.get, lambda _: None)
        migrate(articles, URLS.get, lambda _: None)
        case = f"{fault} at call {call}, {whole.calls[call]}"
        assert faults.told(articles) == expected, case
        assert objects.listed(bodies.BODIES) == {}, case


def test_a_strangers_entry_that_stands_alone_keeps_its_text(
    articles: Articles,
) -> None:
    """The page had no room for it. What its feed says of the page later is taken back, and that alone."""
    owner = articles.save(FIRST, "c").article_id
    strange = [said(n, f"Strange {n}.", guid=f"s{n}", **STRANGER) for n in range(MAX_CLAIMS_OF_ONE + 1)]
    alone = [articles.save(one, "c") for one in strange][-1]
    assert alone.unlisted_claim
    later = said(6, "Said later.", guid=f"s{MAX_CLAIMS_OF_ONE}", **STRANGER)
    ahead = articles.look_ahead([later])
    erase(articles, owner)
    articles.gather([later], ahead)
    assert articles.save(later, "c").outcome is Outcome.ERASED
    assert readable("Said later.") == []
    assert len(readable(f"Strange {MAX_CLAIMS_OF_ONE}.")) == 1
