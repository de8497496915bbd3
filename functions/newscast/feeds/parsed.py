"""What is in a feed's document: the records that parsing gives, before anyone asks what is new."""

from __future__ import annotations

from datetime import datetime

import msgspec

from newscast.feeds.discover import Offer, words
from newscast.feeds.feed import Feed, Hints
from newscast.records import Entry, Given, Record


class ParsedEntry(Given, frozen=True, kw_only=True):
    """One entry of a document; its language is what the entry itself declares."""

    @property
    def when(self) -> datetime | None:
        """The time that it is filed under, if it says one."""
        stamp = self.published or self.updated
        return stamp.at if stamp else None


class ParsedFeed(Record, frozen=True, kw_only=True):
    """A document. With `refused` there is no feed in it; with `problem` alone it was read all the same."""

    entries: tuple[ParsedEntry, ...] = ()
    format: str | None = None
    """`rss20`, `atom10`, `rss10`, `cdf`, `json11`, `sitemap` and the like."""
    title: str | None = None
    language: str | None = None
    link: str | None = None
    self_url: str | None = None
    hub: str | None = None
    hints: Hints = Hints()
    problem: str | None = None
    """In words: what was wrong, which entries were left out."""
    refused: str | None = None
    """A word that is counted, for a document that isn't read at all."""
    cut: bool = False
    """It ended in the middle: what is missing isn't gone."""
    raws: tuple[bytes, ...] = ()
    """Hashes of the entries' bytes, one for each of `entries`; empty where that isn't known."""
    known: tuple[bytes, ...] = ()
    """Hashes of entries that were not parsed, since their bytes were seen before."""
    offers: tuple[Offer, ...] = ()
    """With `refused`: the feeds that a web page names."""
    left: int = 0
    """Entries that were not parsed, since there were too many."""

    @property
    def why_refused(self) -> str:
        """In words, with the feeds that are named instead."""
        return (self.problem or "it can't be read") + words(self.offers)


def entry(parsed: ParsedEntry, feed: Feed, document: ParsedFeed, observed_at: datetime) -> Entry:
    """What goes to the next queue."""
    given = msgspec.structs.asdict(parsed) | {"language": parsed.language or document.language}
    return Entry(
        **given,
        feed_id=feed.feed_id,
        source=feed.source,
        feed_url=feed.given,
        observed_at=observed_at,
        feed_title=feed.title or document.title,
        full_text=feed.full_text,
    )
