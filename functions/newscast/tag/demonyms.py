"""Demonyms that name no country: languages ("speaks French"), dishes ("French fries"), origins, persons."""

from __future__ import annotations

from newscast.tag.match import Match
from newscast.tag.scan import Scan


def other_thing(scan: Scan, i: int, j: int) -> str:
    """What else the demonym [i, j) names here, or an empty string."""
    asked: list[tuple[int, int]] = []
    while (known := scan.other_things.get((i, j))) is None:
        asked.append((i, j))
        found = _other_thing(scan, i, j)
        if isinstance(found, str):
            known = found
            break
        i, j = found.i, found.j
    scan.other_things.update((words, known) for words in asked)
    return known


def _other_thing(scan: Scan, i: int, j: int) -> str | Match:
    """The same, or the demonym before "and" of which holds what holds of this one."""
    reading, lex = scan.reading, scan.lex
    after = _following(scan, j)
    if after in lex.cues["language nouns"]:
        return f"a language ({after})"
    if after in lex.cues["dishes"]:
        return f"a dish or a thing ({after})"
    if i and reading.gaps[i] == "-" and reading.keys[i - 1] in lex.cues["parts of continents"]:
        return f"a part of a continent ({reading.keys[i - 1]}-)"
    if after in lex.cues["origins"]:
        return f"where somebody or something comes from ({after})"
    if after and (calling := _calling(scan, j)):
        return f"nobody acts for a state as a {calling}"
    if not i or reading.gaps[i] not in (" ", ", "):
        return ""
    before = reading.keys[i - 1]
    if after in lex.cues["kin"] and before in lex.cues["whose"]:
        return f"where somebody comes from ({after})"
    if before in lex.cues["language verbs"] and not _noun(scan, after):
        return f"a language ({before})"
    if before in ("and", "or") and i >= 2 and (first := scan.matches.get(i - 2)) and first.demonym:
        return first if not _noun(scan, after) else ""
    if before == "in" and not after and not scan.reading.words[i].endswith("s"):
        return "a language (in)"
    return ""


def a_name(scan: Scan, i: int, j: int) -> bool:
    """Whether a word that is a demonym only as a noun is a name here: "Finn said", not "the Finn said"."""
    reading, lex = scan.reading, scan.lex
    if j - i > 1 or reading.keys[i] not in lex.cues["demonyms that are nouns"]:
        return False
    if j < reading.count and reading.caps[j] and reading.gaps[j] == " ":
        return False  # "Briton Chris Froome"
    if not i or reading.gaps[i] != " ":
        return True
    before = reading.keys[i - 1]
    described = not reading.caps[i - 1] and before in lex.common and before not in lex.function_words
    verb = before in lex.cues["doing"] or before.endswith("ed")
    return before not in lex.cues["articles"] and (not described or verb)


def many(scan: Scan, i: int) -> bool:
    """Whether a quantity before a demonym makes it people: "most Britons", "millions of Americans"."""
    reading, cues = scan.reading, scan.lex.cues
    if not i or reading.gaps[i] != " " or not reading.keys[i].endswith("s"):
        return False
    before = reading.keys[i - 1]
    if before == "of" and i > 1:
        return reading.keys[i - 2] in cues["quantities of"] or reading.words[i - 2].isdigit()
    return before in cues["quantities"] or reading.words[i - 1].isdigit()


def _following(scan: Scan, j: int) -> str:
    """The lower-case word right after, or an empty string."""
    reading = scan.reading
    plain = j < reading.count and reading.gaps[j] in (" ", "-") and not reading.caps[j]
    return reading.keys[j] if plain else ""


def _calling(scan: Scan, j: int) -> str:
    """ "American pop singer", "British actor": a private calling within three plain words."""
    for at in range(j, j + 3):
        key = _following(scan, at)
        if key in scan.lex.cues["private callings"]:
            return key
        if not key or key in scan.lex.function_words:
            break
    return ""


def _noun(scan: Scan, after: str) -> bool:
    """Whether a noun may follow that the demonym describes: no connecting word does."""
    return bool(after) and after not in scan.lex.function_words
