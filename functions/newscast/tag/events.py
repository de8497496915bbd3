"""Names of events: "2004 European Parliament election in Italy" is one name, and none of an actor."""

from __future__ import annotations

from newscast.tag.scan import Scan

LONGEST = 10
YEARS = frozenset(map(str, range(1700, 2100)))


def dated(scan: Scan) -> list[tuple[int, int]]:
    """Words [i, j) of each event that a year names; countries inside are part of its name."""
    if not scan.rules.events:
        return []
    if YEARS.isdisjoint(scan.reading.keys):
        return []
    years = [at for at, key in enumerate(scan.reading.keys) if key in YEARS]
    return [(at, end) for at in years if (end := _end(scan, at))]


def _end(scan: Scan, at: int) -> int:
    reading = scan.reading
    capital = False
    for end in range(at + 1, min(reading.count, at + LONGEST)):
        if reading.gaps[end] not in (" ", "-", "–", " - "):
            return 0
        key = reading.keys[end]
        if key in scan.lex.cues["dated events"] and capital:
            if (
                end + 1 < reading.count
                and reading.keys[end + 1] in scan.lex.cues["dated events"]
                and reading.gaps[end + 1] == " "
            ):
                continue
            return _place_of(scan, end + 1)
        if reading.caps[end]:
            capital = True
        elif key not in scan.lex.cues["event adjectives"] and key != "s":
            return 0
    return 0


def _place_of(scan: Scan, end: int) -> int:
    """Through "in Italy" or "in the United Kingdom", where that is part of the name."""
    reading = scan.reading
    if end + 1 >= reading.count or reading.keys[end] != "in" or reading.gaps[end] != " ":
        return end
    at = end + 1 + (reading.keys[end + 1] == "the")
    if at >= reading.count or not reading.caps[at]:
        return end
    while at < reading.count and reading.caps[at] and reading.gaps[at] == " ":
        at += 1
    return at
