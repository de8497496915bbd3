"""Listed names inside longer runs: the longest one, and whether the run is a name of its own around it."""

from __future__ import annotations

from msgspec.structs import replace

from newscast.tag import names
from newscast.tag.edges import cut_short
from newscast.tag.match import Match, split_of
from newscast.tag.runs import NICKNAMED
from newscast.tag.scan import Scan

PRODUCT_WORDS = 3


def longest(scan: Scan, i: int, j: int) -> Match | None:
    """The longest listed name inside the run; of equals the first."""
    best: Match | None = None
    for at in range(i, j):
        match = scan.matches.get(at)
        if (
            match
            and match.j <= j
            and not cut_short(scan, match, j)
            and (best is None or match.j - match.i > best.j - best.i)
        ):
            best = match
    return best


def in_longer(scan: Scan, i: int, j: int, inner: Match) -> bool:
    """Whether the run is a name of its own that only holds a listed one: "Jordan Peterson"."""
    if not inner.aliases and inner.j < j:
        return scan.reading.gaps[inner.j] == " "  # "Los Angeles Lakers"
    if inner.j - inner.i > 1:
        return False
    if inner.demonym:
        return inner.i > i and (names.person_like(scan, i, j) or _enclosed(scan, i, j, inner))
    if names.person_like(scan, i, j):
        return True
    kinds = {alias.actor.split(":", 1)[0] for alias in inner.aliases}
    return kinds <= {"person"} or ("country" in kinds and inner.i > i) or not kinds


def begins_a_person(scan: Scan, i: int, j: int, inner: Match) -> bool:
    """ "Eliécer Herlinto Chamorro Acosta": a listed person's full name and one more surname."""
    if inner.i != i or inner.j != j - 1 or inner.j - i < 2 or scan.reading.gaps[inner.j] != " ":
        return False
    persons = all(alias.actor.startswith("person:") for alias in inner.aliases)
    return bool(inner.aliases) and persons and scan.reading.words[inner.j] in scan.names.surnames


def _enclosed(scan: Scan, i: int, j: int, inner: Match) -> bool:
    """ "Datu Saudi Ampatuan": a demonym between uncommon words that nothing lists is part of a name."""
    keys, matches = scan.reading.keys, scan.matches
    around = [at for at in range(i, j) if not inner.i <= at < inner.j]
    plain = all(keys[at] not in scan.lex.common and at not in matches for at in around)
    return plain and inner.j < j and not scan.reading.headline(i)


def branch(scan: Scan, inner: Match, j: int) -> bool:
    """A business up to a place is a name of its own: "Bayer Leverkusen", "Arriva Buses Wales"."""
    if inner.j >= j or scan.reading.gaps[inner.j] != " ":
        return False
    last = inner.j
    while last < j - 1 and scan.reading.caps[last] and scan.reading.keys[last] in scan.lex.common:
        last += 1
    place = scan.matches.get(last)
    placed = names.known_place(scan, last, j) or (place and place.j == j and not place.demonym)
    return bool(placed) and _business(scan, inner)


def product(scan: Scan, j: int, inner: Match) -> bool:
    """A business and three words or more without a last head: "L'Oreal Color Riche Oil Nail Polish"."""
    headed = scan.reading.keys[j - 1] in scan.lex.org_heads
    return j - inner.j >= PRODUCT_WORDS and not headed and _business(scan, inner)


BUSINESS = ("BUS", "MNC")


def _business(scan: Scan, match: Match, codes: tuple[str, ...] = BUSINESS) -> bool:
    actors = [scan.gazetteer.actor(alias.actor) for alias in match.aliases]
    return bool(actors) and all(one and one.cameo.endswith(codes) for one in actors)


def without_middle(scan: Scan, i: int, j: int) -> Match | None:
    """Who is listed without the initial or the nickname: "Enrique A. Manalo", "Robert “Bob” Menendez"."""
    reading = scan.reading
    if j - i < 3 or not scan.rules.gazetteer or not names.person_like(scan, i, j):
        return None
    middle = [at for at in range(i + 1, j - 1) if len(reading.keys[at]) == 1 or _nickname(scan, at)]
    if not middle or len(middle) > j - i - 2:
        return None
    found = scan.gazetteer.lookup(" ".join(reading.keys[at] for at in range(i, j) if at not in middle))
    persons = [one for one in found.aliases if one.actor.startswith("person:")] if found else []
    sure = tuple(one for one in persons if not one.context and one.speaks(reading.language))
    return (
        Match(i, j, sure, (), "", False, split=split_of(sure))
        if len({one.actor for one in sure}) == 1
        else None
    )


def _nickname(scan: Scan, at: int) -> bool:
    return (scan.reading.gaps[at], scan.reading.gaps[at + 1]) in NICKNAMED


def of_another(scan: Scan, match: Match, longer: Match) -> bool:
    """Whether a headed name belongs to another state than the demonym before it says."""
    if not names.head_kind(scan, longer.i, longer.j):
        return False
    actors = [scan.gazetteer.actor(alias.actor) for alias in longer.aliases]
    return all(actor and actor.country not in ("", match.country) for actor in actors)


FORMS = frozenset(("company", "corp", "corporation", "group", "holdings", "inc", "llc", "lp", "ltd", "plc"))
"""Last words of a business's full name, which a newspaper leaves out."""


def without_form(scan: Scan, i: int, j: int) -> Match | None:
    """The business that is listed without its form: "Blackstone Group LP", "Monsanto Company"."""
    end = j
    while end - i > 1 and scan.reading.keys[end - 1] in FORMS and scan.reading.gaps[end - 1] in (" ", ", "):
        end -= 1
    listed = scan.whole(i, end) if end < j else None
    if listed is None or listed.country:
        return None
    same = len({alias.actor for alias in listed.aliases}) == 1
    return replace(listed, j=j, places=()) if same and _business(scan, listed, (*BUSINESS, "MED")) else None
