"""URL suites of other libraries (NEWSCAST_EVAL/urls_*.json), scored by source and function.

The other libraries disagree with each other; where ours differs it is by the policy of `newscast.urls`:
credentials and fragments go (routes stay), parameters keep their order and empty values, double slashes and
`index.html` stay, only http and https are addresses.
"""

from __future__ import annotations

import json
import os
import timeit
from collections import Counter
from pathlib import Path
from typing import Any

from newscast import urls

CANONICAL = ("canonicalize_url", "normalize_url", "clean_url", "url_normalize", "RemoveTrackingParams")
"""The functions of the suites that mean what `canonical` means."""


def main() -> None:
    folder = os.environ.get("NEWSCAST_EVAL")
    if not folder:
        print("NEWSCAST_EVAL is not set: no suites of URLs")
    else:
        _whatwg(json.loads((Path(folder) / "urls_whatwg.json").read_text("utf-8")))
        _canonical(json.loads((Path(folder) / "urls_canonical.json").read_text("utf-8")))
    link = "https://www.example.com/news/2024/07/talks-resume?utm_source=rss&id=3"
    took = min(timeit.repeat(lambda: urls.canonical(link), number=2000, repeat=3)) / 2000
    print(f"canonical: {took * 1e6:.0f} µs")


def _whatwg(cases: list[dict[str, Any]]) -> None:
    right = 0
    for case in cases:
        base = None if case["base"] == "about:blank" else case["base"]
        wanted = case["href"] if str(case["href"]).startswith(("http:", "https:")) else None
        found = urls.resolve(case["input"], base)
        right += found == wanted
        if found != wanted:
            print(f"  whatwg {case['input']!r}: wanted {wanted}, got {found}")
    print(f"whatwg (http and https, else null): {right} of {len(cases)}")


def _canonical(cases: list[dict[str, Any]]) -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    stable = 0
    for case in cases:
        if case["function"] not in CANONICAL:
            continue
        name = f"{case['source']} {case['function']}"
        found = urls.canonical(case["input"], case["kwargs"].get("baseURL"))
        no_address = found is None and case["expected"] in ("", case["input"])
        total[name] += 1
        right[name] += found == case["expected"] or no_address
        stable += found is None or urls.canonical(found) == found
    for name in total:
        print(f"{name}: {right[name]} of {total[name]} as that library has it")
    print(f"idempotent: {stable} of {sum(total.values())}")
