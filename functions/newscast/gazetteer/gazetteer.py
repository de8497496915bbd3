"""One gazetteer over its layers: the user's own actors, if any, over the packaged ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

from newscast.gazetteer.model import Actor, Found, RoleRow, Vocabulary
from newscast.gazetteer.tokens import Tokens


class Layer(Protocol):
    """Where rows are looked up: `Entries` in memory, `Artifact` in a file."""

    def found(self, key: str) -> Found | None: ...
    def words(self, first: str) -> int: ...
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

    def words(self, first: str) -> int:
        """How many words the longest name has that begins with this key; 0 if none does."""
        return max(layer.words(first) for layer in self.layers)

    def lookup(self, key: str) -> Found | None:
        """All that a key (`tokens.key_of`) can mean; case and context rules are still to be applied."""
        found = [one for layer in self.layers if (one := layer.found(key))]
        if len(found) < 2:
            return found[0] if found else None
        aliases = next((one.aliases for one in found if any(not each.context for each in one.aliases)), None)
        if aliases is None:
            aliases = tuple(alias for one in found for alias in one.aliases)
        return Found(aliases, tuple(place for one in found for place in one.places))

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int, Found]]:
        """Plain longest match, left to right: (first word, word after the last, what it can mean)."""
        at, keys = 0, tokens.keys
        while at < len(keys):
            for words in range(min(self.words(keys[at]), len(keys) - at), 0, -1):
                if found := self.lookup(" ".join(keys[at : at + words])):
                    yield at, at + words, found
                    at += words
                    break
            else:
                at += 1

    def actor(self, actor_id: str) -> Actor | None:
        """The actor with that id; a body that no row lists is made by grammar; None if it can't be."""
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

    def roles(self, actor_id: str) -> tuple[RoleRow, ...]:
        """All offices of an actor that rows list, earliest first, a user's own rows before ours."""
        return _once(row for layer in self.layers for row in layer.roles_of(actor_id))

    def holders(
        self,
        office: str | None = None,
        country: str | None = None,
        body: str | None = None,
        on: date | None = None,
    ) -> tuple[RoleRow, ...]:
        """Who holds or held an office; None asks for any; with `on`, only rows that cover that day."""
        rows = _once(row for layer in self.layers for row in layer.seats(office, country, body))
        return tuple(row for row in rows if on is None or row.holds(on))


def _once(rows: Iterable[RoleRow]) -> tuple[RoleRow, ...]:
    """Each row as its first layer has it: a user's new minister ends our open row of the last one."""
    seen: dict[str, RoleRow] = {}
    for row in rows:
        seen.setdefault(row.row or repr(row), row)
    return tuple(seen.values())
