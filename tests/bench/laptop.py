"""A laptop that keeps up: memory, CPU and disk an article, and what each command costs, as the state grows.

Made-up records go through the store into one --data, to each of the sizes asked for; then each command is
run on it in a process of its own, and timed by the CPU that it used. NEWSCAST_BENCH_SIZES changes the
10,000 and 50,000.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.store_cost import message

from newscast.cli import place
from newscast.local.memory import peak_mib, reset_peak
from newscast.local.stack import Stack

TOGETHER = 10
"""Records that the store saves in one batch."""
COMMANDS = (
    ("feeds", "list"),
    ("feeds", "coverage"),
    ("articles",),
    ("articles", "--since", "2024-07-01"),
    ("dlq", "list"),
    ("actors", "list"),
    ("migrate", "--dry-run"),
)


def main() -> None:
    """Prints a line a size, and below it one a command."""
    sizes = [int(each) for each in os.environ.get("NEWSCAST_BENCH_SIZES", "10000,50000").split(",")]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        at = 0
        for size in sizes:
            fill(data, at, size)
            at = size
            for command in COMMANDS:
                used, rss, status = timed([*command, "--data", str(data)])
                note = "" if status == 0 else f"  (exit status {status})"
                print(f"    {' '.join(command):<32} {used:5.2f} s CPU {rss:6.0f} MiB{note}", flush=True)


def fill(data: Path, begin: int, end: int) -> None:
    """Articles from one number to another."""
    reset_peak()
    with Stack.open(place.TEMPLATE, data, enforce_roles=False) as stack:
        archive = place.of_stack(stack)
        began, cpu, gate = time.perf_counter(), time.process_time(), stack.gate.seconds
        for start in range(begin, end, TOGETHER):
            batch = [message(number) for number in range(start, min(start + TOGETHER, end))]
            ahead = archive.look_ahead(batch)
            archive.gather(batch, ahead)
            for record in batch:
                archive.save(record, "bench", ahead)
        wall, used = time.perf_counter() - began, time.process_time() - cpu
        gate = stack.gate.seconds - gate
    held = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    many = end - begin
    print(
        f"{end:>8} articles: {1000 * used / many:.2f} ms CPU an article stored "
        f"({1000 * gate / many:.2f} in the embedded AWS), {many / wall:.0f} a second; "
        f"{peak_mib():.0f} MiB at most; {held / end / 1024:.1f} KiB an article on disk",
        flush=True,
    )


def timed(words: list[str]) -> tuple[float, float, int]:
    """CPU seconds, MiB at most and exit status of one command in a process of its own."""
    program = (
        "import resource, sys; from newscast.cli import main; from newscast.local.memory import peak_mib\n"
        "status = main(sys.argv[1:])\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_utime + used.ru_stime, peak_mib(), status, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )
    used, rss, status = done.stderr.splitlines()[-1].split()
    return float(used), float(rss), int(status)
