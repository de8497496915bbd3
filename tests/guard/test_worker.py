"""A worker's life: it answers, each message within its budget, and comes back after whatever ends it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from newscast.guard import serving
from newscast.guard import worker as worker_module
from newscast.guard.budget import CAUSES, MIB, Budget
from newscast.guard.worker import BrokenWorkerError, OverBudgetError, Worker, WorkerFailedError
from newscast.records import Cause

TOY = "tests.guard.toy"
SMALL = Budget(cpu_seconds=0.4, wall_seconds=20, memory=64 * MIB, output=MIB)


@pytest.fixture(scope="module")
def shared() -> Iterator[Worker]:
    made = Worker(TOY, SMALL)
    yield made
    made.close()


def ask(worker: Worker, what: str, argument: Any = None) -> str:
    return worker.ask(json.dumps([what, argument]).encode()).decode()


def made(budget: Budget = SMALL, setup: bytes = b"") -> Worker:
    return Worker(TOY, budget, setup)


def test_every_cause_has_its_words() -> None:
    assert set(CAUSES) == set(get_args(Cause))


def test_it_answers_one_question_after_another(shared: Worker) -> None:
    first = ask(shared, "say", "one")
    before = shared.pid
    assert [first, *(ask(shared, "say", word) for word in ("two", "three"))] == ["one", "two", "three"]
    assert shared.pid == before


@pytest.mark.parametrize("size", [0, 1, 60_000, 65_536 - 5, 65_536, 70_000, 1_000_000])
def test_questions_and_answers_of_any_size_come_whole(shared: Worker, size: int) -> None:
    assert ask(shared, "say", "é" * (size // 2)) == "é" * (size // 2)


@pytest.mark.parametrize(
    ("what", "argument", "cause"),
    [
        ("burn", None, "cpu"),
        ("grow", 80, "memory"),
        ("long", MIB + 1, "output"),
        ("deep", None, "depth"),
        ("crash", None, "crash"),
        ("die", 0, "crash"),
        ("die", 3, "crash"),
        ("kill", int(signal.SIGKILL), "crash"),
        ("kill", int(signal.SIGABRT), "crash"),
    ],
)
def test_a_text_over_its_budget_is_given_up_and_the_next_is_read(
    shared: Worker, what: str, argument: Any, cause: str
) -> None:
    with pytest.raises(OverBudgetError) as given_up:
        ask(shared, what, argument)
    assert given_up.value.cause == cause
    assert str(given_up.value) == CAUSES[cause]
    assert ask(shared, "say", "and on") == "and on"


def test_just_within_its_budget_a_text_is_read(shared: Worker) -> None:
    assert ask(shared, "grow", 40) == str(40 * MIB)
    assert len(ask(shared, "long", MIB - 10)) == MIB - 10


def test_what_one_text_took_is_not_charged_to_the_next() -> None:
    worker = made(Budget(cpu_seconds=0.3, wall_seconds=20, memory=64 * MIB, output=MIB))
    for _ in range(6):  # 0.15 s each
        assert ask(worker, "spend", 0.15) == "None"
    worker.close()


def test_our_own_bug_is_no_fault_of_the_text_and_ends_nothing(shared: Worker) -> None:
    ask(shared, "say", "")
    before = shared.pid
    with pytest.raises(WorkerFailedError, match="KeyError: 'a bug of ours'"):
        ask(shared, "bug")
    assert shared.pid == before


def test_a_worker_that_has_grown_is_replaced_between_two_texts() -> None:
    worker, seen = made(), []
    ask(worker, "leak", 40)  # of the 64 MiB that a text may take
    for _ in range(2 * serving.LOOK_EVERY):
        seen.append(worker.pid)
        assert ask(worker, "say", "x") == "x"
    assert seen[0] == seen[serving.LOOK_EVERY // 2] != seen[-1]
    worker.close()


# ----------------------------------------------------------------------- several at one go
def many(worker: Worker, *questions: tuple[str, Any]) -> list[str | None]:
    asked = [json.dumps(question).encode() for question in questions]
    return [answer.decode() if answer is not None else None for answer in worker.ask_many(asked)]


def test_several_are_answered_at_one_go_in_their_order(shared: Worker) -> None:
    words = [f"{number}" * number for number in range(40)]
    assert many(shared, *(("say", word) for word in words)) == words


@pytest.mark.parametrize(
    ("hostile", "others"),
    [
        (("bug", None), ["a", None, "b"]),
        (("deep", None), ["a", None, "b"]),
        (("burn", None), [None, None, None]),  # the worker ended with all that it had answered
        (("grow", 80), [None, None, None]),
        (("crash", None), [None, None, None]),
        (("long", MIB), [None, None, None]),
    ],
)
def test_those_with_trouble_among_them_are_left_to_be_asked_alone(
    shared: Worker, hostile: tuple[str, Any], others: list[str | None]
) -> None:
    assert many(shared, ("say", "a"), hostile, ("say", "b")) == others
    assert ask(shared, "say", "and on") == "and on"


def test_each_of_several_has_its_own_time() -> None:
    worker = made(Budget(cpu_seconds=0.3, wall_seconds=20, memory=64 * MIB, output=MIB))
    assert many(worker, *[("spend", 0.15)] * 6) == ["None"] * 6
    worker.close()


def test_long_texts_are_asked_alone(shared: Worker) -> None:
    long = "x" * (worker_module.AT_ONCE // 2)
    assert many(shared, ("say", long), ("say", long)) == [None, None]
    assert many(shared, ("say", "one")) == [None]


def test_several_that_can_not_be_asked_at_all_are_ours() -> None:
    worker = made(setup=b"raise")
    with pytest.raises(BrokenWorkerError, match="no such gazetteer"):
        many(worker, ("say", "a"), ("say", "b"))


# ----------------------------------------------------------------------- ended at each point of its life
def test_killed_before_it_was_asked() -> None:
    worker = made()
    worker.told()
    kill(worker)
    assert ask(worker, "say", "alive") == "alive"
    worker.close()


def test_killed_while_it_loads_is_ours() -> None:
    worker = made(setup=b"hang")
    worker.start()
    kill(worker)
    with pytest.raises(BrokenWorkerError, match=r"tests\.guard\.toy ended with exit code -9"):
        ask(worker, "say", "")
    worker.close()


def test_killed_over_a_text_it_is_asked_once_more() -> None:
    worker = made()
    worker.told()
    first = worker.pid
    threading.Timer(0.3, kill, (worker,)).start()
    assert ask(worker, "sleep", 1.0) == "None"
    assert worker.pid != first
    worker.close()


def test_killed_while_it_answers_it_is_asked_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = made()
    worker.told()
    first, read = worker.pid, os.read

    def read_some(number: int, most: int) -> bytes:
        piece = read(number, most)
        if worker.pid == first and piece:  # half of the answer is here, the rest waits for us
            kill(worker)
        return piece

    monkeypatch.setattr(os, "read", read_some)
    assert len(ask(worker, "long", 900_000)) == 900_000
    assert worker.pid != first
    worker.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_what_a_terminal_sends_to_all_is_for_the_asker(shared: Worker, number: int) -> None:
    shared.told()
    before = shared.pid
    assert before
    os.kill(before, number)
    assert ask(shared, "say", "on") == "on"
    assert shared.pid == before


def test_killed_after_its_answer() -> None:
    worker = made()
    assert ask(worker, "say", "one") == "one"
    kill(worker)
    assert ask(worker, "say", "two") == "two"
    worker.close()


def test_one_that_stands_still_is_ours_and_no_word_on_the_text() -> None:
    worker = made(Budget(cpu_seconds=5, wall_seconds=1.5, memory=64 * MIB, output=MIB))
    assert ask(worker, "say", "x") == "x"
    process = worker._process
    assert process
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(BrokenWorkerError, match=r"stands still for 1\.5 s"):
        ask(worker, "say", "y")
    assert process.poll() is not None
    assert ask(worker, "say", "z") == "z"
    worker.close()


def test_where_the_wall_clock_is_first_a_dear_text_is_still_the_texts_doing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_module, "DEAR", 0.001)  # of 60 s: a slow machine gets that far in a second
    worker = made(Budget(cpu_seconds=60, wall_seconds=1.1, memory=64 * MIB, output=MIB))
    worker.told()
    with pytest.raises(OverBudgetError, match="more time than it may"):
        ask(worker, "burn")
    assert ask(worker, "say", "on") == "on"
    worker.close()


def test_one_that_does_not_read_its_question_is_not_waited_for_without_end() -> None:
    worker = made(Budget(cpu_seconds=5, wall_seconds=1.5, memory=64 * MIB, output=MIB))
    worker.told()
    process = worker._process
    assert process
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(BrokenWorkerError, match="stands still"):
        ask(worker, "say", "x" * 500_000)  # more than a pipe holds
    worker.close()


@pytest.mark.parametrize(
    ("setup", "words"),
    [(b"raise", "can't start: ValueError: no such gazetteer"), (b"exit", "ended with exit code 3")],
)
def test_one_that_can_not_start_is_ours(setup: bytes, words: str) -> None:
    worker = made(setup=setup)
    with pytest.raises(BrokenWorkerError, match=words):
        ask(worker, "say", "")
    worker.start(b"sound")
    assert worker.told().loaded == b"sound"
    assert ask(worker, "say", "now") == "now"
    worker.close()


def test_a_module_that_is_not_there_is_ours() -> None:
    with pytest.raises(BrokenWorkerError, match="No module named"):
        Worker("tests.guard.no_such", SMALL).ask(b"")


def test_a_python_that_does_not_start_is_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    worker = made()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(broken))
        for size in (1, 500_000):
            with pytest.raises(BrokenWorkerError, match="exit code 127"):
                ask(worker, "say", "x" * size)
    assert ask(worker, "say", "x") == "x"
    worker.close()


def test_another_setup_replaces_it_and_the_same_does_not() -> None:
    worker = made(setup=b"one")
    assert worker.told().loaded == b"one"
    before = worker.pid
    worker.start(b"one")
    assert worker.pid == before
    worker.start(b"two")
    assert worker.told().loaded == b"two"
    assert worker.pid != before
    worker.close()


def test_what_the_kernel_does_not_give_is_said_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_said", [])
    told = serving.Told(lacks=("seccomp: Invalid argument",))
    monkeypatch.setattr(msgspec.msgpack, "decode", lambda *_, **__: told)
    for _ in range(2):
        worker = made()
        assert worker.told() == told
        worker.close()
    assert [record.getMessage() for record in caplog.records] == [
        "workers run with limits, but without: seccomp: Invalid argument"
    ]


def test_threads_take_turns(shared: Worker) -> None:
    found: dict[int, list[str]] = {}

    def many(which: int) -> None:
        found[which] = [ask(shared, "say", f"{which}.{number}") for number in range(50)]

    threads = [threading.Thread(target=many, args=(which,)) for which in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == {which: [f"{which}.{number}" for number in range(50)] for which in range(4)}


def test_a_forked_process_has_a_worker_of_its_own(shared: Worker) -> None:
    ask(shared, "say", "")
    before = shared.pid
    child = os.fork()
    if child == 0:
        try:
            right = ask(shared, "say", "forked") == "forked" and shared.pid != before
            shared.close()
            os._exit(0 if right else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ask(shared, "say", "here") == "here"
    assert shared.pid == before


def kill(worker: Worker) -> None:
    process = worker._process
    assert process
    process.kill()
    process.wait()
