"""Text → who is in it. One path for Lambda and for `explain`: the trace is what tagging leaves behind."""

from __future__ import annotations

from datetime import date

from newscast.gazetteer.gazetteer import Gazetteer
from newscast.records import Tags
from newscast.tag import (
    assemble,
    bodies,
    bylines,
    events,
    own_bodies,
    patterns,
    peoples,
    recogniser,
    references,
    resolve,
    segments,
    settle,
    short_bodies,
    surnames,
    titles,
)
from newscast.tag.inflections import unbend
from newscast.tag.lexicon import LANGUAGES, lexicon, names
from newscast.tag.match import Match, matcher
from newscast.tag.reading import Reading
from newscast.tag.recogniser import Recognised
from newscast.tag.rules import ALL, Rules
from newscast.tag.runs import runs
from newscast.tag.scan import Scan
from newscast.tag.trace import Explanation, trace

LAST_LATIN = "\u024f"
"""Letters beyond it are of other scripts."""


def tag(
    text: str,
    gazetteer: Gazetteer,
    on: date | None,
    language: str | None = None,
    rules: Rules = ALL,
    *,
    shouted: int = 0,
    recognised: Recognised | None = None,
) -> Tags:
    """Who is in a text, with the roles they held on a day. Offsets count code points of `text`.

    `shouted` is how many code points at its start are a title in capitals. `recognised` is what a statistical
    model found in the text, for names that nothing here knows.
    """
    return assemble.tags(scan(text, gazetteer, on, language, rules, shouted=shouted, recognised=recognised))


def explain(
    text: str,
    gazetteer: Gazetteer,
    on: date | None,
    language: str | None = None,
    rules: Rules = ALL,
    *,
    recognised: Recognised | None = None,
) -> Explanation:
    """The same, with every span's rule and row and every rejected candidate."""
    done = scan(text, gazetteer, on, language, rules, recognised=recognised)
    return trace(done, assemble.tags(done))


def scan(
    text: str,
    gazetteer: Gazetteer,
    on: date | None,
    language: str | None,
    rules: Rules,
    *,
    shouted: int = 0,
    recognised: Recognised | None = None,
) -> Scan:
    """Run all rules over a text."""
    code = (language or "en").split("-")[0].lower().replace("und", "en")
    reading = Reading(text, lexicon(code if code in LANGUAGES else ""), language or "", shouted)
    table = matcher(gazetteer, reading.lex.language)
    if rules.gazetteer and code != "en":
        unbend(reading, table)
    work = Scan(reading, table, names(), rules, on)
    taken = [False] * (reading.count + 1)
    for i, j in events.dated(work):
        taken[i:j] = [True] * (j - i)
        work.reject(i, j, "event", "an event's name, with all that stands in it")
    for i, j in bylines.written_by(work) if reading.lex.guesses else ():
        taken[i:j] = [True] * (j - i)
        work.reject(i, j, "byline", "who wrote the report is not in it")
    composed = bodies.compose(work) if reading.lex.guesses else patterns.compose(work)
    composed += peoples.alone(work, composed)
    fixed = [span for span in composed if not any(taken[span.i : span.j])]
    work.spans.extend(span for span in fixed if span.kind != "nothing")
    for span in fixed:
        taken[span.i : span.j] = [True] * (span.j - span.i)
    _runs(work, taken)
    for match in work.matches.values():
        if not any(taken[match.i : match.j]):
            _settle(work, match)
    titles.attach(work)
    if rules.document and not reading.lex.guesses:
        surnames.follow(work)
    resolve.resolve(work)
    references.resolve_roles(work)
    short_bodies.short(work)
    own_bodies.own(work)
    if recognised:
        recogniser.merge(work, recognised)
    return work


def _runs(work: Scan, taken: list[bool]) -> None:
    """Segment every run of capitals, around what is taken and around listed names that reach beyond it."""
    reading = work.reading
    if not reading.lex.guesses:
        return
    found = runs(reading, work.rules)
    if work.rules.document:
        work.inside = {
            reading.key(i, j)
            for i, j in found
            if j - i > 1 and not reading.opens(i) and not reading.headline(i)
        }
        lines = reading.headlines()
        work.sentences = {
            reading.key(at, j)
            for i, j in found
            if lines and i not in lines
            for at in (i, i + 1)
            if j - at > 1
        }
    for i, j in found:
        if reading.words[i][0] > LAST_LATIN:
            continue  # a guess needs a grammar of the language
        at = i
        while at < j:
            if taken[at]:
                at += 1
                continue
            end = at
            beyond = None
            while end < j and not taken[end] and beyond is None:
                match = work.matches.get(end)
                beyond = match if match and match.j > j else None
                end += beyond is None
            if end > at:
                segments.segment(work, at, end)
            at = end
            if beyond is not None:
                _settle(work, beyond)
                taken[beyond.i : beyond.j] = [True] * (beyond.j - beyond.i)
                at = beyond.j
        taken[i:j] = [True] * (j - i)


def _settle(work: Scan, match: Match) -> None:
    title = work.stated.get(match.i)
    span = settle.settle(work, match, title)
    if span:
        span.title = title
        work.spans.append(span)
