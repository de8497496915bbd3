"""Rows → the tables that a gazetteer looks things up in; the same for a file and for memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Protocol

from msgspec import Struct, field, structs

from newscast.gazetteer import scripts
from newscast.gazetteer.model import Actor, Alias, Entry, Found, PlaceName, RoleRow
from newscast.gazetteer.tokens import key_of


class Named(Protocol):
    """Rows to look up; each is gone through more than once."""

    @property
    def actors(self) -> Iterable[Actor]: ...
    @property
    def aliases(self) -> Iterable[Alias]: ...
    @property
    def roles(self) -> Iterable[RoleRow]: ...
    @property
    def places(self) -> Iterable[PlaceName]: ...


class Entries(Struct, frozen=True):
    """Look-up tables in memory: what a user's own actors, and tests, are held in."""

    names: dict[str, Found] = field(default_factory=dict)
    """Key → what it can mean."""
    begun: set[str] = field(default_factory=set)
    """What longer keys begin with: "united" and "united arab" of "united arab emirates"."""
    uncapped: dict[str, int] = field(default_factory=dict)
    """First word of a key → words of the longest name that a text may begin in lower case."""
    actors: dict[str, Actor] = field(default_factory=dict)
    roles: dict[str, tuple[RoleRow, ...]] = field(default_factory=dict)
    """Actor → their roles, in the order of the rows."""

    def entry(self, key: str) -> Entry:
        return Entry(self.names.get(key), key in self.begun)

    def lower(self, first: str) -> int:
        return self.uncapped.get(first, 0)

    def actor(self, actor_id: str) -> Actor | None:
        return self.actors.get(actor_id)

    def every_actor(self) -> Iterator[Actor]:
        return iter(self.actors.values())

    def roles_of(self, actor_id: str) -> tuple[RoleRow, ...]:
        return self.roles.get(actor_id, ())

    def seats(self, office: str | None, country: str | None, body: str | None) -> tuple[RoleRow, ...]:
        return tuple(
            row
            for rows in self.roles.values()
            for row in rows
            if office in (None, row.office) and country in (None, row.country) and body in (None, row.body)
        )


def entries(rows: Named) -> Entries:
    """Index rows in memory. An actor's own name counts as an alias; a name without a word is left out."""
    made = Entries(actors={one.id: one for one in rows.actors})
    by_key: dict[str, tuple[list[Alias], list[PlaceName]]] = {}
    for alias in all_names(rows):
        by_key.setdefault(key_of(alias.text), ([], []))[0].append(alias)
    for place in rows.places:
        by_key.setdefault(key_of(place.text), ([], []))[1].append(place)
    by_key.pop("", None)
    for key, (named, placed) in by_key.items():
        made.names[key] = Found(distinct(named), tuple(placed))
        words = key.split(" ")
        made.begun.update(" ".join(words[:end]) for end in range(1, len(words)))
        note_lower(made.uncapped, key, [*named, *placed])
    held: dict[str, list[RoleRow]] = {}
    for role in rows.roles:
        held.setdefault(role.actor, []).append(role)
    made.roles.update({actor: tuple(sorted(roles, key=_from)) for actor, roles in held.items()})
    return made


def note_lower(uncapped: dict[str, int], key: str, means: Iterable[Alias | PlaceName]) -> None:
    """Count a key among those that a text may begin in lower case, if one of its names allows that."""
    if not all(one.needs_capital() for one in means):
        first, words = key.split(" ", 1)[0], 1 + key.count(" ")
        uncapped[first] = max(uncapped.get(first, 0), words)


def all_names(rows: Named) -> Iterator[Alias]:
    """Names of actors as their own rows, their aliases and newspapers of other scripts have them."""
    return chain(own_names(rows.actors, rows.aliases), rows.aliases, scripts.spelt(rows.actors))


def own_names(actors: Iterable[Actor], aliases: Iterable[Alias]) -> Iterator[Alias]:
    """Each actor's name as an alias, but where a row gives that name another form ("Kremlin")
    or says that it is a people's. A name that is an adjective too ("New Zealand") is both.

    Brackets that tell two apart nobody writes: "Labour Party (Nigeria)" is "Labour Party", with evidence.
    """
    told = {(alias.actor, alias.text) for alias in aliases if _told(alias)}
    listed = {(alias.actor, alias.text) for alias in aliases}
    for one in actors:
        if (one.id, one.name) not in told:
            yield Alias(actor=one.id, text=one.name, language="en", row=one.row)
        plain, bracket, _ = one.name.partition(" (")
        if bracket and (one.id, plain) not in listed:
            yield Alias(actor=one.id, text=plain, language="en", context="needs", row=one.row)


def _told(alias: Alias) -> bool:
    return alias.form not in ("name", "demonym") or alias.context == "people"


def distinct(aliases: Iterable[Alias]) -> tuple[Alias, ...]:
    """One alias for each actor, text, form and rule, its languages together: many write "Canada"."""
    seen: dict[tuple[str, str, str, str, str], Alias] = {}
    for alias in aliases:
        same = (alias.actor, alias.text, alias.form, alias.case, alias.context)
        one = seen.get(same)
        if one is None:
            seen[same] = alias
        elif one.language != alias.language:
            languages = {*one.language.split(" "), *alias.language.split(" ")}
            both = "" if "" in languages else " ".join(sorted(languages))
            seen[same] = structs.replace(one, language=both)
    return tuple(seen.values())


def _from(role: RoleRow) -> date:
    return role.start or date.min
