"""The rest of the document decides what waits for evidence; what stays weak is dropped."""

from __future__ import annotations

from newscast.tag.acronyms import acronyms
from newscast.tag.candidates import candidates
from newscast.tag.leaders import leaders
from newscast.tag.likeness import alike, neighbours, short_forms
from newscast.tag.persons import persons
from newscast.tag.scan import Scan
from newscast.tag.span import Span
from newscast.tag.sport import teams
from newscast.tag.towns import counties, same_town


def resolve(scan: Scan) -> None:
    """Settle what waits for evidence; drop what stays weak. Spans stay in the order of the text."""
    spans = scan.spans
    spans.sort(key=lambda span: (span.i, -span.j))
    acronyms(scan)
    candidates(scan)
    acronyms(scan)  # of names that only now have an actor
    if scan.rules.document:
        neighbours(scan)
        alike(scan)
        persons(scan)
        leaders(scan)
        short_forms(scan)
        same_town(scan)
        counties(scan)
        teams(scan)
    kept = []
    for span in spans:
        if span.kind in ("event", "nothing"):
            scan.reject(span.i, span.j, span.kind, span.why or span.rule)
        elif span.weak and not span.actor:
            scan.reject(span.i, span.j, span.kind, span.why or f"too weak: {span.rule}")
        else:
            kept.append(span)
    scan.spans = _without_overlap(scan, kept)


def _without_overlap(scan: Scan, spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.i, -span.j)):
        if kept and span.i < kept[-1].j:
            scan.reject(span.i, span.j, span.actor or span.kind, "inside a longer name")
        else:
            kept.append(span)
    return kept
