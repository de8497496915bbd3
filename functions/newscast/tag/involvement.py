"""What an actor does in the text: source, speaker, participant, or only mentioned; the first that applies."""

from __future__ import annotations

from newscast.records import Involvement
from newscast.tag.scan import Scan
from newscast.tag.span import Span

ORDER: tuple[Involvement, ...] = ("source", "speaker", "participant", "mentioned")


def involvement(scan: Scan, spans: list[Span]) -> Involvement:
    """The strongest part that any of an actor's mentions plays."""
    media = _medium(scan, spans[0])
    strongest = ORDER[0] if media else ORDER[1]  # only media are a source
    found = ORDER[-1]
    for span in spans:
        found = min(found, _one(scan, span, media), key=ORDER.index)
        if found == strongest:
            break
    return found


def _medium(scan: Scan, span: Span) -> bool:
    if span.actor.startswith("collective:"):
        return span.actor.endswith(":MED")
    actor = scan.gazetteer.actor(span.actor)
    return (
        actor is not None
        and actor.kind in ("organisation", "body")
        and (actor.cameo.endswith("MED") or actor.plover.endswith("JRN") or actor.id.endswith(":state-media"))
    )


def _one(scan: Scan, span: Span, media: bool) -> Involvement:
    reading, lex = scan.reading, scan.lex
    text = reading.text
    start, end = reading.starts[span.i], reading.ends[span.j - 1]
    first = _first(scan, span)
    before = reading.keys[first - 1] if first and "\n" not in reading.gaps[first] else ""
    bracketed = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    credited = bracketed or (text[max(0, start - 2) : start] == "| " and text[end : end + 2] == " |")
    dashed = text[max(0, start - 2) : start] in ("- ", "– ", "— ") and text[end : end + 1] in ("", "\n")
    verb = "" if bracketed or before in lex.cues["not subjects"] else _verb(scan, span)
    according = (bool(before) and _accorded(scan, first - 1)) or _according(scan, span)
    told = according or (before in lex.cues["told"] and media)
    if media and (told or verb in lex.report or verb in lex.speech or credited or dashed):
        return "source"
    if before in scan.lex.cues["quoting"] and _as_saying(scan, span):
        return "speaker"
    if according or verb in lex.speech or _said_before(scan, span):
        return "speaker"
    if _owns(scan, span) in scan.lex.cues["speech nouns"] and span.kind != "country":
        return "speaker"
    if verb and (verb in lex.act or _past(scan, verb) or verb in scan.lex.cues["doing"]):
        return "participant"
    beside = first > 1 and reading.keys[first - 2] in lex.cues["border"]
    if (
        (before in lex.cues["dealt with"] and not beside)
        or (before in lex.cues["and"] and _pair(scan, first))
        or _owns(scan, span) in scan.lex.cues["owned deeds"]
    ):
        return "participant"
    return "mentioned"


def _verb(scan: Scan, span: Span) -> str:
    """The verb that follows a name, over an apposition or an adverb; empty if none does."""
    asked: list[tuple[int, int]] = []
    while (known := scan.verbs.get((span.i, span.j))) is None:
        asked.append((span.i, span.j))
        found = _verb_after(scan, span)
        if isinstance(found, str):
            known = found
            break
        span = found
    scan.verbs.update((words, known) for words in asked)
    return known


def _verb_after(scan: Scan, span: Span) -> str | Span:
    """The same, or the name whose verb it is too."""
    reading, lex = scan.reading, scan.lex
    at = span.j
    if _suffixed(scan, span) and not reading.caps[at]:
        return reading.keys[at]  # "Marcos Jr. confirmed"
    if at < reading.count and reading.gaps[at].startswith(",") and "\n" not in reading.gaps[at]:
        for ahead in range(at, min(reading.count, at + 14)):
            gap = reading.gaps[ahead]
            if ahead > at and (("." in gap and reading.opens(ahead)) or "\n" in gap):
                return ""
            if ahead > at and gap.startswith((",", '",', "”,")):
                verb = reading.keys[ahead]
                doing = (
                    verb in lex.speech or verb in lex.act or verb in lex.cues["doing"] or _past(scan, verb)
                )
                return verb if doing else ""
            if ahead == at and reading.keys[ahead] in lex.speech:
                return reading.keys[ahead]
        return ""
    if at + 1 < reading.count and reading.keys[at] in lex.cues["and"] and (second := _span_at(scan, at + 1)):
        return second  # "Tokyo and Seoul agreed"
    if at < reading.count and reading.gaps[at] == " (":  # "Fu Cong (China) said"
        at = next((k for k in range(at + 1, min(reading.count, at + 5)) if reading.gaps[k] == ") "), at)
    at = _past_weekday(scan, at)
    if reading.keys[at : at + 1] == ["of"] and (place := _span_at(scan, at + 1)) and place.kind == "place":
        return place  # "Thune of South Dakota said"
    for ahead in range(at, min(reading.count, at + 3)):
        if reading.gaps[ahead] not in ("", " ", "\u00a0", " (", ") ") or reading.caps[ahead]:
            return ""
        key = reading.keys[ahead]
        if key not in lex.cues["adverbs"] and key not in lex.agents and not _adverb(scan, key):
            return key
    return ""


