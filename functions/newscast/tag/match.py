"""Words of a text → names of the gazetteer: longest match, with each alias's case, language and gap rules."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Alias, Found, PlaceName
from newscast.tag.lexicon import Lexicon
from newscast.tag.reading import Reading

REMEMBERED = 30_000
"""Keys kept with what they mean, misses too: news repeats its words."""
SHORTEST_UNCASED = 4
"""Letters of a single word that counts as a name in a text without capitals."""
LONGEST_LOWER = 4
"""Words of a name that begins in lower case: "chemical weapons watchdog"."""
NO_FIT = frozenset('.!?;:()[]"“”…|*')
"""Punctuation that no name runs across, save the full stop of an abbreviation."""


class Match(Struct, frozen=True):
    """Words [i, j) are a name: of these actors, or of these places."""

    i: int
    j: int
    aliases: tuple[Alias, ...]
    places: tuple[PlaceName, ...]


class Phrases(Struct, frozen=True):
    """What words state, by key: [(office or institution, country or empty)], and how long the longest is."""

    means: dict[str, list[tuple[str, str]]]
    starts: frozenset[str]
    ends: frozenset[str]
    longest: int


class Matcher:
    """One gazetteer, with its small tables by key and a memory of what was looked up."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._words: dict[str, int] = {}
        self._found: dict[str, Found | None] = {}
        self._fits: dict[tuple[str, str], tuple[tuple[Alias, ...], tuple[PlaceName, ...]]] = {}
        self._role_edges: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        vocabulary = gazetteer.vocabulary
        self.institutions = _phrases([(one.text, one.means, one.country) for one in vocabulary.phrases])
        self.titles = _phrases([(one.text, one.means, one.country) for one in vocabulary.titles])

    def role_edges(self, lex: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
        """First and last words of all roles, the gazetteer's titles and the language's nouns."""
        if lex.language not in self._role_edges:
            ends = {key.rsplit(" ", 1)[-1] for key in lex.roles}
            self._role_edges[lex.language] = self.titles.starts | lex.role_starts, self.titles.ends | ends
        return self._role_edges[lex.language]

    def words(self, first: str) -> int:
        known = self._words.get(first)
        if known is None:
            if len(self._words) > REMEMBERED:
                self._words.clear()
            known = self._words[first] = self.gazetteer.words(first)
        return known

    def found(self, key: str) -> Found | None:
        try:
            return self._found[key]
        except KeyError:
            if len(self._found) > REMEMBERED:
                self._found.clear()
            one = self._found[key] = self.gazetteer.lookup(key)
            return one

    def whole(self, reading: Reading, i: int, j: int) -> Match | None:
        """What exactly these words name, if anything."""
        found = self.found(reading.key(i, j))
        return self._fitting(reading, i, j, found) if found else None

    def all(self, reading: Reading) -> dict[int, Match]:
        """Longest matches, left to right, by first word."""
        matches: dict[int, Match] = {}
        at, keys, count = 0, reading.keys, reading.count
        known, words = self._words, self.words
        while at < count:
            key = keys[at]
            longest = known.get(key)
            if longest is None:
                longest = words(key)
            if longest:
                match = self._longest(reading, at, longest)
                if match:
                    matches[at] = match
                    at = match.j
                    continue
            at += 1
        return matches

    def _longest(self, reading: Reading, at: int, longest: int) -> Match | None:
        """The longest name at a word. What no name runs across or ends with is never looked up."""
        keys, words, empty = reading.keys, reading.words, reading.lex.function_words
        if longest > 1 and words[at].islower() and words[at].isascii() and not reading.caseless:
            if keys[at] in empty:
                return None
            longest = min(longest, LONGEST_LOWER)
        end = at + 1
        while end < reading.count and end - at < longest and _runs_across(reading, end, reading.gaps[end]):
            end += 1
        for j in range(end, at, -1):
            if j > at + 1 and keys[j - 1] in empty and not reading.caps[j - 1]:
                continue
            found = self.found(" ".join(keys[at:j]) if j > at + 1 else keys[at])
            if found and (match := self._fitting(reading, at, j, found)):
                return match
        return None

    def _fitting(self, reading: Reading, i: int, j: int, found: Found) -> Match | None:
        """What the words mean as they are written; the same words in the same writing are asked once."""
        if reading.caseless:
            return _without_case(reading, i, j, found)
        for at in range(i + 1, j):
            if not _runs_across(reading, at, reading.gaps[at]):
                return None
        written = (reading.surface(i, j), reading.language)
        fit = self._fits.get(written)
        if fit is None:
            if len(self._fits) > REMEMBERED:
                self._fits.clear()
            fit = self._fits[written] = _fit(*written, found)
        aliases, places = fit
        if places and reading.after(j)[:1] != ".":  # "La." is Louisiana, "La" an article
            places = tuple(place for place in places if not place.text.endswith("."))
        return Match(i, j, aliases, places) if aliases or places else None


def _fit(surface: str, language: str, found: Found) -> tuple[tuple[Alias, ...], tuple[PlaceName, ...]]:
    """The aliases whose case, language and commas fit, and the places, which need a capital."""
    comma = "," in surface
    aliases = tuple(
        alias
        for alias in found.aliases
        if alias.speaks(language)
        and (not comma or "," in alias.text)
        and (alias.form != "acronym" or surface.isupper() or not alias.text.isupper())  # "Eu" is not the EU
        and alias.fits(surface)
    )
    return aliases, found.places if surface[0].isupper() or not surface.isascii() else ()


def _without_case(reading: Reading, i: int, j: int, found: Found) -> Match | None:
    """In a text without capitals a name counts if it is no common word: "hamas", "shining path", not "us"."""
    if j - i == 1 and (len(reading.keys[i]) < SHORTEST_UNCASED or reading.keys[i] in reading.lex.common):
        return None
    aliases = tuple(one for one in found.aliases if one.speaks(reading.language))
    return Match(i, j, aliases, found.places) if aliases or found.places else None


def _runs_across(reading: Reading, at: int, gap: str) -> bool:
    if gap in ("", " "):
        return True
    if "\n\n" in gap or len(gap) > 4:
        return False
    if NO_FIT.isdisjoint(gap):
        return True
    return gap.strip() == "." and (
        reading.keys[at - 1] in reading.lex.cues["abbreviations"] or len(reading.words[at - 1]) == 1
    )


def _phrases(rows: list[tuple[str, str, str]]) -> Phrases:
    from newscast.gazetteer.tokens import key_of

    means: dict[str, list[tuple[str, str]]] = {}
    for text, what, country in rows:
        means.setdefault(key_of(text), []).append((what, country))
    means.pop("", None)
    return Phrases(
        means,
        frozenset(key.split(" ", 1)[0] for key in means),
        frozenset(key.rsplit(" ", 1)[-1] for key in means),
        max((key.count(" ") + 1 for key in means), default=0),
    )


@lru_cache(4)
def matcher(gazetteer: Gazetteer) -> Matcher:
    """The matcher of a gazetteer, made once."""
    return Matcher(gazetteer)
