"""One gazetteer over its layers: the user's own actors, if any, over the packaged ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

from newscast.gazetteer.memory import Remembered
from newscast.gazetteer.model import Actor, Entry, Found, RoleRow, Vocabulary
from newscast.gazetteer.tokens import Tokens

REMEMBERED = 30_000
"""Keys kept with what they mean, misses too, since news repeats its words; some 6 MB when full."""
REMEMBERED_ACTORS = 8_192
REMEMBERED_SEATS = 512
"""Offices kept with all who held them; some thousand rows where the country is not known."""


class Layer(Protocol):
    """Where rows are looked up: `Entries` in memory, `Artifact` in a file."""

    def entry(self, key: str) -> Entry: ...
    def lower(self, first: str) -> int: ...
    def actor(self, actor_id: str) -> Actor | None: ...
    def every_actor(self) -> Iterator[Actor]: ...
    def roles_of(self, actor_id: str) -> tuple[RoleRow, ...]: ...
    def seats(self, office: str | None, country: str | None, body: str | None) -> tuple[RoleRow, ...]: ...


class Gazetteer:
    """Layers, first before later: an actor is taken from the first that has it, roles from all.

    A name that one layer gives without a condition hides what later layers say of the same words.
    """

    def __init__(self, layers: Sequence[Layer], vocabulary: Vocabulary, version: str) -> None:
        self.layers = tuple(layers)
        self.vocabulary = vocabulary
        self.version = version
        """Date and content hash (`2026-01-17.3f9a2b1c`): the same rows give the same version."""
        self.entry = Remembered(self._entry, REMEMBERED).__getitem__
        """What a key (`tokens.key_of`) can mean, and whether longer names begin with it."""
        self.lower = Remembered(self._lower, REMEMBERED).__getitem__
        """Words of the longest name that begins with this key and may be written without a capital; or 0."""
        self.actor = lru_cache(REMEMBERED_ACTORS)(self._actor)
        """The actor with an id; a body that no row lists is made by grammar; None if it can't be."""
        self.roles = lru_cache(REMEMBERED_ACTORS)(self._roles)
        """All offices of an actor that rows list, earliest first, a user's own rows before ours."""
        self._seats = lru_cache(REMEMBERED_SEATS)(self._all_seats)

    def lookup(self, key: str) -> Found | None:
        """All that a key can mean; case and context rules are still to be applied."""
        return self.entry(key).found

    def _entry(self, key: str) -> Entry:
        each = [layer.entry(key) for layer in self.layers]
        return each[0] if len(each) == 1 else Entry(_over(each), any(one.longer for one in each))

    def _lower(self, first: str) -> int:
        return max(layer.lower(first) for layer in self.layers)

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int, Found]]:
        """Plain longest match, left to right: (first word, word after the last, what it can mean)."""
        at, keys = 0, tokens.keys
        while at < len(keys):
            key, end, longest = keys[at], at + 1, None
            while True:
                entry = self.entry(key)
                if entry.found:
                    longest = (end, entry.found)
                if not entry.longer or end == len(keys):
                    break
                key, end = f"{key} {keys[end]}", end + 1
            if longest:
                yield at, *longest
            at = longest[0] if longest else at + 1

    def _actor(self, actor_id: str) -> Actor | None:
        for layer in self.layers:
            if one := layer.actor(actor_id):
                return one
        kind, _, rest = actor_id.partition(":")
        country, _, institution = rest.partition(":")
        return self._made(country, institution) if kind == "body" else None

    def actors(self) -> Iterator[Actor]:
        """Every actor that a row lists, those of the first layers first; an id may come once a layer."""
        return (one for layer in self.layers for one in layer.every_actor())

    def body(self, country: str, institution: str) -> Actor | None:
        """A country's institution (`RUS`, `defence-ministry`), listed or made by grammar."""
        return self.actor(f"body:{country}:{institution}")

    def _made(self, country: str, institution: str) -> Actor | None:
        kind = self.vocabulary.institutions.get(institution)
        state = self.actor(f"country:{country}")
        if kind is None or state is None:
            return None
        adjective = self.vocabulary.adjectives.get(country, state.name)
        name = kind.name.format(country=state.name, demonym=adjective)
        return Actor(id=f"body:{country}:{institution}", kind="body", name=name, country=country)

    def _roles(self, actor_id: str) -> tuple[RoleRow, ...]:
        return _once(row for layer in self.layers for row in layer.roles_of(actor_id))

    def holders(
        self,
        office: str | None = None,
        country: str | None = None,
        body: str | None = None,
        on: date | None = None,
    ) -> tuple[RoleRow, ...]:
        """Who holds or held an office; None asks for any; with `on`, only rows that cover that day."""
        rows = self._seats(office, country, body)
        return tuple(row for row in rows if row.holds(on)) if on else rows

    def _all_seats(self, office: str | None, country: str | None, body: str | None) -> tuple[RoleRow, ...]:
        return _once(row for layer in self.layers for row in layer.seats(office, country, body))


def _over(each: Sequence[Entry]) -> Found | None:
    """What layers say of the same words, together."""
    found = [one.found for one in each if one.found]
    if len(found) < 2:
        return found[0] if found else None
    aliases = next((one.aliases for one in found if any(not alias.context for alias in one.aliases)), None)
    if aliases is None:
        aliases = tuple(alias for one in found for alias in one.aliases)
    return Found(aliases, tuple(place for one in found for place in one.places))


def _once(rows: Iterable[RoleRow]) -> tuple[RoleRow, ...]:
    """Each row as its first layer has it: a user's new minister ends our open row of the last one."""
    seen: dict[str, RoleRow] = {}
    for row in rows:
        seen.setdefault(row.row or repr(row), row)
    return tuple(seen.values())
