"""Rows → the tables that a gazetteer looks things up in; the same for a file and for memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct, field

from newscast.gazetteer.model import Actor, Alias, Found, PlaceName, RoleRow
from newscast.gazetteer.tokens import key_of


class Entries(Struct, frozen=True):
    """Look-up tables in memory: what a user's own actors, and tests, are held in."""

    names: dict[str, Found] = field(default_factory=dict)
    """Key → what it can mean."""
    longest: dict[str, int] = field(default_factory=dict)
    """First word of a key → words of the longest key that begins with it."""
    actors: dict[str, Actor] = field(default_factory=dict)
    roles: dict[str, tuple[RoleRow, ...]] = field(default_factory=dict)
    """Actor → their roles, in the order of the rows."""

    def found(self, key: str) -> Found | None:
        return self.names.get(key)

    def words(self, first: str) -> int:
        return self.longest.get(first, 0)

    def actor(self, actor_id: str) -> Actor | None:
        return self.actors.get(actor_id)

    def roles_of(self, actor_id: str) -> tuple[RoleRow, ...]:
        return self.roles.get(actor_id, ())

    def seats(self, office: str | None, country: str | None, body: str | None) -> tuple[RoleRow, ...]:
        return tuple(
            row
            for rows in self.roles.values()
            for row in rows
            if office in (None, row.office) and country in (None, row.country) and body in (None, row.body)
        )


def entries(
    actors: Iterable[Actor],
    aliases: Iterable[Alias],
    roles: Iterable[RoleRow],
    places: Iterable[PlaceName] = (),
) -> Entries:
    """Index rows. An actor's own name counts as an alias; a name without a word is left out."""
    made = Entries(actors={one.id: one for one in actors})
    by_key: dict[str, tuple[list[Alias], list[PlaceName]]] = {}
    rows = list(aliases)
    told = {(alias.actor, alias.text) for alias in rows}  # a row may give a name another form: "Kremlin"
    own = (
        Alias(actor=one.id, text=one.name, language="en", row=one.row)
        for one in made.actors.values()
        if (one.id, one.name) not in told
    )
    for alias in (*own, *rows):
        by_key.setdefault(key_of(alias.text), ([], []))[0].append(alias)
    for place in places:
        by_key.setdefault(key_of(place.text), ([], []))[1].append(place)
    by_key.pop("", None)
    for key, (named, placed) in by_key.items():
        made.names[key] = Found(_distinct(named), tuple(placed))
        first, *rest = key.split(" ")
        made.longest[first] = max(made.longest.get(first, 0), 1 + len(rest))
    held: dict[str, list[RoleRow]] = {}
    for role in roles:
        held.setdefault(role.actor, []).append(role)
    made.roles.update({actor: tuple(sorted(rows, key=_from)) for actor, rows in held.items()})
    return made


def _distinct(aliases: list[Alias]) -> tuple[Alias, ...]:
    """One alias for each actor, text, form and rule: forty languages that write Canada need one row."""
    seen: dict[tuple[str, str, str, str, str], Alias] = {}
    for alias in aliases:
        seen.setdefault((alias.actor, alias.text, alias.form, alias.case, alias.context), alias)
    return tuple(seen.values())


def _from(role: RoleRow) -> date:
    return role.start or date.min
