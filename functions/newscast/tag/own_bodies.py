"""Bodies without their country in the languages of patterns: "das Verteidigungsministerium", "МИД"."""

from __future__ import annotations

from newscast.tag.patterns import LONGEST_AGENT
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.span import Span

TELLING = frozenset(
    ("security-council", "general-staff", "lower-house", "upper-house", "prosecutor", "presidency")
)
"""Kinds of body, besides ministries, that a phrase of two words or more, or an acronym, names well enough."""
SHORTEST = 3
"""Letters of an acronym that nobody else has."""


def own(scan: Scan) -> None:
    """Give them to the country of the name beside, of such a body, of its head, or to the text's only one."""
    if scan.lex.guesses or not (scan.rules.grammar and scan.rules.document) or not scan.lex.patterns:
        return
    reading, table = scan.reading, scan.matcher.institutions
    taken = scan.taken()
    found: list[Span] = []
    at = 0
    while at < reading.count:
        end, institution = (
            _phrase(scan, at) if reading.keys[at] in table.starts and not taken[at] else (0, "")
        )
        if end and not any(taken[at:end]) and (country := _country(scan, at, end, institution)):
            body = scan.gazetteer.body(country, institution)
            if body:
                rule = "document: the body of its country"
                found.append(Span(at, end, "body", rule, body.id, "short", country=country))
        at = max(end, at + 1)
    scan.spans = sorted([*scan.spans, *found], key=lambda span: span.i)


def _phrase(scan: Scan, at: int) -> tuple[int, str]:
    """(The word after it, its kind) of the longest institution at a word, if it says enough; else (0, "")."""
    reading, table = scan.reading, scan.matcher.institutions
    for end in range(min(reading.count, at + table.starts[reading.keys[at]]), at, -1):
        for institution, country in table.means.get(reading.key(at, end), ()):
            surface = reading.surface(at, end)
            acronym = surface.isupper() and len(surface) >= SHORTEST and reading.caps[at]
            telling = institution in TELLING and (end - at > 1 or acronym)
            if country or not (institution.endswith("-ministry") or telling) or _goes_on(scan, at, end):
                return 0, ""
            return end, institution
    return 0, ""


def _goes_on(scan: Scan, at: int, end: int) -> bool:
    """Whether the words are part of a longer name or role: "Ministerio de Defensa de …", "Minister of …"."""
    reading = scan.reading
    owned = end + 1 < reading.count and reading.gaps[end] == " " and reading.keys[end] in scan.lex.cues["of"]
    if owned and reading.caps[end + 1] and end + 1 not in scan.matches:
        return True
    stated = [*scan.stated.values(), *(span.title for span in scan.spans if span.title)]
    if any(title.i <= at < title.j for title in stated):
        return True  # "la ministre française des Affaires étrangères"
    roles = (role_at(scan, n, reading.count) for n in range(max(0, at - LONGEST_AGENT), end))
    return any(role.j > end or (role.i <= at < role.j and role.office) for role in roles if role)


def _country(scan: Scan, at: int, end: int, institution: str) -> str:
    """Whose body it is, by the best evidence that the text has; empty if that says several or none."""
    spans = scan.spans
    beside = {span.country for span in spans if span.i == end and span.actor and span.kind != "country"}
    named = {span.country for span in spans if span.kind == "body" and span.actor.endswith(f":{institution}")}
    offices = scan.gazetteer.vocabulary.offices
    heads = {
        row.country
        for actor in {span.actor for span in spans if span.kind == "person" and span.actor}
        for row in scan.gazetteer.roles(actor)
        if row.country
        and (scan.on is None or row.holds(scan.on))
        and row.office in offices
        and offices[row.office].institution == institution
    }
    for countries in (beside, named, heads):
        if len(countries) == 1:
            return countries.pop()
    states = {span.country for span in spans if span.country}
    home = next(iter(scan.lex.cues["home"]), "").upper()
    if home:
        return home if not states or home in (named or states) else ""
    return states.pop() if len(states) == 1 else ""
