"""`newscast up` in a process of its own: it polls at once, stops when asked, and keeps its state."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from newscast.cli.up import Rounds
from newscast.local.pollers import Batch
from newscast.local.stack import Progress
from tests.flow.feeds import heads, stack

UP = [sys.executable, "-m", "newscast.cli", "up", "--data"]


class Told:
    """A teller that has records to tell, and a screen that keeps what it is told."""

    def __init__(self, *changes: str) -> None:
        self.changes = list(changes)
        self.lines: list[str] = []

    def tell(self) -> list[Any]:
        found, self.changes = self.changes, []
        return [SimpleNamespace(change=change) for change in found]

    def say(self, words: str) -> None:
        self.lines.append(words)

    def step(self, words: str, detail: str = "") -> None:
        pass


def test_each_round_is_told_when_its_work_is_done() -> None:
    told: Any = Told("new", "new", "revised")
    rounds = Rounds(told, told)
    following = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)

    def batch(stage: str, size: int, left: int) -> Any:
        function = SimpleNamespace(handler=f"newscast.handlers.{stage}.handler")
        done = SimpleNamespace(source=SimpleNamespace(function=function), size=size, failed=())
        return Progress(lambda: {"fetch": left}, cast("Batch", done))

    def fired(due: int) -> Any:
        return SimpleNamespace(answer={"due": due, "sent": due}, problem=None)

    rounds.fired(fired(3), following)
    rounds.batch(batch("fetch", 3, left=1))
    rounds.batch(batch("store", 3, left=0))
    rounds.fired(fired(0), following)
    assert told.lines == [
        "3 of 3 due feeds polled, articles stored so far: 2 new, 1 revised; next round at 12:05:00 UTC",
        "0 of 0 due feeds polled, articles stored so far: 2 new, 1 revised; next round at 12:05:00 UTC",
    ]


def stored(data: Path) -> int:
    """Articles that the store function has logged so far."""
    log = data / "logs" / "StoreFunction.log"
    return log.read_text(encoding="utf-8").count("article stored") if log.exists() else 0


def test_up_polls_at_once_and_ends_clean_when_interrupted(tmp_path: Path) -> None:
    data = tmp_path / "data"
    running = subprocess.Popen([*UP, str(data)], stderr=subprocess.PIPE, text=True)
    while running.poll() is None and not stored(data):
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 0
    first, *_, last = said.splitlines()
    assert first == "newscast: 6 feeds, looked at rate(5 minutes); Ctrl-C stops"
    assert last.startswith("newscast: stopped; ")
    assert "Traceback" not in said
    with stack(data) as opened:
        assert heads(opened)
