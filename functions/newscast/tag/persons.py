"""Surnames and first names → the one full name of the text that has them."""

from __future__ import annotations

from newscast.tag import names
from newscast.tag.scan import Scan
from newscast.tag.span import Span

Owners = dict[str, Span]
"""Who has a name: an actor's id, or a full name's key → its first mention."""
GUESSED = ("gazetteer: named in full", "gazetteer: its country")
"""Beginnings of the rules by which a surname is somebody for want of a better one: Mao, beside Mao Ning."""
ASKED = "gazetteer: named in full elsewhere"
"""The rule of a surname that only the full name elsewhere in the text speaks for."""


def persons(scan: Scan) -> None:
    """Give short mentions to the person they mean; two Austins stay apart, and open."""
    full, firsts = _full_names(scan)
    keys = scan.reading.keys
    for span in scan.spans:
        if not _short(scan, span):
            continue
        owners = full.get(keys[span.j - 1]) or (
            firsts.get(keys[span.j - 1]) if span.j - span.i == 1 else None
        )
        if owners and _hyphened(scan, span):
            owners = {one: owner for one, owner in owners.items() if _ends_in(scan, owner, span)}
        if not owners or (span.kind == "place" and _stays_place(scan, span)):
            continue
        if span.actor in owners and not _another_by_then(span, owners):
            continue
        owners = _named_by_then(span, owners)
        if len(owners) == 1:
            (owner,) = owners.values()
            if owner is not span:
                if span.actor and span.actor != owner.actor:
                    scan.reject(span.i, span.j, span.actor, "the text names another person so")
                span.take(owner, "document: surname of a full name", "short")
        else:
            span.candidates, span.why = tuple(sorted(owners)), "several persons have that name"
            span.kind, span.actor, span.rule, span.weak = "person", "", "document: surname of several", False


def _another_by_then(span: Span, owners: Owners) -> bool:
    """Whether only others had been named when a surname that needs evidence came: "Imee Marcos … Marcos"."""
    later = span.rule == ASKED and owners[span.actor].i > span.i
    return later and any(owner.i < span.i for owner in owners.values())


def _named_by_then(span: Span, owners: Owners) -> Owners:
    """Who of several had been named when a surname came; all, where nobody had."""
    before = {identity: owner for identity, owner in owners.items() if owner.i <= span.i}
    return before or owners


def _full_names(scan: Scan) -> tuple[dict[str, Owners], dict[str, Owners]]:
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
    return {surname: _same_person(scan, owners) for surname, owners in full.items()}, firsts


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


def _ends_in(scan: Scan, owner: Span, span: Span) -> bool:
    """Whether a full name ends in both halves of a surname."""
    return owner.j - owner.i > 2 and scan.reading.key(owner.j - 2, owner.j) == scan.reading.key(
        span.i, span.j
    )


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


def _same_person(scan: Scan, owners: dict[str, Span]) -> dict[str, Span]:
    """ "Donald Trump" and "Donald J. Trump" are one: same first and last word."""
    if len(owners) < 2:
        return owners
    merged: dict[tuple[str, str], tuple[str, Span]] = {}
    for identity, span in owners.items():
        first = scan.reading.keys[span.i]
        name = (first, "") if not span.actor else ("", span.actor)
        for known, (_, other) in merged.items():
            if span.actor and other.actor:
                continue
            if scan.reading.keys[other.i] == first:
                name = known
                if span.actor and not other.actor:
                    merged[known] = (identity, span)
                break
        merged.setdefault(name, (identity, span))
    return dict(merged.values())
