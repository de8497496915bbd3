"""Surnames that no full name of the text explains: "Mnangagwa" in a report about Zimbabwe leads it."""

from __future__ import annotations

from datetime import date

from newscast.gazetteer.tokens import fold
from newscast.tag.scan import Scan
from newscast.tag.span import Span

HEADS = ("head-of-state", "head-of-government")
"""Offices whose holder the world's newspapers call by surname alone."""
GUESSED = ("single uncommon word", "surname or first name")
"""Rules of a word that is somebody's name and nobody's in particular."""


def leaders(scan: Scan) -> None:
    """Give such a surname to the one head of a country of the text who holds the office that day."""
    if scan.on is None or not scan.rules.gazetteer:
        return
    spans = [span for span in scan.spans if _nobody_yet(scan, span)]
    states = sorted({span.actor[8:] for span in scan.spans if span.actor.startswith("country:")})
    if not spans or not states:
        return
    named: dict[str, set[str]] = {}
    for state in states:
        for actor, surname in _surnames(scan, state, scan.on):
            named.setdefault(surname, set()).add(actor)
    for span in spans:
        key = scan.reading.key(span.i, span.j)
        heads = named.get(key, set())
        if len(heads) == 1:
            span.actor, span.form, span.rule = heads.pop(), "short", "role: head of a country of the text"
            head = scan.gazetteer.actor(span.actor)
            span.country, span.open_kind = head.country if head else "", False


def _nobody_yet(scan: Scan, span: Span) -> bool:
    known = span.actor or span.title or span.weak or span.candidates
    return span.kind == "person" and span.j - span.i == 1 and not known and span.rule.startswith(GUESSED)


def _surnames(scan: Scan, state: str, on: date) -> list[tuple[str, str]]:
    """(Actor, last word of the name) of who leads a state that day."""
    rows = [row for office in HEADS for row in scan.gazetteer.holders(office, state, None, on)]
    actors = [actor for one in {row.actor for row in rows} if (actor := scan.gazetteer.actor(one))]
    return [(actor.id, fold(actor.name.rsplit(" ", 1)[-1])) for actor in actors if " " in actor.name]
