"""Words of a text → names of the gazetteer: longest match, with each alias's case, language and gap rules."""

from __future__ import annotations

from functools import lru_cache
from itertools import compress

from msgspec import Struct

from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.memory import Remembered
from newscast.gazetteer.model import Alias, Found, PlaceName
from newscast.gazetteer.tokens import fold
from newscast.tag import phrases
from newscast.tag.lexicon import Lexicon
from newscast.tag.phrases import Phrases
from newscast.tag.reading import Reading

REMEMBERED = 30_000
"""Words and writings kept with what they mean: news repeats them."""
LONGEST = 100
"""Words of a name."""
SHORTEST_UNCASED = 3
"""Letters of a single word that counts as a name in a text without capitals."""
LONGEST_LOWER = 4
"""Words of a name that begins in lower case: "chemical weapons watchdog"."""
NOUN, ROLE = 1, 2
"""What may begin with a word: a body or a collective, a role."""
NO_FIT = frozenset('.!?;:()[]"“”…|*')
"""Punctuation that no name runs across, save the full stop of an abbreviation."""


HANGUL = ("\uac00", "\ud7a3")
PARTICLES = frozenset("은는이가을를의에와과도로으께한만측씨군양님까부보처라였")
"""Syllables that begin what Korean writes onto a name's end."""


class Split(Struct, frozen=True):
    """A name's aliases by what must hold before they count."""

    sure: tuple[Alias, ...] = ()
    asking: tuple[Alias, ...] = ()
    """Those that need evidence."""
    seats: tuple[Alias, ...] = ()
    """Actors for whom the name of their seat stands."""
    body: bool = False
    """Whether it may be a state's body."""


NOTHING = Split()


class Match(Struct, frozen=True):
    """Words [i, j) are a name: of these actors, or of these places."""

    i: int
    j: int
    aliases: tuple[Alias, ...]
    places: tuple[PlaceName, ...]
    country: str
    """The one country that it names or whose demonym it is; empty if none or several."""
    demonym: bool
    people: str = ""
    """The people or faith that it names or whose adjective it is, if nobody else has that name."""
    split: Split = NOTHING


class Fit(Struct, frozen=True):
    """What a writing means, wherever it stands."""

    aliases: tuple[Alias, ...]
    places: tuple[PlaceName, ...]
    country: str
    demonym: bool
    people: str
    split: Split


class Matcher:
    """One gazetteer in one language, with its small tables by key and a memory of what was looked up."""

    def __init__(self, gazetteer: Gazetteer, language: str) -> None:
        self.gazetteer = gazetteer
        self._fits: dict[tuple[str, str], Fit] = {}
        self._roles: dict[str, Phrases] = {}
        self._nouns: dict[str, frozenset[str]] = {}
        self._written: dict[str, Remembered[int]] = {}
        self._marks: dict[str, Remembered[int]] = {}
        self.institutions = phrases.institutions(gazetteer.vocabulary.phrases, language)

    def roles(self, lex: Lexicon) -> Phrases:
        """All roles, by the gazetteer's titles and the language's nouns."""
        if lex.language not in self._roles:
            self._roles[lex.language] = phrases.roles(self.gazetteer.vocabulary.titles, lex)
        return self._roles[lex.language]

    def nouns(self, lex: Lexicon) -> frozenset[str]:
        """First words of institutions and of agent nouns."""
        if lex.language not in self._nouns:
            self._nouns[lex.language] = lex.agent_starts.union(self.institutions.starts)
        return self._nouns[lex.language]

    def marked(self, reading: Reading) -> list[tuple[int, int]]:
        """Words that a body, a collective or a role may begin with: (at, which of them)."""
        lex = reading.lex
        if lex.language not in self._marks:
            nouns, roles = self.nouns(lex), self.roles(lex).starts
            self._marks[lex.language] = Remembered(
                lambda key: NOUN * (key in nouns) | ROLE * (key in roles), REMEMBERED
            )
        marks = list(map(self._marks[lex.language].__getitem__, reading.keys))
        return list(compress(enumerate(marks), marks))

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
        taken = 0
        reach = self._reaches(reading)
        for at, longest in compress(enumerate(reach), reach):
            if at >= taken and (match := self._longest(reading, at, longest)):
                matches[at] = match
                taken = match.j
        return matches

    def _reaches(self, reading: Reading) -> list[int]:
        """Words of the longest name that each word may begin as it is written; 0 where none does."""
        if reading.caseless:
            return [LONGEST * self.begins(key) for key in reading.keys]
        function_words = reading.lex.function_words
        if reading.bent:
            written = zip(reading.words, reading.keys, strict=True)
            return [self._reach(word, key, function_words) for word, key in written]
        if reading.lex.language not in self._written:
            self._written[reading.lex.language] = Remembered(
                lambda word: self._reach(word, fold(word), function_words), REMEMBERED
            )
        return list(map(self._written[reading.lex.language].__getitem__, reading.words))

    def _reach(self, word: str, key: str, function_words: frozenset[str]) -> int:
        """The same of one word; no function word in lower case begins a name."""
        if not (word.islower() and word.isascii()):
            return LONGEST * self.begins(key)
        return 0 if key in function_words else min(self.gazetteer.lower(key), LONGEST_LOWER)

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
        if HANGUL[0] <= reading.words[i][0] <= HANGUL[1] and _cut_short(
            reading, i, j, written[0], fit.aliases
        ):
            return None
        places = fit.places
        if places and reading.after(j)[:1] != ".":  # "La." is Louisiana, "La" an article
            places = tuple(place for place in places if not place.text.endswith("."))
        return _match(i, j, fit, places)


