"""The table of peoples and faiths, read and held as cases.txt is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tag.test_cases import Case, found_whole, read

CASES = read(Path(__file__).parent / "peoples.txt")


@pytest.mark.parametrize("case", CASES, ids=[f"line {case.line} {case.language}" for case in CASES])
def test_a_row_is_found_whole_and_nothing_more(case: Case) -> None:
    found_whole(case)


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(CASES) >= 75
