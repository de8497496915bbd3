"""Two publishers on loopback and an archive, as the attacks and the cases of authority call them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newscast.cli import place
from tests.trust.publishers import Archive, Publisher, publisher, without_gaps


@pytest.fixture
def site() -> Iterator[Publisher]:
    with publisher() as its:
        yield its


@pytest.fixture
def elsewhere() -> Iterator[Publisher]:
    """Another host: an aggregator, or where a site has its feeds."""
    with publisher() as its:
        yield its


@pytest.fixture
def victim(site: Publisher) -> Publisher:
    return site


@pytest.fixture
def evil(elsewhere: Publisher) -> Publisher:
    return elsewhere


@pytest.fixture
def archive(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(place, "embedded", without_gaps(place.embedded))
    return Archive(tmp_path / "data", capsys)
