"""Who wrote and edited a report is not in it: "Reporting by A and B; Editing by C" in its last lines."""

from __future__ import annotations

from newscast.tag.scan import Scan

WORK = frozenset(("reporting", "writing", "editing", "compiled", "edited", "written"))
"""What the desk does, before "by"."""
BETWEEN = frozenset(("additional", "and", "by", "for", "from", "in", "the", "with", *WORK))
"""The only lower-case words of such a line."""


def written_by(scan: Scan) -> list[tuple[int, int]]:
    """Words [i, j) of each such line."""
    reading = scan.reading
    found: list[tuple[int, int]] = []
    for at, key in enumerate(reading.keys[:-2]):
        if key not in WORK or reading.keys[at + 1] != "by":
            continue
        if found and at < found[-1][1]:
            continue
        starts = reading.caps[at] or (at > 0 and reading.keys[at - 1] == "additional")
        end = _end(scan, at) if starts and reading.caps[at + 2] else 0
        if end:
            found.append((at, end))
    return found


def _end(scan: Scan, at: int) -> int:
    """The word after the line that begins at `at`; 0 where it is a sentence of the report."""
    reading = scan.reading
    end = at + 1
    while end < reading.count:
        gap = reading.gaps[end]
        if "\n" in gap or ")" in gap:
            break
        if reading.opens(end) and ";" not in gap and reading.keys[end] not in WORK | {"additional"}:
            break
        if not (reading.caps[end] or reading.keys[end] in BETWEEN):
            return 0
        end += 1
    return end
