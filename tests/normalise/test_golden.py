"""Golden pairs: invented entries and pages in the shapes that real publishers use, and what must come out."""

import pytest

from tests.normalise import golden_cases


def test_there_are_enough() -> None:
    assert len(golden_cases.names(".entry.json")) + len(golden_cases.names(".html")) >= 25


@pytest.mark.parametrize("name", golden_cases.names(".entry.json"))
def test_entry(name: str) -> None:
    assert golden_cases.article_of(name) == golden_cases.expected(name, ".article.json")


@pytest.mark.parametrize("name", golden_cases.names(".html"))
def test_page(name: str) -> None:
    assert golden_cases.page_of(name) == golden_cases.expected(name, ".page.json")
