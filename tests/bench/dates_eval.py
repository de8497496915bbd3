"""Dates of other parsers' suites (NEWSCAST_EVAL/dates.json), by source, with what differs on purpose."""

from __future__ import annotations

import json
import os
import timeit
from collections import Counter
from functools import partial
from pathlib import Path

from newscast import dates

ON_PURPOSE = {
    "-0312": "ISO 8601:1988 without a century: nobody publishes it",
    "-03-12": "the same",
    "03335": "five digits are a number, not the 335th day of a year",
}


def main() -> None:
    folder = os.environ.get("NEWSCAST_EVAL")
    if not folder:
        print("NEWSCAST_EVAL is not set: no suites of dates")
    else:
        right: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for case in json.loads((Path(folder) / "dates.json").read_text("utf-8")):
            stamp, wanted = dates.read(case["text"]), case["unix_seconds"]
            found = None if stamp is None else int(stamp.at.timestamp())
            good = found is not None if wanted == "any" else found == wanted
            total[case["source"]] += 1
            right[case["source"]] += good
            if not good:
                why = ON_PURPOSE.get(case["text"], "WRONG")
                print(f"  {case['text']!r}: wanted {wanted}, read {found}; {why}")
        for source in total:
            print(f"{source}: {right[source]} of {total[source]}")
    for text in ("Fri, 12 Jul 2024 18:30:00 GMT", "2024-07-12T18:30:00Z", "July 12, 2024 at 6:30 p.m."):
        took = min(timeit.repeat(partial(dates.read, text), number=500, repeat=3)) / 500
        print(f"{text}: {took * 1e6:.0f} µs")
