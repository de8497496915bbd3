"""Who wrote and edited a report is not in it: "Reporting by A and B; Editing by C" in its last lines."""

from __future__ import annotations

from newscast.tag.scan import Scan

WORK = frozenset(("reporting", "writing", "editing", "compiled", "edited", "written"))
"""What the desk does, before "by"."""
PICTURED = frozenset(("photo", "photos", "afp", "reuters", "epa", "xinhua", "getty", "images", "anadolu"))
"""Last words of an agency's credit, before a stroke and the photographer."""
LONGEST_LINE = 100
"""Words of such a line; what goes on is the report."""
LONGEST_NAME = 4
"""Words of a photographer's name."""
BETWEEN = frozenset(("additional", "and", "by", "for", "from", "in", "the", "with", *WORK))
"""The only lower-case words of such a line."""


def written_by(scan: Scan) -> list[tuple[int, int]]:
    """Words [i, j) of each such line."""
    reading = scan.reading
    found = _photographed(scan) if "/" in reading.text else []
    if WORK.isdisjoint(reading.keys):
        return found
    inside = {at for i, j in found for at in range(i, j)}
    for at, key in enumerate(reading.keys[:-2]):
        if key not in WORK or reading.keys[at + 1] != "by" or at in inside:
            continue
        starts = reading.caps[at] or (at > 0 and reading.keys[at - 1] == "additional")
        end = _end(scan, at) if starts and reading.caps[at + 2] else 0
        if end:
            found.append((at, end))
            inside.update(range(at, end))
    return found


def _photographed(scan: Scan) -> list[tuple[int, int]]:
    """ "AP Photo/Anna Moss", "REUTERS/Ali Khan"."""
    reading, found = scan.reading, []
    for at in [at for at, gap in enumerate(reading.gaps[: reading.count]) if gap == "/" and at]:
        if reading.keys[at - 1] not in PICTURED or not reading.caps[at]:
            continue
        end = at + 1
        while end < reading.count and reading.caps[end] and reading.gaps[end] in (" ", "-", "'", "’"):
            end += 1
        if 1 < end - at <= LONGEST_NAME:
            found.append((at, end))
    return found


def _end(scan: Scan, at: int) -> int:
    """The word after the line that begins at `at`; 0 where it is a sentence of the report."""
    reading = scan.reading
    end = at + 1
    while end < reading.count:
        if end - at > LONGEST_LINE:
            return 0
        gap = reading.gaps[end]
        if "\n" in gap or ")" in gap:
            break
        if reading.opens(end) and ";" not in gap and reading.keys[end] not in WORK | {"additional"}:
            break
        if not (reading.caps[end] or reading.keys[end] in BETWEEN):
            return 0
        end += 1
    return end
