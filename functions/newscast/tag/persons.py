"""Surnames and first names → the one full name of the text that has them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from newscast.tag import names
from newscast.tag.scan import Scan
from newscast.tag.span import Span

Owners = dict[str, Span]
"""Who has a name: an actor's id, or a full name's key → its first mention."""
MOST = 20
"""Persons of one surname that are kept as whom it may mean: those that are named first. More are a list."""
GUESSED = ("gazetteer: named in full", "gazetteer: its country")
"""Beginnings of the rules by which a surname is somebody for want of a better one: Mao, beside Mao Ning."""
ASKED = "gazetteer: named in full elsewhere"
"""The rule of a surname that only the full name elsewhere in the text speaks for."""


def persons(scan: Scan) -> None:
    """Give short mentions to the person they mean; two Austins stay apart, and open."""
    full, firsts = _full_names(scan)
    halves: dict[str, dict[str, _Bearers]] = {}
    keys = scan.reading.keys
    for span in scan.spans:
        if not _short(scan, span):
            continue
        owners = full.get(keys[span.j - 1]) or (
            firsts.get(keys[span.j - 1]) if span.j - span.i == 1 else None
        )
        if owners and _hyphened(scan, span):
            owners = _of_both_halves(scan, owners, span, halves)
        if not owners or (span.kind == "place" and _stays_place(scan, span)):
            continue
        if span.actor in owners.spans and not _another_by_then(span, owners):
            continue
        bearers = owners.named_by(span.i)
        if len(bearers) == 1:
            (owner,) = bearers.values()
            if owner is not span:
                if span.actor and span.actor != owner.actor:
                    scan.reject(span.i, span.j, span.actor, "the text names another person so")
                span.take(owner, "document: surname of a full name", "short")
        else:
            span.candidates, span.why = tuple(sorted(bearers)), "several persons have that name"
            span.kind, span.actor, span.rule, span.weak = "person", "", "document: surname of several", False


class _Bearers:
    """Those of one surname or first name, in the order in which the text names them."""

    def __init__(self, spans: Iterable[tuple[str, Span]]) -> None:
        self.spans: Owners = dict(sorted(spans, key=lambda one: one[1].i))
        self._starts = [span.i for span in self.spans.values()]
        self._ids = list(self.spans)

    def any_before(self, at: int) -> bool:
        return bisect_left(self._starts, at) > 0

    def named_by(self, at: int) -> Owners:
        """Who had been named when a word came; all, where nobody had. The first MOST of them."""
        count = bisect_right(self._starts, at) or len(self._ids)
        return {one: self.spans[one] for one in self._ids[: min(count, MOST)]}


def _another_by_then(span: Span, owners: _Bearers) -> bool:
    """Whether only others had been named when a surname that needs evidence came: "Imee Marcos … Marcos"."""
    later = span.rule == ASKED and owners.spans[span.actor].i > span.i
    return later and owners.any_before(span.i)


def _full_names(scan: Scan) -> tuple[dict[str, _Bearers], dict[str, _Bearers]]:
    """Owners by surname and by first name."""
    full: dict[str, Owners] = {}
    firsts: dict[str, Owners] = {}
    keys = scan.reading.keys
    for span in scan.spans:
        if span.kind != "person" or span.weak:
            continue
        identity = span.actor or scan.reading.key(span.i, span.j)
        if span.j - span.i > 1 and not _particled(scan, span) and not _hyphened(scan, span):
            full.setdefault(_surname(scan, span), {}).setdefault(identity, span)
            addressed = keys[span.i] in scan.lex.honorifics and span.j - span.i > 2  # "Sheikh Mohammed bin …"
            firsts.setdefault(keys[span.i + addressed], {}).setdefault(identity, span)
        elif span.actor and not span.rule.startswith(GUESSED):
            full.setdefault(keys[span.j - 1], {}).setdefault(identity, span)
    return (
        {surname: _Bearers(_same_person(scan, owners)) for surname, owners in full.items()},
        {first: _Bearers(owners.items()) for first, owners in firsts.items()},
    )


def _short(scan: Scan, span: Span) -> bool:
    """Whether a span can be somebody's surname or first name: "Maliki", "al-Maliki", "Akufo-Addo"."""
    if span.j - span.i > 1 and not _particled(scan, span) and not _hyphened(scan, span):
        return False
    if span.kind in ("event", "collective", "body") or span.form == "acronym":
        return False
    return not span.actor or span.kind == "person" or span.form == "demonym"


def _particled(scan: Scan, span: Span) -> bool:
    """ "al-Maliki", "van Gogh", but not "Ben Stokes"."""
    reading = scan.reading
    if span.j - span.i != 2 or reading.keys[span.i] not in scan.lex.cues["inside surnames"]:
        return False
    return reading.gaps[span.j - 1] != " " or reading.words[span.i] not in scan.names.first


def _hyphened(scan: Scan, span: Span) -> bool:
    """ "Akufo-Addo"."""
    return span.j - span.i == 2 and scan.reading.gaps[span.i + 1] == "-"


def _of_both_halves(
    scan: Scan, owners: _Bearers, span: Span, known: dict[str, dict[str, _Bearers]]
) -> _Bearers | None:
    """Those of a surname's second half whose full names end in both; `known` keeps them by both halves."""
    first, last = scan.reading.keys[span.i : span.j]
    if last not in known:
        halves: dict[str, list[tuple[str, Span]]] = {}
        for one, owner in owners.spans.items():
            if owner.j - owner.i > 2 and scan.reading.keys[owner.j - 1] == last:
                halves.setdefault(scan.reading.keys[owner.j - 2], []).append((one, owner))
        known[last] = {half: _Bearers(bearers) for half, bearers in halves.items()}
    return known[last].get(first)


def _surname(scan: Scan, span: Span) -> str:
    keys = scan.reading.keys
    last = span.j - 1
    while last > span.i and keys[last] in scan.lex.cues["suffixes"]:
        last -= 1
    return keys[last]


def _stays_place(scan: Scan, span: Span) -> bool:
    """Whether a place that is also somebody's surname is the place here: "in Austin", "Austin, Texas"."""
    reading = scan.reading
    before = reading.keys[span.i - 1] if span.i and reading.gaps[span.i] == " " else ""
    return before in scan.lex.cues["locating"] or before == "from" or names.placed(scan, span.i, span.j)


def _same_person(scan: Scan, owners: Owners) -> Iterable[tuple[str, Span]]:
    """ "Donald Trump" and "Donald J. Trump" are one: same first and last word."""
    merged: dict[tuple[str, str], tuple[str, Span]] = {}
    first_of: dict[str, tuple[str, str]] = {}
    """First name → the first who has it."""
    unlisted: dict[str, tuple[str, str]] = {}
    """First name → who has it and is no listed actor: whom a listed one is taken for."""
    for identity, span in owners.items():
        first = scan.reading.keys[span.i]
        known = unlisted.get(first) if span.actor else first_of.get(first)
        name = known or ((first, "") if not span.actor else ("", span.actor))
        if known and span.actor:
            merged[known] = (identity, span)
            del unlisted[first]
        elif not known and not span.actor:
            unlisted[first] = name
        first_of.setdefault(first, name)
        merged.setdefault(name, (identity, span))
    return merged.values()
