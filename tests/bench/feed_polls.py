"""Feeds parsed a second, with and without a worker; unchanged and changed polls a second."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.feeds.world import HOUR, NOON, conditional, item, rss, world

from newscast.feeds import guarded
from newscast.feeds.parse import parse_document, raw_hash
from newscast.feeds.scan import scan

ENTRIES = 50


def main() -> None:
    text = "&lt;p&gt;Some words that stand for a paragraph of news.&lt;/p&gt;" * 5
    body = rss(*(item(number, description=text) for number in range(ENTRIES)))
    broken = body.replace(b"</title>", b"<b></title>", 3)
    found = scan(body)
    raws = {raw_hash(body[begin:end]) for begin, end in found.entries[2:]}
    print(f"a feed of {ENTRIES} entries, {len(body):,} bytes")
    started = time.perf_counter()
    guarded.read(body)
    print(f"  the worker starts and answers once: {(time.perf_counter() - started) * 1000:6.0f} ms")
    cases: list[tuple[str, Callable[[], object]]] = [
        ("in this process", lambda: parse_document(body)),
        ("by its worker, as fetch does it", lambda: guarded.read(body)),
        ("the same, two entries new", lambda: guarded.read(body, known=raws)),
        ("broken, in this process", lambda: parse_document(broken)),
        ("broken, by its worker", lambda: guarded.read(broken)),
    ]
    for name, run in cases:
        rate, cpu = _rate(run)
        print(f"  {name:<36} {rate:7.0f} documents a second, {cpu * 1000:6.2f} ms CPU each")
    guarded.close()
    _polls(body)
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


def _rate(run: Callable[[], object], seconds: float = 2.0) -> tuple[float, float]:
    """Runs a second, and CPU seconds of each, the worker included."""
    run()
    started, cpu, times = time.perf_counter(), _cpu(), 0
    while time.perf_counter() - started < seconds:
        run()
        times += 1
    return times / (time.perf_counter() - started), (_cpu() - cpu) / times


def _cpu() -> float:
    pid = guarded._worker.pid
    if pid is None:
        return time.process_time()
    # Of a process that still runs only the system tells.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _polls(body: bytes) -> None:
    """Whole polls against a server on loopback and a table in memory: the fetcher's own work."""
    with world() as site:
        site.publisher.says("/feed", conditional(body))
        feed = site.subscribe()
        site.poll(feed.feed_id)

        def unchanged() -> None:
            site.now += HOUR
            site.poll(feed.feed_id)

        rate, cpu = _rate(unchanged)
        print(f"  unchanged polls: {rate:5.0f} a second, {cpu * 1000:.1f} ms CPU each")
        number = [ENTRIES]

        def changed() -> None:
            number[0] += 1
            fresh = item(number[0], when=NOON + number[0] * timedelta(minutes=1))
            site.publisher.says("/feed", conditional(rss(fresh), f'"{number[0]}"'))
            site.now += HOUR
            site.poll(feed.feed_id)

        rate, cpu = _rate(changed)
        print(f"  polls that bring one entry: {rate:5.0f} a second, {cpu * 1000:.1f} ms CPU each")


if __name__ == "__main__":
    main()
