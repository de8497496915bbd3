"""Adjectives and short names of parties: "Republican lawmakers", "Labour MPs", not "labour shortages"."""

from __future__ import annotations

from newscast.tag import names
from newscast.tag.match import Match
from newscast.tag.scan import Scan


def means_a_party(scan: Scan, match: Match) -> bool:
    """Whether the words of a match are a party or a chamber here, if they are one only sometimes."""
    reading, cues = scan.reading, scan.lex.cues
    key, before = reading.keys[match.i], reading.keys[match.i - 1] if match.i else ""
    if before in cues["of a part"] and all(alias.context for alias in match.aliases):
        return False  # "the state Senate"
    if match.j - match.i > 1:
        return True
    if key in cues["only the"] and before != "the":
        return political(scan, match.j) and reading.caps[match.j]  # "House Speaker"
    if key in cues["party adjectives"]:
        return political(scan, match.j)
    if key in cues["party words"] and before != "the" and reading.opens(match.i):
        return political(scan, match.j) or _acts(scan, match.j)
    return True


def political(scan: Scan, at: int) -> bool:
    """Whether politics stands at a word: "lawmakers", "primary", "-led", "Sen.", or somebody's full name."""
    reading, lex = scan.reading, scan.lex
    if at >= reading.count or reading.gaps[at] not in (" ", "-"):
        return False
    key = reading.keys[at]
    if reading.gaps[at] == "-":
        return key in lex.cues["done by"] or key in lex.cues["held by"]
    if not reading.caps[at]:
        return key in lex.cues["political nouns"]
    if key in lex.org_heads:
        return False  # "Communist Party of Turkey"
    return key in lex.cues["political nouns"] or key in lex.roles or names.person_like(scan, at, at + 2)


def _acts(scan: Scan, at: int) -> bool:
    reading, lex = scan.reading, scan.lex
    after = reading.keys[at] if at < reading.count and reading.gaps[at] == " " else ""
    return after in lex.act or after in lex.speech or after in lex.cues["doing"] or reading.possessive(at)


def inside(scan: Scan, i: int, j: int) -> Match | None:
    """The party of "House Republicans", "British Labour MPs": after its country, a place or a chamber."""
    for at in range(i, j):
        match = scan.matches.get(at)
        if match is None or match.j > j or not match.aliases or not _all_parties(scan, match):
            continue
        ended = match.j == j or political(scan, match.j)
        more = at > i or match.j < j
        return match if more and ended and _led(scan, i, match) and means_a_party(scan, match) else None
    return None


def _led(scan: Scan, i: int, party: Match) -> bool:
    """Whether the words from i to a party are none, a chamber's, its country's or a place's there."""
    if i == party.i or scan.reading.key(i, party.i) in scan.lex.cues["chambers"]:
        return True
    before = scan.matches.get(i)
    if before is None or before.j != party.i:
        return False
    states = {place.country for place in before.places} | {before.country}
    actors = (scan.gazetteer.actor(alias.actor) for alias in party.aliases)
    return any(actor is not None and actor.country in states for actor in actors)


def _all_parties(scan: Scan, match: Match) -> bool:
    if match.j - match.i > 1 and any(alias.form != "short" for alias in match.aliases):
        return False  # "Italian Republican Party" is another than the Republican Party
    actors = [scan.gazetteer.actor(alias.actor) for alias in match.aliases]
    return all(actor is not None and actor.cameo.endswith("PTY") for actor in actors)


def tag(scan: Scan, i: int, j: int) -> bool:
    """ "D-N.Y.", "R-Texas": a legislator's party and state, no name."""
    return j - i > 1 and scan.reading.words[i] in ("D", "R", "I") and scan.reading.gaps[i + 1] in ("-", "–")
