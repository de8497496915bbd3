"""The rest of the document on what kind of name a word is: lists, nouns beside it, short forms."""

from __future__ import annotations

from collections import Counter

from newscast.tag import names
from newscast.tag.scan import Scan
from newscast.tag.span import Span
from newscast.tag.things import locate

LISTED = frozenset((", ", " , ", " and ", " or ", " & ", " , and ", ", and ", " ( ", "/"))
APPOSITION = 6
"""Words in which an apposition says what something is."""
ENUMERABLE = frozenset(("run of common words", "common word in capitals", "place list"))
"""Guesses too weak to stand outside a list."""
ENUMERATED = frozenset(f"{mark}{the}" for mark in LISTED - {" ( ", "/"} for the in ("", "the "))
"""The same with an article."""


def neighbours(scan: Scan) -> None:
    """Guessed kinds follow what stands beside them: an organisation's noun, or the other names of a list."""
    reading = scan.reading
    spans = scan.spans
    for place, span in enumerate(spans):
        if span.weak and not span.actor and span.rule in ENUMERABLE:
            _enumerated(scan, place, span)
        if span.weak and not span.actor and _called(scan, span):
            span.kind, span.weak, span.rule = "organisation", False, f"{span.rule}, so called"
        if span.kind == "person" and not span.actor and _employs(scan, span.j):
            span.kind, span.rule, span.open_kind = "organisation", f"{span.rule}, by whose firm it is", False
        if not span.actor and span.kind in ("person", "organisation") and _lies_in(scan, span):
            span.kind, span.rule, span.open_kind = "place", f"{span.rule}, by the noun after it", False
        if not span.open_kind or span.actor or span.title:
            continue
        surname = reading.words[span.j - 1] in scan.names.surnames
        after = reading.keys[span.j] if span.j < reading.count and reading.gaps[span.j] == " " else ""
        if spoken_of_as_one(scan, span, surname):
            span.kind, span.rule, span.open_kind = (
                "organisation",
                span.rule + ", by the noun beside it",
                False,
            )
            continue
        if surname and span.j - span.i > 1:
            continue
        if after in scan.lex.cues["nouns after places"]:
            span.kind, span.rule, span.open_kind = "place", span.rule + ", by the noun after it", False
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
        if after in scan.lex.speech and span.j - span.i == 1:
            continue  # "…, Alexander said"
        if len(kinds) == 1 and (kind := kinds.pop()) in ("person", "organisation", "group", "place"):
            span.kind, span.rule, span.open_kind = kind, span.rule + ", by its list", False


def _lies_in(scan: Scan, span: Span) -> bool:
    """ "in Leon Postigo town": a preposition of place before, a noun of settlements after."""
    reading, cues = scan.reading, scan.lex.cues
    if not span.i or span.j >= reading.count or reading.gaps[span.j] != " " or reading.caps[span.j]:
        return False
    at = span.i - 1 - (reading.keys[span.i - 1] in cues["near"])
    return at >= 0 and reading.keys[at] in cues["locating"] and reading.keys[span.j] in cues["place nouns"]


def _employs(scan: Scan, at: int) -> bool:
    """ "Edward Jones analyst Stephanie Hoff": who is named after the noun works for what stands before."""
    reading = scan.reading
    if at + 1 >= reading.count or reading.gaps[at] != " " or reading.keys[at] not in scan.lex.cues["staff"]:
        return False
    return reading.caps[at + 1] and reading.gaps[at + 1] == " "


def spoken_of_as_one(scan: Scan, span: Span, surname: bool) -> bool:
    """Whether the words beside a name are an organisation's: "Zentrix shares", "the party Rodina"."""
    reading, cues = scan.reading, scan.lex.cues
    after = reading.keys[span.j] if span.j < reading.count and reading.gaps[span.j] == " " else ""
    before = reading.keys[span.i - 1] if span.i and reading.gaps[span.i] == " " else ""
    return (
        (after in cues["nouns after organisations"] and not surname)
        or before in cues["nouns before organisations"]
        or _belongs(scan, span.i, before)
        or _called_an_organisation(scan, span.j)
    )


