"""A position's English label → the office of ours that it is, and the country, or nothing.

"Minister of Foreign Affairs of France" is a title of titles.csv and a country's name; "President of the
Senate of France" is not the head of state, since nothing may be left over. A position that is not
understood gives no role: a wrong one is worse.
"""

from __future__ import annotations

from itertools import dropwhile

from msgspec import Struct

from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.tokens import key_of

_PARTS = frozenset({"of", "the", "for", "s"})
"""Words that may stand between a title and a country without changing what the office is."""


class Held(Struct, frozen=True):
    """An office and the country (alpha-3) that it is of."""

    office: str
    country: str


class Positions:
    """What the labels of positions mean, by the titles and the countries of a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._titles: dict[str, dict[str, str]] = {}
        """Key of a title → country (empty: any) → office."""
        for title in gazetteer.vocabulary.titles:
            if title.language == "en":
                self._titles.setdefault(key_of(title.text), {})[title.country] = title.means

    def read(self, label: str, country: str = "") -> Held | None:
        """The office that a label states; `country` (alpha-3) is the position's jurisdiction, if known."""
        words = key_of(label).split(" ")
        for size in range(len(words), 0, -1):
            for start in range(len(words) - size + 1):
                means = self._titles.get(" ".join(words[start : start + size]))
                if means is None:
                    continue
                named = self._country(words[:start], words[start + size :])
                if named is None or (named and country and named != country):
                    return None
                where = named or country
                office = means.get(where) or means.get("")
                return Held(office, where) if office and where else None
        return None

    def _country(self, before: list[str], after: list[str]) -> str | None:
        """The country that the rest of a label names; empty if nothing is left; None if it is none."""
        start = [word for word in before if word not in _PARTS]
        end = list(dropwhile(_PARTS.__contains__, after))
        rest = " ".join(start + end)
        if not rest:
            return ""
        found = self._gazetteer.lookup(rest)
        owners = {one.actor for one in found.aliases if one.actor.startswith("country:")} if found else set()
        actor = self._gazetteer.actor(owners.pop()) if len(owners) == 1 else None
        return actor.country if actor else None
