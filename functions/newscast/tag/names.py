"""Runs that no row lists: what kind of name they are, by their words and by what stands around them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from newscast.gazetteer.tokens import fold
from newscast.tag.lexicon import Lexicon, lexicon
from newscast.tag.lexicon import names as name_lists
from newscast.tag.runs import NICKNAMED
from newscast.tag.scan import Scan
from newscast.tag.span import SpanKind

ACRONYM = re.compile(r"[A-Z][A-Z0-9&+-]{1,7}s?|[A-Z](?:\.[A-Z])+\.?|[A-Z][a-z]?[A-Z][A-Za-z]{0,4}")
"""NATO, G20, M5S, FdL, IdV; dotted ones."""


CAMEL = re.compile(r"[a-z][A-Z]")
"""YouTube, JustGiving: a capital inside a word is a company's or a party's."""
PREFIXES = ("Mc", "Mac", "De", "Di", "La", "Le", "Van", "O", "D", "Fitz")
"""Before a capital inside a surname: McAteer, DeFazio."""
INSIDE_NAMES = frozenset((" ", "\u00a0", ". ", "-", "'", "’", ".", *chain.from_iterable(NICKNAMED)))
"""Gaps inside a person's name."""
OPEN_RULES = frozenset(
    (
        "single uncommon word",
        "single uncommon word after the",
        "run of uncommon words",
        "surname or first name",
        "run of capitals",
        "single capital word",
        "common word and surname",
    )
)
"""Guesses that neighbours may correct."""

LONGEST_NAME = 120
"""Code points of a person's full name."""
SURNAMES_BEGIN = frozenset(("van", "von", "bin", "ben", "mac"))
"""English words that surnames begin with."""


class Kind(Struct, frozen=True):
    """A guess: the kind, the rule that made it, and whether it needs the document's word."""

    kind: SpanKind
    rule: str
    weak: bool = False


def camel(word: str) -> bool:
    """Whether a capital stands inside a word that is no surname's: "YouTube", not "McAteer"."""
    return bool(CAMEL.search(word)) and not word.startswith(PREFIXES)


def head_kind(scan: Scan, i: int, j: int) -> SpanKind | None:
    """What the head noun of a run makes it: the last word, or the word before "of", "for" and the like."""
    if not scan.rules.heads:
        return None
    reading, lex = scan.reading, scan.lex
    keys = reading.keys
    last = keys[j - 1]
    for at in range(i + 1, j):
        if not reading.caps[at] and keys[at] in ("of", "for", "on", "to", "against") and reading.caps[at - 1]:
            if keys[at - 1] == "campaign" and keys[at] in ("for", "against", "to"):
                return "organisation"  # "Campaign for Nuclear Disarmament"
            if keys[at - 1] == "conference" and keys[at] == "on":
                return "event"  # "Conference on Environment and Development"
            if keys[at - 1] in lex.cues["members named"] and last not in lex.org_heads:
                return "organisation"  # "Veterans for Peace"
            if found := _head(scan, keys[at - 1]):
                return found
            break
    if _a_region(scan, i, j):
        return "place"
    if last == "survey" and keys[j - 2] in lex.cues["surveyors"]:
        return "organisation"  # "U.S. Geological Survey"
    if found := _head(scan, last):
        return found
    for at in range(i, j):
        if reading.caps[at] and (kind := lex.org_heads.get(keys[at])):
            return "group" if kind == "group" else "organisation"
    return None


def _a_region(scan: Scan, i: int, j: int) -> bool:
    """ "Co Waterford", and "Borno State", where "Ohio State" is a university."""
    if scan.reading.keys[i] == "co" and j - i == 2:
        return True
    if scan.reading.keys[j - 1] != "state" or j - i < 2:
        return False
    entry = known_place(scan, i, j - 1)
    return not (entry and entry.startswith("USA")) and (entry is not None or placed(scan, i, j))


def _head(scan: Scan, key: str) -> SpanKind | None:
    lex = scan.lex
    if kind := lex.org_heads.get(key):
        return "group" if kind == "group" else "organisation"
    if key in lex.event_heads:
        return "event"
    return "place" if key in lex.place_heads else None


def person_like(scan: Scan, i: int, j: int) -> bool:
    """Whether two to five words look like a person's full name: first name and more, initials, particles."""
    if not 2 <= j - i <= 5 or j > scan.reading.count or not scan.rules.first_names:
        return False
    reading = scan.reading
    if reading.ends[j - 1] - reading.starts[i] > LONGEST_NAME:
        return False  # what is remembered of names must not grow with a feed's endless words
    return _full_name(tuple(reading.words[i:j]), tuple(reading.gaps[i + 1 : j]), scan.lex.language)


