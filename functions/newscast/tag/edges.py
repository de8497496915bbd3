"""Where a name in a run begins and ends: function words, addresses and a sentence's first word go."""

from __future__ import annotations

from newscast.tag import names
from newscast.tag.match import Match
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan


def trim(scan: Scan, i: int, j: int) -> tuple[int, int]:
    """Leave out function words at both ends, forms of address, and a sentence's common first word."""
    reading, lex = scan.reading, scan.lex
    while i < j and (_no_name(scan, i, j) or _only_opens(scan, i, j)) and not _firm(scan, i, j):
        i += 1
    while j - i > 2 and reading.keys[j - 1] in lex.cues["post-nominals"] and _letters(scan, i, j):
        j -= 1  # "Anna Moss MLC"
    if j - i > 1 and reading.words[i] in scan.names.first and names.person_like(scan, i, j):
        return i, j  # "Theresa May"
    while i < j and (reading.keys[j - 1] in lex.function_words or not reading.words[j - 1][0].isalnum()):
        word = reading.words[j - 1]
        if j - 1 in scan.matches or (
            word.isupper() and names.is_acronym(word) and not reading.headline(j - 1)
        ):
            break
        j -= 1
    return i, j


def _letters(scan: Scan, i: int, j: int) -> bool:
    """Whether the last word is letters after a person's name."""
    reading = scan.reading
    return reading.words[j - 1].isupper() and reading.gaps[j - 1] == " " and names.person_like(scan, i, j - 1)


def _firm(scan: Scan, i: int, j: int) -> bool:
    """Whether the first word is part of a name whatever else it can be: "The Hague", "US", "April Okoye"."""
    word = scan.reading.words[i]
    if _match_from(scan, i, j) is not None or _first_name(scan, i, j):
        return True
    if scan.reading.keys[i] in scan.lex.cues["name openers"] and _inside(scan, i, j):
        return True  # "a party called Our Ukraine"
    return i in scan.matches and len(word) > 1 and (word.isupper() or "." in word)


def _inside(scan: Scan, i: int, j: int) -> bool:
    """Whether a capital word and the next one stand inside a sentence that has lower-case words around."""
    reading = scan.reading
    return j - i > 1 and reading.gaps[i + 1] == " " and not reading.opens(i) and not reading.headline(i)


def _no_name(scan: Scan, i: int, j: int) -> bool:
    """Whether the first word never begins a name: a function word, a month, a form of address."""
    reading, lex = scan.reading, scan.lex
    key = reading.keys[i]
    never = key in lex.function_words or key in lex.honorifics or key in lex.cues["months"]
    if (reading.caps[i] and not never) or _initial(scan, i, j):
        return False
    if key == "miss" and reading.gaps[i] == ", " and reading.after(i + 1)[:1] == ".":
        return False  # "Aberdeen, Miss."
    return never or not (i + 1 < j and reading.caps[i + 1])


def _initial(scan: Scan, i: int, j: int) -> bool:
    """ "A. M. Fachir"."""
    reading = scan.reading
    return len(reading.keys[i]) == 1 and i + 1 < j and reading.gaps[i + 1][:1] == "." and reading.caps[i]


def _only_opens(scan: Scan, i: int, j: int) -> bool:
    """Whether the first word is a common one that is capital because a sentence starts with it."""
    reading, lex = scan.reading, scan.lex
    key = reading.keys[i]
    if (
        not scan.rules.common_words
        or j - i < 2
        or _initial(scan, i, j)
        or key not in lex.common
        or not reading.opens(i)
    ):
        return False
    if scan.rules.first_names and reading.words[i] in scan.names.first and not reading.headline(i):
        return False
    if key in lex.cues["family names first"] and names.person_like(scan, i, j):
        return False  # "Park Chul-soo"
    if key in names.SURNAMES_BEGIN and reading.words[i].istitle() and reading.keys[i + 1] not in lex.common:
        return False  # "Van Buren"
    if i in scan.matches or key in lex.cues["place prefixes"] or reading.key(i, j) in scan.inside:
        return False
    return not (
        names.head_kind(scan, i, j) or role_at(scan, i, j) is not None or names.known_place(scan, i, j)
    )


def _first_name(scan: Scan, i: int, j: int) -> bool:
    """ "April Okoye", and "Will Harlow" inside a sentence: a month or a verb that is a first name here."""
    reading = scan.reading
    if reading.words[i] not in scan.names.first or not names.person_like(scan, i, j):
        return False
    if i and reading.keys[i - 1] in ("in", "on", "since", "until", "last", "next", "by"):
        return False
    return reading.keys[i] in scan.lex.cues["months"] or not reading.opens(i)


def _match_from(scan: Scan, i: int, j: int) -> Match | None:
    """A listed name of two words or more that begins here ("The Hague", "New York")."""
    match = scan.matches.get(i)
    if match is not None and i + 1 < match.j <= j and not cut_short(scan, match, j):
        return match
    if scan.reading.keys[i] in ("new", "east", "last", "the"):
        for end in range(min(j, i + 4), i + 1, -1):
            if names.known_place(scan, i, end):
                return Match(i, end, (), (), "", False)
    return None


def cut_short(scan: Scan, match: Match, j: int) -> bool:
    """Whether a listed name with its article goes on: "The Australian" in "The Australian Ballet"."""
    reading = scan.reading
    if reading.keys[match.i] != "the" or match.j - match.i != 2 or match.j >= j:
        return False
    return reading.caps[match.j] and reading.gaps[match.j] == " "
