"""Roles as the text states them: "former Russian foreign minister Igor Ivanov", "Ivanov, the minister"."""

from __future__ import annotations

from newscast.tag.scan import Scan
from newscast.tag.span import Title

LONGEST_TITLE = 6
MOST_MODIFIERS = 6
"""Before a role: "former acting deputy" has three."""
SPACES = frozenset((" ", "\u00a0", "-", ". ", "–", ""))
"""Gaps inside a title: "vice-president", "Lt. Gen."; none in scripts without spaces."""
APOSTROPHES = frozenset(("'", "’"))


def office_of(scan: Scan, i: int, j: int) -> tuple[str, str] | None:
    """(office, country it holds for) if these words are a role; the office is empty where none is meant."""
    means = scan.roles.means.get(scan.reading.key(i, j))
    return means[0] if means else None


def role_at(scan: Scan, i: int, end: int) -> Title | None:
    """The longest role that begins at word i and ends by `end`, its modifiers taken in."""
    key = scan.reading.keys[i]
    if not scan.rules.roles or not (
        key in scan.roles.starts or key in scan.lex.modifiers or key[:-1] in scan.lex.roles
    ):
        return None
    start = i
    effect = ""
    while (
        i < min(end, start + MOST_MODIFIERS)
        and (change := scan.lex.modifiers.get(scan.reading.keys[i]))
        and not _begins(scan, i, end)
    ):
        effect = effect if effect in ("past",) or change in ("same", "current") else change
        i += 1
    for j in range(_reach(scan, i, end), i, -1):
        found = office_of(scan, i, j) or _plural(scan, i, j, end)
        if found and all(_joined(scan, at) for at in range(start + 1, j)):
            return Title(start, j, _text(scan, start, j), found[0], effect, found[1])
    if i == start + 1 and i < end and scan.reading.caps[i] and (found := office_of(scan, start, i)):
        return Title(start, i, _text(scan, start, i), found[0], "", found[1])  # "Deputy Byrd"
    return None


def _joined(scan: Scan, at: int) -> bool:
    """Whether a word can go on a title: "ministre de l'Intérieur"."""
    gap = scan.reading.gaps[at]
    return gap in SPACES or (gap in APOSTROPHES and scan.reading.keys[at - 1] in scan.lex.cues["elisions"])


def _text(scan: Scan, i: int, j: int) -> str:
    """The role as written, an abbreviation with its full stop ("Lt. Gen.")."""
    reading = scan.reading
    stop = reading.keys[j - 1] in scan.lex.cues["abbreviations"] and reading.after(j)[:1] == "."
    return reading.surface(i, j) + ("." if stop else "")


def _plural(scan: Scan, i: int, j: int, end: int) -> tuple[str, str] | None:
    """ "Presidents Richard Nixon and …": the plural before a name."""
    reading = scan.reading
    if (
        j != i + 1
        or j >= end
        or not (reading.caps[i] and reading.caps[j])
        or not reading.keys[i].endswith("s")
    ):
        return None
    word = scan.lex.roles.get(reading.keys[i][:-1])
    return (word.office, "") if word else None


def _begins(scan: Scan, i: int, end: int) -> bool:
    """Whether a role of two words or more begins here: "deputy prime minister", "chief of staff"."""
    return any(office_of(scan, i, j) for j in range(_reach(scan, i, end), i + 1, -1))


def _reach(scan: Scan, i: int, end: int) -> int:
    """The last word after which a role that begins at word i can end; one word may be a plural."""
    longest = scan.roles.starts.get(scan.reading.keys[i], 1) if i < end else 0
    return min(end, i + min(longest, LONGEST_TITLE))


def role_ending(scan: Scan, j: int, floor: int) -> Title | None:
    """The longest role that ends before word j and begins at `floor` or later, with its modifiers."""
    reading = scan.reading
    if not scan.rules.roles or j <= floor:
        return None
    longest = min(scan.roles.ends.get(reading.keys[j - 1], 0), LONGEST_TITLE)
    for i in range(max(floor, j - longest), j):
        found = office_of(scan, i, j)
        if found is None or not all(_joined(scan, at) for at in range(i + 1, j)):
            continue
        start, effect = i, ""
        while start > floor and reading.gaps[start] in SPACES:
            change = scan.lex.modifiers.get(reading.keys[start - 1])
            if change is None:
                break
            start -= 1
            effect = effect if change in ("same", "current") else change
        return Title(start, j, _text(scan, start, j), found[0], effect, found[1])
    return None
