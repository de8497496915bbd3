"""An actor's codes on a day: its own, or its role's, or its institution's, or its country's.

CAMEO writes blocks of three letters without a gap, and so do we for PLOVER (`RUSGOVMIL`). A person who
held an office and holds none on that day is elite of the country (`USAELI`), as CAMEO codes former officials.
"""

from __future__ import annotations

from datetime import date

from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Actor, Institution, Office, RoleRow
from newscast.records import Codes

FORMER = "ELI"


def codes_of(gazetteer: Gazetteer, actor: Actor, on: date | None) -> Codes:
    """CAMEO, PLOVER and ISO codes; without a day, the latest role counts."""
    iso = actor.country or None
    if actor.kind == "person":
        cameo, plover = _of_person(gazetteer, actor, on)
    elif actor.kind == "body" and not (actor.cameo and actor.plover):
        kind = gazetteer.vocabulary.institutions.get(actor.id.split(":", 2)[2])
        cameo, plover = _joined(gazetteer, actor.country, kind)
    else:
        cameo, plover = "", ""
    cameo, plover = actor.cameo or cameo, actor.plover or plover
    if actor.kind == "country":
        cameo, plover = cameo or actor.country, plover or actor.country
    return Codes(cameo=cameo or None, plover=plover or None, iso3=iso)


def role_on(roles: tuple[RoleRow, ...], on: date | None) -> RoleRow | None:
    """The role that counts on a day: the one that began last among those held; None if none is held."""
    held = [row for row in roles if on is None or row.holds(on)]
    return max(held, key=lambda row: row.start or date.min, default=None)


def _of_person(gazetteer: Gazetteer, actor: Actor, on: date | None) -> tuple[str, str]:
    roles = gazetteer.roles(actor.id)
    if row := role_on(roles, on):
        cameo, plover = _joined(gazetteer, row.country, gazetteer.vocabulary.offices.get(row.office))
        if row.body and not row.country and (body := gazetteer.actor(row.body)):
            cameo, plover = body.cameo, body.plover
        return row.cameo or cameo, row.plover or plover
    former = [row for row in roles if on is not None and row.end is not None and row.end < on]
    if former and actor.country:
        state = _state(gazetteer, actor.country)
        return state[0] + FORMER, state[1] + FORMER
    return _state(gazetteer, actor.country) if roles else ("", "")


def _joined(gazetteer: Gazetteer, country: str, kind: Office | Institution | None) -> tuple[str, str]:
    cameo, plover = _state(gazetteer, country)
    if kind is None or not cameo:
        return cameo, plover
    return cameo + kind.cameo, plover + kind.plover


def _state(gazetteer: Gazetteer, country: str) -> tuple[str, str]:
    actor = gazetteer.actor(f"country:{country}") if country else None
    return (actor.cameo or country, actor.plover or country) if actor else (country, country)
