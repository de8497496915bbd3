"""`newscast up`: the whole stack kept running on its schedule, in this process."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from newscast.cli import place, run, sample, screen
from newscast.cli.granting import subscribe
from newscast.cli.problem import given
from newscast.cli.subscriptions import own_servers, subscriptions
from newscast.cli.telling import Teller, telling
from newscast.cli.terminal import say
from newscast.cli.words import counted
from newscast.local.invoke import Report
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
    parser.add_argument(
        "--feed",
        action="append",
        type=given,
        default=[],
        metavar="URL",
        help="watch this, too; may be repeated",
    )
    parser.add_argument("--opml", type=given, metavar="FILE", help="watch the feeds of an OPML file, too")
    parser.add_argument(
        "--out",
        type=given,
        metavar="FILE.jsonl",
        help="write each record there when it is stored, one a line",
    )
    parser.add_argument("--verbose", action="store_true", help="show the functions' logs on standard error")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    parameters = {"ScheduleRate": arguments.rate} if arguments.rate else {}
    with ExitStack() as closing:
        wanted = subscriptions(arguments.feed, arguments.opml)
        if arguments.out:
            run.check_writable(arguments.out)
        log_to = sys.stderr if arguments.verbose else None
        stack = closing.enter_context(place.embedded(arguments.data, parameters, log_to=log_to))
        archive = place.of_stack(stack)
        follower = place.watched(archive)
        for feed in wanted:
            subscribe(follower, feed)
        watched = [row.feed for row in follower.feeds.all()]
        if not watched or any(feed.host in sample.ALL for feed in watched):
            site = closing.enter_context(sample.opened(place.SITE))
            for feed in () if watched else sample.subscriptions(site, datetime.now(UTC)):
                follower.feeds.add(feed)
                watched.append(feed)
        closing.enter_context(own_servers(feed.url for feed in (*watched, *wanted)))
        began = datetime.now(UTC)
        every = ", ".join(schedule.expression for schedule in stack.deployment.schedules)
        say(
            f"newscast: {counted(len(watched), 'feed')}, looked at {every}; Ctrl-C stops",
            file=sys.stderr,
        )
        teller = closing.enter_context(telling(stack, archive, arguments.out, keeps=bool(arguments.data)))
        rounds = Rounds(teller, closing.enter_context(screen.working()))
        try:
            stack.serve(progress=rounds.batch, fired=rounds.fired)
        finally:
            rounds.store()
    say(
        f"newscast: stopped; {counted(rounds.stored, 'article')} stored since {began:%Y-%m-%d %H:%M} UTC",
        file=sys.stderr,
    )
    return 0


class Rounds:
    """What a person is told of the rounds: one line each, when its work is done."""

    def __init__(self, teller: Teller, working: screen.Working) -> None:
        self.stored = 0
        """Articles so far, revisions among them."""
        self._teller = teller
        self._working = working
        self._changes: Counter[str] = Counter()
        self._asked = self._polled = 0
        self._next: datetime | None = None

    def fired(self, report: Report, following: datetime | None) -> None:
        """The schedule fired; its next round is at `following`."""
        answer = report.answer if isinstance(report.answer, dict) else {}
        self._asked += int(answer.get("due", 0))
        self._next = following
        if report.problem:
            self._working.say(f"the round failed: {report.problem}")
        elif not self._asked:
            self._end()

    def batch(self, progress: Progress) -> None:
        if progress.batch is None:
            return
        stage = progress.batch.source.function.handler.split(".")[-2]
        if stage == "fetch":
            self._polled += progress.batch.size - len(progress.batch.failed)
        if stage == "store":
            self.store()
        left = progress.left()
        if any(left.values()):
            self._working.step(
                "at work", " · ".join(f"{name} {count}" for name, count in left.items() if count)
            )
        else:
            self._end()

    def store(self) -> None:
        for record in self._teller.tell():
            self.stored += 1
            self._changes[record.change] += 1

    def _end(self) -> None:
        made = ", ".join(f"{count} {change}" for change, count in sorted(self._changes.items())) or "none"
        following = f"; next round at {self._next:%H:%M:%S} UTC" if self._next else ""
        self._working.say(
            f"{min(self._polled, self._asked)} of {counted(self._asked, 'due feed')} polled,"
            f" articles stored so far: {made}"
            f"{following}"
        )
        self._asked = self._polled = 0
        self._working.step("waiting for the next round")
