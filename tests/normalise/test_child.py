"""Pages are read in a process with limits: as `page` would, and none can hurt more than itself."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from newscast.limited import BrokenProcessError, Process
from newscast.normalise import child
from newscast.normalise.page import page
from tests.normalise import golden_cases
from tests.normalise.hostile import CASES, PROSE

GOOD = f"<html lang=en><title>Ministers speak</title><article>{PROSE}</article>".encode()


@pytest.fixture(autouse=True, scope="module")
def _ended() -> Iterator[None]:
    yield
    child.close()


@pytest.mark.parametrize("name", golden_cases.names(".html"))
def test_it_reads_a_page_as_it_would_be_read_here(name: str) -> None:
    body = (golden_cases.GOLDEN / f"{name}.html").read_bytes()
    here, there = page(body, golden_cases.PAGE_URL, "utf-8"), child.read(body, golden_cases.PAGE_URL, "utf-8")
    assert there is not None
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
    hostile = child.read(CASES[name]().encode(), "https://site.example/a", None)
    assert (hostile is None) is (name == "500,000 breaks")
    found = child.read(GOOD, "https://site.example/a", None)
    assert found is not None
    assert (found.title, found.problem) == ("Ministers speak", None)


def test_half_a_character_in_a_pages_data_costs_that_character_alone() -> None:
    said = r'{"@type": "Article", "articleSection": "World\ud800", "keywords": ["Gaza\udfff"]}'
    script = f'<script type="application/ld+json">{said}</script>'
    child.close()  # a fresh process: what ends that one is taken for a fault of ours
    found = child.read(script.encode() + GOOD, "https://site.example/a", None)
    assert found is not None
    assert (found.section, found.tags, found.problem) == ("World\ufffd", ("Gaza\ufffd",), None)


def test_a_page_that_no_answer_can_be_written_about_is_that_pages_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "page", lambda *asked: page(*asked[:3])._replace(section="\ud800"))
    found = child._PAGE.decode(child._answer(msgspec.msgpack.encode(child.Asked(GOOD, None, None))))
    assert (found.text, found.problem) == ("", "it can't be read (UnicodeEncodeError)")


def test_a_process_that_can_not_run_is_our_fault_and_not_the_pages() -> None:
    process = Process("newscast.no_such_module", 5.0)
    with pytest.raises(BrokenProcessError):
        process.ask(b"a page")