def _belongs(scan: Scan, at: int, before: str) -> bool:
    """ "parties such as Ecolo", "a stake in Zentrix", "the founder of Hisense": an organisation's words."""
    keys, cues = scan.reading.keys, scan.lex.cues
    if before in ("of", "in", "for", "with", "at") and at > 1:
        return keys[at - 2] in cues["belonging to organisations"]
    if before in cues["called"] and at > 1:
        return keys[at - 2] in cues["kinds of organisation"]
    if before in ("as", "like", "including") and at > 2:
        return keys[at - 2 - (before == "as" and keys[at - 2] == "such")] in cues["many organisations"]
    return False


def _called(scan: Scan, span: Span) -> bool:
    """ "a startup called Luminous": a common word that is said to be a name."""
    before = scan.reading.keys[span.i - 1] if span.i else ""
    return before in scan.lex.cues["called"] and _belongs(scan, span.i, before)


def _called_an_organisation(scan: Scan, at: int) -> bool:
    """ "Zentrix, a Berlin-based maker of pumps", "Rodina, the party": what the apposition calls it."""
    reading, cues = scan.reading, scan.lex.cues
    if at + 1 >= reading.count or reading.gaps[at] != ", " or reading.keys[at] not in ("a", "an", "the"):
        return False
    for k in range(at + 1, min(reading.count, at + APPOSITION)):
        if reading.gaps[k] not in (" ", "-") or reading.keys[k] in scan.lex.roles:
            return False
        if reading.keys[k] in cues["kinds of organisation"]:
            return True
    return False


def _enumerated(scan: Scan, place: int, span: Span) -> None:
    """ "Peace Action, the American Red Cross", "Los Angeles, Orange": what stands beside it tells."""
    if scan.reading.headline(span.i):
        return
    for at in (place - 1, place + 1):
        other = scan.spans[at] if 0 <= at < len(scan.spans) else span
        if other.weak or other.open_kind or between(scan, span, other) not in ENUMERATED:
            continue
        if other.kind == "place" and names.known_place(scan, span.i, span.j):
            span.kind, span.weak, span.rule = "place", False, "place: by its list"
            locate(scan, span)
            return
        if other.kind in ("organisation", "group") and span.j - span.i > 1:
            span.weak, span.rule = False, "run of common words, by its list"
            return


def between(scan: Scan, one: Span, other: Span) -> str:
    """The text between two names, in whatever order."""
    first, second = (one, other) if one.i < other.i else (other, one)
    return scan.reading.text[scan.reading.ends[first.j - 1] : scan.reading.starts[second.i]]


def _listed(scan: Scan, one: Span, other: Span) -> bool:
    gap = between(scan, one, other)
    return gap in LISTED or gap in ENUMERATED


def alike(scan: Scan) -> None:
    """The same words are the same kind of name: what one mention's surroundings tell holds for the others."""
    told: dict[str, Span] = {}
    keys, common = scan.reading.keys, scan.lex.common
    events = {key for span in scan.spans if span.kind == "event" for key in keys[span.i : span.j]} - common
    for span in scan.spans:
        if span.open_kind and not span.actor and _lasts(scan, span):
            span.kind, span.open_kind, span.why = "event", False, "an event: during it"
        elif span.open_kind and not span.actor and span.j - span.i == 1 and keys[span.i] in events:
            span.kind, span.open_kind, span.why = "event", False, "short for an event"
        if span.kind == "event" or not (span.open_kind or span.weak or span.actor or span.kind == "nothing"):
            told.setdefault(scan.reading.key(span.i, span.j), span)
    for span in scan.spans:
        if span.open_kind and not span.actor and (owner := told.get(scan.reading.key(span.i, span.j))):
            span.kind, span.country, span.qid, span.open_kind = owner.kind, owner.country, owner.qid, False
            span.why = owner.why
        if span.weak and span.kind == "person" and span.j - span.i > 1 and not span.candidates:
            owner = told.get(scan.reading.key(span.i, span.j))
            span.weak = owner is None or owner.kind != "person"  # else a sentence has the headline's name


