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
    for span in scan.spans:
        taken[span.i : span.j] = [bool(span.actor) or span.kind == "place"] * (span.j - span.i)
    bodies = _by_kind(scan)
    document = _Document(scan)
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
        if goes_on and document.holds_longer(at, end):
            continue  # "the Senate Committee on Energy"
        if any(taken[at:end]) or reading.keys[end : end + 1] == ["of"] or agent_at(scan, end):
            continue
        if not (institution or key == "ministry"):
            continue
        whole = reading.caps[at]  # "the Supreme Court", not "the government"
        body = _named_before(bodies.get(institution or MINISTRY, []), at, whole)
        if body is None and institution:
            body = _of_home(scan, at, end, document)
        if body:
            body.j = end
            document.take(body)
    scan.spans = sorted(document.spans(), key=lambda span: span.i)


MINISTRY = "-ministry"
"""The kind of all bodies whose ids end so."""


def _by_kind(scan: Scan) -> dict[str, list[Span]]:
    """The first two bodies of each kind that the text names, in its order; each by its first mention."""
    kinds: dict[str, list[Span]] = {}
    seen: set[str] = set()
    for span in scan.spans:
        if span.kind != "body" or not span.actor or span.actor in seen:
            continue
        seen.add(span.actor)
        kind = span.actor.rpartition(":")[2]
        for one in (kind, MINISTRY) if span.actor.endswith(MINISTRY) else (kind,):
            if len(known := kinds.setdefault(one, [])) < 2:
                known.append(span)
    return kinds


class _Document:
    """The spans of a text, as bodies take the place of others from its beginning to its end."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._given = scan.spans
        self._covered = [False] * (scan.reading.count + 1)
        self._found: list[Span] = []
        self._ends = {span.i: span.j for span in scan.spans}
        self._home: str | None = None
        self._read = self._found_read = 0
        """Of the given spans, and of those found, how many `stands` has looked at."""
        self._told = 0
        self._acts = False

    def take(self, body: Span) -> None:
        """Put a body in the place of what stood at its words; each further on than the last."""
        while self._found and self._found[-1].j > body.i:
            self._found.pop()
        self._covered[body.i : body.j] = [True] * (body.j - body.i)
        self._found.append(body)

    def _stays(self, span: Span) -> bool:
        return not any(self._covered[span.i : span.j])

    def spans(self) -> list[Span]:
        """All of them now, bodies last."""
        return [*filter(self._stays, self._given), *self._found]

    def holds_longer(self, at: int, end: int) -> bool:
        """Whether a name begins at a word that ends after `end`."""
        last = self._ends.get(at, 0)
        return last > end and not any(self._covered[at:last])

    def home(self) -> str:
        """The one country that the text is about, as was known when it was first asked; else empty."""
        if self._home is None:
            self._home = _home(self._scan, self.spans())
        return self._home

    def stands(self, at: int) -> bool:
        """Whether the text up to a word is about what its country does or has, and doesn't just name it."""
        while self._read < len(self._given) and self._given[self._read].j <= at:
            if self._stays(self._given[self._read]):
                self._hear(self._given[self._read])
            self._read += 1
        while self._found_read < len(self._found) and self._found[self._found_read].j <= at:
            self._hear(self._found[self._found_read])
            self._found_read += 1
        return self._told > 1 or self._acts

    def _hear(self, span: Span) -> None:
        if span.country == self.home():
            self._told += 1
            self._acts = self._acts or _acts(self._scan, span)


def _named_before(bodies: list[Span], at: int, later: bool) -> Span | None:
    """The only body of a kind that the text has named by then; if `later`, else one further on."""
    before = [span for span in bodies if span.i < at]
    fitting = before or (bodies if later else [])
    if len(fitting) != 1:
        return None
    (body,) = fitting
    return Span(at, at + 1, "body", "document: the only such body", body.actor, "short", country=body.country)


def _of_home(scan: Scan, at: int, end: int, document: _Document) -> Span | None:
    """The body of the text's country, of a phrase that says enough: "the Foreign Ministry"."""
    home = document.home()
    chamber = scan.reading.keys[at] in CHAMBERS and scan.reading.caps[at] and home != "USA"
    service = scan.reading.keys[at] in SERVICES and scan.reading.caps[at]
    if end - at < 2 and not (chamber or service):
        return None  # "the army" is anybody's, and each state of the USA has a Senate
    country, why = home if document.stands(at) else "", "document: the body of its one country"
    if scan.reading.key(at, end) in AMERICAN and home != "PHL":
        country, why = "USA", "American spelling of an American body"
    found = phrase(scan, at, country) if country else None
    actor = scan.gazetteer.body(country, found[1]) if found else None
    return Span(at, end, "body", why, actor.id, "short", country=country) if actor else None


SERVICES = frozenset(("army", "navy", "marines"))
"""With a capital they are those of the one country that a text is about."""
AMERICAN = frozenset(("defense department", "department of defense"))
"""So spelt and built, they are the United States' or the Philippines'."""


def _acts(scan: Scan, span: Span) -> bool:
    """Whether a mention says what its country does or has."""
    reading = scan.reading
    return (
        span.form == "demonym"
        or reading.possessive(span.j)
        or (span.i > 0 and reading.keys[span.i - 1] == "in")
        or (span.kind == "place" and reading.words[span.i].isupper())
    )


def _home(scan: Scan, spans: list[Span]) -> str:
    """The one country whose names, places and bodies the text has, or that of its dateline; else empty."""
    countries = {span.country for span in spans if span.country and span.kind != "person"}
    if len(countries) == 1:
        return countries.pop()
    first = spans[0] if spans else None
    if first is None or not first.country or not scan.reading.words[first.i].isupper():
        return ""
    dateline = scan.reading.after(first.j)[:2] in (" (", ", ", " -", " –", " —")
    return first.country if dateline and scan.reading.opens(first.i) else ""
