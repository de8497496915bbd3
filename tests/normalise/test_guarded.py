"""Entries and pages by their workers: hostile ones end within the budget, and the next is read."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from msgspec.structs import replace

from newscast.normalise import guarded, guarded_page, page_worker
from newscast.normalise.article import article
from newscast.normalise.page import page
from newscast.records import Article, Entry, Markup, utc
from tests.normalise import golden_cases
from tests.normalise.hostile import CASES, PROSE

ENTRY = Entry(
    feed_id="f",
    source="site.example",
    feed_url="https://site.example/rss",
    link="https://site.example/a",
    observed_at=utc("2024-07-12T19:00:00Z"),
    title=Markup(value="Ministers speak"),
)
GOOD = f"<html lang=en><title>Ministers speak</title><article>{PROSE}</article>".encode()


@pytest.fixture(autouse=True, scope="module")
def _ended() -> Iterator[None]:
    yield
    guarded.close()
    guarded_page.close()


def read(body: bytes) -> Article:
    return guarded_page.read(article(ENTRY), body, "https://site.example/a", None)


@pytest.mark.parametrize("name", golden_cases.names(".html"))
def test_the_worker_reads_a_page_as_it_would_be_read_here(name: str) -> None:
    body = (golden_cases.GOLDEN / f"{name}.html").read_bytes()
    here = page(body, golden_cases.PAGE_URL, "utf-8")
    there = page(body, golden_cases.PAGE_URL, "utf-8", page_worker.languages)
    for field in set(here._fields) - {"language", "title_language", "text_language"}:
        assert getattr(there, field) == getattr(here, field), field
    assert there.text_language in (here.text_language, None)


@pytest.mark.parametrize(
    "name",
    [
        "500,000 breaks",  # each takes the libraries 25 µs
        "400,000 unknown elements in each other",
        "JSON-LD 900,000 deep",
        "50,000 tables in each other",
    ],
)
def test_a_hostile_page_ends_within_its_limits_and_the_next_is_read(name: str) -> None:
    found = read(CASES[name]().encode()).full_text
    assert found
    assert found.outcome in ("kept", "same", "taken")
    after = read(GOOD).full_text
    assert after
    assert after.outcome == "taken"


def test_half_a_character_in_a_pages_data_costs_that_character_alone() -> None:
    said = r'{"@type": "Article", "articleSection": "World\ud800", "keywords": ["Gaza\udfff"]}'
    script = f'<script type="application/ld+json">{said}</script>'
    found = read(script.encode() + GOOD)
    assert (found.section, found.categories) == ("World\ufffd", ("Gaza\ufffd",))


def test_a_page_that_no_answer_can_be_written_about_is_that_pages_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_worker, "page", lambda *asked: page(*asked[:3])._replace(section="\ud800"))
    asked = guarded_page.Asked(article(ENTRY), GOOD, None, None)
    found = msgspec.msgpack.decode(page_worker.answer(msgspec.msgpack.encode(asked)), type=Article)
    assert found.full_text
    assert (found.text, found.full_text.words) == ("", "it can't be read (UnicodeEncodeError)")


@pytest.mark.parametrize("markup", ["<ul><li>" * 6_000, "<b>" * 40_000, "&" * 300_000, "<" * 300_000])
def test_a_hostile_entry_ends_within_its_limits_and_the_next_is_read(markup: str) -> None:
    found = guarded.read(replace(ENTRY, content=Markup(value=markup)), "never").article
    assert found.title == "Ministers speak"
    assert guarded.read(ENTRY, "never").article.title == "Ministers speak"
