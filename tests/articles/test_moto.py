"""What the engine is to the table module, moto is as well: a second opinion, slow, so of a few histories."""

from __future__ import annotations

import random

import pytest
from moto import mock_aws

from tests.articles.histories import history
from tests.articles.memory import Memory
from tests.articles.tables import as_in_memory, on_moto, play


@pytest.mark.parametrize("seed", range(200, 203))
def test_moto_has_the_rows_that_the_tests_table_has(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        articles, memory = on_moto(), Memory()
        play(articles, memory, history(random.Random(seed)))
        assert as_in_memory(articles) == memory.items
