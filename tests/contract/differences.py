"""The reviewed list of what the other backends do otherwise than AWS. It may only shrink.

differences.tsv: backend, probe, what it does (`1: answers`: step 1, counted from 0, has an answer, but not
that of AWS), what AWS does there, and where AWS says so. The engine has no line. A line that no longer holds
fails, and so does a difference without a line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.contract.probe import Probe, told

LIST = Path(__file__).with_name("differences.tsv")


@dataclass(frozen=True)
class Difference:
    does: str
    aws: str
    source: str


def known() -> dict[tuple[str, str], Difference]:
    """The list, by backend and probe."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t"))[1:]
    found = {(backend, probe): Difference(*rest) for backend, probe, *rest in rows}
    assert len(found) == len(rows), "a difference is listed twice"
    return found


def written(differing: Mapping[tuple[str, str], str], probes: Iterable[Probe]) -> None:
    """Write the list anew, for review."""
    by_name = {probe.name: probe for probe in probes}
    with LIST.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, delimiter="\t", lineterminator="\n")
        out.writerow(("backend", "probe", "does", "aws", "source"))
        for (backend, name), does in sorted(differing.items()):
            probe = by_name[name]
            out.writerow((backend, name, does, aws(probe, does), probe.source))


def aws(probe: Probe, does: str) -> str:
    """What AWS does at the step at which a backend differs."""
    return told(probe.steps[int(does.partition(":")[0])].expected)
