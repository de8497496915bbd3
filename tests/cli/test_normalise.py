"""`newscast normalise` on many files, in a process of its own: order, bad files, an interrupt."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from newscast.cli.normalise import MANY
from newscast.cli.pool import processors

NORMALISE = [sys.executable, "-m", "newscast.cli", "normalise"]
PROSE = "The council decided on Tuesday that the bridge will be closed for repairs until next year. "


def pages(folder: Path, number: int) -> list[str]:
    """So many pages; their names do not sort as they are given."""
    names = [f"{index * 7919 % number}-{index}.html" for index in range(number)]
    for name in names:
        text = f"<html><head><title>Page {name}</title></head><body><p>{PROSE * 5}</p></body></html>"
        (folder / name).write_text(text, encoding="utf-8")
    return names


@pytest.mark.parametrize("number", [3, MANY + 20])
def test_one_bad_file_is_one_line_in_its_place(number: int, tmp_path: Path) -> None:
    names = pages(tmp_path, number)
    names[1:1] = ["missing.html"]
    done = subprocess.run([*NORMALISE, *names], cwd=tmp_path, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (1, "")
    assert [each["file"] for each in found] == names
    assert [each["problem"] for each in found if each["problem"]] == ["No such file or directory"]
    assert all(each["text"].startswith("The council") for each in found if not each["problem"])
    names.remove("missing.html")
    good = subprocess.run([*NORMALISE, *names], cwd=tmp_path, capture_output=True, check=False)
    assert good.returncode == 0


@pytest.mark.parametrize("when", ["its processes start", "it works"])
def test_an_interrupt_of_all_its_processes_is_one_line(when: str, tmp_path: Path) -> None:
    names = pages(tmp_path, MANY) * 60
    running = subprocess.Popen(
        [*NORMALISE, *names],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    if when == "it works":
        assert running.stdout
        running.stdout.readline()
    while children(running.pid) < (3 if processors() > 1 else 0):  # two and what keeps account of them
        assert running.poll() is None
    subprocess.run(["kill", "-INT", "--", f"-{running.pid}"], check=True)  # as a terminal does: to all
    _, said = running.communicate()
    assert (running.returncode, said) == (130, "newscast normalise: interrupted\n")


def children(process: int) -> int:
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, check=False)
    return len(found.stdout.split())
