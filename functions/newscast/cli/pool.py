"""Work on many inputs in several processes: results in the order given; an interrupt ends it cleanly."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TypeVar

from newscast.cli.problem import CommandError

CHUNK = 16
"""Inputs that a process gets at a time."""
T = TypeVar("T")
R = TypeVar("R")


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(function: Callable[[T], R], inputs: Sequence[T], processes: int) -> Iterator[R]:
    """`function` of each input, in their order. Both must be picklable, as processes are spawned.

    Raises CommandError if a process dies, which none of ours does by itself.
    """
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    try:
        with _deaf():
            results = pool.map(function, inputs, chunksize=CHUNK)
        yield from results
    except BrokenProcessPool as error:
        raise CommandError("a process of the pool was killed (out of memory?)") from error
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started in here never hear Ctrl-C, which a terminal sends to all: this one ends them.

    What comes meanwhile is heard afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # its start would unblock the signal
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
