"""One capital word alone: a name only where something speaks for it.

The judges stand in the order in which they are asked; the first that knows decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from newscast.tag import names, settle
from newscast.tag.scan import Scan
from newscast.tag.span import Span, SpanKind, Title
from newscast.tag.things import locate, named_work, names_a_thing, quoted_work, within_title

MODEL_DIGITS = 3
"""Digits of an aircraft's or a car's model."""
STUTTER = re.compile(r"(.)\1{3}")
"""AAAA: four of one letter are no name."""


class Word(Struct, frozen=True):
    """One capital word and what is known of it."""

    at: int
    word: str
    key: str
    opens: bool
    common: bool
    """English has it in lower case, and that counts."""
    place: str | None
    """The list's entry for it as a place."""
    titled: bool
    """A role or a form of address stands before it."""


class Verdict(Struct, frozen=True):
    kind: SpanKind
    rule: str
    weak: bool = False
    why: str = ""


def single(scan: Scan, at: int, title: Title | None) -> None:
    """Add the span of one capital word, if it can be a name at all."""
    reading = scan.reading
    word = _word(scan, at, title)
    if not _can_be_name(scan, word):
        return
    verdict = _judged(scan, word)
    unsure = (reading.headline(at) and scan.rules.headlines) or not scan.rules.singles
    sure = verdict.rule == "place list" and word.word.isupper()  # a dateline
    span = Span(at, at + 1, verdict.kind, verdict.rule, title=title)
    span.weak, span.why = verdict.weak or (unsure and not sure), verdict.why
    span.open_kind = span.rule in names.OPEN_RULES
    if span.kind == "place":
        locate(scan, span)
    elif names_a_thing(scan, at + 1):
        span.kind, span.why = "nothing", "names a thing: what follows it"
    elif named_work(scan, at, at + 1) or within_title(scan, at, at + 1) or quoted_work(scan, at, at + 1):
        span.kind, span.why = "nothing", "the title of a work"
    elif at and reading.keys[at - 1] in scan.lex.cues["deities"]:
        span.kind, span.why = "nothing", "a god"
    scan.spans.append(span)


def _judged(scan: Scan, word: Word) -> Verdict:
    for judge in JUDGES:
        if verdict := judge(scan, word):
            return verdict
    return _unknown(scan, word)


def _word(scan: Scan, at: int, title: Title | None) -> Word:
    reading, lex = scan.reading, scan.lex
    word, key = reading.words[at], reading.keys[at]
    common = key in lex.common and scan.rules.common_words
    before = at > 0 and reading.keys[at - 1] in lex.honorifics and reading.gaps[at] in (" ", ". ", "\u00a0")
    listed = word in scan.names.surnames or word in scan.names.first
    verb = common and word[-1] == "s" and not listed and reading.headline(at)  # "Judge Allows Musk's Bid"
    titled = bool((title and not verb) or before or (not common and settle.title_before(scan, at)))
    return Word(at, word, key, reading.opens(at), common, names.known_place(scan, at, at + 1), titled)


def _can_be_name(scan: Scan, word: Word) -> bool:
    reading, lex = scan.reading, scan.lex
    if len(word.word) < 2 or not word.word[0].isalpha() or STUTTER.search(word.key):
        return False
    if word.key in lex.stop_names and scan.rules.stop_names and not _state_after_town(scan, word):
        return False
    if word.key in lex.function_words and not (names.is_acronym(word.word) and word.word.isupper()):
        return False
    after = word.at + 1
    if after == reading.count or not reading.words[after].isdigit():
        return True
    # "Terminal 4", "Rebecca (1940)"
    return not (
        (reading.gaps[after] == " " and word.common)
        or (reading.gaps[after] == " (" and len(reading.words[after]) == 4)
    )


def _state_after_town(scan: Scan, word: Word) -> bool:
    """ "Aberdeen, Miss."."""
    reading = scan.reading
    town = word.at > 0 and reading.gaps[word.at] == ", " and reading.caps[word.at - 1]
    return town and f"{word.word}." in scan.names.places and reading.after(word.at + 1)[:1] == "."


