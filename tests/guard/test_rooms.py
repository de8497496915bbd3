"""Each room behind its guard: as the room itself, and a text that is too dear costs itself alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType

import msgspec
import pytest
from msgspec.structs import replace

from newscast.feeds import guarded as feeds
from newscast.feeds.parse import parse_document
from newscast.guard.budget import CAUSES, NORMALISE, PAGE, PARSE, TAG, Budget
from newscast.guard.worker import BrokenWorkerError, OverBudgetError, Worker
from newscast.normalise import guarded as entries
from newscast.normalise import guarded_page as pages
from newscast.normalise.article import article
from newscast.normalise.full import completed
from newscast.normalise.page import page
from newscast.normalise.page_worker import languages
from newscast.records import Entry, Markup
from newscast.tag import guarded as tagging
from tests.feeds.world import item, rss

NOW = datetime(2024, 7, 12, 12, tzinfo=UTC)
WORDS = {"cpu": "burn-it", "memory": "grow-it", "depth": "sink-it", "crash": "break-it"}
PROSE = "Ministers of the two countries spoke by telephone on Friday, their offices said. " * 9


def quick(budget: Budget) -> Budget:
    return replace(budget, cpu_seconds=0.5)


@pytest.fixture(scope="module", autouse=True)
def _hostile() -> Iterator[None]:
    """Every room's worker with its triggers."""
    given: list[tuple[ModuleType, Budget, bytes]] = [
        (feeds, PARSE, b""),
        (entries, NORMALISE, b""),
        (pages, PAGE, b""),
        (tagging, TAG, msgspec.msgpack.encode(tagging.Setup())),
    ]
    before = [room._worker for room, _, _ in given]
    for room, budget, setup in given:
        told = msgspec.msgpack.encode((room.WORKER, setup))
        room._worker = Worker("tests.guard.rooms", quick(budget), told)  # type: ignore[attr-defined]
    yield
    for (room, _, _), its in zip(given, before, strict=True):
        room.close()
        room._worker = its  # type: ignore[attr-defined]


def entry(text: str = PROSE, title: str = "Ministers speak", **more: object) -> Entry:
    given = {
        "feed_id": "f",
        "source": "site.example",
        "feed_url": "https://site.example/rss",
        "guid": "g1",
        "link": "https://site.example/a",
        "observed_at": NOW,
        "title": Markup(value=title),
        "content": Markup(value=text),
    }
    return Entry(**given | more)  # type: ignore[arg-type]


# ----------------------------------------------------------------------- as the room itself
def test_a_document_is_read_as_it_would_be_here() -> None:
    feed = rss(item(1), item(2))
    assert feeds.read(feed, "text/xml", "https://site.example/rss") == parse_document(
        feed, "text/xml", "https://site.example/rss"
    )
    known = parse_document(feed).raws
    assert feeds.read(feed, known=known[:1]).known == known[:1]
    assert len(feeds.read(feed, most=1).entries) == 1


def test_an_entry_is_read_as_it_would_be_here() -> None:
    found = entries.read(entry(), "never")
    assert found.article == article(entry())
    assert not found.wants_page
    assert entries.read(entry("A teaser."), "auto").wants_page


def test_a_page_is_read_as_it_would_be_here() -> None:
    body = f"<html lang=en><title>Ministers speak</title><article><p>{PROSE * 3}</article>".encode()
    made = article(entry("Ministers of the two countries spoke by telephone on Friday."))
    here = completed(made, page(body, "https://site.example/a", "utf-8", languages))
    assert here.full_text
    assert here.full_text.outcome == "taken"
    assert pages.read(made, body, "https://site.example/a", "utf-8") == here


# ----------------------------------------------------------------------- too dear
@pytest.mark.parametrize("cause", ["cpu", "depth"])
def test_a_document_over_its_budget_is_refused_with_its_cause(cause: str) -> None:
    hostile = rss(item(1), item(2)).replace(b"Title 1", WORDS[cause].encode())
    found = feeds.read(hostile)
    assert (found.refused, found.problem, found.entries) == (cause, f"not read: {CAUSES[cause]}", ())
    assert len(feeds.read(rss(item(1), item(2))).entries) == 2


def test_a_document_of_which_too_much_comes_is_refused() -> None:
    assert feeds.read(rss(item(1)).replace(b"Title 1", b"flood-it")).refused == "output"


@pytest.mark.parametrize("cause", WORDS)
def test_of_an_entry_whose_text_is_over_its_budget_the_rest_is_kept(cause: str) -> None:
    hostile = entry(f"{PROSE}<p>{WORDS[cause]}", link="https://site.example/b?utm_source=rss")
    found = entries.read(hostile, "always")
    made = found.article
    assert (made.unread, made.title, made.text) == (cause, "Ministers speak", "")
    assert (made.url, made.guid) == ("https://site.example/b", "g1")
    assert not found.wants_page
    again = entries.read(replace(hostile, content=Markup(value=f"other {WORDS[cause]}")), "always").article
    assert again.content_hash != made.content_hash


@pytest.mark.parametrize("cause", ["memory", "depth"])
def test_of_an_entry_that_is_too_dear_altogether_it_is_known_whose_it_is(cause: str) -> None:
    made = entries.read(entry(title=f"Ministers {WORDS[cause]}"), "always").article
    assert (made.unread, made.title, made.text, made.link) == (cause, "", "", "https://site.example/a")
    assert entries.whose(made) == entries.whose(entry())


@pytest.mark.parametrize("cause", ["crash", "depth"])
def test_a_page_over_its_budget_leaves_its_article_as_it_is(cause: str) -> None:
    made = article(entry())
    found = pages.read(made, f"<p>{WORDS[cause]}".encode(), "https://site.example/a", None)
    assert found.full_text
    assert (found.full_text.outcome, found.full_text.reason) == ("kept", cause)
    assert replace(found, full_text=None) == made


@pytest.mark.parametrize("cause", ["cpu", "depth"])
def test_a_text_that_is_too_dear_to_tag_says_so(cause: str) -> None:
    with pytest.raises(OverBudgetError) as given_up:
        tagging.read(tagging.Asked(f"Moscow said {WORDS[cause]}", NOW.date(), "en", 0))
    assert given_up.value.cause == cause
    tags = tagging.read(tagging.Asked("Moscow said so.", NOW.date(), "en", 0)).tags
    assert [actor.actor_id for actor in tags.actors] == ["country:RUS"]


# ----------------------------------------------------------------------- a worker that a text has got hold of
def test_an_answer_for_another_entry_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = entries.Normalised(article(replace(entry(), feed_id="another", source="victim.example")))
    monkeypatch.setattr(entries._worker, "ask", lambda _: msgspec.msgpack.encode(forged))
    with pytest.raises(BrokenWorkerError, match="answered for another entry"):
        entries.read(entry(), "never")


@pytest.mark.parametrize("field", ["feed_id", "source", "guid", "url", "link"])
def test_an_answer_for_another_article_is_not_taken(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = article(entry())
    forged = replace(made, **{field: "https://victim.example/a"})
    monkeypatch.setattr(pages._worker, "ask", lambda _: msgspec.msgpack.encode(forged))
    with pytest.raises(BrokenWorkerError, match="answered for another article"):
        pages.read(made, b"<p>", None, None)
