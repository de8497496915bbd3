"""Teams that are called by their town or country: "Liverpool beat Everton", "Germany 2-1 Italy"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import compress

from newscast.tag import names
from newscast.tag.scan import Scan
from newscast.tag.span import Span

SPORT_WORDS = 4
"""Different words of sport from which a text is about sport."""
NEAR = 8
"""Words between a team and the score of its match."""
SHORTEST_NICKNAME = 3
"""Letters that a team's nickname exceeds."""
HIGHEST = 3
"""Digits of a side's score."""


def teams(scan: Scan) -> None:
    """Make a town or a country that plays its team, an unknown organisation; then the same name elsewhere."""
    reading = scan.reading
    about = len(scan.lex.cues["sport"].intersection(reading.keys)) >= SPORT_WORDS
    scores = _scores(scan)
    if not about and not scores:
        return
    playing: list[Span] = []
    known: set[str] = set()
    for span in scan.spans:
        if about and span.weak and _nickname(scan, span):
            span.kind, span.weak, span.rule = "organisation", False, "sport: a team by its nickname"
        if about and span.kind == "place" and not span.actor and _club(scan, span):
            _team(scan, span, "a club's name")
        if about and _staffed(scan, span):
            known.add(reading.key(span.i, span.j))
            playing.append(span)
            _team(scan, span, "its man is named after it")
            continue
        could = _could_play(scan, span)
        why = ""
        if could:
            why = _by_score(scan, span, scores) or (_plays(scan, span) if about else "")
        if why or ((could or span.open_kind) and _opponent(scan, span, playing)):
            known.add(reading.key(span.i, span.j))
            playing.append(span)
            _team(scan, span, why or "a team's opponent")
    starts, ends = {one.i for one in playing}, {one.j for one in playing}
    for span in scan.spans if about and known else ():
        same = reading.key(span.i, span.j) in known and not _speaks(scan, span)
        nobody = span.kind == "person" and span.j - span.i == 1 and not (span.actor or span.title)
        club = nobody and (same or _beats_one(scan, span, known))
        if club or ((same or _beside(scan, span, starts, ends)) and _could_play(scan, span)):
            starts.add(span.i)
            ends.add(span.j)
            _team(scan, span, "as elsewhere in the text")


def _club(scan: Scan, span: Span) -> bool:
    """ "Manchester City", "Nottingham Forest"."""
    return span.j - span.i > 1 and scan.reading.keys[span.j - 1] in scan.lex.cues["clubs"]


def _staffed(scan: Scan, span: Span) -> bool:
    """ "Burnley manager Sean Dyche": a club before who works for it."""
    reading, at = scan.reading, span.j
    if span.actor or span.title or span.kind not in ("person", "place", "organisation"):
        return False
    if at + 2 >= reading.count:
        return False
    if reading.keys[at] not in scan.lex.cues["team staff"] or reading.gaps[at] != " ":
        return False
    return reading.caps[at + 1] and reading.caps[at + 2] and not names.person_like(scan, span.i, span.j)


def _opponent(scan: Scan, span: Span, playing: list[Span]) -> bool:
    """Whether a team of the same clause plays this: "beat Everton", "India won 3-0 against Sri Lanka"."""
    reading = scan.reading
    if not playing or (span.actor and span.kind != "country"):
        return False
    team, before = playing[-1], reading.keys[span.i - 1]
    if before in scan.lex.cues["beats"]:
        return team.j == span.i - 1
    near = team.j < span.i <= team.j + NEAR and not any(map(reading.opens, range(team.j, span.i)))
    return (
        near and before in ("against", "over", "vs", "v") and reading.keys[team.j] in scan.lex.cues["beats"]
    )


def _beats_one(scan: Scan, span: Span, known: set[str]) -> bool:
    """ "Everton beat Burnley": what beats a team is one."""
    keys = scan.reading.keys
    return span.j + 1 < len(keys) and keys[span.j] in scan.lex.cues["beats"] and keys[span.j + 1] in known


def _nickname(scan: Scan, span: Span) -> bool:
    """ "the Pistons": a common plural in capitals inside a sentence."""
    reading = scan.reading
    if span.j - span.i > 1 or span.rule != "common word in capitals" or not span.i:
        return False
    plural = reading.keys[span.i].endswith("s") and len(reading.keys[span.i]) > SHORTEST_NICKNAME
    return plural and reading.keys[span.i - 1] == "the" and not reading.headline(span.i)


