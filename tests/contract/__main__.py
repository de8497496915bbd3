"""Every probe on the named backends: what of it differs from AWS, what of that is not listed, and the time.

python -m tests.contract engine moto            # or --write, to write differences.tsv anew for review
"""

from __future__ import annotations

import sys
import time

from tests.contract import differences
from tests.contract.backends import NAMES, opened
from tests.contract.probe import run
from tests.contract.probes import PROBES


def main(names: list[str], write: bool) -> int:
    listed = {key: each.does for key, each in differences.known().items()}
    differing = {key: does for key, does in listed.items() if key[0] not in names}
    unlisted = 0
    for name in names:
        began, spent = time.perf_counter(), time.process_time()
        with opened(name) as (backend,):
            found = {(name, probe.name): run(probe, backend) for probe in PROBES}
        here = {key: does for key, does in found.items() if does is not None}
        differing |= here
        other = sorted(key for key in found if found[key] != listed.get(key))
        unlisted += len(other)
        for key in other:
            print(*key, found[key], f"(listed: {listed.get(key)})", sep="\t")
        print(
            f"{name}: {len(found)} probes, {len(found) - len(here)} as AWS, {len(here)} otherwise, "
            f"{len(other)} not as listed; "
            f"{time.perf_counter() - began:.1f} s, {time.process_time() - spent:.1f} s CPU"
        )
    if write:
        differences.written(differing, PROBES)
    return 1 if unlisted else 0


if __name__ == "__main__":
    chosen = [name for name in NAMES if name in sys.argv[1:]] or list(NAMES[:2])
    sys.exit(main(chosen, "--write" in sys.argv[1:]))
