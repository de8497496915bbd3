"""`newscast articles`: what is stored, one record an article."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

import msgspec

from newscast.articles import queries, stored
from newscast.articles.store import Articles
from newscast.articles.stored import Stored
from newscast.cli import place, screen
from newscast.cli.problem import CommandError, given
from newscast.cli.terminal import escaped, say

EXAMPLES = """examples:
  newscast articles --data mydata
  newscast articles --data mydata --json > articles.jsonl
  newscast articles --source example.org --since 2026-11-01 --stack newscast
  newscast articles 4f1c0a… --data mydata --json         an article by an id that it has or had
  newscast articles 4f1c0a… --data mydata --history      all its versions, and what others said of it
"""
SHOWN = 20
"""Articles in a table, unless told."""
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
RECENT = timedelta(days=7)
"""Looked at before all that is stored: a day takes eight queries, and all of it a scan."""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "articles",
        help="the stored articles, the newest first",
        description="Shows stored articles as they stand, the newest first: who said it, who is in it, which"
        " feeds observed it. An id leads to its article also where that was merged, moved or taken over.",
        epilog=EXAMPLES,
    )
    parser.add_argument("ids", nargs="*", type=given, metavar="ID", help="these articles only")
    place.add_arguments(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--source", type=given, metavar="SITE", help="of this publisher (example.org)")
    which.add_argument("--actor", type=given, metavar="ID", help="that name this actor (country:USA)")
    parser.add_argument("--since", type=given, metavar="TIME", help="published at or after it: 2026-11-01, or"
                        " 2026-11-01T12:00Z")  # fmt: skip
    parser.add_argument("--until", type=given, metavar="TIME", help="published before it")
    parser.add_argument("--limit", type=int, metavar="N", help=f"at most so many (table: {SHOWN})")
    parser.add_argument(
        "--history",
        action="store_true",
        help="with ids: every revision, and what feeds said that don't speak for the page, as first observed",
    )
    parser.add_argument("--json", action="store_true", help="one JSON record a line, all of them")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Exit status 1 if an id leads nowhere."""
    if arguments.history and not arguments.ids:
        raise CommandError("--history needs ids of articles")
    since, until = _time("--since", arguments.since), _time("--until", arguments.until)
    if arguments.limit is not None and arguments.limit < 1:
        raise CommandError(f"--limit {arguments.limit}: at least 1")
    limit = arguments.limit if arguments.limit or arguments.json else SHOWN
    with place.articles(arguments) as archive:
        ids: Iterable[str] = arguments.ids or _chosen(archive, arguments, since, until)
        if arguments.history:
            found: Iterator[Stored] = (each for one in arguments.ids for each in stored.history(archive, one))
        else:
            found = islice(stored.current(archive, ids), limit)
        if arguments.json:
            shown = 0
            for shown, record in enumerate(found, 1):  # noqa: B007  # the last number counts
                sys.stdout.buffer.write(escaped(msgspec.json.encode(record).decode()).encode() + b"\n")
        else:
            records = list(found)
            shown = len(records)
            if arguments.history:
                screen.history(records, screen.out())
            else:
                screen.show(records, screen.out())
        missing = _missing(archive, arguments.ids)
    if missing:
        raise CommandError(f"no article {', '.join(missing)}")
    if not shown:
        say("newscast articles: none", file=sys.stderr)
    return 0


def _missing(archive: Articles, ids: list[str]) -> list[str]:
    there = queries.heads(archive, ids) if ids else {}
    return [one for one in ids if one not in there]


def _chosen(
    archive: Articles, arguments: argparse.Namespace, since: datetime | None, until: datetime | None
) -> Iterator[str]:
    low, high = since or FIRST, until or datetime.now(UTC) + timedelta(days=1)
    rows: Iterable[Any]
    if arguments.source:
        rows = queries.by_source(archive, arguments.source, low, high)
    elif arguments.actor:
        rows = queries.by_actor(archive, arguments.actor, low, high)
    elif since:
        rows = queries.latest(archive, low, high)
    else:
        rows = _newest(archive, high, arguments.limit or (None if arguments.json else SHOWN))
    for row in rows:
        yield row.article_id


def _newest(archive: Articles, high: datetime, wanted: int | None) -> Iterable[Any]:
    """As many as are wanted, the newest first: of the last days if those hold as many, else of all."""
    if wanted:
        found = list(islice(queries.latest(archive, high - RECENT, high), wanted))
        if len(found) == wanted:
            return found
    return queries.everything(archive, high)


def _time(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-01"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} {text}: no date (2026-11-01) or time (2026-11-01T12:00Z)") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
