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
    found, credit = None, None
    while True:
        # Once more after a change: a dateline can hide furniture, and the reverse.
        stripped, said = furniture.strip(text)
        stripped, line = dateline.take(_without_headline(stripped, title))
        found, credit = found or line, credit or said
        if stripped == text:
            return Body(text, found, credit)
        text = stripped


def _without_headline(text: str, title: str) -> str:
    first, _, rest = text.partition("\n\n")
    repeated = rest and title and fingerprint.words(first) == fingerprint.words(title)
    return rest if repeated else text
