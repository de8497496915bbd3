"""CPU time to read a message: microseconds for one of this code, of 0.1.0 and with a field of newer code."""

from __future__ import annotations

import json
import time
import timeit
from pathlib import Path

from newscast import tolerant
from newscast.aws.sender import encode

OLD = Path(__file__).parents[1] / "upgrade" / "0.1.0"
KINDS = ("FeedPoll", "Entry", "PageWanted", "Article", "TaggedArticle")


def _microseconds(raw: str, number: int) -> float:
    taken = timeit.repeat(lambda: tolerant.message(raw), number=number, repeat=9, timer=time.process_time)
    return min(taken) / number * 1e6


def main() -> None:
    for kind in KINDS:
        old = (OLD / f"{kind}.json").read_text(encoding="ascii")
        ours = encode(tolerant.message(old))
        told = json.loads(ours)
        newer = json.dumps(told | {"body": told["body"] | {"newer": {"a": [1, 2]}}})
        read, of_old, more = (_microseconds(raw, 500) for raw in (ours, old, newer))
        print(
            f"{kind}, {len(ours)} bytes: {read:.1f} µs; of 0.1.0 {of_old:.1f} µs; a field more {more:.1f} µs"
        )
