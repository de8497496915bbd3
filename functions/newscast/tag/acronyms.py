"""Acronyms that the text itself defines: "Italian Democratic Socialists (SDI)"."""

from __future__ import annotations

from newscast.gazetteer.tokens import tokenize
from newscast.tag import names
from newscast.tag.scan import Scan
from newscast.tag.span import Span

MOST = 0.75
"""Share of a name's words that another name must have to be another writing of it."""


def acronyms(scan: Scan) -> None:
    """ "Italian Democratic Socialists ( SDI )": the acronym is the name before it, here and further on."""
    reading = scan.reading
    if "(" not in reading.text:
        return
    defined: dict[str, Span] = {}
    things = {reading.key(span.i, span.j) for span in scan.spans if _of_a_thing(scan, span)}
    for span in scan.spans if things else ():
        if reading.key(span.i, span.j) in things and not (span.actor and span.form != "acronym"):
            span.kind, span.actor, span.candidates, span.why = "nothing", "", (), "acronym of a thing"
    for before, span in zip(scan.spans, scan.spans[1:], strict=False):
        bracketed = span.i == before.j and span.j - span.i < 3 and "(" in reading.gaps[span.i]
        bracketed = bracketed and reading.after(span.j)[:1] != ":"  # "(NYSE:AMX)"
        if bracketed and _defines(scan, before, span):
            if span.actor and not before.actor and _listed_of(scan, before, span):
                before.take(span, "document: its acronym is listed", "name")
            defined[reading.key(span.i, span.j)] = before
    for span in scan.spans if defined else ():
        owner = defined.get(reading.key(span.i, span.j))
        if owner is None or span.i <= owner.i or span.kind == "event":
            continue
        if span.actor and span.actor != owner.actor:
            scan.reject(span.i, span.j, span.actor, "the text defines this acronym otherwise")
        span.take(owner, "document: acronym defined here", "acronym")


def _of_a_thing(scan: Scan, span: Span) -> bool:
    """ "artificial pancreas (AP)", "crisis centres (Ccs)": as many lower-case words before as letters."""
    reading, word = scan.reading, scan.reading.words[span.i]
    if reading.gaps[span.i][-1:] != "(" or reading.after(span.j)[:1] != ")":
        return False
    if not word.isupper():
        word = word[:-1] if word[-1] == "s" and reading.keys[span.i - 1][-1:] == "s" else ""
    count = len(word)
    if span.j - span.i > 1 or not 2 <= count <= span.i:
        return False
    before = range(span.i - count, span.i)
    plain = not any(reading.caps[at] for at in before)
    return plain and [reading.keys[at][:1] for at in before] == list(word.lower())


def _listed_of(scan: Scan, before: Span, span: Span) -> bool:
    """Whether a listed acronym is still its own after a name that no row has, whose letters are others."""
    word = scan.reading.words[span.i]
    spelt = _spells(scan.reading.words[before.i : before.j], word)
    return _says_much_of(scan, before, span.actor) or not spelt


def _spells(words: list[str], acronym: str) -> bool:
    """Whether all letters of the acronym are, in order, first letters of the words."""
    firsts = iter(word[0].upper() for word in words)
    return all(letter in firsts for letter in acronym.upper())


def _says_much_of(scan: Scan, span: Span, actor_id: str) -> bool:
    """Whether most words of a name are in an actor's: "Organisation for Prohibition of Chemical Weapons"."""
    actor = scan.gazetteer.actor(actor_id)
    words = {key for key in scan.reading.keys[span.i : span.j] if key not in scan.lex.function_words}
    shared = words & set(tokenize(actor.name).keys) if actor else set()
    return len(words) > 1 and len(shared) >= MOST * len(words)


def _defines(scan: Scan, before: Span, span: Span) -> bool:
    """Whether the name before a bracket is what the acronym in it stands for."""
    word = scan.reading.surface(span.i, span.j)
    if not names.is_acronym(word.replace(" ", "")):
        return False
    if before.kind in ("event", "nothing"):
        span.kind, span.why = before.kind, "acronym of what is no actor"
        return False
    if before.kind == "place" and not span.actor and _initials_of(scan, before, word):
        span.kind, span.country, span.qid = "place", before.country, before.qid
        span.weak, span.rule = False, "document: acronym of a place"
        return False
    if before.open_kind and not before.actor and _initials_of(scan, before, word):
        before.kind, before.open_kind, before.rule = "organisation", False, "document: its acronym follows"
    return before.j - before.i > 1 and before.kind in ("organisation", "group", "body")


def _initials_of(scan: Scan, span: Span, acronym: str) -> bool:
    """Whether the acronym's capitals are, in order, first letters of the name's words."""
    wanted = [letter for letter in acronym if letter.isupper()]
    firsts = iter(word[0].upper() for word in scan.reading.words[span.i : span.j])
    return len(wanted) > 1 and all(letter in firsts for letter in wanted[:3])
