"""`newscast up`: the whole stack kept running on its schedule, in this process."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from newscast.aws import clients
from newscast.cli import place, run, sample, screen
from newscast.cli.problem import given
from newscast.cli.subscriptions import own_servers
from newscast.cli.words import counted
from newscast.feeds.table import Feeds
from newscast.local.stack import Progress


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "up",
        help="keep the stack running on its schedule",
        description="Deploys the template to an embedded AWS in this process, and fires its schedule and"
        " polls its queues until you stop it (Ctrl-C; a batch in hand is finished first). Without feeds in"
        " DIR it watches the sample site.",
        epilog="example: newscast up --data mydata",
    )
    place.add_data(parser)
    parser.add_argument(
        "--rate",
        type=given,
        metavar="RATE",
        help='how often due feeds are looked for, "rate(1 minute)"',
    )
    parser.add_argument("--verbose", action="store_true", help="show the functions' logs on standard error")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    parameters = {"ScheduleRate": arguments.rate} if arguments.rate else {}
    with ExitStack() as closing:
        log_to = sys.stderr if arguments.verbose else None
        stack = closing.enter_context(place.embedded(arguments.data, parameters, log_to=log_to))
        table = Feeds(clients.dynamodb(), stack.table_name)
        watched = [row.feed for row in table.all()]
        if not watched or any(feed.host in sample.ALL for feed in watched):
            site = closing.enter_context(sample.opened(place.SITE))
            for feed in () if watched else sample.subscriptions(site, datetime.now(UTC)):
                table.add(feed)
                watched.append(feed)
        closing.enter_context(own_servers(feed.url for feed in watched))
        began = datetime.now(UTC)
        every = ", ".join(schedule.expression for schedule in stack.deployment.schedules)
        print(
            f"newscast: {counted(len(watched), 'feed')}, looked at {every}; Ctrl-C stops",
            file=sys.stderr,
        )
        working = closing.enter_context(screen.working())

        def tell(progress: Progress) -> None:
            left = " · ".join(f"{stage} {count}" for stage, count in progress.left().items() if count)
            working.step("at work" if left else "waiting for the next round", left)

        stack.serve(progress=tell)
        stored = sum(1 for _ in run.stored_since(stack, began))
    print(
        f"newscast: stopped; {counted(stored, 'article')} stored since {began:%Y-%m-%d %H:%M} UTC",
        file=sys.stderr,
    )
    return 0
