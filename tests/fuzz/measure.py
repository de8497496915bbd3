"""What one piece of work costs, in a process of its own: CPU seconds and megabytes.

The process is forked from this one, so that all libraries and tables are there and nothing is kept from one
measurement to the next. A limit ends what would take the machine with it.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

CPU_SECONDS = 40
"""After which a measurement is ended."""
MEMORY = 3 << 30
"""Bytes of data that it may have at most."""
PER_MEGABYTE = 1 << (10 if sys.platform != "darwin" else 20)
"""Linux tells the largest memory of a process in kilobytes."""


class Cost(Struct, frozen=True):
    """What was used, and how it ended: nothing, or what stopped it."""

    seconds: float
    megabytes: float
    problem: str = ""


def cost(prepare: Callable[[], Callable[[], object]]) -> Cost:
    """The cost of the work that `prepare` makes ready."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        _measure(prepare, sink)
    os.close(sink)
    with os.fdopen(source, "rb") as answer:
        told = answer.read()
    _, status, used = os.wait4(child, 0)
    if told:
        seconds, megabytes, problem = json.loads(told)
        return Cost(seconds, megabytes, problem)
    return Cost(
        used.ru_utime + used.ru_stime, used.ru_maxrss / PER_MEGABYTE, f"ended by signal {status & 127}"
    )


def _measure(prepare: Callable[[], Callable[[], object]], sink: int) -> None:
    """In the child: never returns."""
    problem = "it could not be prepared"
    began = seconds = megabytes = 0.0
    with suppress(BaseException):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        spent = int(time.process_time()) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, spent + CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries complain of
        gc.freeze()
        work = prepare()
        before, began, problem = _peak(), time.process_time(), ""
        try:
            work()
        except BaseException as error:  # whatever it is, it's what we look for
            problem = type(error).__name__
        seconds, megabytes = time.process_time() - began, _peak() - before
    os.write(sink, json.dumps([seconds, megabytes, problem]).encode())
    os._exit(0)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PER_MEGABYTE
