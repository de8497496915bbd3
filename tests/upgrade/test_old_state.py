"""A directory that 0.1.0 kept, gone on from by this code."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from newscast.aws import clients
from newscast.cli import main
from newscast.local.database import VERSION
from newscast.local.engine.queue import Queue
from newscast.local.problem import StateError
from tests.flow.feeds import heads, stack, waiting
from tests.upgrade.make_fixtures import FEEDS, published
from tests.upgrade.world import OLD


def version(data: Path) -> int:
    with closing(sqlite3.connect(data / "state.db")) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_a_state_is_taken_over_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tarfile.open(OLD / "data.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Queue, "add", full)
        with (
            pytest.raises(StateError, match=r"^can't write to .*: No space left on device$"),
            stack(tmp_path),
        ):
            pass
    assert version(tmp_path) == 1
    with stack(tmp_path) as opened:
        assert clients.dynamodb().scan(TableName=opened.table_name)["Count"] > 0
        assert sum(waiting(opened).values()) == 38
    assert version(tmp_path) == VERSION


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
