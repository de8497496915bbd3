"""Names that several actors have, or that need evidence: the document's sure actors and countries decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from newscast.tag.likeness import spoken_of_as_one
from newscast.tag.reading import Reading
from newscast.tag.scan import Scan
from newscast.tag.span import Span
from newscast.tag.unlisted import unlisted

DATELINE = 6
"""Words at a text's start in which its town, day and agency stand."""
TELLING = 3
"""Letters of an organisation's name from which a country in common is evidence."""


class _Tally:
    """What all spans of a text say together, kept as one after the other is settled."""

    def __init__(self, spans: Iterable[Span], reading: Reading) -> None:
        self._keys = reading.keys
        self.countries: Counter[str] = Counter()
        """Of how many spans that are not open each country is."""
        self.nouns: Counter[str] = Counter()
        """Last words of organisations of two words that no row lists: "the Texas Senate"."""
        for span in spans:
            self.count(span)

    def count(self, span: Span, times: int = 1) -> None:
        """Take a span in, or with -1 out."""
        if span.country and not span.candidates:
            self.countries[span.country] += times
        if span.kind == "organisation" and not span.actor and not span.candidates and span.j - span.i == 2:
            self.nouns[self._keys[span.j - 1]] += times


def candidates(scan: Scan) -> None:
    """Choose an actor for each open span, or none."""
    sure = {span.actor for span in scan.spans if span.actor and not span.weak}
    countries = {span.country for span in scan.spans if span.actor and not span.weak and span.country}
    full = {span.actor for span in scan.spans if span.actor and span.form == "name"}
    for span in [span for span in scan.spans if span.candidates and span.actor and span.actor not in full]:
        # An acronym that is mostly somebody's, in a text that spells another out: RSF in Sudan.
        spelt = [actor for actor in span.candidates if actor in full] or _signed(scan, span)
        if len(spelt) == 1:
            span.candidates = (span.actor, *span.candidates)
            _take(scan, span, spelt[0], "named in full elsewhere")
    placed = {span.country for span in scan.spans if span.kind == "place" and span.country}
    tally = _Tally(scan.spans, scan.reading)
    for span in [span for span in scan.spans if span.candidates and not span.actor]:
        about = countries | placed if span.kind in ("organisation", "body") else countries
        actor, why = _chosen(scan, span, sure, about, tally)
        tally.count(span, -1)
        if actor:
            _take(scan, span, actor, why)
        elif span.rival and (span.rival in placed or _of_the_region(scan, span)):
            scan.reject(span.i, span.j, span.candidates[0], "the text is about the region of that name")
            span.kind, span.country, span.rule = "place", span.rival, "place: the region"
            span.weak, span.candidates = False, ()
        elif len(span.candidates) == 1 and (why := _alone(scan, span)):
            _take(scan, span, span.candidates[0], why)
        else:
            _give_up(scan, span)
        tally.count(span)


def _chosen(scan: Scan, span: Span, sure: set[str], about: set[str], tally: _Tally) -> tuple[str, str]:
    """The one candidate that the rest of the text speaks for, and what does; else two empty strings."""
    candidates = span.candidates
    named = [actor for actor in candidates if actor in sure]
    if len(named) == 1:
        return named[0], "named in full elsewhere"
    organs = [actor for actor in candidates if _whole(actor) in sure]
    if len(organs) == 1:
        return organs[0], "what it is an organ of is in the text"
    short = span.kind == "organisation" and len(scan.reading.surface(span.i, span.j)) < TELLING  # "X", "AP"
    stately = (
        span.kind == "body" and span.j - span.i == 1 and tally.nouns[scan.reading.keys[span.i]] > 0
    )  # the Texas Senate's
    near = [] if short or stately else [actor for actor in candidates if _country(scan, actor) in about]
    near = _most(scan, near, tally.countries)
    if len(near) == 1:
        return near[0], "its country is in the text"
    credited = _credited(scan, span)
    return credited, "credited in brackets" if credited else ""


def _alone(scan: Scan, span: Span) -> str:
    """Why the only candidate needs no more evidence, or an empty string."""
    if _needs_little(scan, span):
        return "stands where its name would"
    return "spoken of as an organisation" if _a_company(scan, span) else ""


