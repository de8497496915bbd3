"""Hostile feeds, each in a process of its own: outcome, seconds and peak memory, beside plain feedparser.

Then a feed of 10,000 entries that is only appended to, poll after poll.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import timedelta

from tests.feeds.hostile import CASES
from tests.feeds.world import NOON, item, rss

from newscast.feeds.parse import Skip, parse_document
from newscast.feeds.seen import distinct, known_raws, select

CPU_SECONDS = 20
"""After which plain feedparser is stopped."""
MEMORY = 1500 * 1024 * 1024

PROGRAM = """
import io, json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({cpu}, {cpu} + 1))
from tests.feeds.hostile import CASES
from newscast.feeds import guarded
import feedparser
make, size = CASES[sys.argv[2]]
data = make(size)
def peak():
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) >> 10
started = time.perf_counter()
if sys.argv[1] == "ours":
    document = guarded.read(data)
    outcome, good = document.refused or "read", any(entry.guid == "good" for entry in document.entries)
else:
    try:
        found = feedparser.parse(io.BytesIO(data))
        outcome, good = "read", any(entry.get("id") == "good" for entry in found.entries)
    except BaseException as error:
        outcome, good = "raised " + type(error).__name__, False
took = time.perf_counter() - started
if sys.argv[1] == "ours":
    guarded.close()
print(json.dumps([outcome, good, took, peak()]))
"""


def main() -> None:
    print(f"{'case':<36} {'ours':<12} good    s   MB   | feedparser        good    s    MB")
    worst = (0.0, 0)
    for name in CASES:
        ours, theirs = _run("ours", name), _run("feedparser", name)
        print(
            f"{name:<36} {ours[0]:<12} {'yes' if ours[1] else '-':<4} {ours[2]:5.2f} {ours[3]:4d}   |"
            f" {theirs[0]:<18} {'yes' if theirs[1] else '-':<4} {theirs[2]:5.2f} {theirs[3]:5d}",
            flush=True,
        )
        worst = (max(worst[0], ours[2]), max(worst[1], ours[3]))
    print(f"ours at most: {worst[0]:.2f} s, {worst[1]} MB")
    _append_only()


def _run(which: str, name: str) -> tuple[str, bool, float, int]:
    program = PROGRAM.format(memory=MEMORY, cpu=CPU_SECONDS)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, which, name], capture_output=True, check=False
    )
    if done.returncode or not done.stdout:
        return f"killed ({-done.returncode})", False, float(CPU_SECONDS), MEMORY >> 20
    outcome, good, took, peak = json.loads(done.stdout)
    return outcome, good, took, peak


def _append_only() -> None:
    items = [item(number, when=NOON + number * timedelta(minutes=5)) for number in range(10_000)]
    seen, sent, polls = b"", 0, 0
    started = time.perf_counter()
    while True:
        document, _ = distinct(parse_document(rss(*items), skip=Skip(known_raws(seen), 500)))
        chosen = select(document, seen, 500)
        seen, sent, polls = chosen.seen, sent + len(chosen.entries), polls + 1
        if not chosen.waiting:
            break
    print(f"append-only: {sent:,} entries in {polls} polls, {time.perf_counter() - started:.1f} s")
    for number in range(3):
        items.append(item(10_000 + number, when=NOON + (10_000 + number) * timedelta(minutes=5)))
        started = time.perf_counter()
        document, _ = distinct(parse_document(rss(*items), skip=Skip(known_raws(seen), 500)))
        chosen = select(document, seen, 500)
        seen = chosen.seen
        print(
            f"  one more: {len(document.entries)} parsed, {len(chosen.entries)} sent,"
            f" {time.perf_counter() - started:.2f} s, seen set {len(seen):,} bytes"
        )


if __name__ == "__main__":
    main()
