"""How long to wait before a call is repeated that AWS did only in part, or not now."""

from __future__ import annotations

import random

FIRST_PAUSE = 0.05
"""Seconds, at most, before the first repeat; each further one may wait twice as long, up to LAST_PAUSE."""
LAST_PAUSE = 2.0


class ThrottledError(RuntimeError):
    """The table answers only a part of what it is asked, time and again."""


def pause(attempt: int, dice: random.Random) -> float:
    """Seconds before repeat `attempt` (from 0). Full jitter:
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/"""
    return dice.random() * min(LAST_PAUSE, FIRST_PAUSE * float(2**attempt))
