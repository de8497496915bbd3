"""`newscast migrate`: rows of an earlier version become rows of this one."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from newscast.articles import migrating
from newscast.articles.migrating import Progress
from newscast.cli import place, screen
from newscast.cli.terminal import say
from newscast.cli.words import counted
from newscast.feeds.table import Feeds

EXAMPLES = """examples:
  newscast migrate --data mydata
  newscast migrate --stack newscast --dry-run
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "migrate",
        help="take over what an earlier version stored",
        description="Takes over the articles that version 0.1.0 stored: each revision is stored anew, under"
        " whoever may say it, and old ids lead to the new ones. Can be stopped and run again: it goes on"
        " where it was.",
        epilog=EXAMPLES,
    )
    place.add_arguments(parser)
    parser.add_argument("--dry-run", action="store_true", help="only count what is left to take over")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Exit status 1 if a row can't be read."""
    with place.articles(arguments) as archive:
        if arguments.dry_run:
            say(f"{counted(migrating.left(archive), 'article')} of 0.1.0 left to take over.")
            return 0
        table = Feeds(archive.dynamodb, archive.table)

        def url_of(feed_id: str) -> str | None:
            row = table.get(feed_id)
            return row.feed.url if row else None

        with screen.working() as working:

            def tell(progress: Progress) -> None:
                detail = f"{counted(progress.articles, 'article')}, {counted(progress.rows, 'row')} read"
                working.step("taking over articles", detail)

            done = migrating.migrate(archive, url_of, tell)
    what = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.outcomes.items()))
    say(
        f"{counted(done.articles, 'article')} with {counted(done.revisions, 'revision')} taken over"
        + (f": {what}." if what else ".")
    )
    for pk, why in done.unread.items():
        say(f"newscast migrate: left as it is: {pk} {why}", file=sys.stderr)
    return 1 if done.unread else 0
