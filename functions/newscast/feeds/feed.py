"""A subscription and what its polls remember: one record, one row.

Defaults are left out of the JSON, so that a usual row is smaller than 1 KB: each KB more is a write unit
more, in the table and twice in its index, whenever a feed is claimed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from newscast import urls
from newscast.records import FullTextWish, Record, Text, Utc
from newscast.web.address import check
from newscast.web.loopback import LITERALS
from newscast.web.target import RefusedError, redacted, target


class Hints(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What a feed says about when to poll it."""

    ttl_minutes: int | None = None
    """RSS ttl, or sy:updatePeriod divided by sy:updateFrequency."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day in GMT, 0 to 23."""
    skip_days: tuple[int, ...] = ()
    """Days of the week in GMT, 0 is Monday."""


class Move(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A permanent redirect, and how often and since when it has been seen."""

    to: str
    count: int
    since: Utc


class Trouble(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What has been wrong since the last success."""

    reason: Text
    """A word of a short list (`missing`, `timeout`); the metric's dimension."""
    words: str
    since: Utc
    count: int


class State(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What the polls of a feed remember from one to the next."""

    next_due: Utc
    next_why: str = "new"
    interval_minutes: float = 60.0

    etag: str | None = None
    last_modified: str | None = None
    validated_url: str | None = None
    """The URL whose response gave these validators."""
    body_sha256: str | None = None
    last_ok: Utc | None = None
    """The last poll that worked, to the accuracy of `manners.QUIETLY`: an unchanged one is not written."""
    last_full: Utc | None = None
    """The last whole document: servers exist that answer 304 for ever."""
    last_new: Utc | None = None
    """When entries last came."""

    trouble: Trouble | None = None
    move: Move | None = None
    gone_count: int = 0
    stale_count: int = 0
    """Times in a row that a copy older than one seen before was served."""
    guids_useless: bool = False
    """Most of its entries shared a guid once, so none of its guids is believed."""
    rate_per_day: float | None = None
    """Entries a day, as a moving average."""
    rate_at: Utc | None = None
    hints: Hints = Hints()

    feed_title: str | None = None
    format: str | None = None
    hub: str | None = None
    self_url: str | None = None
    """Of rows of the version before; nobody reads it, and a row of more than 1 KB costs two units a write."""
    problem: str | None = None
    """What was wrong with the last document, though it was read."""
    inquiries: Mapping[str, date] = {}
    """Pages that were asked whether they name this feed (authority), each with the day from which it may be
    asked again."""
    waiting: int = 0
    """Entries of the last document that are left for later polls."""

    changed: int = 0
    """Polls that brought entries."""
    failed: int = 0
    entries: int = 0
    """Entries that were sent on, revisions too."""


class Feed(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One feed that is watched."""

    feed_id: Text
    url: Text
    """Where it is polled; for a feed with a secret, only what may be shown."""
    given_url: str | None = None
    """Where its subscriber found it, if it moved since by its server's redirects; null: `url` is it."""
    source: Text
    """The publisher's name space for guids."""
    added_at: Utc
    title: str | None = None
    """As its subscriber calls it."""
    tags: tuple[str, ...] = ()
    """Folders of an OPML file, from the outside in, joined by "/"."""
    floor_minutes: float | None = None
    """Shortest time between polls, where the subscriber wants another than the stack's."""
    full_text: FullTextWish | None = None
    """Whether its articles' pages are read; null leaves it to the stack's default."""
    secret: str | None = None
    """Name of the secret that holds its real URL or headers."""
    disabled: str | None = None
    """Why it isn't polled, in words; null for a feed that is."""
    state: State

    @property
    def given(self) -> str:
        """The URL that its subscriber gave. The feed speaks for the site of that one: it may move to an
        address of its own choosing, which makes it no part of the site there."""
        return self.given_url or self.url

    @property
    def host(self) -> str:
        return urls.host(self.url) or self.source


def feed_id(url: str) -> str:
    """The id of the feed at a URL, of its form without scheme and fragment: feeds move to https.

    Nothing else is taken off, since `?feed=rss2` chooses the feed. Raises ValueError for what is no
    http(s) URL.
    """
    absolute = urls.resolve(url)
    if absolute is None:
        raise ValueError(f"not an http or https URL: {url[:200]!r}")
    address = absolute.partition("#")[0].partition("://")[2].rstrip("?")
    return "f" + hashlib.sha256(address.encode()).hexdigest()[:16]


def new_feed(
    url: str,
    now: datetime,
    *,
    title: str | None = None,
    tags: tuple[str, ...] = (),
    floor_minutes: float | None = None,
    full_text: FullTextWish | None = None,
    secret: str | None = None,
) -> Feed:
    """A feed that was never polled and is due now. With the name of a `secret`, its URL is kept without
    the query, where tokens stand; the whole one is in the secret.

    Raises ValueError, with words for a person, for a URL that is never fetched.
    """
    try:
        where = target(url)
        if where.host not in LITERALS:  # this machine is opened by whoever names it, or refused when polled
            check(where.scheme, where.host, where.port)
    except RefusedError as refusal:
        raise ValueError(f"{redacted(url)}: {refusal}") from refusal
    return Feed(
        feed_id=feed_id(url),
        url=url.partition("?")[0].partition("#")[0] if secret else url,
        secret=secret,
        source=(urls.host(url) or url).removeprefix("www."),
        added_at=now,
        title=title or None,
        tags=tags,
        floor_minutes=floor_minutes,
        full_text=full_text,
        state=State(next_due=now),
    )
