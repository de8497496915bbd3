"""The environment, read in one place and checked: a wrong value is one clear line, not a surprise later.

infra/template.yaml sets these variables; each function gets those that it needs. They are read when a
handler is called, never at import, since a local run plays all functions in one process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(ge=0)]
_HOST = r"([a-z0-9-]+\.)+[a-z0-9-]+"
Groups = Annotated[str, Meta(pattern=rf"^({_HOST}([,;]{_HOST})*)?$")]


class SettingsError(ValueError):
    """A variable that is missing or can't be; the message names it."""


class Settings(Struct, frozen=True, kw_only=True, rename="upper"):
    """Every setting of every function, by the name of its variable in lower case.

    Empty means that this function isn't given it; `need` turns that into a clear error.
    """

    stage: str = "local"
    dashboard: Literal["on", "off"] = "off"
    """Whether there is one: some metrics are sent for it alone."""
    table_name: str = ""
    bucket_name: str = ""
    out_queue_url: str = ""
    feed_queue_url: str = ""
    """fetch's own queue: a poll whose host is busy is sent there again, with a delay."""
    page_queue_url: str = ""
    """Where normalise sends articles whose page is wanted, and page those whose host is busy."""
    record_queue_url: str = ""
    """store's own queue: where jobs that go on later are sent, by itself and by fetch."""
    dead_letter_queue_url: str = ""
    max_receives: Count = 5
    """Deliveries before a message goes to its dead-letter queue; the redrive policy's own number."""

    retention_days: Annotated[int, Meta(ge=0, le=3650)] = 0
    """An article is kept so long after it was published, 30 days at least; 0 keeps all for ever."""

    monthly_ceiling: Annotated[int, Meta(ge=0, le=99_999)] = 0
    """USD a month, by our own count, at which polling is slowed (feeds.ceiling); 0 is none."""

    recogniser: str = ""
    """For tag: `package.module:factory` of a statistical model for unknown names; empty for none."""

    # Fetch manners; each number's reason stands in feeds/ and web/.
    contact: str = ""
    """URL or e-mail address in the User-Agent, so that a publisher can reach who polls."""
    host_gap_seconds: Seconds = 5.0
    host_groups: Groups = ""
    """Hosts behind one limit: domains parted by commas, groups by semicolons. When one asks for quiet, all of
    its group get it."""
    spread_seconds: Annotated[float, Meta(ge=0, le=900)] = 240.0
    """Due feeds are sent to fetch over so many seconds; less than the time between two rounds."""
    poll_floor_minutes: Annotated[float, Meta(ge=0)] = 60.0
    unvalidated_floor_minutes: Annotated[float, Meta(ge=0)] = 1440.0
    fetch_deadline_seconds: Annotated[float, Meta(gt=0)] = 20.0
    max_body_bytes: Count = 8 * 1024 * 1024
    max_entries_per_poll: Count = 500

    # Full text; reasons stand in normalise/teaser.py and web/visit.py.
    full_text: Literal["auto", "always", "never"] = "never"
    """For feeds whose subscriber didn't say."""
    max_page_bytes: Count = 4 * 1024 * 1024

    def __post_init__(self) -> None:
        if 0 < self.retention_days < 30:
            raise ValueError("RETENTION_DAYS must be 0, or 30 at least")

    def need(self, *names: str) -> Settings:
        """These settings, once all the named ones are known to be set. Raises SettingsError."""
        for name in names:
            if not getattr(self, name):
                raise SettingsError(f"{name.upper()} is not set")
        return self


def read(environment: Mapping[str, str]) -> Settings:
    """Environment in, settings out. Raises SettingsError that names the variable."""
    known = {name: environment[name] for name in Settings.__struct_encode_fields__ if environment.get(name)}
    try:
        return msgspec.convert(known, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"a setting can't be used: {error}") from error
