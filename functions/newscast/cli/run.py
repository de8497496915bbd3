"""`newscast run`: poll feeds once through all functions, and show who is in what they bring."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from newscast.articles import migrating, queries
from newscast.articles.store import Articles
from newscast.articles.stored import Stored
from newscast.cli import place, sample, screen, summary
from newscast.cli.feeds import FULL_TEXT, WISHES, want_full_text
from newscast.cli.granting import subscribe
from newscast.cli.problem import CommandError, given
from newscast.cli.subscriptions import own_servers, subscriptions
from newscast.cli.telling import telling
from newscast.cli.terminal import say
from newscast.cli.words import counted
from newscast.local.stack import Progress, Stack

BETWEEN_SECONDS = 0.2
"""Between two looks at the queues for what is shown."""
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
        help="write each record there when it is stored, one a line; with --data it is added to, and gets"
        " what an interrupted run left out",
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
            check_writable(arguments.out)
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
        before = {row.feed.feed_id: row for row in table.several(list(dict.fromkeys(ids)))}
        teller = closing.enter_context(
            telling(stack, place.of_stack(stack), arguments.out, keeps=bool(arguments.data))
        )
        found: list[Stored] = []
        result = poll(stack, list(before), working, lambda: found.extend(map(brief, teller.tell())))
        if result:
            raise CommandError(result)
        found = standing(place.of_stack(stack), found)
        polled = list(table.several(list(before)))
        report = summary.of(stack, before, polled, found, time.monotonic() - began)
        old = migrating.left(place.of_stack(stack)) if arguments.data else 0
    screen.show(found, screen.out())
    summary.show(report, screen.out())
    if old:
        say(
            f"newscast run: {arguments.data} holds {counted(old, 'article')} of version 0.1.0;"
            f" `newscast migrate --data {arguments.data}` takes them over",
            file=sys.stderr,
        )
    return 1 if report.all_failed else 0


def poll(
    stack: Stack,
    feed_ids: Sequence[str],
    working: screen.Working,
    tell_stored: Callable[[], object] = lambda: None,
) -> str | None:
    """Ask for these feeds now and work until all queues are empty; what went wrong, if the asking did.

    `tell_stored` is called whenever something may have been stored, also when the user stops the run.
    """
    done: Counter[str] = Counter()
    last = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last
        if progress.batch:
            stage = progress.batch.source.function.handler.split(".")[-2]
            done[stage] += progress.batch.size - len(progress.batch.failed)
            if stage == "store":
                tell_stored()
        now = time.monotonic()
        if progress.waiting is None and now - last < BETWEEN_SECONDS:
            return
        last = now
        left = progress.left()
        # A poll that is put off comes to the queue again.
        polled = max(0, len(feed_ids) - left.get("fetch", 0))
        far = (
            f"{polled} of {counted(len(feed_ids), 'feed')} polled, {counted(done['store'], 'article')} stored"
        )
        waits = " · ".join(f"{stage} {count}" for stage, count in left.items() if count)
        if progress.waiting is not None:
            working.step(f"waiting for a host's gap; {far}", f"{progress.waiting:.0f} s · {waits}")
        else:
            working.step(f"at work on {counted(len(feed_ids), 'feed')}", f"{far} · {waits}")

    asked = stack.invoke("schedule", {"feed_ids": list(feed_ids)})
    if asked.outcome != "ok":
        return f"schedule: {asked.problem}"
    try:
        stack.drain(tell)
    finally:
        tell_stored()
    return None


def standing(articles: Articles, found: Sequence[Stored]) -> list[Stored]:
    """Without articles that became another's: what a digest said of a page until its publisher spoke."""
    there = queries.heads(articles, list(dict.fromkeys(record.article_id for record in found)))
    standing = {one for one, head in there.items() if head.article_id == one}
    return [record for record in found if record.article_id in standing]


def brief(record: Stored) -> Stored:
    """Without its text, which the screen doesn't show: a run may bring many."""
    return replace(record, article=replace(record.article, text=""))


def check_writable(path: str) -> None:
    """Before the work, not after it: a directory that isn't there would lose the result."""
    try:
        with Path(path).open("ab"):
            pass
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
