"""Wikidata's dump read at speed: a made-up one in the true format, a tenth of it people in office.

The rest are what most of the real dump is: items that name no office, which must cost next to nothing.
"""

from __future__ import annotations

import gzip
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from newscast.gazetteer.packaged import load
from newscast.gazetteer.wikidata.rows import Wanted, refresh

ENTITIES = 50_000
LANGUAGES = ("ar", "de", "en", "es", "fr", "pt", "ru", "uk", "zh", "ja")


def main() -> None:
    """Entities and megabytes a second, unpacking included; peak memory; rows that came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "latest-all.json.gz")
        size = 0
        with gzip.open(path, "wb", compresslevel=1) as file:
            for line in chain(["["], (json.dumps(one) + "," for one in _entities()), ["]"]):
                size += file.write(line.encode() + b"\n")
        started = time.process_time()
        wanted = Wanted(languages=("en", "de", "ru"), as_of=date(2026, 1, 17))
        counts = refresh(path, Path(folder), load(), wanted)
        spent = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{ENTITIES / spent:,.0f} entities/s · {size / spent / 1e6:,.1f} MB/s unpacked · peak {peak:,.0f} MB"
    )
    print(" · ".join(f"{count:,} {name}" for name, count in counts.items()))


def _entities() -> Iterator[dict[str, Any]]:
    yield _entity(1, "Foreign Minister of France", {"P1001": [_claim("P1001", 142)]})
    yield _entity(142, "France", {})
    for number in range(1_000, 1_000 + ENTITIES):
        claims = {f"P{other}": [_claim(f"P{other}", number + other)] for other in range(600, 620)}
        if number % 10 == 0:
            held = _claim("P39", 1)
            held["qualifiers"] = {"P580": [_time("+2015-05-14T00:00:00Z")]}
            claims |= {"P31": [_claim("P31", 5)], "P39": [held]}
        yield _entity(number, f"Somebody {number}", claims)


def _entity(number: int, name: str, claims: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "item",
        "id": f"Q{number}",
        "labels": {code: {"language": code, "value": f"{name} {code}"} for code in LANGUAGES}
        | {"en": {"language": "en", "value": name}},
        "descriptions": {code: {"language": code, "value": f"somebody of {code}"} for code in LANGUAGES},
        "aliases": {"en": [{"language": "en", "value": f"{name} the Second"}]},
        "claims": claims,
        "sitelinks": {
            f"{code}wiki": {"site": f"{code}wiki", "title": name, "badges": []} for code in LANGUAGES
        },
    }


def _claim(name: str, item: int) -> dict[str, Any]:
    value = {"entity-type": "item", "numeric-id": item, "id": f"Q{item}"}
    snak: dict[str, Any] = {
        "snaktype": "value",
        "property": name,
        "hash": "0" * 40,
        "datatype": "wikibase-item",
    }
    snak |= {"datavalue": {"value": value, "type": "wikibase-entityid"}}
    return {"mainsnak": snak, "type": "statement", "id": f"Q{item}$0000", "rank": "normal"}


def _time(written: str) -> dict[str, Any]:
    value = {"time": written, "timezone": 0, "before": 0, "after": 0, "precision": 11}
    return {"snaktype": "value", "datavalue": {"value": value, "type": "time"}, "datatype": "time"}