def _beside(scan: Scan, span: Span, starts: set[int], ends: set[int]) -> bool:
    """ "England and Tonga have met": one of the two is a team. Given: the words where teams start and end."""
    keys = scan.reading.keys
    last = span.i > 0 and keys[span.i - 1] == "and" and span.i - 1 in ends
    return last or (span.j < len(keys) and keys[span.j] == "and" and span.j + 1 in starts)


def _could_play(scan: Scan, span: Span) -> bool:
    """Whether a name can be a team's here: a place or a country that nothing locates."""
    reading = scan.reading
    if span.rule.startswith("sport:"):
        return False
    country = span.kind == "country" and span.form in ("name", "acronym")
    named = span.rule == "document: a first name, time and again"  # Chelsea
    placed = span.kind == "place" or (named and names.known_place(scan, span.i, span.j) is not None)
    town = placed and not span.actor and not reading.words[span.i].isupper()
    if not (country or town) or span.weak:
        return False
    before = reading.keys[span.i - 1] if span.i else ""
    if before in scan.lex.cues["locating"] or before in ("of", "from", "to", "at"):
        return False
    return not names.placed(scan, span.i, span.j)


def _plays(scan: Scan, span: Span) -> str:
    """ "Alabama hasn't won", "Miami's record"; a country only by verbs and nouns of sport: "Samoa lost"."""
    reading, cues = scan.reading, scan.lex.cues
    before = reading.keys[span.i - 1] if span.i else ""
    at = reading.past_possessive(span.j)
    after = reading.keys[at] if at < reading.count and "\n" not in reading.gaps[at] else ""
    if span.kind == "country":
        told = after in cues["plays by country"] or before in cues["played by country"]
        return "what it plays" if told else ""
    if before == "and" or reading.after(span.j)[:1] == ",":
        return ""
    owns = at > span.j
    return "what it plays" if owns or after in cues["plays"] or before in cues["plays"] else ""


def _scores(scan: Scan) -> list[int]:
    """Words at which a score stands: "2-1", "68 runs"."""
    reading, units = scan.reading, scan.lex.cues["score units"]
    words, gaps = reading.words, reading.gaps
    return [
        at
        for at in compress(range(reading.count - 1), map(str.isdigit, words))
        if len(words[at]) <= HIGHEST
        and (
            reading.keys[at + 1] in units
            or (gaps[at + 1] in ("-", "–") and words[at + 1].isdigit() and len(words[at + 1]) <= HIGHEST)
        )
    ]


def _by_score(scan: Scan, span: Span, scores: list[int]) -> str:
    """ "Germany 2-1 Italy"; "Samoa beat Tonga 20-3", where a verb of playing stands beside the name."""
    reading, cues = scan.reading, scan.lex.cues
    near = bisect_left(scores, min(span.i - 2, span.j - NEAR)), bisect_right(scores, span.j + NEAR)
    for at in scores[slice(*near)]:
        ahead = (
            at == span.j
            and reading.words[at + 1].isdigit()
            and reading.gaps[at] == " "
            and at + 2 < reading.count
            and reading.caps[at + 2]
        )
        behind = span.i == at + 2 and reading.gaps[span.i] == " " and at and reading.caps[at - 1]
        if ahead or behind:
            return "a score beside it"
        if abs(at - span.j) > NEAR:
            continue
        before = reading.keys[span.i - 1] if span.i else ""
        after = reading.keys[span.j] if span.j < reading.count and reading.gaps[span.j] == " " else ""
        if after in cues["beats"] or before in cues["beats"]:
            return "it beat or was beaten"
    return ""


def _speaks(scan: Scan, span: Span) -> bool:
    """Whether a country does what teams don't: "Qatar said"."""
    after = scan.reading.keys[span.j] if span.j < scan.reading.count else ""
    return span.kind == "country" and (after in scan.lex.speech or after in scan.lex.cues["owned"])


def _team(scan: Scan, span: Span, why: str) -> None:
    if span.actor:
        scan.reject(span.i, span.j, span.actor, f"a team in a text about sport: {why}")
    span.kind, span.actor, span.country, span.qid, span.form = "organisation", "", "", "", "name"
    span.rule, span.candidates, span.open_kind = f"sport: {why}", (), False
