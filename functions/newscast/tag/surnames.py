"""A person's surname elsewhere in the text, where capitals alone are not taken for names: "Lawrow sagte"."""

from __future__ import annotations

from newscast.gazetteer import scripts
from newscast.tag.inflections import bases, bending
from newscast.tag.metonyms import located
from newscast.tag.scan import Scan
from newscast.tag.span import Span

SHORTEST = 4
"""Letters of a surname that means nobody else."""


def follow(scan: Scan) -> None:
    """Add a mention for each surname of one full name of the text: "Macron", "Le Drian"."""
    reading = scan.reading
    owners = _owners(scan)
    taken = scan.taken()
    places = {
        span.i: span
        for span in scan.spans
        if span.j == span.i + 1 and span.form != "demonym" and span.kind in ("place", "country")
    }
    endings = bending(reading.language).names
    found: list[Span] = []
    replaced: set[int] = set()
    inside: set[int] = set()
    for at in range(reading.count):
        place = places.get(at)
        if (taken[at] and place is None) or (place and located(scan, at)):
            continue
        key = reading.keys[at] if reading.caps[at] else reading.words[at]
        owner = next((owners[one] for one in (key, *bases(key, endings)) if one in owners), None)
        if owner is None or not (reading.caps[at] or _arabic(reading.words[at], owner)):
            continue
        start = _start(scan, at, owner)
        replaced.add(at)
        inside.update(range(start, at + 1))
        found.append(_short(start, at + 1, owner))
    stay = [
        span
        for span in scan.spans
        if not (span.i in replaced and places.get(span.i) is span)
        and not (span.i in inside and span.kind == "place")  # a city inside a surname: "Santos Silva"
    ]
    scan.spans = sorted([*stay, *found], key=lambda span: span.i)


def _arabic(word: str, owner: Span) -> bool:
    """Whether a word without a capital is a surname: with an article, or of another language than Arabic."""
    if scripts.script_of(word[0]) is not scripts.ARABIC or not owner.actor:
        return False
    return word.startswith(scripts.ARTICLE) or owner.country not in scripts.ARABIC.countries


def _owners(scan: Scan) -> dict[str, Span]:
    """Surname → the one person of the text who has it; two persons of one surname have none."""
    owners: dict[str, Span] = {}
    several: set[str] = set()
    persons = [span for span in scan.spans if span.kind == "person"]
    for span in sorted(persons, key=lambda span: not span.actor):
        if not (span.j - span.i > 1 or (span.actor and span.title)):
            continue
        cased = scan.reading.caps[span.j - 1]
        surname = scan.reading.keys[span.j - 1] if cased else scan.reading.words[span.j - 1]
        first = owners.setdefault(surname, span)
        if first.actor and not span.actor and _part(scan, span, first):
            span.take(first, "document: surname of a full name", "short")
        if len(surname) < SHORTEST or _identity(scan, first) != _identity(scan, span):
            several.add(surname)
    return {surname: span for surname, span in owners.items() if surname not in several}


def _part(scan: Scan, span: Span, whole: Span) -> bool:
    """Whether all words of a name are in another: "ministre Le Drian" beside "Jean-Yves Le Drian"."""
    keys = scan.reading.keys
    return set(keys[span.i : span.j]) < set(keys[whole.i : whole.j])


def _start(scan: Scan, at: int, owner: Span) -> int:
    """The first word of a surname of several words: those before it are before it in the full name too."""
    reading, back = scan.reading, 1
    while (
        owner.j - 1 - back > owner.i
        and at - back >= 0
        and reading.gaps[at - back + 1] in (" ", "-")
        and reading.keys[at - back] == reading.keys[owner.j - 1 - back]
    ):
        back += 1
    start = at - back + 1
    while start < at and not reading.caps[start]:
        start += 1  # "de la Fuente" begins with its particles only where they are written large
    return start


def _identity(scan: Scan, span: Span) -> str:
    return span.actor or scan.reading.key(span.i, span.j)


def _short(start: int, end: int, owner: Span) -> Span:
    span = Span(start, end, "person", "document: surname of a full name", owner.actor, "short")
    span.country = owner.country
    return span
