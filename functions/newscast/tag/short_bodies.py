"""Bodies without their country: "the ministry", "the Foreign Ministry", "the Defense Department"."""

from __future__ import annotations

from newscast.tag.bodies import agent_at, phrase
from newscast.tag.scan import Scan
from newscast.tag.span import Span

ALONE = "head noun alone"
CHAMBERS = frozenset(("senate", "parliament"))
"""What a state has one of."""


def short(scan: Scan) -> None:
    """Give them to the only body of the text that it can be, or to the one country that the text is about."""
    if not (scan.rules.grammar and scan.rules.document):
        return
    reading, table = scan.reading, scan.matcher.institutions
    taken = [False] * (reading.count + 1)
    bodies: dict[str, Span] = {}
    for span in scan.spans:
        if span.kind == "body" and span.actor:
            bodies.setdefault(span.actor, span)
        taken[span.i : span.j] = [bool(span.actor) or span.kind == "place"] * (span.j - span.i)
    home: str | None = None
    chambers = {span.i for span in scan.spans if span.rule == ALONE and reading.keys[span.i] in CHAMBERS}
    for at in sorted(chambers.union(at + 1 for at, key in enumerate(reading.keys[:-1]) if key == "the")):
        key = reading.keys[at]
        if (key not in table.starts and key != "ministry") or taken[at]:
            continue
        if reading.gaps[at] != " " and at not in chambers:
            continue
        found = phrase(scan, at, "") if key in table.starts else None
        end, institution = found or (at + 1, "")
        goes_on = end - at == 1 and end < reading.count and reading.caps[end] and reading.gaps[end] == " "
        if goes_on and any(span.i == at and span.j > end for span in scan.spans):
            continue  # "the Senate Committee on Energy"
        if any(taken[at:end]) or reading.keys[end : end + 1] == ["of"] or agent_at(scan, end):
            continue
        if not (institution or key == "ministry"):
            continue
        whole = reading.caps[at]  # "the Supreme Court", not "the government"
        body = _named_before(bodies, at, f":{institution}" if institution else "-ministry", whole)
        if body is None and institution:
            home = _home(scan) if home is None else home
            body = _of_home(scan, at, end, home)
        if body:
            body.j = end
            scan.spans = [other for other in scan.spans if other.j <= at or other.i >= end]
            scan.spans.append(body)
    scan.spans.sort(key=lambda span: span.i)


def _named_before(bodies: dict[str, Span], at: int, ending: str, later: bool) -> Span | None:
    """The only body whose id ends so that the text has named by then; if `later`, else one further on."""
    ending_so = [span for actor, span in bodies.items() if actor.endswith(ending)]
    fitting = [span for span in ending_so if span.i < at] or (ending_so if later else [])
    if len(fitting) != 1:
        return None
    (body,) = fitting
    return Span(at, at + 1, "body", "document: the only such body", body.actor, "short", country=body.country)


def _of_home(scan: Scan, at: int, end: int, home: str) -> Span | None:
    """The body of the text's country, of a phrase that says enough: "the Foreign Ministry"."""
    chamber = scan.reading.keys[at] in CHAMBERS and scan.reading.caps[at] and home != "USA"
    service = scan.reading.keys[at] in SERVICES and scan.reading.caps[at]
    if end - at < 2 and not (chamber or service):
        return None  # "the army" is anybody's, and each state of the USA has a Senate
    country, why = home if _stands(scan, at, home) else "", "document: the body of its one country"
    if scan.reading.key(at, end) in AMERICAN and home != "PHL":
        country, why = "USA", "American spelling of an American body"
    found = phrase(scan, at, country) if country else None
    actor = scan.gazetteer.body(country, found[1]) if found else None
    return Span(at, end, "body", why, actor.id, "short", country=country) if actor else None


SERVICES = frozenset(("army", "navy", "marines"))
"""With a capital they are those of the one country that a text is about."""
AMERICAN = frozenset(("defense department", "department of defense"))
"""So spelt and built, they are the United States' or the Philippines'."""


def _stands(scan: Scan, at: int, home: str) -> bool:
    """Whether the text before is about what the country does or has, and doesn't just name it."""
    reading = scan.reading
    before = [span for span in scan.spans if span.country == home and span.j <= at]
    return len(before) > 1 or any(
        span.form == "demonym"
        or reading.possessive(span.j)
        or (span.i > 0 and reading.keys[span.i - 1] == "in")
        or (span.kind == "place" and reading.words[span.i].isupper())
        for span in before
    )


def _home(scan: Scan) -> str:
    """The one country whose names, places and bodies the text has, or that of its dateline; else empty."""
    countries = {span.country for span in scan.spans if span.country and span.kind != "person"}
    if len(countries) == 1:
        return countries.pop()
    first = scan.spans[0] if scan.spans else None
    if first is None or not first.country or not scan.reading.words[first.i].isupper():
        return ""
    dateline = scan.reading.after(first.j)[:2] in (" (", ", ", " -", " –", " —")
    return first.country if dateline and scan.reading.opens(first.i) else ""
