"""The rest of the document decides: surnames, short forms, acronyms, weak words, several candidates."""

from __future__ import annotations

from collections import Counter

from newscast.tag import names
from newscast.tag.scan import Scan
from newscast.tag.span import Span

INSIDE_PERSON = frozenset(("al", "el", "de", "da", "bin", "van", "von", "der", "den", "ibn", "la", "ben"))


def resolve(scan: Scan) -> None:
    """Settle what waits for evidence; drop what stays weak. Spans stay in the order of the text."""
    spans = scan.spans
    spans.sort(key=lambda span: (span.i, -span.j))
    _acronyms(scan)
    _candidates(scan)
    if scan.rules.document:
        _neighbours(scan)
        _alike(scan)
        _persons(scan)
        _short_forms(scan)
    kept = []
    for span in spans:
        if span.kind in ("event", "nothing"):
            scan.reject(span.i, span.j, span.kind, span.why or span.rule)
        elif span.weak and not span.actor:
            scan.reject(span.i, span.j, span.kind, span.why or f"too weak: {span.rule}")
        else:
            kept.append(span)
    scan.spans = _without_overlap(scan, kept)


def _without_overlap(scan: Scan, spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.i, -span.j)):
        if kept and span.i < kept[-1].j:
            scan.reject(span.i, span.j, span.actor or span.kind, "inside a longer name")
        else:
            kept.append(span)
    return kept


def _surname(scan: Scan, span: Span) -> str:
    keys = scan.reading.keys
    last = span.j - 1
    while last > span.i and keys[last] in scan.lex.cues["suffixes"]:
        last -= 1
    return keys[last]


def _identity(scan: Scan, span: Span) -> str:
    return span.actor or scan.reading.key(span.i, span.j)


def _persons(scan: Scan) -> None:
    """Surnames and first names to the one full name that has them; two Austins stay apart."""
    full: dict[str, dict[str, Span]] = {}
    firsts: dict[str, dict[str, Span]] = {}
    reading = scan.reading
    for span in scan.spans:
        if span.kind != "person" or span.weak:
            continue
        if span.j - span.i > 1:
            identity = _identity(scan, span)
            full.setdefault(_surname(scan, span), {}).setdefault(identity, span)
            firsts.setdefault(reading.keys[span.i], {}).setdefault(identity, span)
        elif span.actor:
            full.setdefault(reading.keys[span.i], {}).setdefault(span.actor, span)
    for surname, owners in full.items():
        full[surname] = _same_person(scan, owners)
    for span in scan.spans:
        words = span.j - span.i
        short = words == 1 or (words == 2 and reading.keys[span.i] in INSIDE_PERSON)
        if (
            not short
            or span.kind in ("event", "collective", "body")
            or (span.actor and span.kind != "person" and span.form != "demonym")
        ):
            continue
        if span.form == "acronym":
            continue
        key = reading.keys[span.j - 1]
        owners = full.get(key) or (firsts.get(key) if words == 1 else None) or {}
        if not owners or (span.kind == "place" and _stays_place(scan, span)):
            continue
        if span.actor and span.actor in owners:
            continue
        if len(owners) == 1:
            (owner,) = owners.values()
            if owner is span:
                continue
            if span.actor and span.actor != owner.actor:
                scan.reject(span.i, span.j, span.actor, "the text names another person so")
            span.kind, span.actor, span.rule = "person", owner.actor, "document: surname of a full name"
            span.form, span.weak, span.country = "short", False, owner.country
        else:
            span.candidates = tuple(sorted(owners))
            span.kind, span.actor, span.rule, span.weak = "person", "", "document: surname of several", False
            span.why = "several persons have that name"


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