def _cut_short(reading: Reading, i: int, j: int, surface: str, aliases: tuple[Alias, ...]) -> bool:
    """Whether Korean words go on: a longer name of a person, or syllables of two words taken for one."""
    if aliases and all((" " in surface) != (" " in alias.text) for alias in aliases):
        return True
    inside = j < reading.count and not reading.gaps[j] and reading.words[j][0] not in PARTICLES
    return inside and any(alias.actor.startswith("person:") for alias in aliases)


def _fit(surface: str, language: str, found: Found) -> Fit:
    """The aliases whose case, language and commas fit, and the places, which need a capital."""
    comma = "," in surface
    if surface.endswith(" party") and surface[0].isupper():
        surface = surface.removesuffix("party") + "Party"  # British papers write "the Labour party"
    aliases = tuple(
        alias
        for alias in found.aliases
        if alias.speaks(language)
        and (not comma or "," in alias.text)
        and (alias.form != "acronym" or surface.isupper() or not alias.text.isupper())  # "Eu" is not the EU
        and alias.fits(surface)
        and _own(alias, language)
    )
    own = tuple(alias for alias in aliases if language in alias.language.split(" "))
    if own and any(alias.language not in ("", "en") for alias in aliases if alias not in own):
        aliases = own  # two languages of one script may call two states the same
    capital = surface[0].isupper() or not surface[0].isascii()
    return _meaning(
        aliases,
        tuple(
            place
            for place in found.places
            if place.speaks(language) and (capital or not place.needs_capital())
        ),
    )


def _meaning(aliases: tuple[Alias, ...], places: tuple[PlaceName, ...]) -> Fit:
    peoples = tuple(alias for alias in aliases if alias.context == "people")
    people = peoples[0].actor if peoples and len(peoples) == len(aliases) else ""
    if peoples and not people:
        aliases = tuple(alias for alias in aliases if alias.context != "people")
    states = {
        alias.actor[8:] for alias in aliases if alias.actor.startswith("country:") and alias.form != "metonym"
    }
    country = states.pop() if len(states) == 1 else ""
    own = any(alias.form == "name" and "en" in alias.language.split(" ") for alias in aliases)
    demonym = not own and any(alias.form == "demonym" for alias in aliases)  # "New Zealand" is both
    return Fit(aliases, places, country, demonym, people, split_of(aliases))


def split_of(aliases: tuple[Alias, ...]) -> Split:
    """The aliases by their context."""
    sure = tuple(alias for alias in aliases if not alias.context)
    asking = tuple(alias for alias in aliases if alias.context == "needs")
    if asking and asking[0].form == "demonym":
        sure, asking = sure + asking, ()  # languages and dishes are told apart elsewhere
    seats = (one for one in aliases if one.context == "place" or (one.form == "metonym" and not one.context))
    return Split(sure, asking, tuple(seats), any(alias.actor.startswith("body:") for alias in aliases))


def _match(i: int, j: int, fit: Fit, places: tuple[PlaceName, ...]) -> Match | None:
    if not (fit.aliases or places):
        return None
    return Match(i, j, fit.aliases, places, fit.country, fit.demonym, fit.people, fit.split)


def _own(alias: Alias, language: str) -> bool:
    """Whether a people's name is of that very language: "Roma" is a city in Italian."""
    return alias.context != "people" or (language or "en") in alias.language.split(" ")


def _without_case(reading: Reading, i: int, j: int, found: Found) -> Match | None:
    """In a text without capitals a name counts if it is no common word: "hamas", "shining path", not "us"."""
    if j - i == 1 and (len(reading.keys[i]) < SHORTEST_UNCASED or reading.keys[i] in reading.lex.common):
        return None
    language = reading.language
    spoken = tuple(one for one in found.aliases if one.speaks(language) and _own(one, language))
    fit = _meaning(spoken, found.places)
    return _match(i, j, fit, fit.places)


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


@lru_cache(16)
def matcher(gazetteer: Gazetteer, language: str) -> Matcher:
    """The matcher of a gazetteer in a language that has a grammar, or in none (empty); made once."""
    return Matcher(gazetteer, language)