def _abbreviated_place(scan: Scan, word: Word) -> Verdict | None:
    """ "Calif.", "N.D."."""
    if _postal(scan, word) or (word.word.isupper() and word.word in scan.names.places):
        return Verdict("place", "place list")
    dotted = "." in word.word or f"{word.word}." in scan.names.places
    follows = scan.reading.after(word.at + 1)[:1] in (".", ",", ";", " ")
    return Verdict("place", "place list") if word.place and dotted and follows else None


def _postal(scan: Scan, word: Word) -> bool:
    """ "Houston, TX"."""
    reading, at = scan.reading, word.at
    if word.key not in scan.lex.cues["postal states"] or not word.word.isupper() or not at:
        return False
    return reading.gaps[at] == ", " and reading.caps[at - 1] and not reading.words[at - 1].isupper()


def _head(scan: Scan, word: Word) -> Verdict | None:
    """ "Congress", "Democrats"."""
    if word.key not in scan.lex.alone or not scan.rules.heads:
        return None
    if word.opens and word.key not in scan.lex.cues["alone at a start"]:
        return None
    return Verdict("organisation", "head noun alone")


def _titled(scan: Scan, word: Word) -> Verdict | None:
    return Verdict("person", "role or address before it") if word.titled else None


def _capitals(scan: Scan, word: Word) -> Verdict | None:
    """ "NATO", and "BAGHDAD" where a line starts."""
    if not word.word.isupper() or not names.is_acronym(word.word):
        return None
    if word.place and len(word.word) > 4 and word.opens:
        return Verdict("place", "place list")
    weak = (len(word.word) > 3 and word.common) or _shouting(scan, word.at)
    weak = weak or any(letter.isdigit() for letter in word.word)  # "T1D" is a measure or a disease
    weak = weak or _of_account(scan, word.at)
    return Verdict("organisation", "acronym", weak)


def _of_account(scan: Scan, at: int) -> bool:
    """ "the SAFTA agreement", "a 737 MAX": what stands beside an acronym says that it names a thing."""
    reading = scan.reading
    after = reading.keys[at + 1] if at + 1 < reading.count and reading.gaps[at + 1] == " " else ""
    if after in scan.lex.cues["units of account"]:
        return True
    model = at > 0 and reading.gaps[at] == " " and reading.words[at - 1].isdigit()
    return model and len(reading.words[at - 1]) == MODEL_DIGITS


def _placed(scan: Scan, word: Word) -> Verdict | None:
    camel = names.camel(word.word)
    if _based(scan, word.at):
        return Verdict("place", "place: cue")
    if names.placed(scan, word.at, word.at + 1) and not (camel or (word.common and word.opens)):
        sure = word.place is not None or names.before_its_state(scan, word.at + 1)  # "Oxford, Miss."
        return Verdict("place", "place: cue", word.common and not sure)
    if word.place and _somebody_of(scan, word.at):
        return Verdict("place", "place: somebody of it")
    if word.place and word.place.endswith("1") and not word.common and not _speaks(scan, word.at):
        return Verdict("place", "place list")
    return None


def _based(scan: Scan, at: int) -> bool:
    """ "the Thalassery-based trust"."""
    keys = scan.reading.keys
    return at + 1 < len(keys) and keys[at + 1] == "based" and scan.reading.gaps[at + 1] == "-"


def _somebody_of(scan: Scan, at: int) -> bool:
    """ "Philip Bareham of Lansing"."""
    reading = scan.reading
    if at < 3 or reading.keys[at - 1] != "of" or reading.gaps[at - 1] != " ":
        return False
    return reading.caps[at - 2] and reading.caps[at - 3] and reading.keys[at - 2] not in scan.lex.org_heads


def _common(scan: Scan, word: Word) -> Verdict | None:
    if not word.common:
        return None
    owns = not word.opens and scan.reading.possessive(word.at + 1) and word.key not in scan.lex.roles
    if owns and word.key not in scan.lex.place_heads:  # "the City's residents"
        return Verdict("organisation", "common word that owns")
    why = "a sentence starts here" if word.opens else ""
    return Verdict("organisation", "common word in capitals", True, why)