def _short_forms(scan: Scan) -> None:
    """A word of a strong longer name stands for it: "Menzies" after "Menzies Aviation Group"."""
    reading = scan.reading
    strong: dict[str, Span] = {}
    for span in scan.spans:
        if span.weak or span.kind in ("event", "nothing", "collective", "country"):
            continue
        if span.j - span.i == 1 and not span.open_kind:
            strong.setdefault(reading.keys[span.i], span)
    for span in scan.spans:
        if span.weak or span.kind not in ("organisation", "group", "body", "place") or span.j - span.i < 2:
            continue
        last = reading.keys[span.j - 1]
        if last in reading.lex.org_heads and span.kind != "place":
            strong.setdefault(last, span)
        first = reading.keys[span.i]
        if first not in reading.lex.common and not (
            scan.matches.get(span.i) and scan.country_of(scan.matches[span.i])
        ):
            strong.setdefault(first, span)
    times = Counter(reading.keys[span.i] for span in scan.spans if span.why == "a bare first name")
    for span in scan.spans:
        if (
            span.open_kind
            and span.j - span.i == 1
            and (owner := strong.get(reading.keys[span.i]))
            and owner.j - owner.i > 1
        ):
            span.kind, span.open_kind, span.rule = owner.kind, False, "document: short for a longer name"
        if not span.weak or span.candidates:
            continue
        if span.j - span.i > 1:
            if not reading.headline(span.i):
                span.weak = False
            continue
        key = reading.keys[span.i]
        owner = strong.get(key)
        if owner is not None and owner is not span:
            span.kind, span.weak, span.rule = owner.kind, False, "document: named elsewhere"
            span.actor, span.country, span.qid = owner.actor, owner.country, owner.qid
            span.form = "short" if owner.actor else "name"
        elif times[key] >= OFTEN:
            span.weak, span.rule = False, "document: a first name, time and again"


OFTEN = 3
"""Mentions from which a bare first name is somebody in this text."""


def _acronyms(scan: Scan) -> None:
    """ "Italian Democratic Socialists ( SDI )": the acronym is the name before it."""
    reading = scan.reading
    defined: dict[str, Span] = {}
    for before, span in zip(scan.spans, scan.spans[1:], strict=False):
        if span.i != before.j or span.j - span.i > 2 or "(" not in reading.gaps[span.i]:
            continue
        word = reading.surface(span.i, span.j)
        if before.kind in ("event", "nothing") and names.is_acronym(word):
            span.kind, span.why = before.kind, "acronym of what is no actor"
        if (
            before.kind == "person"
            and before.open_kind
            and not before.actor
            and _initials_of(scan, before, word)
        ):
            before.kind, before.open_kind, before.rule = (
                "organisation",
                False,
                "document: its acronym follows",
            )
        if (
            before.j - before.i > 1
            and before.kind in ("organisation", "group", "body")
            and names.is_acronym(word.replace(" ", ""))
        ):
            defined[reading.key(span.i, span.j)] = before
    if not defined:
        return
    for span in scan.spans:
        owner = defined.get(reading.key(span.i, span.j))
        if owner is None or span.i <= owner.i or span.kind == "event":
            continue
        if span.actor and span.actor != owner.actor:
            scan.reject(span.i, span.j, span.actor, "the text defines this acronym otherwise")
        span.kind, span.actor, span.form = owner.kind, owner.actor, "acronym"
        span.country, span.weak, span.rule, span.candidates = (
            owner.country,
            False,
            "document: acronym defined here",
            (),
        )


def _initials_of(scan: Scan, span: Span, acronym: str) -> bool:
    """Whether the acronym's capitals are, in order, first letters of the name's words."""
    wanted = [letter for letter in acronym if letter.isupper()]
    firsts = iter(word[0].upper() for word in scan.reading.words[span.i : span.j])
    return len(wanted) > 1 and all(letter in firsts for letter in wanted[:3])


LISTED = frozenset((", ", " , ", " and ", " or ", " & ", " , and ", ", and ", " ( "))


def _neighbours(scan: Scan) -> None:
    """Guessed kinds follow what stands beside them: an organisation's noun, or the other names of a list."""
    reading = scan.reading
    spans = scan.spans
    for place, span in enumerate(spans):
        if not span.open_kind or span.actor or span.title:
            continue
        surname = reading.words[span.j - 1] in scan.names.surnames
        after = reading.keys[span.j] if span.j < reading.count and reading.gaps[span.j] == " " else ""
        before = reading.keys[span.i - 1] if span.i and reading.gaps[span.i] == " " else ""
        if (after in scan.lex.cues["nouns after organisations"] and not surname) or before in scan.lex.cues[
            "nouns before organisations"
        ]:
            span.kind, span.rule, span.open_kind = (
                "organisation",
                span.rule + ", by the noun beside it",
                False,
            )
            continue
        if surname and span.j - span.i > 1:
            continue
        beside = [
            other
            for at in (place - 1, place + 1)
            if 0 <= at < len(spans)
            and not (other := spans[at]).open_kind
            and not other.weak
            and _listed(scan, span, other)
        ]
        kinds = {"organisation" if other.kind == "body" else other.kind for other in beside}
        if len(kinds) == 1 and (kind := kinds.pop()) in ("person", "organisation", "group", "place"):
            span.kind, span.rule, span.open_kind = kind, span.rule + ", by its list", False


