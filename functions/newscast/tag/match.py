"""Words of a text → names of the gazetteer: longest match, with each alias's case, language and gap rules."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Alias, Found, PlaceName
from newscast.tag.lexicon import Lexicon
from newscast.tag.reading import Reading

REMEMBERED = 30_000
"""Writings kept with what they mean: news repeats its names."""
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

    def begins(self, key: str) -> bool:
        """Whether a name begins with this word."""
        entry = self.gazetteer.entry(key)
        return entry.longer or entry.found is not None

    def whole(self, reading: Reading, i: int, j: int) -> Match | None:
        """What exactly these words name, if anything."""
        if j - i > 1 and not self.gazetteer.entry(reading.keys[i]).longer:
            return None
        found = self.gazetteer.lookup(reading.key(i, j))
        return self._fitting(reading, i, j, found) if found else None

    def all(self, reading: Reading) -> dict[int, Match]:
        """Longest matches, left to right, by first word."""
        matches: dict[int, Match] = {}
        keys, empty, lower = reading.keys, reading.lex.function_words, self.gazetteer.lower
        cased, taken = not reading.caseless, 0
        for at, word in enumerate(reading.words):
            if at < taken:
                continue
            longest = reading.count
            if cased and word.islower() and word.isascii():
                longest = lower(keys[at])
                if not longest or keys[at] in empty:
                    continue
                longest = min(longest, LONGEST_LOWER)
            match = self._longest(reading, at, longest)
            if match:
                matches[at] = match
                taken = match.j
        return matches

    def _longest(self, reading: Reading, at: int, longest: int) -> Match | None:
        """The longest name at a word, of `longest` words at most; followed only as far as names go on."""
        keys, end = reading.keys, at + 1
        key, named = keys[at], []
        while True:
            found, longer = self.gazetteer.entry(key)
            if found:
                named.append((end, found))
            if not longer or end == reading.count or end - at == longest:
                break
            if not _runs_across(reading, end, reading.gaps[end]):
                break
            key, end = f"{key} {keys[end]}", end + 1
        for j, found in reversed(named):
            if j > at + 1 and keys[j - 1] in reading.lex.function_words and not reading.caps[j - 1]:
                continue
            if match := self._fitting(reading, at, j, found):
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
    return aliases, found.places if surface[0].isupper() or not surface[0].isascii() else ()


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