def _listed_name(scan: Scan, word: Word) -> Verdict | None:
    """A surname; a first name alone says too little."""
    surname, speaks = word.word in scan.names.surnames, _speaks(scan, word.at)
    if surname or speaks:
        return Verdict("person", "surname or first name", not scan.rules.first_names)
    if word.word in scan.names.first:
        return Verdict("person", "surname or first name", True, "a bare first name")
    return None


def _shape(scan: Scan, word: Word) -> Verdict | None:
    """What the letters say: "IdV", "YouTube", "Lakers"."""
    if word.place:
        before = scan.reading.keys[word.at - 1] if word.at and scan.reading.gaps[word.at] == " " else ""
        return Verdict("place", "place list", before not in scan.lex.cues["before places"])
    if _adjective(scan, word):
        return Verdict("nothing", "adjective", why="adjective of a region or of a person")
    if names.is_acronym(word.word):
        return Verdict("organisation", "acronym")
    if names.camel(word.word):
        return Verdict("organisation", "capital inside")
    if any(word.key.endswith(ending) for ending in scan.lex.cues["group endings"]):
        return Verdict("organisation", "ending of a group")
    return None


def _adjective(scan: Scan, word: Word) -> bool:
    """ "a Bavarian village", "Shakespearean drama": the ending of one, before a noun."""
    reading, lex, after = scan.reading, scan.lex, word.at + 1
    if not any(word.key.endswith(ending) for ending in lex.cues["adjective endings"]):
        return False
    if after >= reading.count or reading.caps[after] or reading.gaps[after] not in (" ", "-"):
        return False
    key = reading.keys[after]
    return not (key in lex.function_words or key in lex.act or key in lex.speech or key in lex.cues["doing"])


def _lies(scan: Scan, word: Word) -> bool:
    """ "from Zemlyansk", "Zemlyansk in Russia", "Zemlyansk, Russia": what stands beside an unknown word."""
    reading, after = scan.reading, word.at + 1
    before = reading.keys[word.at - 1] if word.at and reading.gaps[word.at] == " " else ""
    if before in scan.lex.cues["before unknown places"]:
        return True
    if before == "on" and word.at > 1 and reading.keys[word.at - 2] in scan.lex.cues["raids"]:
        return True
    if after + 1 >= reading.count:
        return False
    at = after + 1 if reading.keys[after] == "in" and reading.gaps[after] == " " else after
    if at == after and reading.gaps[after] != ", ":
        return False
    at += reading.keys[at] == "the" and at > after
    whose = scan.matches.get(at)
    if whose is None or whose.demonym or not (whose.places or whose.country) or reading.possessive(whose.j):
        return False
    return at > after or reading.after(whose.j)[:1] in (",", ".", ";")


def _unknown(scan: Scan, word: Word) -> Verdict:
    reading = scan.reading
    if _lies(scan, word):
        return Verdict("place", "place: cue")
    if word.at and reading.keys[word.at - 1] == "the" and reading.gaps[word.at] == " ":
        return Verdict("organisation", "single uncommon word after the")
    if word.opens and scan.rules.common_words and _derived(scan, word.key):
        return Verdict("person", "single uncommon word", True, "a sentence starts here")
    return Verdict("person", "single uncommon word")


JUDGES: tuple[Callable[[Scan, Word], Verdict | None], ...] = (
    _abbreviated_place,
    _head,
    _titled,
    _capitals,
    _placed,
    _common,
    _listed_name,
    _shape,
)


def _speaks(scan: Scan, at: int) -> bool:
    reading = scan.reading
    return at + 1 < reading.count and reading.gaps[at + 1] == " " and reading.keys[at + 1] in scan.lex.speech


def _derived(scan: Scan, key: str) -> bool:
    """Whether a word that no list holds is a common one's form: "antioxidants", "longstanding"."""
    common = scan.lex.common
    return (key.endswith("s") and (key[:-1] in common or key[:4] == "anti")) or any(
        key[:cut] in common and key[cut:] in common for cut in range(4, min(len(key) - 3, 12))
    )


def _shouting(scan: Scan, at: int) -> bool:
    """Whether the words around are in capitals too."""
    reading = scan.reading
    around = [reading.words[k] for k in range(max(0, at - 2), min(reading.count, at + 3)) if k != at]
    return len(around) > 1 and sum(word.isupper() and len(word) > 1 for word in around) >= 2
