"""Stated roles to the persons beside them, and roles without a name ("the minister") to whom they mean."""

from __future__ import annotations

from newscast.tag.offices import compatible
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.segments import qualify
from newscast.tag.settle import by_title, title_before
from newscast.tag.span import Span, Title


def attach(scan: Scan) -> None:
    """Give every person the role that stands before or after the name."""
    if not scan.rules.roles:
        return
    for span in scan.spans:
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
        if span.title and span.weak and not span.candidates:
            span.weak = False


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
            country = scan.country_of(match)
            body = next(
                (
                    alias.actor
                    for alias in match.aliases
                    if not alias.actor.startswith(("country:", "person:"))
                ),
                "",
            )
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
            role.country = role.country or scan.country_of(match)
            role.body = next(
                (
                    alias.actor
                    for alias in match.aliases
                    if not alias.actor.startswith(("country:", "person:"))
                ),
                "",
            )
    return role


def bare(scan: Scan) -> None:
    """ "the minister" to the only person of the text whose role it is, or to the country's holder that day."""
    if not (scan.rules.roles and scan.rules.document):
        return
    reading = scan.reading
    taken = [False] * (reading.count + 1)
    for span in scan.spans:
        taken[span.i : span.j] = [True] * (span.j - span.i)
    found: list[Span] = []
    starts = scan.matcher.titles.starts | scan.lex.role_starts
    done = 0
    for at, key in enumerate(reading.keys):
        if key not in starts or at < done or taken[at]:
            continue
        role = _bare_at(scan, at, taken)
        if role is None:
            continue
        if actor := _meant(scan, role, found):
            person = scan.gazetteer.actor(actor)
            found.append(
                Span(
                    role.i,
                    role.j,
                    "person",
                    "role: the one who holds it",
                    actor,
                    "role",
                    country=person.country if person else "",
                )
            )
        done = role.j
    scan.spans = sorted([*scan.spans, *found], key=lambda span: span.i)


def _bare_at(scan: Scan, at: int, taken: list[bool]) -> Title | None:
    reading = scan.reading
    if at == 0 or reading.gaps[at] not in (" ", "' ", "’ "):
        return None
    before = reading.keys[at - 1]
    owned = taken[at - 1] or (before == "s" and at > 1 and taken[at - 2])
    if before != "the" and not owned:
        return None
    role = role_at(scan, at, min(reading.count, at + 6))
    if role is None or not role.office or role.effect == "past" or any(taken[role.i : role.j]):
        return None
    if role.j < reading.count and (
        (
            reading.gaps[role.j] == " "
            and (reading.caps[role.j] or reading.keys[role.j] in ("of", "for", "elect"))
        )
        or (reading.gaps[role.j][:1] in "-" and reading.gaps[role.j])
    ):
        return None
    qualify(scan, role)
    if owned and not (role.country or role.body):
        return None
    return role


def _meant(scan: Scan, role: Title, found: list[Span]) -> str:
    persons: dict[str, Span] = {}
    for span in scan.spans:
        if span.kind == "person" and span.i < role.i and span.actor:
            persons[span.actor] = span
    fitting = [actor for actor in persons if _fits(scan, actor, role)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and role.country and scan.on:
        holders = {row.actor for row in scan.gazetteer.holders(role.office, role.country, None, scan.on)}
        if len(holders) == 1:
            return holders.pop()
    return ""


def _fits(scan: Scan, actor: str, role: Title) -> bool:
    stated = [span.title for span in scan.spans if span.actor == actor and span.title and span.title.office]
    if any(
        compatible(role.office, title.office)
        and title.effect == role.effect
        and _same(role.country, title.country)
        for title in stated
    ):
        return True
    if stated:
        return False
    rows = scan.gazetteer.roles(actor)
    return any(
        compatible(role.office, row.office)
        and _same(role.country, row.country)
        and (scan.on is None or row.holds(scan.on))
        for row in rows
    )


def _same(one: str, other: str) -> bool:
    return not one or not other or one == other
