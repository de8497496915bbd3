"""A run that is killed at any point loses nothing: the next one goes on, and stores nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.flow.feeds import heads, stack, waiting

RUN = [sys.executable, "-m", "newscast.cli", "run", "--quiet", "--data"]
SAMPLE = 18
"""Entries of the sample site."""
SUBSCRIBED = 250_000
WHOLE = 3_500_000
"""Bytes of the log of the state after the feeds are there, and after a whole run, about."""


def written(data: Path) -> int:
    """How far a run is: bytes of the log of its state."""
    try:
        return (data / "state.db-wal").stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_and_run_again_each_entry_is_stored_once(tmp_path: Path, seed: int) -> None:
    data = tmp_path / "data"
    dice = random.Random(seed)
    running = subprocess.Popen([*RUN, str(data)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    limit = dice.randint(SUBSCRIBED, WHOLE)
    while running.poll() is None and written(data) < limit:
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    again = subprocess.run([*RUN, str(data)], capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    with stack(data) as opened:
        assert list(heads(opened).values()) == [1] * SAMPLE
        assert waiting(opened) == {}
        assert opened.dead_letters() == []


def test_one_directory_is_one_runs_at_a_time(tmp_path: Path) -> None:
    with stack(tmp_path / "data"):
        second = subprocess.run([*RUN, str(tmp_path / "data")], capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith("newscast run: ")
    assert second.stderr.count("\n") == 1
