"""A person's change of a feed that is being polled at the same moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest
from msgspec.structs import replace

from newscast.cli.feeds import TRIES, changed
from newscast.cli.problem import CommandError
from newscast.feeds.feed import Feed, new_feed
from newscast.feeds.rows import Row
from newscast.feeds.table import ChangedMeanwhileError, Feeds

FEED = new_feed("https://example.org/rss.xml", datetime(2026, 1, 1, tzinfo=UTC))


class Busy:
    """A table in which a poll saves the feed first, that many times."""

    def __init__(self, polls: int) -> None:
        self.polls, self.version = polls, 1

    def get(self, _: str) -> Row:
        return Row(feed=replace(FEED, title=f"as of {self.version}"), version=self.version)

    def change(self, row: Row, feed: Feed) -> Row:
        if self.polls:
            self.polls, self.version = self.polls - 1, self.version + 1
            raise ChangedMeanwhileError(feed.feed_id)
        return Row(feed=feed, version=row.version + 1)


def test_it_is_made_anew_on_what_the_poll_saved() -> None:
    feed = changed(cast("Feeds", Busy(2)), FEED.feed_id, lambda feed: replace(feed, disabled="by hand"))
    assert (feed.title, feed.disabled) == ("as of 3", "by hand")


def test_after_some_polls_in_a_row_it_is_one_clear_line() -> None:
    with pytest.raises(CommandError, match="is being polled: try again"):
        changed(cast("Feeds", Busy(TRIES)), FEED.feed_id, lambda feed: replace(feed, disabled="by hand"))