def _suffixed(scan: Scan, span: Span) -> bool:
    """Whether a name's last word is a suffix, whose full stop stands before the next word."""
    reading, at = scan.reading, span.j
    return (
        at < reading.count and reading.gaps[at] == ". " and reading.keys[at - 1] in scan.lex.cues["suffixes"]
    )


def _past_weekday(scan: Scan, at: int) -> int:
    """Over "on Friday" or "Friday" after a name."""
    keys, days = scan.reading.keys, scan.lex.cues["weekdays"]
    day = at + (keys[at : at + 1] == ["on"])
    told = (
        day < len(keys) and keys[day] in days and all(gap == " " for gap in scan.reading.gaps[at : day + 2])
    )
    return day + 1 if told and day + 1 < len(keys) else at


def _span_at(scan: Scan, at: int) -> Span | None:
    """The name that begins at a word, an article skipped."""
    at += scan.reading.keys[at : at + 1] != [] and scan.reading.keys[at] in scan.lex.cues["the"]
    return scan.span_at.get(at)


def _adverb(scan: Scan, key: str) -> bool:
    return key.endswith(scan.lex.adverb_endings)


def _past(scan: Scan, verb: str) -> bool:
    return len(verb) > 4 and verb.endswith(scan.lex.past_endings)


def _accorded(scan: Scan, at: int) -> bool:
    """Whether the words up to this one say whose word it is: "according to", "selon"."""
    keys, cues = scan.reading.keys, scan.lex.cues["according"]
    key = keys[at]
    return key in cues or (at > 0 and key in scan.lex.according_ends and f"{keys[at - 1]}_{key}" in cues)


def _said_before(scan: Scan, span: Span) -> bool:
    """ "…," said the spokesperson Sabrina Singh: a speech verb before the name and its titles."""
    reading, lex = scan.reading, scan.lex
    at = _begin(span)
    for back in range(at - 1, max(-1, at - 6), -1):
        if reading.gaps[back + 1] not in (" ", "\u00a0", " - ") and back + 1 != at:
            return False
        key = reading.keys[back]
        if key in lex.cues["said first"]:
            return True
        if key in lex.cues["said before"]:
            gap = reading.gaps[back]
            if _clause(scan, span):
                return False
            return any(mark in gap for mark in ('"', "”", "'", "’", ",", "“"))
        if reading.caps[back] or key in lex.roles or key in lex.cues["before names"] or back in scan.matches:
            continue
        return False
    return False


def _clause(scan: Scan, span: Span) -> bool:
    """ "…, said Japan and the Philippines must refrain": the name begins what was said."""
    keys, at = scan.reading.keys, span.j
    if keys[at : at + 1] == ["and"] and (second := _span_at(scan, at + 1)):
        at = second.j
    return at < len(keys) and keys[at] in scan.lex.cues["auxiliaries"] and scan.reading.gaps[at] == " "


def _according(scan: Scan, span: Span) -> bool:
    """ "according to [the] [title] NAME"."""
    reading = scan.reading
    at = _begin(span)
    for back in range(at - 1, max(0, at - 5), -1):
        if _accorded(scan, back):
            return True
        if "," in reading.gaps[back + 1] or "." in reading.gaps[back + 1].strip():
            return False
    return False


def _owns(scan: Scan, span: Span) -> str:
    """What the name owns or heads: "Modi's visit", "the ministry statement"."""
    reading = scan.reading
    at = reading.past_possessive(span.j)
    if at >= reading.count or reading.caps[at] or reading.gaps[at] not in (" ", "' ", "’ "):
        return ""
    if (
        at + 1 < reading.count
        and reading.keys[at] in scan.lex.cues["owned adjectives"]
        and reading.gaps[at + 1] == " "
    ):
        at += 1
    return reading.keys[at]


def _begin(span: Span) -> int:
    """The first word of the name with its role, and the country or body of the role."""
    title = span.title
    if title is None or title.i > span.i:
        return span.i
    return title.i if title.first < 0 else min(title.first, title.i)


def _first(scan: Scan, span: Span) -> int:
    """The same, an article taken in."""
    first = _begin(span)
    reading = scan.reading
    articled = first and reading.keys[first - 1] in scan.lex.cues["articles"] and reading.gaps[first] == " "
    return first - 1 if articled else first


def _as_saying(scan: Scan, span: Span) -> bool:
    """ "AFP quoted the ministry as saying"."""
    return "saying" in scan.reading.keys[span.j : span.j + 3]


def _pair(scan: Scan, first: int) -> bool:
    """ "between X and Y", "X and Y met"."""
    reading = scan.reading
    for back in range(first - 2, max(-1, first - 8), -1):
        if reading.keys[back] in scan.lex.cues["pairs"]:
            return True
        if "." in reading.gaps[back + 1].strip():
            return False
    return False
