"""A file that has no end, or more than any such file has, is one clear line; a stream may be long."""

from __future__ import annotations

import io
import json
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newscast.cli import main
from newscast.cli.problem import TEXT

Out = pytest.CaptureFixture[str]
COMMANDS = [
    ["explain", "FILE"],
    ["explain", "--json", "FILE"],
    ["explain", "--jsonl", "FILE"],
    ["explain", "text.txt", "--actors", "FILE"],
    ["feeds", "import", "FILE", "--data", "data"],
    ["run", "--opml", "FILE"],
    ["up", "--opml", "FILE"],
    ["actors", "check", "FILE"],
    ["actors", "import", "FILE", "--data", "data"],
    ["invoke", "normalise", "FILE"],
    ["normalise", "page.html", "--entry", "FILE"],
]
IN_JSON = [["parse", "FILE"], ["normalise", "FILE"]]
"""These say it in a file's own line of JSON."""


@contextmanager
def little_memory() -> Iterator[None]:
    """Not so much more than there is now, so that nobody gets a file of gigabytes into it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + 1_500_000_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("Moscow said so.", encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>Moscow said so.", encoding="utf-8")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(8 << 30)  # no byte of it is on the disk
    return tmp_path


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
@pytest.mark.parametrize("file", ["huge", "/dev/zero", "fifo", "-"])
@pytest.mark.parametrize("command", COMMANDS + IN_JSON, ids=" ".join)
def test_what_has_no_end_is_one_clear_line(
    here: Path, command: list[str], file: str, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    if file == "fifo":
        os.mkfifo("fifo")
        threading.Thread(target=fill, args=("fifo",), daemon=True).start()
    with little_memory(), Path("/dev/zero").open("rb") as zeros:
        if file == "-":
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(zeros))
        status = main([file if word == "FILE" else word for word in command])
    said = capsys.readouterr()
    assert status == 1
    if command in IN_JSON:
        (line,) = said.out.splitlines()
        assert "the most that is read of such a file" in json.loads(line)["problem"]
    else:
        assert said.out == ""
        (line,) = said.err.splitlines()
        assert line.startswith(f"newscast {command[0]}: {file}: "), line
        assert "the most that is read of such a file" in line or "line 1 is longer than" in line


def fill(path: str) -> None:
    with Path(path).open("wb") as file:
        while True:
            try:
                file.write(bytes(1_000_000))
            except BrokenPipeError:
                return


def test_as_much_as_may_be_is_read(here: Path, capsys: Out) -> None:
    Path("text.txt").write_bytes(b"Moscow said so.".ljust(TEXT))
    assert main(["explain", "text.txt", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["actors"]) == 1


def test_a_pipe_that_gives_a_little_at_a_time_is_read_to_its_end(here: Path, capsys: Out) -> None:
    os.mkfifo("fifo")

    def drip() -> None:
        with Path("fifo").open("wb", buffering=0) as file:
            for letter in b"Moscow said so.":
                file.write(bytes([letter]))

    threading.Thread(target=drip, daemon=True).start()
    assert main(["explain", "fifo", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["actors"]) == 1


def test_a_stream_of_many_texts_is_worked_on_as_it_comes(here: Path, capsys: Out) -> None:
    """Each line is answered before the next is there; with the first that is too long it ends."""
    asked: list[int] = []

    class Stream(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readline(self, size: int | None = -1) -> bytes:
            asked.append(len(capsys.readouterr().out.splitlines()))
            if len(asked) > 5:
                return b"x" * (size or 0)
            return b'{"id": %d, "text": "Moscow said so."}\r\n' % len(asked)

    with pytest.MonkeyPatch.context() as patch:
        stdin = type("Stdin", (), {"buffer": Stream(), "isatty": lambda _: False})()
        patch.setattr("sys.stdin", stdin)
        assert main(["explain", "--jsonl"]) == 1
    assert asked == [0, 1, 1, 1, 1, 1]
    assert capsys.readouterr().err == (
        "newscast explain: -: line 6 is longer than 4 MiB: nothing after it is read\n"
    )
