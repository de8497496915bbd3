"""`newscast feeds coverage`: what was asked of each feed and what came of it, day by day."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from newscast.cli import screen
from newscast.cli.problem import CommandError, given
from newscast.cli.terminal import as_json, say
from newscast.feeds.feed import Feed, feed_id
from newscast.feeds.ledger import Day
from newscast.feeds.table import Feeds
from newscast.web.tokens import masked

DAYS = 7


class Covered(NamedTuple):
    """One feed and day. A day without polls is one on which nobody looked."""

    feed_id: str
    url: str | None
    """Null for a feed that is watched no more."""
    day: Day


def add(actions: Any) -> None:
    """Its arguments, as an action of `newscast feeds`."""
    days = actions.add_parser(
        "coverage",
        help="polls, failures, entries and stored articles, by feed and day",
        description="What was asked of each feed on each day (UTC) and what came of it, so that a day without"
        " news can be told from one on which nobody could look. Of the feeds named, also of those that are"
        " watched no more; else of all.",
        epilog="examples:\n  newscast feeds coverage --days 30\n"
        "  newscast feeds coverage https://example.org/rss.xml --json --stack newscast",
    )
    days.add_argument("feeds", nargs="*", type=given, metavar="URL|ID")
    days.add_argument("--days", type=_days, default=DAYS, metavar="N", help="how many, today's included")
    days.add_argument("--json", action="store_true", help="one JSON object a feed and day")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 3660):
        raise argparse.ArgumentTypeError(f"a number of days, not {text!r}")
    return int(text)


def main(table: Feeds, arguments: argparse.Namespace) -> int:
    """Print the last days."""
    until = datetime.now(UTC).date()
    found = covered(table, arguments.feeds, until - timedelta(days=arguments.days - 1), until)
    if arguments.json:
        for one in found:
            say(as_json(plain(one)))
    else:
        show(list(found), screen.out())
    return 0


def covered(table: Feeds, names: Sequence[str], since: date, until: date) -> Iterator[Covered]:
    """The days of the feeds that are named, or of all. Raises CommandError for one that is not watched and
    of which nothing is known."""
    if not names:
        for row in sorted(table.all(), key=lambda row: row.feed.url):
            yield from _of(table, row.feed.feed_id, row.feed, since, until)
    for name in names:
        there = table.get(_id_of(name))
        if there:
            yield from _of(table, there.feed.feed_id, there.feed, since, until)
        elif table.coverage(_id_of(name), since, until):
            yield from _of(table, _id_of(name), None, since, until)
        else:
            raise CommandError(f"{name}: not watched, and nothing is known of these days")


def _id_of(name: str) -> str:
    try:
        return feed_id(name) if "://" in name else name
    except ValueError as error:
        raise CommandError(str(error)) from error


def _of(table: Feeds, which: str, feed: Feed | None, since: date, until: date) -> Iterator[Covered]:
    days = {day.date: day for day in table.coverage(which, since, until)}
    if feed:  # days on which it was watched and nobody looked are said, too
        day = max(since, feed.added_at.date())
        while day <= until:
            days.setdefault(day, Day(date=day, polls=0, failures={}, entries=0, stored=0))
            day += timedelta(days=1)
    for at in sorted(days):
        yield Covered(which, feed.url if feed else None, days[at])


def plain(one: Covered) -> dict[str, object]:
    """What a line of JSON holds."""
    day = one.day
    return {
        "feed": one.feed_id,
        "url": masked(one.url) if one.url else None,
        "date": day.date.isoformat(),
        "polls": day.polls,
        "failures": dict(day.failures),
        "entries": day.entries,
        "stored": day.stored,
        "unread": dict(day.unread),
    }


def _causes(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{cause} {count}" for cause, count in sorted(counts.items()))


def show(found: Sequence[Covered], console: Console) -> None:
    """A table on a terminal, a line each in a pipe."""
    rows = [
        (
            f"{one.day.date}",
            f"{one.day.polls}",
            _causes(one.day.failures),
            f"{one.day.entries}",
            f"{one.day.stored}",
            _causes(one.day.unread),
            masked(one.url or one.feed_id),
        )
        for one in found
    ]
    if not console.is_terminal:
        for row in rows:
            console.print(" | ".join(row), markup=False)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("day", "polls", "failed", "entries", "stored", "not read", "feed"):
        table.add_column(name, justify="right" if name in ("polls", "entries", "stored") else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
