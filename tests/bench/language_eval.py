"""Languages of news sentences of three to six words by language, with no declaration; microseconds each.

Those marked `held out` were written after the rules were settled.
"""

from __future__ import annotations

import re
import time
import timeit
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from newscast.normalise.language import detect

_HEADING = re.compile(r"\[(\w+)\](?: (held out))?")


def sentences() -> Iterator[tuple[str, str, bool]]:
    """(language, sentence, whether held out)."""
    code, held_out = "", False
    for line in Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            code, held_out = heading[1], bool(heading[2])
        elif line and not line.startswith("#"):
            yield code, line, held_out


def main() -> None:
    counts: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    by_language: dict[str, Counter[str]] = {}
    for code, sentence, held_out in sentences():
        found = detect(sentence)
        result = "unknown" if found is None else "right" if found.code == code else "wrong"
        counts[held_out][result] += 1
        by_language.setdefault(code, Counter())[result] += 1
        if result != "right":
            print(f"  {code} {sentence!r}: {found.code if found else 'unknown'}")
    print("right/unknown/wrong: " + ", ".join(f"{code} {_shown(by_language[code])}" for code in by_language))
    for held_out, count in counts.items():
        print(f"{'held out' if held_out else 'seen'}: {count.total()} sentences, {_shown(count)}")
    work = partial(detect, "Ministers meet in Geneva today")
    took = min(timeit.repeat(work, number=300, repeat=5, timer=time.process_time)) / 300
    print(f"{took * 1e6:.0f} µs of CPU a sentence")


def _shown(count: Counter[str]) -> str:
    return "/".join(str(count[result]) for result in ("right", "unknown", "wrong"))
