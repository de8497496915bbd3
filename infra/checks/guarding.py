"""Texts that are too dear: a batch of nothing else still ends in time, and in its function's memory."""

from __future__ import annotations

from collections.abc import Iterator

from infra.checks.stack import Stack
from msgspec import Struct

from newscast.aws.stage import RESERVE_SECONDS
from newscast.feeds import inquiry
from newscast.guard.budget import MIB, NORMALISE, PAGE, PARSE, TAG, Budget
from newscast.settings import Settings
from newscast.web import visit

ASKER = 130
"""MiB of a function beside its worker, with a batch in hand; 100 were measured."""


class Work(Struct, frozen=True):
    """What a function does with each message of a batch, and before."""

    budget: Budget
    worker: int
    """MiB that the worker holds once it has loaded; a fourth more than was measured."""
    at_one_go: bool = False
    before: float = 0.0
    """Seconds in which servers are waited for."""


_SERVERS = Settings().fetch_deadline_seconds
WORK: dict[str, Work] = {
    "newscast.handlers.fetch.handler": Work(
        PARSE, 40, before=_SERVERS + inquiry.A_BATCH * (inquiry.SECONDS + inquiry.PAUSE.total_seconds())
    ),
    "newscast.handlers.normalise.handler": Work(NORMALISE, 90, at_one_go=True),
    "newscast.handlers.page.handler": Work(PAGE, 90, before=_SERVERS + visit.ROBOTS_SECONDS),
    "newscast.handlers.tag.handler": Work(TAG, 100, at_one_go=True),
}


def time(stack: Stack) -> Iterator[str]:
    """Every message of a batch may take all of its budget, and the results must still be sent; once more for
    where a batch is asked at one go."""
    for mapping in stack.mappings.values():
        function = stack.functions.get(mapping.function, {})
        if work := WORK.get(str(function.get("Handler"))):
            size = int(mapping.properties.get("BatchSize", 10))
            needed = work.before + (size + work.at_one_go) * work.budget.wall_seconds + RESERVE_SECONDS
            if int(function.get("Timeout", 3)) < needed:
                yield f"{mapping.function}: a batch of {size} may take {needed:g} s, and its Timeout is less"


def memory(stack: Stack) -> Iterator[str]:
    """A worker is ended by its own limit, not by Lambda's, which would end its asker too."""
    for name, function in stack.functions.items():
        if work := WORK.get(str(function.get("Handler"))):
            # An answer is held twice while it is taken in.
            needed = ASKER + work.worker + (work.budget.memory + 2 * work.budget.output) // MIB
            if int(function.get("MemorySize", 128)) < needed:
                yield f"{name}: it and its worker may take {needed} MB, and its MemorySize is less"
