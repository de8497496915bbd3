"""The engine, opened once for the tests of a file."""

from collections.abc import Iterator

import pytest

from newscast.articles.store import Articles
from tests.articles.tables import Engine, on_engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with on_engine() as opened:
        yield opened


@pytest.fixture
def articles(engine: Engine) -> Articles:
    """An empty table of articles."""
    return engine.articles()
