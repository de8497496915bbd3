"""A run of capitals → the names in it: roles and countries cut off, the rest named, headed or guessed."""

from __future__ import annotations

from newscast.tag import inner, names, parties, settle
from newscast.tag.edges import trim
from newscast.tag.match import Match
from newscast.tag.owners import qualify
from newscast.tag.patterns import combined
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.span import Span, Title
from newscast.tag.things import nobody
from newscast.tag.unlisted import unlisted

ADDRESSES = frozenset(("mr", "mrs", "ms"))
"""Forms of address that no name has inside."""


def segment(scan: Scan, i: int, j: int, title: Title | None = None) -> None:
    """Add the spans of words [i, j) to the scan. `title` is a role that stands before them."""
    i, j = trim(scan, i, j)
    if i >= j:
        return
    if j - i > 1 and scan.rules.stop_names and (what := nobody(scan, i, j)):
        scan.reject(i, j, "name", what)
        return
    if j - i > 1 and _combining(scan, i, j, title):
        return
    whole = scan.whole(i, j)
    if whole and _accept(scan, whole, title):
        return
    if j - i > 1:
        _longer(scan, i, j, title)
    elif not _titled(scan, i, j, title):
        unlisted(scan, i, j, title)


def _longer(scan: Scan, i: int, j: int, title: Title | None) -> None:
    """The spans of several words that no row lists as they stand."""
    known = inner.without_middle(scan, i, j) or inner.without_form(scan, i, j)
    if known and _accept(scan, known, title):
        return
    if _addressed_inside(scan, i, j, title):
        return
    if scan.reading.headline(i) and _known_from_text(scan, i, j, title):
        return
    if parties.tag(scan, i, j) or _joined(scan, i, j, title) or _party(scan, i, j):
        return
    if _portfolio(scan, i, j) or _titled(scan, i, j, title):
        return
    if _after_country(scan, i, j) or _role_inside(scan, i, j):
        return
    if not (_before_person(scan, i, j) or _around_listed(scan, i, j, title)):
        unlisted(scan, i, j, title)


def _addressed_inside(scan: Scan, i: int, j: int, title: Title | None) -> bool:
    """ "Acting Head Mr. Anwar Khan": a form of address begins a name."""
    for at in range(i + 1, j - 1):
        if scan.reading.keys[at] in ADDRESSES and scan.reading.caps[at]:
            segment(scan, i, at, title)
            segment(scan, at + 1, j)
            return True
    return False


def _known_from_text(scan: Scan, i: int, j: int, title: Title | None) -> bool:
    """ "Usher Moss Files for Divorce": cut a headline's capitals at the full name that a sentence has too."""
    for at in range(i, j - 1):
        for end in range(min(j, at + 5), at + 1, -1):
            if (at, end) == (i, j) or scan.reading.key(at, end) not in scan.sentences:
                continue
            if names.person_like(scan, at, end):
                segment(scan, i, at, title)
                segment(scan, at, end)
                segment(scan, end, j)
                return True
    return False


def _around_listed(scan: Scan, i: int, j: int, title: Title | None) -> bool:
    """Cut a run at the listed name in it, unless the run is a name of its own that only holds that one."""
    if names.known_place(scan, i, j):
        return False  # "North Las Vegas" is not Las Vegas
    listed = inner.longest(scan, i, j)
    if listed is None:
        return False
    if listed.i == i and inner.branch(scan, listed, j):
        scan.spans.append(Span(i, j, "organisation", "business and place", title=title))
        return True
    if listed.i == i and inner.product(scan, j, listed) and _accept(scan, listed, title):
        scan.reject(listed.j, j, "organisation", "a product")
        return True
    if names.head_kind(scan, i, j):
        return False
    if inner.begins_a_person(scan, i, j, listed) and _accept(scan, listed, title):
        scan.spans[-1].j = j
        return True
    if not scan.reading.headline(i) and inner.in_longer(scan, i, j, listed):
        return False
    segment(scan, i, listed.i, title)
    if not _accept(scan, listed, None):
        unlisted(scan, listed.i, listed.j, None)
    segment(scan, listed.j, j)
    return True


