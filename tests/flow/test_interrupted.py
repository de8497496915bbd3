"""A run that is killed at any point loses nothing: the next one goes on, and stores nothing twice."""

from __future__ import annotations

import json
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


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty state with its plan, so that no process has to deploy the template."""
    with stack(tmp_path / "data"):
        pass
    return tmp_path / "data"


def written(data: Path) -> int:
    """How far a run is: bytes of the log of its state."""
    try:
        return (data / "state.db-wal").stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_and_run_again_each_entry_is_stored_once(data: Path, seed: int) -> None:
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


OUT = "out.jsonl"


def told(path: Path) -> list[str]:
    """Ids of the records in a file of --out; each line is whole."""
    return [json.loads(line)["article_id"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("seed", "how"), [(4, signal.SIGKILL), (5, signal.SIGINT)])
def test_a_file_of_an_interrupted_run_is_completed_by_the_next(
    tmp_path: Path, data: Path, seed: int, how: int
) -> None:
    out = tmp_path / OUT
    again = [*RUN, str(data), "--out", str(out)]
    running = subprocess.Popen(again, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    lines = random.Random(seed).randint(1, SAMPLE - 4)
    while running.poll() is None and not (out.exists() and out.read_bytes().count(b"\n") >= lines):
        time.sleep(0.001)
    running.send_signal(how)
    running.communicate()
    if how == signal.SIGKILL:  # and at the worst of times: a line is torn
        with out.open("ab") as file:
            file.write(b'{"article_id":"to')
    assert subprocess.run(again, capture_output=True, check=False).returncode == 0
    with stack(data) as opened:
        stands = heads(opened)
    assert stands.keys() <= set(told(out))
    assert len(set(told(out))) == len(told(out)), "none is told twice"
    before = out.read_bytes()
    assert subprocess.run(again, capture_output=True, check=False).returncode == 0
    assert out.read_bytes() == before


def test_commands_work_beside_a_process_that_polls(tmp_path: Path, data: Path) -> None:
    def newscast(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "newscast.cli", *words, "--data", str(data)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    up = [sys.executable, "-m", "newscast.cli", "up", "--data", str(data), "--out", str(tmp_path / OUT)]
    running = subprocess.Popen(up, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        while running.poll() is None and not ((tmp_path / OUT).exists() and told(tmp_path / OUT)):
            time.sleep(0.01)
        assert newscast("feeds", "list").returncode == 0
        assert newscast("feeds", "add", "--offline", "http://site.example/another.xml").returncode == 0
        assert newscast("dlq", "list").stderr == "no dead letters\n"
        second = newscast("run", "--quiet")
        assert second.returncode == 1
        assert f"in use by another newscast run or up (process {running.pid})" in second.stderr
        assert newscast("articles", "--json").stdout.count("\n") >= 1
    finally:
        running.send_signal(signal.SIGINT)
        _, said = running.communicate()
    assert running.returncode == 0, said
