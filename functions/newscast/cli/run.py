"""`newscast run`: poll feeds once through all functions, and show who is in what they bring."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from newscast.articles import migrating, stored
from newscast.articles.stored import Stored
from newscast.cli import place, sample, screen, summary
from newscast.cli.feeds import FULL_TEXT, WISHES, want_full_text
from newscast.cli.granting import subscribe
from newscast.cli.problem import CommandError, given
from newscast.cli.subscriptions import own_servers, subscriptions
from newscast.cli.words import counted
from newscast.local.stack import Progress, Stack

EXAMPLES = """examples:
  newscast run
  newscast run --feed https://example.org/rss.xml --out articles.jsonl
  newscast run --opml subscriptions.opml --data mydata
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "run",
        help="poll feeds once and show the articles with their actors",
        description="Deploys the template to an embedded AWS in this process, polls the feeds once through"
        " all functions and their queues, and shows what came of it. Without --feed and --opml: the"
        " feeds kept in DIR, else the sample site.",
        epilog=EXAMPLES,
    )
    parser.add_argument(
        "--feed", action="append", type=given, default=[], metavar="URL", help="poll this; may be repeated"
    )
    parser.add_argument("--opml", type=given, metavar="FILE", help="poll the feeds of an OPML file")
    place.add_data(parser)
    parser.add_argument(
        "--out",
        type=given,
        metavar="FILE.jsonl",
        help="write the newly stored records there, one a line",
    )
    parser.add_argument("--full-text", choices=WISHES, help=FULL_TEXT)
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument("--verbose", action="store_true", help="show the functions' logs on standard error")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Exit status 1 if every feed failed."""
    began = time.monotonic()
    with ExitStack() as closing:
        closing.enter_context(own_servers(arguments.feed))
        wanted = subscriptions(arguments.feed, arguments.opml)
        if arguments.out:
            _check_writable(arguments.out)
        working = closing.enter_context(screen.working(arguments.quiet))
        working.step("deploying the template to the embedded AWS")
        log_to = sys.stderr if arguments.verbose else None
        stack = closing.enter_context(place.embedded(arguments.data, log_to=log_to))
        watched = place.watched(place.of_stack(stack))
        table = watched.feeds
        if not wanted:
            wanted = [row.feed for row in table.all() if row.feed.disabled is None]
        if not wanted or any(feed.host in sample.ALL for feed in wanted):
            site = closing.enter_context(sample.opened(place.SITE))
            wanted = wanted or sample.subscriptions(site, datetime.now(UTC))
            if all(feed.host in sample.ALL for feed in wanted):
                stack.set("HOST_GAP_SECONDS", "0")  # our own server, not a publisher's
        closing.enter_context(own_servers(feed.url for feed in wanted))
        ids = [subscribe(watched, feed).feed_id for feed in wanted]
        for each in ids if arguments.full_text else ():
            want_full_text(table, each, arguments.full_text)
        started = datetime.now(UTC)
        before = {row.feed.feed_id: row for row in table.several(list(dict.fromkeys(ids)))}
        result = poll(stack, list(before), working)
        if result:
            raise CommandError(result)
        working.step("reading back what was stored")
        found = list(stored_since(stack, started))
        polled = list(table.several(list(before)))
        if arguments.out:
            _write(arguments.out, found)
        report = summary.of(stack, before, polled, found, time.monotonic() - began)
        old = migrating.left(place.of_stack(stack)) if arguments.data else 0
    screen.show(found, screen.out())
    summary.show(report, screen.out())
    if old:
        print(
            f"newscast run: {arguments.data} holds {counted(old, 'article')} of version 0.1.0;"
            f" `newscast migrate --data {arguments.data}` takes them over",
            file=sys.stderr,
        )
    return 1 if report.all_failed else 0


def poll(stack: Stack, feed_ids: Sequence[str], working: screen.Working) -> str | None:
    """Ask for these feeds now and work until all queues are empty; what went wrong, if the asking did."""

    def tell(progress: Progress) -> None:
        left = " · ".join(f"{stage} {count}" for stage, count in progress.left().items() if count)
        if progress.waiting is not None:
            working.step("waiting for a host's gap", f"{progress.waiting:.0f} s · {left}")
        elif progress.batch:
            working.step(f"at work on {counted(len(feed_ids), 'feed')}", left)

    asked = stack.invoke("schedule", {"feed_ids": list(feed_ids)})
    if asked.outcome != "ok":
        return f"schedule: {asked.problem}"
    stack.drain(tell)
    return None


def stored_since(stack: Stack, moment: datetime) -> Iterator[Stored]:
    """What an open stack stored from a moment on: new articles, revisions, new tag runs."""
    return stored.since(place.of_stack(stack), moment)


def _check_writable(path: str) -> None:
    """Before the work, not after it: a directory that isn't there would lose the result."""
    try:
        with Path(path).open("ab"):
            pass
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error


def _write(path: str, found: Sequence[Stored]) -> None:
    try:
        with Path(path).open("wb") as file:
            for record in found:
                file.write(msgspec.json.encode(record) + b"\n")
    except OSError as error:  # the disk is full
        raise CommandError(f"{path}: {error.strerror or error}") from error
