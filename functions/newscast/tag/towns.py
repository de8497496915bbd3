"""Which town or county a place is, by what the rest of the text says of it."""

from __future__ import annotations

from newscast.tag.likeness import ENUMERATED, between
from newscast.tag.scan import Scan
from newscast.tag.span import Span


def same_town(scan: Scan) -> None:
    """ "Birmingham, Alabama" once is Birmingham in Alabama throughout."""
    keys = scan.reading.key
    told = {keys(span.i, span.j): span for span in scan.spans if span.rule == "place: by the state after it"}
    for span in scan.spans if told else ():
        if span.kind == "place" and not span.actor and (owner := told.get(keys(span.i, span.j))):
            span.country, span.qid = owner.country, owner.qid


def counties(scan: Scan) -> None:
    """ "in Los Angeles and Orange counties": the places of the list are counties, not towns of that name."""
    reading, last = scan.reading, scan.lex.cues["lists of regions"]
    if last.isdisjoint(reading.keys):
        return
    after: Span | None = None
    for span in reversed(scan.spans):
        if span.kind != "place" or span.actor:
            after = None
        elif reading.keys[span.j - 1] in last or reading.keys[span.j : span.j + 1] in ([key] for key in last):
            after = span
        elif after is not None and between(scan, span, after) in ENUMERATED:
            after, span.qid = span, ""
        else:
            after = None
        if after is span:
            span.qid = ""
