"""Whose role it is: "Pentagon spokesperson", "India's foreign minister", "former US President"."""

from __future__ import annotations

from newscast.tag.match import Match
from newscast.tag.scan import Scan
from newscast.tag.span import Title


def qualify(scan: Scan, role: Title) -> None:
    """Find whose role it is: the country, body or institution that stands right before it."""
    reading = scan.reading
    role.whole, role.first = role.text, role.i
    if role.i == 0 or reading.gaps[role.i] not in (" ", "' ", "’ "):
        return
    start, institution = _institution_before(scan, role.i)
    owner = _owner_before(scan, start)
    role.first = start
    if owner is None and role.office == "head-of-state" and _heads_an_organisation(scan, start):
        role.office = ""  # "Council President"
    if owner is None:
        role.whole = reading.surface(start, role.j) + role.text[len(reading.surface(role.i, role.j)) :]
        return
    country = owner.country
    actor_id = organisation_of(owner)
    if country:
        role.country = role.country or country
        role.body = f"body:{country}:{institution}" if institution else ""
    elif actor_id:
        role.body = actor_id
        role.office = of_an_organisation(role.office, actor_id)
        actor = scan.gazetteer.actor(actor_id)
        role.country = role.country or (actor.country if actor else "")
    start = owner.i if country or actor_id else start
    while (
        start and reading.gaps[start] == " " and (change := scan.lex.modifiers.get(reading.keys[start - 1]))
    ):
        start -= 1
        role.effect = role.effect or (change if change not in ("same", "current") else "")
    role.first = start
    if start < role.i:
        role.whole = reading.surface(start, role.i) + reading.gaps[role.i] + role.text
    if role.effect and start < owner.i:
        role.text = role.whole  # "Former US President": the country stands inside what is stated


def organisation_of(match: Match) -> str:
    """The id of the first organisation, body or group that a listed name is; empty if it is none."""
    ids = (alias.actor for alias in match.aliases if not alias.actor.startswith(("country:", "person:")))
    return next(ids, "")


def of_an_organisation(office: str, actor_id: str) -> str:
    """The office that a role is at an organisation: the Red Cross's president is no head of state."""
    return "chief" if office == "head-of-state" and actor_id.startswith(("org:", "group:")) else office


def _heads_an_organisation(scan: Scan, at: int) -> bool:
    """Whether an organisation's noun in capitals stands right before a role."""
    reading = scan.reading
    return (
        at > 0
        and reading.caps[at - 1]
        and reading.gaps[at] == " "
        and reading.keys[at - 1] in reading.lex.org_heads
    )


def _institution_before(scan: Scan, end: int) -> tuple[int, str]:
    """An institution phrase that ends before word `end`: (its first word, institution), else (end, "")."""
    reading, table = scan.reading, scan.matcher.institutions
    longest = table.ends.get(reading.keys[end - 1], 0) if end else 0
    for start in range(max(0, end - longest), end):
        means = table.means.get(reading.key(start, end))
        if means and all(reading.gaps[at] in (" ", "-") for at in range(start + 1, end)):
            return start, means[0][0]
    return end, ""


def _owner_before(scan: Scan, end: int) -> Match | None:
    """The listed name that ends before word `end`, a possessive ending skipped."""
    for at in range(end - 1, max(-1, end - 8), -1):
        match = scan.matches.get(at)
        if match is not None:
            return match if match.j <= end and scan.reading.past_possessive(match.j) == end else None
    return None
