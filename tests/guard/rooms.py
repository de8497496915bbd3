"""A room's own worker, but for texts with a word in them that says what they do to it.

Whatever the rooms learn to bear, these texts stay too dear."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable

import msgspec

Answer = Callable[[bytes], bytes]

BURN, GROW, DEEP, LONG, BREAK = b"burn-it", b"grow-it", b"sink-it", b"flood-it", b"break-it"


def load(setup: bytes) -> tuple[Answer, bytes]:
    """`setup` is the module of the room's worker, with its own setup."""
    module, its = msgspec.msgpack.decode(setup, type=tuple[str, bytes])
    answer, loaded = importlib.import_module(module).load(its)

    def hostile(question: bytes) -> bytes:
        if BURN in question:
            while True:
                pass
        if GROW in question:
            raise MemoryError
        if DEEP in question:
            raise RecursionError
        if LONG in question:
            return bytes(60 << 20)
        if BREAK in question:
            os._exit(139)
        said: bytes = answer(question)
        return said

    return hostile, loaded
