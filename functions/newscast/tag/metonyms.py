"""Whether a seat of power acts ("Moscow said") or is only where something is ("in Moscow")."""

from __future__ import annotations

from newscast.tag.scan import Scan


def located(scan: Scan, i: int) -> bool:
    """Whether a word of place stands right before."""
    return i > 0 and scan.reading.keys[i - 1] in scan.lex.cues["locating"] and scan.reading.gaps[i] == " "


def acts(scan: Scan, i: int, j: int) -> str:
    """Why the words [i, j) are a power here, or an empty string."""
    if located(scan, i):
        return ""
    return _subject(scan, i, j) or _object(scan, i) or _whose(scan, i) or _with_another(scan, j)


def _subject(scan: Scan, i: int, j: int) -> str:
    """ "Moscow said", "Kyiv has asked", "Beijing's decision", "Damascus-backed"."""
    reading, lex = scan.reading, scan.lex
    if j >= reading.count:
        return ""
    after, gap = reading.keys[j], reading.gaps[j]
    if reading.possessive(j):
        at = (
            j
            + 1
            + (reading.keys[j + 1 : j + 2] != [] and reading.keys[j + 1] in lex.cues["owned adjectives"])
        )
        owned = reading.keys[at] if at < reading.count else ""
        return f"it owns a power's thing ({owned})" if owned in lex.cues["owned"] else ""
    if reading.caps[j]:
        return ""
    if gap == "-":
        return f"it acts ({after})" if after in lex.cues["done by"] else ""
    if gap != " ":
        return ""
    if after not in lex.cues["auxiliaries"]:
        return f"it acts ({after})" if after in lex.act or after in lex.speech else ""
    if i and reading.gaps[i] == " " and reading.keys[i - 1] in ("of", "from", "to"):
        return ""
    verb = j + 1
    while verb < reading.count and reading.keys[verb] in lex.cues["adverbs"]:
        verb += 1
    if reading.keys[verb : verb + 1] and reading.keys[verb] in lex.cues["intends"]:
        return f"it intends ({after} {reading.keys[verb]})"
    if verb < reading.count and _verb_of_power(scan, reading.keys[verb]):
        return f"it acts ({after} {reading.keys[verb]})"
    return ""


def _verb_of_power(scan: Scan, verb: str) -> bool:
    """Whether a verb is one that powers do, in any form: "confirm" as "confirms" is."""
    act, speech = scan.lex.act, scan.lex.speech
    return any(form in act or form in speech for form in (verb, f"{verb}s", f"{verb}d", f"{verb}ed"))


def _object(scan: Scan, i: int) -> str:
    """ "accused Tehran", "talks with Tehran", "loyal to Damascus"."""
    reading, lex = scan.reading, scan.lex
    if not i or reading.gaps[i] != " ":
        return ""
    before = reading.keys[i - 1]
    if before in lex.cues["between"] or before in lex.cues["addressed"]:
        return f"it is dealt with ({before})"
    if before == "and" and i >= 3 and reading.keys[i - 3] == "between":
        return PAIR
    if before == "from" and i >= 2 and reading.keys[i - 2] in lex.cues["had from"]:
        return f"it is dealt with ({reading.keys[i - 2]} from)"
    if before == "to" and i >= 2 and reading.keys[i - 2] in lex.cues["dealt with to"]:
        return f"it is dealt with ({reading.keys[i - 2]} to)"
    return ""


def _whose(scan: Scan, i: int) -> str:
    """ "la volonté de Paris et de Londres", "действия Вашингтона": what a power owns."""
    asked: list[int] = []
    while (known := scan.owners.get(i)) is None:
        found = _whose_thing(scan, i)
        if isinstance(found, str):
            known = scan.owners[i] = found
            break
        asked.append(i)
        if _object(scan, found):
            known = PAIR
            break
        i = found
    if asked:
        known = PAIR if known else ""
        scan.owners.update((at, known) for at in asked)
    return known


PAIR = "it is one of two powers"


def _whose_thing(scan: Scan, i: int) -> str | int:
    """The same, or the first word of the name before "and" that decides."""
    reading, cues = scan.reading, scan.lex.cues
    if scan.lex.guesses or not i or reading.gaps[i] not in (" ", "'", "’"):
        return ""
    at = i - 1
    if at and reading.keys[at] in cues["of"]:
        at -= 1
    if reading.keys[at] in cues["owned"]:
        return f"it owns a power's thing ({reading.keys[at]})"
    if reading.keys[at] in cues["and"]:
        other = scan.match_to.get(at)
        return other.i if other else ""
    return ""


def _with_another(scan: Scan, j: int) -> str:
    """ "Tokyo and Seoul agreed": what the second does the first does too."""
    reading = scan.reading
    if j + 1 >= reading.count or reading.keys[j] not in scan.lex.cues["and"] or reading.gaps[j] != " ":
        return ""
    other = scan.matches.get(j + 1)
    return _subject(scan, other.i, other.j) if other else ""
