"""`newscast erase`: articles go and stay gone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from newscast.articles import erasing, queries, stored
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping
from newscast.cli import place, screen
from newscast.cli.problem import CommandError, given
from newscast.cli.terminal import say
from newscast.cli.words import counted

EXAMPLES = """examples:
  newscast erase 4f1c0a9d2b7e4c13a8e05d6f9b21c374 --data mydata
  newscast erase --source example.org --stack newscast
  newscast erase --feed https://example.org/rss.xml --data mydata --yes
"""
STILL_HELD = """They are gone from table, indexes and bucket, and no poll, replay or upgrade brings
them back. Still held for a while on AWS: point-in-time recovery of the table (35 days), messages in queues
(4 days) and dead letters (14 days), bodies of large messages under claim/ in the bucket (30 days)."""
LISTED = 20


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "erase",
        help="erase articles for good",
        description="Erases articles with their history, their actors and what other feeds said of them. A"
        " mark of each is left, so that an erased article stays gone over later polls and replays. Can be"
        " stopped and run again.",
        epilog=EXAMPLES,
    )
    parser.add_argument("ids", nargs="*", type=given, metavar="ARTICLE", help="ids of articles")
    place.add_arguments(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--source", type=given, metavar="SITE", help="all articles of a publisher (example.org)"
    )
    which.add_argument(
        "--feed",
        type=given,
        metavar="URL",
        help="all that a feed observed: its articles, and what it said beside those of others",
    )
    parser.add_argument("--yes", action="store_true", help="don't ask")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    if bool(arguments.ids) == bool(arguments.source or arguments.feed):
        raise CommandError("name articles by id, or --source, or --feed (one of them)")
    with place.articles(arguments) as archive:
        found, beside = _found(archive, arguments)
        if not found and not beside:
            raise CommandError("there is nothing to erase")
        if not arguments.yes and not _asked(archive, found, beside):
            say("newscast erase: nothing was erased", file=sys.stderr)
            return 1
        keeping = Keeping(archive.now(), archive.keep)
        with screen.working() as working:
            for number, name in enumerate([*found, *beside], 1):
                working.step("erasing", f"{number} of {len(found) + len(beside)}")
                archive.carry(erasing.erasing(name, keeping, own=True))
    said = f" and {counted(len(beside), 'observation')} beside others'" if beside else ""
    say(f"{counted(len(found), 'article')}{said} erased. {STILL_HELD}")
    return 0


def _found(archive: Articles, arguments: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Ids of the articles that go, and names of observations beside others' articles, which go alone."""
    if arguments.ids:
        there = queries.heads(archive, arguments.ids)
        # An id that is erased already may have been stopped midway: it is taken up again.
        missing = [one for one in arguments.ids if one not in there and not queries.erased(archive, one)]
        if missing:
            raise CommandError(f"no article {', '.join(missing)}")
        # What a stranger said goes alone, though its id leads to the owner's article.
        own, beside = queries.divided(archive, there)
        again = [one for one in arguments.ids if one not in there]
        return [*own, *again], beside
    rows = queries.every_row(archive)
    if arguments.source:
        return queries.divided(archive, [row.name for row in rows if row.source == arguments.source])
    return queries.divided(archive, [row.name for row in rows if row.feed_url == arguments.feed])


def _asked(archive: Articles, found: list[str], beside: list[str]) -> bool:
    for record in stored.current(archive, found[:LISTED]):
        say(f"  {record.published:%Y-%m-%d}  {record.source}  {record.title}", file=sys.stderr)
    if len(found) > LISTED:
        say(f"  and {len(found) - LISTED} more", file=sys.stderr)
    what = counted(len(found), "article")
    if beside:
        what += f" and {counted(len(beside), 'observation')} beside others' articles"
    say(f"Erase {what} for good? [y/N] ", end="", file=sys.stderr, flush=True)
    return next(_lines(), "").strip().lower() in ("y", "yes")


def _lines() -> Iterator[str]:
    yield from sys.stdin
