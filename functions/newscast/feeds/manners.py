"""The numbers of a polite fetcher, each with its reason. Rules that use them are in response and timing."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from newscast.settings import Settings

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

JITTER = 0.1
"""Every interval is lengthened by up to a tenth at random, so that feeds added together drift apart."""
INTERVAL_CAP = DAY
"""No feed is left alone for longer because of its rhythm or its hints: news can break anywhere."""
FRESH_CAP = DAY
"""Of max-age and Expires: CDNs send a year for everything."""
FULL_EVERY = 30 * DAY
"""One unconditional GET a month: some servers answer 304 for ever."""
QUIETLY = timedelta(hours=6)
"""An unchanged poll that changes nothing else is written to the row only this often: a write a poll would
be most of what an idle feed costs."""
RETIMED = 0.25
"""The interval is written when it changed by more than this share."""

MOVE_SIGHTINGS = 3
MOVE_AFTER = 2 * DAY
"""A permanent redirect is adopted when it was seen so often over at least so long: sites answer 301 by
mistake, captive networks and error pages too."""
GONE_SIGHTINGS = 2
GONE_AFTER = DAY
"""410 is believed when it was said so often over at least so long."""
STALE_SIGHTINGS = 3
"""A copy older than one seen before is believed when it was served so often in a row (a restored site)."""

STALE_BY = DAY
"""How much older; servers of one site disagree by minutes."""

RATE_MEMORY_DAYS = 7.0
"""The entries of a day are averaged over about a week, so that a weekend doesn't look like the end."""
POLLS_PER_ENTRY = 2.0
"""A feed is polled about so often for each entry that it publishes."""


class Backoff(Struct, frozen=True):
    """When to try again: after `first`, then `step` more each time, at most `cap`; once trouble has
    lasted for `long`, every `then`. `spread` is added at random."""

    first: timedelta
    step: timedelta
    cap: timedelta
    long: timedelta = 30 * DAY
    then: timedelta = 7 * DAY
    spread: timedelta = timedelta(0)


BACKOFFS = {
    # Down or misbehaving: an hour, two, three … a day; after a month weekly, since active feeds do come back.
    "soft": Backoff(first=HOUR, step=HOUR, cap=DAY),
    # We are not wanted, or want a password: no tricks, no hurry.
    "denied": Backoff(first=4 * HOUR, step=20 * HOUR, cap=DAY),
    # Too many requests and no word on how long: hosts that say so mean it for all that we poll there.
    "quiet": Backoff(first=4 * HOUR, step=4 * HOUR, cap=DAY, spread=HOUR),
    # Said to be gone: asked once more after a day, then disabled.
    "gone": Backoff(first=DAY + HOUR, step=timedelta(0), cap=DAY + HOUR),
    # Only a person can mend the URL, but DNS may be mended by its owner.
    "refused": Backoff(first=DAY, step=DAY, cap=7 * DAY),
}
"""By the class of a failure."""


class Manners(Struct, frozen=True, kw_only=True):
    """What a deployer may set."""

    floor: timedelta = HOUR
    """Shortest time between polls of a feed that sends validators: an unchanged poll costs it nothing."""
    unvalidated_floor: timedelta = DAY
    """Of one that sends none, so that every poll is a whole document."""
    max_entries: int = 500
    """Entries that one poll sends on; the rest come at later polls."""

    @classmethod
    def of(cls, settings: Settings) -> Manners:
        floor = timedelta(minutes=settings.poll_floor_minutes)
        return cls(
            floor=floor,
            unvalidated_floor=max(floor, timedelta(minutes=settings.unvalidated_floor_minutes)),
            max_entries=settings.max_entries_per_poll,
        )
