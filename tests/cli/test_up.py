"""`newscast up` in a process of its own: it polls at once, stops when asked, and keeps its state."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.flow.feeds import heads, stack

UP = [sys.executable, "-m", "newscast.cli", "up", "--data"]


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
