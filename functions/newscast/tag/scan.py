"""What one text's tagging has at hand, and the trace it leaves."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from msgspec import Struct

from newscast.tag.lexicon import Lexicon, Names
from newscast.tag.match import Match, Matcher
from newscast.tag.reading import Reading
from newscast.tag.rules import Rules
from newscast.tag.span import Span, Title


class Rejected(Struct, frozen=True):
    """A candidate that was set aside: words [i, j), what it could have been, and the reason."""

    i: int
    j: int
    candidate: str
    why: str


class Scan:
    """One text on its way through the rules. Rules read the words and add spans."""

    def __init__(
        self, reading: Reading, matcher: Matcher, names: Names, rules: Rules, on: date | None
    ) -> None:
        self.reading = reading
        self.lex: Lexicon = reading.lex
        self.names = names
        self.matcher = matcher
        self.gazetteer = matcher.gazetteer
        self.roles = matcher.roles(reading.lex)
        self.rules = rules
        self.on = on
        self.marked = matcher.marked(reading)
        """Words that something may begin with, and what (match.NOUN, match.ROLE)."""
        self.matches: dict[int, Match] = matcher.all(reading) if rules.gazetteer else {}
        self.peoples = {at: match for at, match in self.matches.items() if match.people}
        """What may name a people. It stands apart, since in a longer name it is only a part of that."""
        for at in self.peoples:
            del self.matches[at]
        self.spans: list[Span] = []
        self.rejected: list[Rejected] = []
        self.stated: dict[int, Title] = {}
        """Roles that patterns found, by the first word of the name whose role it is."""
        self.span_at: dict[int, Span] = {}
        """The settled spans by first word."""
        self.other_things: dict[tuple[int, int], str] = {}
        """What demonyms name beside a country, once it was asked (`demonyms.other_thing`)."""
        self.verbs: dict[tuple[int, int], str] = {}
        """The verbs after settled spans, once they were asked (`involvement`)."""
        self.owners: dict[int, str] = {}
        """Why what a power owns stands before it, once it was asked (`metonyms`)."""
        self.holders: dict[tuple[str, ...], str] = {}
        """Who holds an office and has a surname, once it was asked (`titles.holder`)."""
        self.inside: set[str] = set()
        """Keys of runs of two words or more that stand inside a sentence."""
        self.sentences: set[str] = set()
        """Keys of runs of two words or more in sentences, a first word that can be a role apart."""

    @cached_property
    def countries(self) -> frozenset[str]:
        """All that a listed name of the text is."""
        return frozenset(match.country for match in self.matches.values())

    @cached_property
    def years(self) -> frozenset[int]:
        """All that the text names."""
        words = {word for word in self.reading.words if len(word) == 4 and word.isascii() and word.isdigit()}
        return frozenset(int(word) for word in words if word[:2] in ("19", "20"))

    @cached_property
    def match_to(self) -> dict[int, Match]:
        """Listed names by the word after them."""
        return {match.j: match for match in self.matches.values()}

    def reject(self, i: int, j: int, candidate: str, why: str) -> None:
        self.rejected.append(Rejected(i, j, candidate, why))

    def whole(self, i: int, j: int) -> Match | None:
        """What exactly these words name, if anything."""
        match = self.matches.get(i)
        if match is not None and match.j == j:
            return match
        found = self.matcher.whole(self.reading, i, j) if self.rules.gazetteer else None
        return None if found and found.people else found

    def taken(self) -> list[bool]:
        """By word: whether a span holds it; one longer than the text."""
        taken = [False] * (self.reading.count + 1)
        for span in self.spans:
            taken[span.i : span.j] = [True] * (span.j - span.i)
        return taken

    def extent(self, span: Span) -> tuple[int, int]:
        """A span's start and end in code points, the full stop of a closing abbreviation taken in."""
        reading = self.reading
        start, end = reading.starts[span.i], reading.ends[span.j - 1]
        if (
            reading.keys[span.j - 1] in self.lex.cues["stopped"]
            and reading.text[end : end + 1] == "."
            and span.kind != "person"
        ):
            end += 1
        return start, end