@lru_cache(10_000)
def _full_name(words: tuple[str, ...], gaps: tuple[str, ...], language: str) -> bool:
    """The same for words as written; a text asks it of one run several times, and news repeats its names."""
    lex, listed = lexicon(language), name_lists()
    if any(not word.replace(".", "").isalpha() for word in words):
        return False
    if len(words) == 3 and words[2][0].islower() and gaps[1] == "-":
        return fold(words[0]) in lex.cues["family names first"]  # "Moon Jae-in"
    if any(gap not in INSIDE_NAMES for gap in gaps):
        return False
    if any(not word[0].isupper() and lex.connectors.get(fold(word)) != "particle" for word in words):
        return False
    shouted = [word for word in words if len(word) > 2 and word.isupper() and "." not in word]
    if len(shouted) < len(words) and not all(_may_shout(lex, word) for word in shouted):
        return False
    first = words[0].capitalize() if words[0].isupper() and len(words[0]) > 2 else words[0]
    if first in listed.first or _initials(first):
        return True
    end = fold(words[-1])
    if len(first) == 2 and first.isupper() and words[-1].istitle() and end not in lex.common:
        return True  # "JK Rowling"
    if len(words) == 2 and fold(words[0]) in SURNAMES_BEGIN and words[1].istitle():
        return end not in lex.common  # "Van Buren"
    last = words[-2] if end in lex.cues["suffixes"] and len(words) > 2 else words[-1]
    return last in listed.surnames and last.lower() not in lex.common and first.lower() not in lex.common


def _may_shout(lex: Lexicon, word: str) -> bool:
    """ "LEE Hsien Loong", "Adlai Stevenson III", but not "CTV London"."""
    key = fold(word)
    return len(word) == 3 and (key in lex.cues["family names first"] or key in lex.cues["suffixes"])


def _initials(word: str) -> bool:
    return (len(word) == 1 and word.isupper()) or (word[-1:] == "." and len(word) <= 6)


def classify(scan: Scan, i: int, j: int) -> Kind:
    """The kind of a run of two words or more that no row lists."""
    head = head_kind(scan, i, j)
    if head == "event" and scan.rules.events:
        return Kind("event", "event: head noun")
    known = known_place(scan, i, j)
    if known and known.endswith("1"):
        return Kind("place", "place list")
    person = person_like(scan, i, j)
    if head and head != "event" and not (person and _surname_head(scan, i, j)):
        return Kind(head, "head noun")
    if person:
        return Kind("person", "first name or surname")
    if known:
        return Kind("place", "place list")
    return _by_first_word(scan, i, j) or _by_words(scan, i, j)


def _by_first_word(scan: Scan, i: int, j: int) -> Kind | None:
    """ "Western Pennsylvania", "Durham West", "Lake Burton", "Duchess of Cambridge"."""
    keys, cues = scan.reading.keys, scan.lex.cues
    if (
        j - i == 2
        and keys[i] in cues["directions"]
        and (known_place(scan, i + 1, j) or i + 1 in scan.matches)
    ):
        return Kind("place", "direction and place")
    if j - i == 2 and keys[i + 1] in cues["directions"] and known_place(scan, i, i + 1):
        return Kind("place", "place and direction")
    if j - i <= 3 and keys[i] in cues["place prefixes"]:
        return Kind("place", "place prefix")
    if keys[i] in cues["nobles"] and keys[i + 1] == "of":
        return Kind("person", "noble title")
    return None


def _by_words(scan: Scan, i: int, j: int) -> Kind:
    """By what stands around the run, and by how common its words are."""
    reading, lex, keys = scan.reading, scan.lex, scan.reading.keys
    capitals = [at for at in range(i, j) if reading.caps[at]]
    common = [at for at in capitals if reading.keys[at] in lex.common]
    if placed(scan, i, j):
        return Kind("place", "place: cue", weak=bool(common))
    if len(common) == len(capitals):
        return Kind("organisation", "run of common words", weak=True)
    if reading.keys[j : j + 1] and keys[j] in lex.cues["nouns after places"] and reading.gaps[j] == " ":
        return Kind("place", "place: the noun after it")
    if _after_the(scan, i):
        return Kind("organisation", "run of capitals after the")
    if known_place(scan, i, i + 1) or (j - i > 2 and known_place(scan, i, i + 2)):
        if keys[i + 1] in ("al", "el", "bin", "ibn"):
            return Kind("person", "particle inside")  # "Jawad al-Mansuri"
        return Kind("organisation", "place and more")
    words = [reading.words[at] for at in capitals]
    if any(map(camel, words[1:])):
        return Kind("organisation", "run of capitals")  # "Maharlika NuMedia"
    if not common and len(words) <= 3 and all(word.isalpha() and not word.isupper() for word in words):
        return Kind("person", "run of uncommon words")
    last = words[-1] in scan.names.surnames and scan.rules.first_names
    if common == [capitals[-1]] and len(words) == 2 and last:
        return Kind("person", "uncommon word and surname")
    named = last and capitals[-1] not in common and j - 1 not in scan.matches  # "Real Madrid"
    if len(words) == 2 and named and not reading.opens(i):
        return Kind("person", "common word and surname")  # "Brook Lopez"
    return Kind("organisation", "run of capitals")