def _combining(scan: Scan, i: int, j: int, title: Title | None) -> bool:
    """ "Sino-Russian": the first half is a country where the second is found to be one ("Indo-Pacific")."""
    reading = scan.reading
    if reading.gaps[i + 1] != "-" or reading.keys[i] not in scan.lex.cues["combining forms"]:
        return False
    before = len(scan.spans)
    segment(scan, i + 1, j, title)
    country = scan.lex.combining.get(reading.keys[i])
    if country and any(span.i == i + 1 and span.kind == "country" for span in scan.spans[before:]):
        scan.spans.append(combined(i, country))
    return True


def _joined(scan: Scan, i: int, j: int, title: Title | None) -> bool:
    """ "Israel-Hamas": two listed names that a hyphen joins; "Minneapolis-St. Paul" is one."""
    if scan.reading.gaps[i + 1] == "-" and names.known_place(scan, i, j):
        unlisted(scan, i, j, title)
        return True
    first = scan.matches.get(i)
    if first is None or first.j >= j or scan.reading.gaps[first.j] not in ("-", "–"):
        return False
    second = scan.matches.get(first.j)
    if second is None or second.j != j or not (first.aliases and second.aliases):
        return False
    if not parties.means_a_party(scan, first):
        return False  # "Democratic-Republican Party"
    segment(scan, i, first.j, title)
    segment(scan, second.i, j)
    return True


def _party(scan: Scan, i: int, j: int) -> bool:
    """ "House Republicans", "British Labour MPs": what stands before, the party, and its people."""
    match = parties.inside(scan, i, j)
    if match is None or not _accept(scan, match, None):
        return False
    if scan.reading.key(i, match.i) not in scan.lex.cues["chambers"]:
        segment(scan, i, match.i)
    segment(scan, match.j, j)
    return True


def _accept(scan: Scan, match: Match, title: Title | None) -> bool:
    span = settle.settle(scan, match, title)
    if span is None:
        return False
    span.title = title
    scan.spans.append(span)
    return True


def _titled(scan: Scan, i: int, j: int, title: Title | None) -> bool:
    """ "President Vladimir Putin": cut the role off; what is left is a person."""
    role = role_at(scan, i, j)
    if role is None:
        return False
    if role.j == j:
        return role.j - role.i > 1 or bool(role.office) or scan.reading.opens(i)
    if j - role.j == 1 and names.common(scan, role.j):
        return False  # "King Nut"
    right = scan.reading.gaps[role.j]
    rest = names.head_kind(scan, role.j, j) if j - role.j > 1 else names.single_head(scan, role.j)
    if right not in (" ", ". ", "\u00a0") or (
        rest and not scan.whole(role.j, j) and not names.person_like(scan, role.j, j)
    ):
        return False
    if not scan.reading.caps[role.j] and scan.lex.connectors.get(scan.reading.keys[role.j]) != "particle":
        return False
    qualify(scan, role)
    segment(scan, role.j, j, role)
    return True


def _portfolio(scan: Scan, i: int, j: int) -> bool:
    """ "Commissioner for Political Affairs Minata Cessouma": common words after a role and "for"."""
    reading = scan.reading
    before = i - 1 - (i > 1 and reading.keys[i - 1] == "the")
    if before < 1 or j - i < 3 or reading.keys[before] not in ("for", "of"):
        return False
    role = settle.title_before(scan, before)
    if role is None:
        return False
    at = i
    while at < j - 1 and reading.keys[at] in scan.lex.common and not names.person_like(scan, at, j):
        at += 1
    if at == i or not reading.caps[at] or not (names.person_like(scan, at, j) or names.uncommon(scan, at, j)):
        return False
    role.text, role.j = reading.surface(role.i, at), at
    qualify(scan, role)
    segment(scan, at, j, role)
    return True


