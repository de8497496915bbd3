"""Capital words that name no actor: things, works and products; and places, which have a country."""

from __future__ import annotations

import re

from newscast.tag import names
from newscast.tag.reading import DOUBLE_QUOTES
from newscast.tag.scan import Scan
from newscast.tag.span import Span

QUOTES = frozenset("\"“”‘’'«»")
LONGEST_TITLE = 10
"""Words on either side of a name in which a title's quotation marks are looked for."""
PRICE = re.compile(r" \([£$€¥]$")
"""What stands between a product and its price: "Violet Vendome (£4.95"."""
MARKS = frozenset(("™", "®"))
"""After a product's name."""


def names_a_thing(scan: Scan, j: int) -> bool:
    """ "Hodgkin's lymphoma", "Russell 2000 index", "RapidArc™": what follows says that it names a thing."""
    reading = scan.reading
    gap = reading.after(j)
    if gap != " " and (gap[:1] in MARKS or PRICE.match(gap)):
        return True
    at = _past_number(scan, reading.past_possessive(j))
    if at >= reading.count or reading.gaps[at] not in (" ", "-"):
        return False
    return reading.keys[at] in scan.lex.cues["things after"] or an_index(scan, j)


def an_index(scan: Scan, j: int) -> bool:
    """ "Nikkei stock average", "Dow Jones industrial average": shares' index, and nobody who acts."""
    keys, cues = scan.reading.keys, scan.lex.cues
    at = _past_number(scan, j)
    at += keys[at : at + 1] != [] and keys[at] in cues["kinds of index"]
    return at < len(keys) and keys[at] in cues["indexes"] and scan.reading.gaps[at] == " "


def _past_number(scan: Scan, at: int) -> int:
    reading = scan.reading
    return at + (at < reading.count and reading.words[at].isdigit() and reading.gaps[at] in (" ", "-"))


def named_work(scan: Scan, i: int, j: int) -> bool:
    """ "her novel Beloved", "the film Milk": what stands before says that it is a work; a person is none."""
    reading = scan.reading
    if i < 2 or reading.keys[i - 1] not in scan.lex.cues["works"]:
        return False
    if reading.gaps[i] == ", ":  # "in his new book, Positively American, he says"
        apart = reading.after(j)[:1] == "," and reading.keys[i - 2] in scan.lex.cues["new works"]
        return apart and not names.person_like(scan, i, j)
    if reading.gaps[i] != " " or reading.keys[i - 1] == "book":
        return False
    said = reading.keys[i - 2] in scan.lex.cues["before works"] or reading.possessive(i - 2)
    return said and not names.person_like(scan, i, j)


def within_title(scan: Scan, i: int, j: int) -> bool:
    """Whether quotation marks enclose a title that these words are a part of: all its words have capitals."""
    reading = scan.reading
    if not reading.quotes:
        return False
    first, last = i, j
    while first and i - first < LONGEST_TITLE and not _quote(reading.gaps[first]):
        if not _in_title(scan, first - 1):
            return False
        first -= 1
    while last < reading.count and last - j < LONGEST_TITLE and not _quote(reading.gaps[last]):
        if not _in_title(scan, last):
            return False
        last += 1
    closed = _quote(reading.after(last)) if last == reading.count else _quote(reading.gaps[last])
    return last - first > j - i + 1 and reading.caps[first] and _quote(reading.gaps[first]) and closed


def _in_title(scan: Scan, at: int) -> bool:
    reading = scan.reading
    if not (reading.caps[at] or reading.keys[at] in scan.lex.function_words):
        return False
    return reading.gaps[at + 1].strip(" \"“”‘’'-:.,!?") == ""


def _quote(gap: str) -> bool:
    return gap != " " and not DOUBLE_QUOTES.isdisjoint(gap)


def nobody(scan: Scan, i: int, j: int) -> str:
    """What a run of words is that is no name of an actor whatever it holds, or an empty string."""
    reading, lex = scan.reading, scan.lex
    if reading.key(i, j) in lex.stop_names:
        return "stop name"
    compound = reading.gaps[i + 1] == "-" and reading.words[i].isupper() and reading.keys[i] in lex.stop_names
    if compound and all(reading.keys[at] in lex.common for at in range(i + 1, j)):
        return "a compound of a stop name"  # "DNA-Based"
    return "the title of a work" if named_work(scan, i, j) else ""


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


def quoted_work(scan: Scan, i: int, j: int) -> bool:
    """ "“Emilia” director", "Mikey Madison (“Anora”)": quotation marks alone, and what stands beside them."""
    reading = scan.reading
    before, after = reading.gaps[i], reading.after(j)
    if not (_quote(before) and _quote(after[:2])):
        return False
    if before.endswith(("(“", '("')) and after.startswith(("”)", '")')):
        return True
    said = reading.keys[j] if j < reading.count and after[1:] == " " else ""
    return said in scan.lex.cues["works of"]


def locate(scan: Scan, span: Span) -> None:
    """Give a place its country and QID from the list."""
    entry = names.known_place(scan, span.i, span.j)
    if entry:
        span.country, span.qid, _ = entry.split("\t")
    state = state_after(scan, span.j) if entry else ""
    if state and state != span.country:
        span.country, span.qid, span.rule = state, "", "place: by the state after it"


def state_after(scan: Scan, at: int) -> str:
    """The country of a region that follows a comma: "London, Ontario"."""
    reading = scan.reading
    if at >= reading.count or reading.gaps[at] != ", " or not reading.caps[at]:
        return ""
    entry = names.known_place(scan, at, at + 1)
    return entry.split("\t")[0] if entry and entry.endswith("1") else ""
