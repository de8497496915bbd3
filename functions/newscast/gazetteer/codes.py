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
Pair = tuple[str, str]
"""A CAMEO and a PLOVER code; empty where there is none."""


def codes_of(gazetteer: Gazetteer, actor: Actor, on: date | None) -> Codes:
    """CAMEO, PLOVER and ISO codes; without a day, the latest role counts."""
    if actor.kind == "person":
        found = _of_person(gazetteer, actor, on)
    elif actor.kind == "body":
        found = _of_body(gazetteer, actor)
    elif actor.kind == "country":
        found = (actor.country, actor.country)
    else:
        found = ("", "")
    cameo, plover = _first((actor.cameo, actor.plover), found)
    return Codes(cameo=cameo or None, plover=plover or None, iso3=actor.country or None)


def role_on(roles: tuple[RoleRow, ...], on: date | None) -> RoleRow | None:
    """The role that counts on a day: the one that began last among those held; None if none is held."""
    held = [row for row in roles if on is None or row.holds(on)]
    return max(held, key=lambda row: row.start or date.min, default=None)


def _of_person(gazetteer: Gazetteer, actor: Actor, on: date | None) -> Pair:
    roles = gazetteer.roles(actor.id)
    if row := role_on(roles, on):
        return _first((row.cameo, row.plover), _of_office(gazetteer, row))
    if not roles or on is None:
        return "", ""
    cameo, plover = _of_country(gazetteer, actor.country)
    over = actor.country and any(row.end is not None and row.end < on for row in roles)
    return (cameo + FORMER, plover + FORMER) if over else (cameo, plover)


def _of_office(gazetteer: Gazetteer, row: RoleRow) -> Pair:
    """Country and office; an office without codes of its own (spokesperson) has its body's."""
    office = gazetteer.vocabulary.offices.get(row.office)
    body = gazetteer.actor(row.body) if row.body else None
    if body and (not row.country or (office and not office.cameo)):
        return _first((body.cameo, body.plover), _of_body(gazetteer, body))
    return _joined(gazetteer, row.country, office)


def _of_body(gazetteer: Gazetteer, body: Actor) -> Pair:
    kind = gazetteer.vocabulary.institutions.get(body.id.rpartition(":")[2])
    return _joined(gazetteer, body.country, kind)


def _joined(gazetteer: Gazetteer, country: str, kind: Office | Institution | None) -> Pair:
    cameo, plover = _of_country(gazetteer, country)
    return (cameo + kind.cameo, plover + kind.plover) if kind and country else (cameo, plover)


def _of_country(gazetteer: Gazetteer, country: str) -> Pair:
    actor = gazetteer.actor(f"country:{country}") if country else None
    return _first((actor.cameo, actor.plover), (country, country)) if actor else (country, country)


def _first(given: Pair, otherwise: Pair) -> Pair:
    return given[0] or otherwise[0], given[1] or otherwise[1]
