"""Peoples and faiths alone: "Kurds", "the Druze", "Sunni Arabs"; not "Kurdish food", "Catholics for Choice".

A noun of a people counts, an adjective only before another people that counts, or where it leads or backs
something. With an agent noun both make a collective (`bodies`, and `patterns` in other languages).
"""

from __future__ import annotations

from newscast.tag import names
from newscast.tag.match import Match
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.span import Span

LAST_LATIN = "\u024f"
"""Letters beyond it are of other scripts."""


def alone(scan: Scan, composed: list[Span]) -> list[Span]:
    """A span for each word of a people that is in none of the composed spans and in no longer name."""
    if not scan.peoples:
        return []
    taken = {at for span in composed for at in range(span.i, span.j)}
    counts = {span.i for span in composed}
    ends = {match.j for match in scan.peoples.values()}
    surnames = _surnames(scan)
    spans = []
    for at in sorted(scan.peoples.keys() - taken, reverse=True):
        match = scan.peoples[at]
        if _in_a_name(scan, match):
            continue
        rule = _counts(scan, match, counts, ends)
        if rule:
            counts.add(at)
            spans.append(Span(at, match.j, "group", rule, match.people, match.aliases[0].form))
        elif not _a_surname(scan, at, surnames) and (_adjective(match) or not _also_a_name(scan, at)):
            why = "a people's adjective before nobody who acts"
            scan.reject(at, match.j, match.people, why)
            spans.append(Span(at, match.j, "nothing", "people", why=why))
    return spans[::-1]


def _in_a_name(scan: Scan, match: Match) -> bool:
    """Whether capitals around make a longer name: "Catholic Church", "Catholics for Choice"."""
    reading, i, j = scan.reading, match.i, match.j
    if not reading.lex.guesses or reading.headline(i):
        return reading.lex.guesses and _adjective(match)
    if j < reading.count and reading.gaps[j] == " " and j not in scan.peoples:
        named = j if reading.keys[j] != "for" else j + 1
        capital = named < reading.count and reading.caps[named]
        if capital and (_many(scan, j) or not (_before_holder(scan, j) or _before_listed(scan, j))):
            return True
    if i > 1 and reading.keys[i - 1] == "of" and reading.caps[i - 2] and not reading.opens(i - 2):
        return reading.keys[i - 2] in reading.lex.org_heads  # "the Central Council of Jews"
    if not i or not reading.caps[i - 1] or reading.gaps[i] != " " or _known_before(scan, i):
        return False
    key = reading.keys[i - 1]
    plain = key in reading.lex.common or key in reading.lex.function_words
    first = plain and reading.opens(i - 1) and reading.words[i - 1].istitle()
    return not first  # "Many Kurds" is no name, "AS Roma" is


def _before_holder(scan: Scan, j: int) -> bool:
    """Whether a role and a full name follow: "Catalan President Carles Puigdemont"."""
    role, count = role_at(scan, j, scan.reading.count), scan.reading.count
    if role is None or role.j >= count:
        return False
    ends = (min(role.j + words, count) for words in (2, 3))
    return role.j in scan.matches or any(names.person_like(scan, role.j, end) for end in ends)


def _before_listed(scan: Scan, j: int) -> bool:
    """Whether a listed name ends the capitals: "Shiite Iran", "Druze Sheikh Hikmat al-Hijri"."""
    reading = scan.reading
    match = scan.matches.get(j) or scan.matches.get(j + 1)
    if match is None or not (match.country or _of_persons(match)) or match.demonym:
        return False
    return match.j == reading.count or not reading.caps[match.j] or reading.gaps[match.j] != " "


def _of_persons(match: Match) -> bool:
    return bool(match.aliases) and match.aliases[0].actor.startswith(("person:", "group:"))


def _known_before(scan: Scan, i: int) -> bool:
    """Whether a country, a place, a people or a direction ends right before: "Iraqi Kurds"."""
    if scan.reading.keys[i - 1] in scan.lex.cues["directions"] or names.known_place(scan, i - 1, i):
        return True
    for at in range(i - 1, max(-1, i - 5), -1):
        if match := scan.matches.get(at) or scan.peoples.get(at):
            return match.j == i and bool(match.country or match.places or match.people)
    return False


def _adjective(match: Match) -> bool:
    return match.aliases[0].form == "demonym"


def _many(scan: Scan, j: int) -> bool:
    """Whether a plural ends before word j: "Kurds" is a noun alone, "Druze" an adjective too."""
    return scan.reading.keys[j - 1].endswith("s")