def _alike(scan: Scan) -> None:
    """The same words are the same kind of name: what one mention's surroundings tell holds for the others."""
    told: dict[str, Span] = {}
    for span in scan.spans:
        if not span.open_kind and not span.weak and not span.actor and span.kind not in ("event", "nothing"):
            told.setdefault(scan.reading.key(span.i, span.j), span)
    for span in scan.spans:
        if span.open_kind and not span.actor and (owner := told.get(scan.reading.key(span.i, span.j))):
            span.kind, span.country, span.qid, span.open_kind = owner.kind, owner.country, owner.qid, False


def _listed(scan: Scan, one: Span, other: Span) -> bool:
    first, second = (one, other) if one.i < other.i else (other, one)
    between = scan.reading.text[scan.reading.spans[first.j - 1][1] : scan.reading.spans[second.i][0]]
    return between in LISTED


def _candidates(scan: Scan) -> None:
    """Several actors, or one that needs evidence: the document's sure actors and countries decide."""
    sure = {span.actor for span in scan.spans if span.actor and not span.weak}
    countries = {span.country for span in scan.spans if span.actor and not span.weak and span.country}
    for span in scan.spans:
        if not span.candidates or span.actor:
            continue
        named = [actor for actor in span.candidates if actor in sure]
        near = [actor for actor in span.candidates if _country(scan, actor) in countries] if countries else []
        for found, why in ((named, "named in full elsewhere"), (near, "its country is in the text")):
            if len(found) == 1:
                _take(scan, span, found[0], why)
                break
        else:
            if span.rival and _regional(scan, span):
                scan.reject(span.i, span.j, span.candidates[0], "the text is about the region of that name")
                span.kind, span.country, span.rule, span.weak, span.candidates = (
                    "place",
                    span.rival,
                    "place: the region",
                    False,
                    (),
                )
            elif len(span.candidates) == 1 and _needs_little(scan, span):
                _take(scan, span, span.candidates[0], "stands where its name would")
            else:
                span.why = span.why or (
                    "several actors have that name"
                    if len(span.candidates) > 1
                    else "nothing in the text speaks for it"
                )
                for actor in span.candidates:
                    scan.reject(span.i, span.j, actor, span.why)
                span.candidates = ()
                single_again(scan, span)


def _regional(scan: Scan, span: Span) -> bool:
    """Whether the text speaks of the region: its officers, or its state's places."""
    reading = scan.reading
    before = reading.keys[max(0, span.i - 4) : span.i]
    if any(key in scan.lex.cues["state nouns"] for key in before):
        return True
    return any(other.kind == "place" and other.country == span.rival for other in scan.spans)


def _needs_little(scan: Scan, span: Span) -> bool:
    """A country that shares its name with a person or a region: enough that it stands inside a sentence or acts."""
    if span.kind != "country":
        return False
    reading = scan.reading
    if not reading.opens(span.i) or reading.possessive(span.j):
        return True
    after = reading.keys[span.j] if span.j < reading.count and reading.gaps[span.j] == " " else ""
    verbs = scan.lex.act | scan.lex.speech | scan.lex.cues["doing"]
    return after in verbs or after in ("and", "to") or (after.endswith("ed") and len(after) > 4)


def single_again(scan: Scan, span: Span) -> None:
    """What is left when no candidate is taken: a name like any other."""
    from newscast.tag import segments

    before = len(scan.spans)
    segments.single_or_run(scan, span.i, span.j, span.title)
    for fresh in scan.spans[before:]:
        if fresh.i == span.i and fresh.j == span.j:
            span.kind, span.rule, span.weak, span.country, span.qid, span.form = (
                fresh.kind,
                fresh.rule,
                fresh.weak,
                fresh.country,
                fresh.qid,
                "name",
            )
    del scan.spans[before:]


def _country(scan: Scan, actor_id: str) -> str:
    actor = scan.gazetteer.actor(actor_id)
    return actor.country if actor else ""


def _take(scan: Scan, span: Span, actor: str, why: str) -> None:
    for other in span.candidates:
        if other != actor:
            scan.reject(span.i, span.j, other, f"{actor}: {why}")
    span.actor, span.weak, span.candidates = actor, False, ()
    span.country = _country(scan, actor)
    found = scan.gazetteer.actor(actor)
    span.kind = found.kind if found else span.kind
    span.rule = f"gazetteer: {why}"