def _after_the(scan: Scan, i: int) -> bool:
    return i > 0 and scan.reading.keys[i - 1] == "the" and scan.reading.gaps[i] == " "


def _surname_head(scan: Scan, i: int, j: int) -> bool:
    """ "Theresa House", "Gordon Banks", "Robert Gates": the head noun is a surname after a first name."""
    names, words = scan.names, scan.reading.words
    if words[i] in names.places and names.places[words[i]].endswith("1"):
        return False
    return j - i == 2 and words[i] in names.first and words[j - 1].lower() in scan.lex.cues["surname heads"]


def known_place(scan: Scan, i: int, j: int) -> str | None:
    """The list's entry for these words as a place: "country⇥QID⇥known", or None."""
    if not scan.rules.places:
        return None
    places = scan.names.places
    if j == i + 1:
        written = spaced = scan.reading.words[i]
        entry = places.get(written)
    else:
        written, spaced = scan.reading.surface(i, j), " ".join(scan.reading.words[i:j])
        entry = places.get(written) or places.get(spaced)
    entry = entry or places.get(f"{written}.")
    if entry is None and spaced.isupper() and len(spaced) > 3:
        entry = places.get(spaced.title())
    return entry


def placed(scan: Scan, i: int, j: int) -> bool:
    """Whether what stands around the words makes them a place: "in X", "X, Ohio", "X -" of a dateline."""
    if not scan.rules.places:
        return False
    reading = scan.reading
    if (
        i
        and reading.gaps[i] == " "
        and reading.keys[i - 1] in scan.lex.cues["placing"]
        and not reading.caps[i - 1]
        and not (i > 1 and reading.keys[i - 2] in scan.lex.cues["held in"])
    ):
        return True
    if _called_a_place(scan, i, j):
        return True
    return before_its_state(scan, j)


def before_its_state(scan: Scan, at: int) -> bool:
    """Whether a comma and a region's name that needs no cue follow: "X, Ohio"."""
    reading = scan.reading
    if at >= reading.count or reading.gaps[at] != ", " or not reading.caps[at]:
        return False
    entry = known_place(scan, at, at + 1) or known_place(scan, at, min(reading.count, at + 2))
    return entry is not None and entry.endswith("1")


def _called_a_place(scan: Scan, i: int, j: int) -> bool:
    """ "the town of X", "a village called X", "X, a suburb of"."""
    reading, nouns = scan.reading, scan.lex.cues["place nouns"]
    if i > 1 and reading.keys[i - 1] == "of" and reading.keys[i - 2] in scan.lex.cues["of places"]:
        return True  # "mayor of X"
    if i > 1 and reading.keys[i - 1] in ("of", "called", "named") and reading.keys[i - 2] in nouns:
        return True
    if j + 1 >= reading.count or reading.gaps[j] != ", " or reading.keys[j] not in ("a", "an", "the"):
        return False
    return any(key in nouns for key in reading.keys[j + 1 : j + 4])


def is_acronym(word: str) -> bool:
    return bool(ACRONYM.fullmatch(word))


def common(scan: Scan, at: int) -> bool:
    """Whether a word is a common one and nobody's name."""
    word = scan.reading.words[at]
    known = word in scan.names.surnames or word in scan.names.first or at in scan.matches
    return scan.reading.keys[at] in scan.lex.common and not known


def uncommon(scan: Scan, i: int, j: int) -> bool:
    """Whether two to four words are no common ones, and begin no listed name."""
    keys = scan.reading.keys
    return 1 < j - i < 5 and all(
        keys[at] not in scan.lex.common and at not in scan.matches for at in range(i, j)
    )


def single_head(scan: Scan, at: int) -> bool:
    """Whether a word heads names of organisations, events or places."""
    key = scan.reading.keys[at]
    return scan.rules.heads and (
        key in scan.lex.org_heads or key in scan.lex.event_heads or key in scan.lex.place_heads
    )
