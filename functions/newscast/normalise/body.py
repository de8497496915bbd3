"""A body's text in, the article's own words out, with what was taken off: dateline and closing credit."""

from __future__ import annotations

from typing import NamedTuple

from newscast.normalise import byline, dateline, fingerprint, furniture
from newscast.records import Dateline


class Body(NamedTuple):
    """A clean body; empty where there was none."""

    text: str = ""
    dateline: Dateline | None = None
    credit: str | None = None
    """A wire's closing credit, as written: "Reporting by …; Editing by …"."""

    @property
    def agency(self) -> str | None:
        """The agency that dateline or closing credit names."""
        if self.dateline and self.dateline.agency:
            return self.dateline.agency
        return byline.read([self.credit])[1] if self.credit else None


def clean(text: str, title: str) -> Body:
    """A plain text without furniture, its own headline and dateline. Cleaning twice cleans once."""
    found = None
    text, credit = furniture.strip(text)
    said = fingerprint.words(title) if title else None
    for _ in range(MAX_BEGINNINGS):
        stripped, line = dateline.take(_without_headline(text, said))
        found = found or line
        if stripped == text:
            break
        # Once more after a change: a dateline can hide furniture, and the reverse.
        text = _without_first_furniture(stripped)
        if len(text) <= SHORT:
            text, more = furniture.strip(text)
            credit = credit or more
    return Body(text, found, credit)


MAX_BEGINNINGS = 100
"""Rounds, as a bound for hostile texts: an honest one has its headline once more, and a dateline."""
SHORT = 1000
"""Characters of a text whose end may be what a dateline stood before."""


LONGEST_HEADLINE = 5000
"""Characters; a longer paragraph is not compared with the title."""


def _without_headline(text: str, title: list[str] | None) -> str:
    """The text without a first paragraph of the title's words, if more follows."""
    first, _, rest = text.partition("\n\n")
    repeated = rest and title is not None and len(first) <= LONGEST_HEADLINE
    return rest if repeated and fingerprint.words(first) == title else text


def _without_first_furniture(text: str) -> str:
    first, between, rest = text.partition("\n\n")
    return first + between + rest if (first := furniture.paragraph(first)) else rest
