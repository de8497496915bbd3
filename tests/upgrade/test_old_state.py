"""A directory that 0.1.0 kept, gone on from by this code."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from newscast.cli import main
from tests.flow.feeds import heads, stack, waiting
from tests.upgrade.make_fixtures import FEEDS, published
from tests.upgrade.world import OLD


def test_a_state_of_0_1_0_is_gone_on_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with tarfile.open(OLD / "data.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    assert main(["dlq", "list", "--data", str(tmp_path)]) == 0
    assert "UndecodableError: not a message" in capsys.readouterr().out
    with stack(tmp_path) as opened, published(FEEDS):
        before = len(heads(opened))
        left = {"FeedQueue": 1, "EntryQueue": 7, "PageQueue": 2, "ArticleQueue": 17, "RecordQueue": 10}
        assert waiting(opened) == left | {"NormaliseDeadLetters": 1}
        opened.drain()
        assert waiting(opened) == {"NormaliseDeadLetters": 1}
        assert len(heads(opened)) == before + 26
