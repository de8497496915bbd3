"""The parser's process: it answers, it is limited, and it comes back after it was killed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscast import limited
from newscast.feeds import child, syndication
from newscast.feeds.child import Child, ParserError
from newscast.feeds.parse import parse_document
from newscast.feeds.scan import BrokenParserError, RefusedDocumentError
from tests.feeds.world import item, rss

FEED = rss(item(1), item(2)).partition(b"?>")[2]


@pytest.fixture
def parser() -> Iterator[Child]:
    made = Child()
    yield made
    made.close()


def test_it_answers_one_document_after_another_as_the_parser_would(parser: Child) -> None:
    here = syndication.read(FEED, None, [], b"")
    process = parser._started()
    assert [parser.read(FEED, None, [], b"") for _ in range(3)] == [here] * 3
    assert parser._started() is process


def test_it_is_replaced_after_so_many_answers(parser: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "ANSWERS", 2)
    processes = []
    for _ in range(4):
        processes.append(parser._started().pid)
        parser.read(FEED, None, [], b"")
    assert processes[0] == processes[1] != processes[2] == processes[3]


def test_it_knows_no_credentials(parser: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    parser.read(FEED, None, [], b"")
    environment = Path(f"/proc/{parser._started().pid}/environ").read_bytes()
    names = {line.partition(b"=")[0] for line in environment.split(b"\0") if line}
    assert b"AWS_SECRET_ACCESS_KEY" not in names
    assert b"PYTHONPATH" in names


def test_it_finds_the_shared_libraries_of_its_python(parser: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/var/lang/lib")
    parser.read(FEED, None, [], b"")
    environment = Path(f"/proc/{parser._started().pid}/environ").read_bytes().split(b"\0")
    assert b"LD_LIBRARY_PATH=/var/lang/lib" in environment


@pytest.mark.parametrize("document", [FEED, FEED * 1000])  # of one that is longer than a pipe holds too
def test_a_process_that_does_not_start_is_our_fault_and_not_the_documents(
    parser: Child, document: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(broken))
        with pytest.raises(BrokenParserError, match="exit code 127"):
            parser.read(document, None, [], b"")
        with pytest.raises(BrokenParserError, match="exit code 127"):
            parse_document(b"<rss>" + document, "text/xml", None, read=parser.read)
    assert parser.read(FEED, None, [], b"").entries


def test_a_document_that_is_larger_than_its_memory_is_refused(parser: Child) -> None:
    with pytest.raises(RefusedDocumentError, match="memory"):
        parser.read(bytes(child.MEMORY), None, [], b"")


def test_what_the_parser_raises_comes_back_by_name(parser: Child) -> None:
    with pytest.raises(ParserError, match="Error"):
        # The forgiving parser fails on such a reference; parse_document takes it out before.
        parser.read(b"<rss><channel><item><title>&#1114112;</b>", None, [], b"")
    assert parser.read(FEED, None, [], b"").entries


def test_too_much_memory_ends_the_document_and_no_more(parser: Child) -> None:
    title = b"A" * (child.MEMORY // 2)
    with pytest.raises(RefusedDocumentError, match="memory"):
        parser.read(FEED.replace(b"Title 1", title), None, [], b"")
    assert parser.read(FEED, None, [], b"").entries


def test_a_process_that_was_killed_is_replaced(parser: Child) -> None:
    process = parser._started()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert parser.read(FEED, None, [], b"").entries


def test_a_process_that_hangs_is_killed_and_the_document_refused() -> None:
    parser = Child(wall_seconds=0.2)
    process = parser._started()
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(RefusedDocumentError, match="isn't parsed after"):
        parser.read(FEED, None, [], b"")
    assert process.poll() is not None