def _counts(scan: Scan, match: Match, counts: set[int], ends: set[int]) -> str:
    """The rule by which these words stand for their people, or an empty string. `counts` has the first words
    of peoples that count, `ends` the words after all."""
    reading, i, j = scan.reading, match.i, match.j
    if reading.gaps[i] == "-":  # "anti-Muslim", "Druze-Bedouin clashes"
        return "people: one of two" if i in ends else ""
    if not _adjective(match) and _noun(scan, match):
        return "gazetteer: people"
    after = reading.keys[j] if j < reading.count else ""
    if reading.gaps[j : j + 1] == ["-"]:
        if j in scan.peoples:
            return "people: one of two"
        return "people: what it does" if after in scan.lex.cues["done by"] else ""
    joined = after in scan.lex.cues["joined"] or reading.gaps[j : j + 1] == [", "]
    other = j + (after in scan.lex.cues["joined"])
    if other in counts and other in scan.peoples and (joined or reading.gaps[j] == " "):
        return "people: before another"
    return ""


def _noun(scan: Scan, match: Match) -> bool:
    """Whether a word that can be a people's noun is one here."""
    reading, i, j = scan.reading, match.i, match.j
    if not reading.lex.guesses:
        # Where nouns have no capital, an article tells "los kurdos" from "territorios kurdos".
        lower = reading.words[i][0].islower() and reading.words[i][0] <= LAST_LATIN
        return not lower or (i > 0 and reading.keys[i - 1] in scan.lex.cues["articles of many"])
    if _many(scan, j):
        return True
    if i and reading.keys[i - 1] in ("a", "an", "another"):
        return False
    return _stands(scan, j) and (j - i > 1 or not _also_a_name(scan, i) or _as_people(scan, i))


def _stands(scan: Scan, j: int) -> bool:
    """Whether no noun follows: "the Druze said", "Rohingya in camps", not "Druze villages"."""
    reading, lex = scan.reading, scan.lex
    if j == reading.count or reading.gaps[j] not in (" ", "-"):
        return j == reading.count or reading.gaps[j] != ", " or not names.known_place(scan, j, j + 1)
    if reading.caps[j] or reading.gaps[j] == "-":
        return False
    key = reading.keys[j]
    if key in lex.cues["beats"]:
        return False  # "Roma beat Lazio"
    if key in lex.function_words or (len(key) > 4 and key.endswith(("ed", "ing", "ly"))):
        return True
    verbs = (lex.act, lex.speech, lex.cues["doing"], lex.cues["doing of many"], lex.cues["auxiliaries"])
    return any(key in some for some in verbs)


def _also_a_name(scan: Scan, i: int) -> bool:
    """Whether the word is a person's or a place's name too, or a common one: "Karen", "Rakhine", "Fur"."""
    word, listed = scan.reading.words[i], scan.names
    named = word in listed.first or word in listed.surnames or scan.reading.keys[i] in scan.lex.common
    return named or bool(names.known_place(scan, i, i + 1))


def _a_surname(scan: Scan, i: int, surnames: dict[str, list[int]]) -> bool:
    """Whether a form of address or a full name makes it a person: "Mr. Jain", "Moro" after "Aldo Moro"."""
    if i and scan.reading.keys[i - 1] in scan.lex.honorifics:
        return True
    return any(at != i for at in surnames[scan.reading.keys[i]])


def _surnames(scan: Scan) -> dict[str, list[int]]:
    """First words of peoples → where each ends a full name, of which the first two are enough."""
    reading, lex = scan.reading, scan.lex
    found: dict[str, list[int]] = {reading.keys[at]: [] for at in scan.peoples}
    for at, key in enumerate(reading.keys):
        if (
            key in found
            and len(found[key]) < 2
            and at
            and reading.gaps[at] == " "
            and reading.caps[at - 1]
            and reading.keys[at - 1] not in lex.common
            and reading.keys[at - 1] not in lex.function_words
            and not _known_before(scan, at)
        ):
            found[key].append(at)
    return found


def _as_people(scan: Scan, i: int) -> bool:
    """ "the Karen", "ethnic Shan", "many Han", "Guatemala's Maya": what says so stands before."""
    before = scan.reading.keys[i - 1] if i and scan.reading.gaps[i] == " " else ""
    if before in ("the", "ethnic", "indigenous") or before in scan.lex.cues["quantities"]:
        return True
    ends = i - 1 if before == "s" else i
    owners = (scan.matches.get(at) for at in range(max(0, ends - 4), ends))
    return any(owner is not None and owner.country and owner.j == ends for owner in owners)
