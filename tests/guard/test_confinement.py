"""What a text could do that had got hold of a worker: nothing, as far as the kernel goes along."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscast.guard import landlock, seccomp
from newscast.guard.worker import Worker
from tests.guard.test_worker import SMALL, TOY

REFUSED = "PermissionError"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker(TOY, SMALL)
    yield made
    made.close()


def lacks(worker: Worker, what: str) -> bool:
    """Whether this kernel doesn't give it; then that is said, and there is nothing to try."""
    return any(one.startswith(what) for one in worker.told().lacks)


def ask(worker: Worker, what: str, argument: Any = None) -> str:
    return worker.ask(json.dumps([what, argument]).encode()).decode()


def test_it_knows_no_credentials(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.close()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/var/lang/lib")
    names = ask(worker, "environment")
    assert "AWS_SECRET_ACCESS_KEY" not in names
    assert "LD_LIBRARY_PATH" in names
    there = Path(f"/proc/{worker.pid}/environ").read_bytes()
    assert b"hush" not in there
    worker.close()


def test_it_reaches_no_server(worker: Worker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = ask(worker, "connect", server.getsockname()[1])
    assert said == REFUSED or lacks(worker, "seccomp")


@pytest.mark.parametrize("what", ["socketpair", "run", "fork"])
def test_it_has_no_sockets_and_starts_nothing(worker: Worker, what: str) -> None:
    assert ask(worker, what) == REFUSED or lacks(worker, "seccomp")


def test_it_can_not_look_into_its_asker(worker: Worker) -> None:
    # Not even where it may open files: the asker is closed to its own user's other processes.
    there = f"/proc/{os.getpid()}/environ"
    assert ask(worker, "open", there) == REFUSED
    if sys.platform.startswith("linux"):
        assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE


def test_it_can_not_end_or_trace_its_asker(worker: Worker) -> None:
    assert ask(worker, "signal", os.getpid()) == REFUSED or lacks(worker, "seccomp")
    trace = seccomp._calls(platform.machine())["ptrace"]
    said = ask(worker, "call", [trace, 16, os.getpid(), 0, 0])
    assert said == "Operation not permitted" or lacks(worker, "seccomp")


def test_it_opens_no_file_but_its_own_code(worker: Worker, tmp_path: Path) -> None:
    secret = tmp_path / "credentials"
    secret.write_text("hush")
    for path in (secret, Path("/etc/passwd"), Path("/proc/self/environ")):
        assert ask(worker, "open", str(path)) == REFUSED or lacks(worker, "landlock")
    assert ask(worker, "open", __file__).startswith("done")


def test_it_writes_and_removes_nothing(worker: Worker, tmp_path: Path) -> None:
    there = tmp_path / "file"
    there.write_text("kept")
    for what, path in (("write", there), ("write", tmp_path / "new"), ("unlink", there)):
        assert ask(worker, what, str(path)) == REFUSED or lacks(worker, "seccomp")
    assert there.read_text() == "kept" or lacks(worker, "seccomp")


def test_it_shares_no_memory_that_no_limit_counts(worker: Worker) -> None:
    if not lacks(worker, "seccomp"):
        with pytest.raises(Exception, match="PermissionError"):
            ask(worker, "map", 1000)


def test_it_has_none_of_roots_capabilities(worker: Worker) -> None:
    worker.told()
    status = Path(f"/proc/{worker.pid}/status").read_text()
    held = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert int(held["CapEff"], 16) == int(held["CapPrm"], 16) == 0
    assert held["NoNewPrivs"] == "1"


def test_what_a_library_needs_goes_on(worker: Worker) -> None:
    assert ask(worker, "thread") == "1"
    assert ask(worker, "code", "xmlrpc.client") == "xmlrpc"


# ----------------------------------------------------------------------- kernels that don't go along
def no_kernel(*_: object) -> int:
    ctypes.set_errno(38)
    return -1


class _Kernel:
    """A kernel that has none of it."""

    syscall = staticmethod(no_kernel)
    prctl = staticmethod(no_kernel)


def test_a_kernel_without_it_is_told_of() -> None:
    kernel: Any = _Kernel()
    assert landlock.close(kernel, []) == "Function not implemented"
    assert seccomp.close(kernel) == "Function not implemented"


def test_a_machine_whose_calls_are_not_known_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel: Any = _Kernel()
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert seccomp.close(kernel) == "no table of calls for riscv64"


# ----------------------------------------------------------------------- the filter, played
def run(code: bytes, machine: int, call: int, arguments: tuple[int, ...] = ()) -> int:
    """What a filter says to a call, by BPF's own rules."""
    seen = {seccomp._NUMBER: call, seccomp._ARCHITECTURE: machine}
    seen |= {seccomp._ARGUMENTS + 8 * place: value for place, value in enumerate(arguments)}
    steps = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    at = held = 0
    while True:
        what, if_so, if_not, value = steps[at]
        at += 1
        if what == seccomp._RETURN:
            return int(value)
        if what == seccomp._LOAD:
            held = seen.get(value, 0)
            continue
        tests = {seccomp._EQUAL: held == value, seccomp._ANY_BIT: bool(held & value)}
        at += if_so if (tests | {seccomp._AT_LEAST: held >= value})[what] else if_not


@pytest.mark.parametrize("machine", seccomp._MACHINES)
def test_the_filter_says_the_same_on_every_machine(machine: str) -> None:
    code, architecture = seccomp.program(machine, 99), seccomp._ARCHITECTURES[machine]
    calls = seccomp._calls(machine)
    refused, allowed = seccomp._ERROR | 1, seccomp._ALLOW
    for name in ("socket", "execve", "ptrace", "process_vm_readv", "unlinkat", "memfd_create"):
        assert run(code, architecture, calls[name]) == refused, name
    cases: list[tuple[str, tuple[int, ...], int]] = [
        ("kill", (99, 9), allowed),
        ("kill", (98, 9), refused),
        ("tgkill", (99, 99, 6), allowed),
        ("clone", (0x10F00,), allowed),
        ("clone", (17,), refused),
        ("openat", (0, 0, os.O_RDONLY), allowed),
        ("openat", (0, 0, os.O_RDWR), refused),
        ("openat", (0, 0, os.O_CREAT), refused),
        ("mmap", (0, 4096, 3, 0x22), allowed),
        ("mmap", (0, 4096, 3, 0x21), refused),
        ("prlimit64", (0,), allowed),
        ("prlimit64", (1,), refused),
    ]
    for name, arguments, said in cases:
        assert run(code, architecture, calls[name], arguments) == said, (name, arguments)
    assert run(code, architecture, 435) == seccomp._ERROR | 38
    assert run(code, architecture ^ 1, calls["socket"]) == seccomp._KILL
    assert run(code, architecture, 9_999) == allowed


def test_a_row_of_the_table_is_of_both_machines() -> None:
    tables = [seccomp._calls(machine) for machine in seccomp._MACHINES]
    assert set(tables[1]) < set(tables[0])  # x86 has the older forms too
    assert all(len(set(table.values())) == len(table) for table in tables)
