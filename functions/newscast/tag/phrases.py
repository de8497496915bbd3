"""What fixed words state: institutions, and roles from the gazetteer's titles and a language's nouns."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from newscast.gazetteer.model import Phrase
from newscast.gazetteer.tokens import key_of
from newscast.tag.lexicon import Lexicon

Meaning = tuple[str, str]
"""An office or an institution, and the one country where the words mean it, or empty."""


class Phrases(Struct, frozen=True):
    """Phrases by key, found from either end."""

    means: dict[str, list[Meaning]]
    starts: dict[str, int]
    """First word → words of the longest phrase that begins with it."""
    ends: dict[str, int]
    """Last word → words of the longest phrase that ends with it."""


def institutions(rows: Iterable[Phrase], language: str) -> Phrases:
    """The gazetteer's words for institutions in a language."""
    return _phrases(_means(rows, language))


def roles(titles: Iterable[Phrase], lex: Lexicon) -> Phrases:
    """Role → its meaning, then what it means in single countries; an empty office is none."""
    means = {key: [(word.office, "")] for key, word in lex.roles.items() if key not in lex.honorifics}
    for key, found in _means(titles, lex.language).items():  # a title in several countries names none of them
        means[key] = [(found[0][0], found[0][1] if len(found) == 1 else ""), *found[1:]]
    return _phrases(means)


def _means(rows: Iterable[Phrase], language: str) -> dict[str, list[Meaning]]:
    means: dict[str, list[Meaning]] = {}
    for one in rows:
        if one.language == language:
            means.setdefault(key_of(one.text), []).append((one.means, one.country))
    means.pop("", None)
    return means


def _phrases(means: dict[str, list[Meaning]]) -> Phrases:
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for key in means:
        words = key.split(" ")
        starts[words[0]] = max(starts.get(words[0], 0), len(words))
        ends[words[-1]] = max(ends.get(words[-1], 0), len(words))
    return Phrases(means, starts, ends)