def _after_country(scan: Scan, i: int, j: int) -> bool:
    """ "Russian President …", "Iraqi National Congress", "Dutch KLM"."""
    match = scan.matches.get(i)
    if match is None or match.j >= j or not match.country:
        return False
    reading, rest = scan.reading, match.j
    if reading.possessive(rest):
        rest = reading.past_possessive(rest)
        if rest >= j:
            return False
    demonym = match.demonym
    longer = scan.whole(rest, j)
    if longer and rest == match.j and _own_body(scan, match, longer):
        return True
    if longer and demonym and inner.of_another(scan, match, longer):
        return False  # "Italian Republican Party"
    role = role_at(scan, rest, j)
    if role and (
        role.j == j
        or (names.head_kind(scan, role.j, j) if j - role.j > 1 else None) is None
        or scan.whole(role.j, j)
    ):
        _accept(scan, match, None)
        segment(scan, rest, j)
        return True
    if longer and (demonym or rest > match.j) and any(not alias.context for alias in longer.aliases):
        _accept(scan, match, None)
        segment(scan, rest, j)
        return True
    if names.head_kind(scan, i, j):
        return False
    if not demonym and reading.words[i].isupper() and names.person_like(scan, rest, j):
        demonym = True  # "USA Tara Conner"
    if demonym and (names.person_like(scan, rest, j) or reading.keys[rest] not in scan.lex.common):
        _accept(scan, match, None)
        segment(scan, rest, j)
        return True
    return False


def _own_body(scan: Scan, match: Match, longer: Match) -> bool:
    """ "U.S. Food and Drug Administration": the country before its own body is part of the name."""
    span = settle.settle(scan, longer)
    if span is None or span.kind != "body" or span.country != match.country:
        return False
    span.i, span.rule = match.i, "gazetteer: country + its body"
    scan.spans.append(span)
    return True


def _role_inside(scan: Scan, i: int, j: int) -> bool:
    """ "Bank of England Governor Mark Carney", "Iraqi Prime Minister …": cut at the role."""
    reading = scan.reading
    for at in range(i + 1, j):
        if not reading.caps[at]:
            continue
        role = role_at(scan, at, j)
        if role is None or not (role.office or role.j < j):
            continue
        if (
            role.j - role.i == 1
            and role.j == j
            and (names.person_like(scan, i, j) or reading.keys[at] in scan.lex.org_heads)
        ):
            continue  # "Stephen King"
        rest = (
            names.head_kind(scan, role.j, j)
            if j - role.j > 1
            else (role.j < j and names.single_head(scan, role.j))
        )
        if rest and not scan.whole(role.j, j):
            continue
        if role.j < j and not (
            reading.caps[role.j] or scan.lex.connectors.get(reading.keys[role.j]) == "particle"
        ):
            continue
        if (
            role.j < j
            and reading.words[i] in scan.names.first
            and reading.keys[i] not in scan.lex.common
            and role.j - role.i == 1
            and names.head_kind(scan, i, at) is None
        ):
            continue  # "Martin Luther King Jr"
        segment(scan, i, at)
        segment(scan, at, j)
        return True
    return False


def _before_person(scan: Scan, i: int, j: int) -> bool:
    """ "Maine Susan Collins", "Liberal Stephen Owen": a place or a party's adjective before a full name."""
    reading = scan.reading
    if names.head_kind(scan, i, j):
        return False
    for at in range(i + 1, min(j - 1, i + 4)):
        if (
            reading.words[at] not in scan.names.first
            or not names.person_like(scan, at, j)
            or reading.gaps[at] != " "
        ):
            continue
        if names.person_like(scan, i, j) and reading.words[i] in scan.names.first:
            return False
        before = reading.key(i, at)
        if before in scan.lex.stop_names or names.known_place(scan, i, at) or scan.whole(i, at):
            segment(scan, i, at)
            segment(scan, at, j)
            return True
    return False
