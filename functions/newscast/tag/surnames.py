"""A person's surname further on in the text, where capitals alone are not taken for names: "Lawrow sagte"."""

from __future__ import annotations

from newscast.tag.inflections import bases, bending
from newscast.tag.scan import Scan
from newscast.tag.span import Span

SHORTEST = 4
"""Letters of a surname that means nobody else."""


def follow(scan: Scan) -> None:
    """Add a mention for each capital word that is the last one of a full name before it."""
    reading = scan.reading
    owners: dict[str, Span] = {}
    taken = scan.taken()
    endings = bending(reading.language).names
    full = {span.i: span for span in scan.spans if span.kind == "person" and span.j - span.i > 1}
    found = []
    for at in range(reading.count):
        if at in full:
            span = full[at]
            surname = reading.keys[span.j - 1]
            known = owners.setdefault(surname, span)
            if len(surname) < SHORTEST or _identity(scan, known) != _identity(scan, span):
                owners.pop(surname)  # two persons of one surname: nobody's
        if taken[at] or not reading.caps[at]:
            continue
        key = reading.keys[at]
        if owner := next((owners[one] for one in (key, *bases(key, endings)) if one in owners), None):
            found.append(_short(at, owner))
    scan.spans = sorted([*scan.spans, *found], key=lambda span: span.i)


def _identity(scan: Scan, span: Span) -> str:
    return span.actor or scan.reading.key(span.i, span.j)


def _short(at: int, owner: Span) -> Span:
    span = Span(at, at + 1, "person", "document: surname of a full name", owner.actor, "short")
    span.country = owner.country
    return span
