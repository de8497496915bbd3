"""Demonyms that name no country: languages ("speaks French") and dishes ("French fries")."""

from __future__ import annotations

from newscast.tag.scan import Scan


def other_thing(scan: Scan, i: int, j: int) -> str:
    """What else the demonym [i, j) names here, or an empty string."""
    reading, lex = scan.reading, scan.lex
    after = (
        reading.keys[j] if j < reading.count and reading.gaps[j] in (" ", "-") and not reading.caps[j] else ""
    )
    if after in lex.cues["language nouns"]:
        return f"a language ({after})"
    if after in lex.cues["dishes"]:
        return f"a dish or a thing ({after})"
    if i and reading.gaps[i] == "-" and reading.keys[i - 1] in lex.cues["parts of continents"]:
        return f"a part of a continent ({reading.keys[i - 1]}-)"
    if not i or reading.gaps[i] not in (" ", ", "):
        return ""
    before = reading.keys[i - 1]
    if before in lex.cues["language verbs"] and not _noun(scan, after):
        return f"a language ({before})"
    if before in ("and", "or") and i >= 2 and (first := scan.matches.get(i - 2)) and first.demonym:
        return other_thing(scan, first.i, first.j) if not _noun(scan, after) else ""
    if before == "in" and not after and not scan.reading.words[i].endswith("s"):
        return "a language (in)"
    return ""


def _noun(scan: Scan, after: str) -> bool:
    """Whether a noun may follow that the demonym describes: no connecting word does."""
    return bool(after) and after not in scan.lex.function_words
