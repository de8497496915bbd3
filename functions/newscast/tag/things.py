"""Capital words that name no actor: things, works and products; and places, which have a country."""

from __future__ import annotations

from newscast.tag import names
from newscast.tag.scan import Scan
from newscast.tag.span import Span

QUOTES = frozenset("\"“”‘’'«»")
MARKS = frozenset(("™", "®"))
"""After a product's name."""


def names_a_thing(scan: Scan, j: int) -> bool:
    """ "Hodgkin's lymphoma", "Russell 2000 index", "RapidArc™": what follows says that it names a thing."""
    reading = scan.reading
    if reading.after(j)[:1] in MARKS:
        return True
    at = reading.past_possessive(j)
    if at < reading.count and reading.words[at].isdigit() and reading.gaps[at] == " ":
        at += 1
    return (
        at < reading.count
        and reading.keys[at] in scan.lex.cues["things after"]
        and reading.gaps[at] in (" ", "-")
    )


def titles_a_work(scan: Scan, i: int, j: int) -> bool:
    """ "Look What You Made Me Do": capital pronouns inside make it a title."""
    reading = scan.reading
    return j - i > 2 and any(
        reading.keys[at] in scan.lex.cues["pronouns"]
        and reading.words[at].istitle()
        and "." not in reading.words[at]  # "U.S."
        for at in range(i, j)
    )


def quoted(scan: Scan, i: int, j: int) -> bool:
    """Whether quotation marks enclose these words alone, an article apart."""
    reading = scan.reading
    first = i - 1 if i and reading.keys[i - 1] in ("the", "a") else i
    after = reading.after(j)
    closed = after[:1] in QUOTES or (after[:1] == "," and after[1:2] in QUOTES)
    return reading.gaps[first][-1:] in QUOTES and closed


def locate(scan: Scan, span: Span) -> None:
    """Give a place its country and QID from the list."""
    entry = names.known_place(scan, span.i, span.j)
    if entry:
        span.country, span.qid, _ = entry.split("\t")
