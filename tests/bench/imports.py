"""What a cold start of each function costs before its first message: CPU time and peak memory of its imports.

A fresh interpreter imports the handler, bytecode at hand; then it makes the clients that the function
uses, which is the other half of a cold start, and starts its worker, until that is ready: with the worker's
own time and memory. Median of several runs, bare Python's share included.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FUNCTIONS = Path(__file__).parents[2] / "functions"
DIST = FUNCTIONS.parent / "dist"
RUNS = 5

# What a function does once, on its first message, where nothing is large and nothing fails.
FIRST_USE: dict[str, str] = {
    "schedule": "clients.dynamodb(); clients.sqs()",
    "fetch": "clients.dynamodb(); clients.sqs(); from newscast.feeds.parse import parse_document;"
    " parse_document(b'<rss><channel><item><title>x</title></item></channel></rss>')",
    "normalise": "clients.sqs()",
    "page": "clients.dynamodb(); clients.sqs()",
    "tag": "clients.sqs(); clients.s3()",
    "store": "clients.dynamodb()",
}

WORKER: dict[str, str] = {
    "fetch": "newscast.feeds.guarded",
    "normalise": "newscast.normalise.guarded",
    "page": "newscast.normalise.guarded_page",
    "tag": "newscast.tag.guarded",
}
"""Where each function's worker is started."""
_START = """
import importlib
room = importlib.import_module("{module}")
room._worker.told()
with open(f"/proc/{{room._worker.pid}}/status") as status:
    worker = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
room.close()
"""

_MEASURE = """
worker = 0
import resource
{code}
used = resource.getrusage(resource.RUSAGE_SELF)
peak = used.ru_maxrss
try:  # on Linux ru_maxrss starts from the peak of the process that started this one
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    pass
its = resource.getrusage(resource.RUSAGE_CHILDREN)
spent = used.ru_utime + used.ru_stime + its.ru_utime + its.ru_stime
print(round(spent * 1000), (peak + worker) // 1024)
"""


@dataclass(frozen=True)
class Cost:
    """`cpu` in milliseconds, `memory` in MiB at its peak."""

    cpu: float
    memory: float


def measure(code: str) -> Cost:
    """Run code in fresh interpreters; medians."""
    environment = os.environ | {"PYTHONPATH": str(FUNCTIONS), "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-c", _MEASURE.format(code=code)]
    seen = []
    for _ in range(RUNS + 1):  # the first one leaves bytecode
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        seen.append([float(number) for number in done.stdout.split()])
    return Cost(*(statistics.median(column) for column in zip(*seen[1:], strict=True)))


def _start(stage: str) -> str:
    return _START.format(module=WORKER[stage]) if stage in WORKER else ""


def main() -> None:
    """A line for bare Python, boto3 and each handler; then the size of each zip."""
    print(f"Python {sys.version.split()[0]}, {RUNS} runs each")
    print(f"{'':<22}{'CPU ms':>8}{'MiB':>6}{'with clients':>16}{'MiB':>6}{'and its worker':>18}{'MiB':>6}")
    for name, code in (("bare Python", "pass"), ("boto3", "import boto3")):
        cost = measure(code)
        print(f"{name:<22}{cost.cpu:>8.0f}{cost.memory:>6.0f}", flush=True)
    for stage, use in FIRST_USE.items():
        imported = f"import newscast.handlers.{stage}"
        if not (FUNCTIONS / "newscast" / "handlers" / f"{stage}.py").exists():
            print(f"{stage:<22} has no handler")
            continue
        made = f"{imported}\nfrom newscast.aws import clients\n{use}"
        line = f"{stage:<22}"
        for width, code in ((8, imported), (16, made), (18, made + _start(stage))):
            cost = measure(code)
            line += f"{cost.cpu:>{width}.0f}{cost.memory:>6.0f}"
        print(line, flush=True)
    zips = sorted(DIST.glob("*.zip"))
    print("zips of the last make build:" if zips else "no zips in dist/: run make build first")
    for path in zips:
        print(f"{path.name:<22}{path.stat().st_size / 1024:>8,.0f} KiB")
