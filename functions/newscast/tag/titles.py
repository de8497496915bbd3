"""Stated roles to the persons beside them, and roles without a name ("the minister") to whom they mean."""

from __future__ import annotations

from datetime import date

from newscast.gazetteer.tokens import fold
from newscast.tag.owners import of_an_organisation, organisation_of, qualify
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.settle import by_title, title_before
from newscast.tag.span import Span, Title

LONGEST_GUESS = 3
"""Words of a name that may be a person's though its words don't show it."""
AGE_DIGITS = 4
DESCRIBED = 5
"""Words of an apposition in which a calling is looked for."""


def attach(scan: Scan) -> None:
    """Give every person the role that stands before or after the name."""
    if not scan.rules.roles:
        return
    for span in scan.spans:
        guess = span.open_kind or span.rule == "run of common words"
        if guess and not span.actor and span.kind == "organisation" and _somebody(scan, span):
            span.kind, span.open_kind, span.weak = "person", False, False
            span.rule += ", by what is said of it"
        if span.kind != "person":
            continue
        if span.title is None and (before := title_before(scan, span.i)):
            qualify(scan, before)
            span.title = before
        if span.title is None:
            span.title = _after(scan, span.j)
        if span.title and span.candidates and (actor := by_title(scan, list(span.candidates), span.title)):
            span.actor, span.candidates, span.weak = actor, (), False
            span.rule = "gazetteer: role beside it"
        alone = not span.actor and span.j - span.i == 1
        if span.title and alone and (actor := holder(scan, span.i, span.title)):
            span.actor, span.candidates, span.weak = actor, (), False
            span.form, span.rule = "short", "role: its holder has that surname"
        if span.title and span.weak and not span.candidates:
            span.weak = False


def _somebody(scan: Scan, span: Span) -> bool:
    """ "Guy Millner, 44,", "Affad Shaikh, who", "Mace Colby, the mayor": what is said only of persons."""
    reading, at = scan.reading, span.j
    if at + 1 >= reading.count or reading.gaps[at].strip() != "," or span.j - span.i > LONGEST_GUESS:
        return False
    if reading.keys[at] == "who":
        return True
    if reading.words[at].isdigit() and len(reading.words[at]) < AGE_DIGITS:
        return reading.gaps[at + 1].strip() in (",", ".")
    return reading.keys[at] in scan.lex.cues["determiners"] and (
        _after(scan, at) is not None or _described(scan, at + 1)
    )


def _described(scan: Scan, at: int) -> bool:
    """ "a civil rights coordinator for": a calling within some plain words."""
    reading, lex = scan.reading, scan.lex
    for k in range(at, min(reading.count, at + DESCRIBED)):
        key = reading.keys[k]
        if reading.caps[k] or reading.gaps[k] not in (" ", "-") or key in lex.function_words:
            return False
        if key in lex.roles:
            return True
        if key in lex.cues["kinds of organisation"]:
            return False
    return False


def holder(scan: Scan, at: int, title: Title) -> str:
    """ "President Bush": the only holder of the office, that day, whose name ends so."""
    if not title.office or title.effect in ("past", "future") or not scan.rules.gazetteer:
        return ""
    key = scan.reading.keys[at]
    asked = (title.office, title.country, key)
    if asked not in scan.holders:
        scan.holders[asked] = _holder(scan, title, key)
    return scan.holders[asked]


def _holder(scan: Scan, title: Title, key: str) -> str:
    """The same of an office that is held now, by the key of a surname."""
    rows = scan.gazetteer.holders(title.office, title.country or None, None, scan.on)
    named = {row.actor for row in rows if key in row.actor}  # an id holds its person's name
    if len(named) > 1 and scan.on is None:
        days = [date(year, 7, 1) for year in scan.years]
        # Of two presidents of one name an undated text means the one of its years.
        named = {row.actor for row in rows if row.actor in named and any(map(row.holds, days))}
    fitting = {
        actor.id for one in named if (actor := scan.gazetteer.actor(one)) and _ends_so(actor.name, key)
    }
    return fitting.pop() if len(fitting) == 1 else ""


def _ends_so(name: str, key: str) -> bool:
    return fold(name.rsplit(" ", 1)[-1]) == key


def _after(scan: Scan, at: int) -> Title | None:
    """ "Belousov, the Russian defence minister", "Singh, a spokesperson for the Pentagon"."""
    reading = scan.reading
    if at >= reading.count or reading.gaps[at].strip() != ",":
        return None
    if reading.keys[at] in scan.lex.cues["determiners"]:
        at += 1
    country, body = "", ""
    if match := scan.matches.get(at):
        after = reading.past_possessive(match.j)
        if after < reading.count and reading.gaps[after] in (" ", "' ", "’ "):
            country = match.country
            body = organisation_of(match)
            at = after
    if at >= reading.count:
        return None
    role = role_at(scan, at, min(reading.count, at + 8))
    if role is None or (role.j < reading.count and reading.caps[role.j] and reading.gaps[role.j] == " "):
        return None  # "Austin, President Putin": the role is the next name's
    role.whole = role.text
    role.country = role.country or country
    role.body = body
    if (
        role.j + 1 < reading.count
        and reading.keys[role.j] in ("of", "for", "at")
        and reading.gaps[role.j] == " "
    ):
        owner = role.j + 1 + (reading.keys[role.j + 1] == "the")
        if match := scan.matches.get(owner):
            role.whole = reading.surface(role.i, match.j)
            role.country = role.country or match.country
            role.body = organisation_of(match)
    role.office = of_an_organisation(role.office, role.body)
    return role