def _signed(scan: Scan, span: Span) -> list[str]:
    """The agencies among the candidates of "SYDNEY, Jan 29 AAP -"."""
    if span.i > DATELINE or not scan.reading.after(span.j).startswith((" -", " –", " —")):
        return []
    return _agencies(scan, span)


def _credited(scan: Scan, span: Span) -> str:
    """The one news agency among the candidates of "(AP)"."""
    reading = scan.reading
    if reading.gaps[span.i][-1:] != "(" or reading.after(span.j)[:1] != ")":
        return ""
    media = _agencies(scan, span)
    return media[0] if len(media) == 1 else ""


def _agencies(scan: Scan, span: Span) -> list[str]:
    """The candidates that are media."""
    return [
        one for one in span.candidates if (actor := scan.gazetteer.actor(one)) and actor.cameo.endswith("MED")
    ]


def _of_the_region(scan: Scan, span: Span) -> bool:
    """Whether the region's officers stand before its name: "the governor of Georgia"."""
    before = scan.reading.keys[max(0, span.i - 4) : span.i]
    return any(key in scan.lex.cues["state nouns"] for key in before)


def _needs_little(scan: Scan, span: Span) -> bool:
    """A country that shares its name with something else need only stand inside a sentence, or act."""
    if span.kind != "country":
        return False
    reading = scan.reading
    if not reading.opens(span.i) or reading.possessive(span.j):
        return True
    after = reading.keys[span.j] if span.j < reading.count and reading.gaps[span.j] == " " else ""
    verbs = scan.lex.act | scan.lex.speech | scan.lex.cues["doing"]
    return after in verbs or after in ("and", "to") or (after.endswith("ed") and len(after) > 4)


def _a_company(scan: Scan, span: Span) -> bool:
    """ "a spokesperson for Tesla", "Apple shares": a business whose name is a word or a surname too."""
    actor = scan.gazetteer.actor(span.candidates[0])
    business = actor is not None and actor.kind == "organisation" and actor.cameo.endswith(("BUS", "MNC"))
    return business and not scan.reading.headline(span.i) and spoken_of_as_one(scan, span, surname=False)


def _most(scan: Scan, near: list[str], times: Counter[str]) -> list[str]:
    """Of actors whose countries all are in the text, the one whose country it names by far most."""
    if len(near) < 2:
        return near
    first, second = sorted(near, key=lambda actor: -times[_country(scan, actor)])[:2]
    most = times[_country(scan, first)] >= BY_FAR * max(1, times[_country(scan, second)])
    return [first] if most and _country(scan, first) != _country(scan, second) else near


BY_FAR = 3
"""Times as often as another country a text names one that it is about."""


def _whole(actor: str) -> str:
    """What an organ is of: "org:UN" of "org:UN:security-council"; empty for what is nobody's organ."""
    whole, _, _ = actor.rpartition(":")
    return whole if ":" in whole else ""


def _country(scan: Scan, actor_id: str) -> str:
    actor = scan.gazetteer.actor(actor_id)
    return actor.country if actor else ""


def _take(scan: Scan, span: Span, actor: str, why: str) -> None:
    for other in span.candidates:
        if other != actor:
            scan.reject(span.i, span.j, other, f"{actor}: {why}")
    span.actor, span.weak, span.candidates, span.qid = actor, False, (), ""
    span.country = _country(scan, actor)
    found = scan.gazetteer.actor(actor)
    span.kind = found.kind if found else span.kind
    if span.j - span.i > 1 and scan.reading.keys[span.i] == "the" and span.kind != "country":
        span.i += 1
    span.rule = f"gazetteer: {why}"


def _give_up(scan: Scan, span: Span) -> None:
    """No candidate is taken: what is left is a name like any other."""
    why = "several actors have that name" if len(span.candidates) > 1 else "nothing in the text speaks for it"
    for actor in span.candidates:
        scan.reject(span.i, span.j, actor, why)
    span.candidates, span.why = (), span.why or why
    if span.j - span.i > 1 and scan.reading.keys[span.i] == "the":
        span.i += 1
    known = len(scan.spans)
    unlisted(scan, span.i, span.j, span.title)
    for fresh in scan.spans[known:]:
        if (fresh.i, fresh.j) == (span.i, span.j):
            span.kind, span.rule, span.weak, span.form = fresh.kind, fresh.rule, fresh.weak, "name"
            span.country, span.qid, span.open_kind = fresh.country, fresh.qid, fresh.open_kind
    del scan.spans[known:]