def _lasts(scan: Scan, span: Span) -> bool:
    """ "during the Kumbh Mela": what something happens during is no actor."""
    keys = scan.reading.keys
    at = span.i - 1 - (span.i > 0 and keys[span.i - 1] == "the")
    return at >= 0 and not scan.reading.possessive(span.j) and keys[at] in ("during", "throughout")


OFTEN = 3
"""Mentions from which a bare first name is somebody in this text."""


def short_forms(scan: Scan) -> None:
    """A word of a strong longer name stands for it: "Menzies" after "Menzies Aviation Group"."""
    reading = scan.reading
    strong = _strong(scan)
    times = Counter(reading.keys[span.i] for span in scan.spans if span.why == "a bare first name")
    for span in scan.spans:
        key = reading.keys[span.i]
        owner = strong.get(key) if span.j - span.i == 1 else None
        if owner is not None and span.open_kind and owner.j - owner.i > 1:
            span.kind, span.open_kind, span.rule = owner.kind, False, "document: short for a longer name"
        by_then = owner is not None and owner.actor and owner.i < span.i
        if owner and by_then and not span.actor and span.rule == "head noun alone":
            span.take(owner, "document: short for the only such name", "short")
        if not span.weak or span.candidates:
            continue
        if span.j - span.i > 1:
            span.weak = reading.headline(span.i) or not _told(scan, span)
        elif owner is not None and owner is not span:
            span.take(owner, "document: named elsewhere", "short" if owner.actor else "name")
        elif times[key] >= OFTEN:
            span.weak, span.rule = False, "document: a first name, time and again"


def _told(scan: Scan, span: Span) -> bool:
    """Whether more than capitals speaks for a run of common words: an article, an acronym, a verb."""
    if span.rule != "run of common words":
        return True
    reading = scan.reading
    before = reading.keys[span.i - 1] if span.i else ""
    if before == "the" or reading.after(span.j).strip() == "(" or reading.possessive(span.j):
        return True
    after = reading.keys[span.j] if span.j < reading.count and reading.gaps[span.j] == " " else ""
    return (
        after in scan.lex.act
        or after in scan.lex.speech
        or after in scan.lex.cues["nouns after organisations"]
    )


def _strong(scan: Scan) -> dict[str, Span]:
    """By key: sure names of one word, and the telling words of longer names."""
    reading = scan.reading
    strong: dict[str, Span] = {}
    sure = [
        span
        for span in scan.spans
        if not span.weak
        and span.kind not in ("event", "nothing", "collective")
        and reading.keys[span.j - 1] not in scan.lex.cues["only the"]
    ]
    for span in sure:
        if span.j - span.i == 1 and not span.open_kind and span.kind != "country":
            strong.setdefault(reading.keys[span.i], span)
    headed: dict[str, dict[str, Span]] = {}
    for span in sure:
        if span.j - span.i < 2 or span.kind not in ("organisation", "group", "body", "place"):
            continue
        first, last = reading.keys[span.i], reading.keys[span.j - 1]
        if last in reading.lex.org_heads and span.kind != "place":
            headed.setdefault(last, {}).setdefault(span.actor or reading.key(span.i, span.j), span)
        match = scan.matches.get(span.i)
        if first not in reading.lex.common and not (match and match.country):
            strong.setdefault(first, span)
    for last, owners in headed.items():  # "the Times" after "The New York Times"
        owner = next(iter(owners.values()))
        if last not in strong or (len(owners) == 1 and owner.actor and not strong[last].actor):
            strong[last] = owner
    return strong
