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
    stated = _stated(scan)
    evidence = _Evidence(scan)
    found: list[Span] = []
    at = 0
    while at < reading.count:
        end, institution = (
            _phrase(scan, at, stated) if reading.keys[at] in table.starts and not taken[at] else (0, "")
        )
        if end and not any(taken[at:end]) and (country := evidence.country(end, institution)):
            body = scan.gazetteer.body(country, institution)
            if body:
                rule = "document: the body of its country"
                found.append(Span(at, end, "body", rule, body.id, "short", country=country))
        at = max(end, at + 1)
    scan.spans = sorted([*scan.spans, *found], key=lambda span: span.i)


def _stated(scan: Scan) -> list[bool]:
    """By word: whether it is in a role that the text states."""
    inside = [False] * (scan.reading.count + 1)
    for title in [*scan.stated.values(), *(span.title for span in scan.spans if span.title)]:
        inside[title.i : title.j] = [True] * (title.j - title.i)
    return inside


def _phrase(scan: Scan, at: int, stated: list[bool]) -> tuple[int, str]:
    """(The word after it, its kind) of the longest institution at a word, if it says enough; else (0, "").
    `stated` is whether each word is in a stated role."""
    reading, table = scan.reading, scan.matcher.institutions
    for end in range(min(reading.count, at + table.starts[reading.keys[at]]), at, -1):
        for institution, country in table.means.get(reading.key(at, end), ()):
            surface = reading.surface(at, end)
            acronym = surface.isupper() and len(surface) >= SHORTEST and reading.caps[at]
            telling = institution in TELLING and (end - at > 1 or acronym)
            if (
                country
                or not (institution.endswith("-ministry") or telling)
                or _goes_on(scan, at, end, stated)
            ):
                return 0, ""
            return end, institution
    return 0, ""


def _goes_on(scan: Scan, at: int, end: int, stated: list[bool]) -> bool:
    """Whether the words are part of a longer name or role: "Ministerio de Defensa de …", "Minister of …"."""
    reading = scan.reading
    owned = end + 1 < reading.count and reading.gaps[end] == " " and reading.keys[end] in scan.lex.cues["of"]
    if owned and reading.caps[end + 1] and end + 1 not in scan.matches:
        return True
    if stated[at]:
        return True  # "la ministre française des Affaires étrangères"
    roles = (role_at(scan, n, reading.count) for n in range(max(0, at - LONGEST_AGENT), end))
    return any(role.j > end or (role.i <= at < role.j and role.office) for role in roles if role)


class _Evidence:
    """What the names of a text say of whose body a body is."""

    def __init__(self, scan: Scan) -> None:
        self._beside: dict[int, set[str]] = {}
        self._named: dict[str, set[str]] = {}
        self._heads: dict[str, set[str]] = {}
        for span in scan.spans:
            if span.actor and span.kind != "country":
                self._beside.setdefault(span.i, set()).add(span.country)
            if span.kind == "body":
                self._named.setdefault(span.actor.rpartition(":")[2], set()).add(span.country)
        offices = scan.gazetteer.vocabulary.offices
        for actor in {span.actor for span in scan.spans if span.kind == "person" and span.actor}:
            for row in scan.gazetteer.roles(actor):
                if row.country and (scan.on is None or row.holds(scan.on)) and row.office in offices:
                    self._heads.setdefault(offices[row.office].institution, set()).add(row.country)
        self._states = {span.country for span in scan.spans if span.country}
        self._home = next(iter(scan.lex.cues["home"]), "").upper()

    def country(self, end: int, institution: str) -> str:
        """Whose body ends before a word, by the best evidence; empty if that says several or none."""
        named = self._named.get(institution, set())
        for countries in (self._beside.get(end, set()), named, self._heads.get(institution, set())):
            if len(countries) == 1:
                return next(iter(countries))
        if self._home:
            return self._home if not self._states or self._home in (named or self._states) else ""
        return next(iter(self._states)) if len(self._states) == 1 else ""
