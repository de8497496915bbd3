"""`newscast feeds`: subscribe, look, switch off and on, OPML in and out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from newscast.cli import place, screen
from newscast.cli.problem import CommandError
from newscast.cli.subscriptions import from_opml
from newscast.cli.words import counted
from newscast.feeds import opml
from newscast.feeds.feed import feed_id, new_feed
from newscast.feeds.health import health
from newscast.feeds.table import Feeds, Row

EXAMPLES = """examples:
  newscast feeds add https://example.org/rss.xml --tag Europe --data mydata
  newscast feeds import subscriptions.opml --stack newscast
  newscast feeds list --stack newscast
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "feeds",
        help="which feeds are watched",
        description="The feeds of a local stack (--data DIR) or of a deployed one (--stack NAME).",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    one = actions.add_parser(
        "add", help="watch feeds", epilog="example: newscast feeds add https://example.org/rss.xml"
    )
    one.add_argument("urls", nargs="+", metavar="URL")
    one.add_argument("--title", help="what you call it")
    one.add_argument(
        "--secret",
        metavar="NAME",
        help="SSM SecureString that holds the real URL, or a JSON of url and headers",
    )
    one.add_argument(
        "--tag", action="append", default=[], help="a folder of yours; may be given several times"
    )
    listing = actions.add_parser("list", help="feeds with their health")
    listing.add_argument("--json", action="store_true", help="one JSON object a feed")
    for name, words in (
        ("enable", "poll a feed again"),
        ("disable", "stop polling a feed, keeping its articles"),
    ):
        switch = actions.add_parser(name, help=words)
        switch.add_argument("feeds", nargs="+", metavar="URL|ID")
        if name == "disable":
            switch.add_argument("--reason", default="disabled by hand", help="shown in the list")
    opml_in = actions.add_parser("import", help="watch the feeds of an OPML file")
    opml_in.add_argument("file", metavar="FILE.opml")
    opml_out = actions.add_parser("export", help="write all feeds as OPML")
    opml_out.add_argument("file", nargs="?", default="-", metavar="FILE.opml")
    for each in actions.choices.values():
        place.add_arguments(each)
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Do one action on one stack's feeds."""
    with place.feeds(arguments) as table:
        return ACTIONS[arguments.action](table, arguments)


def _add(table: Feeds, arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    try:
        chosen = [
            new_feed(url, now, title=arguments.title, tags=tuple(arguments.tag), secret=arguments.secret)
            for url in arguments.urls
        ]
    except ValueError as error:
        raise CommandError(str(error)) from error
    for feed in chosen:
        print(f"{'added' if table.add(feed) else 'already there'}: {feed.feed_id} {feed.url}")
    return 0


def _list(table: Feeds, arguments: argparse.Namespace) -> int:
    found = [health(row) for row in sorted(table.all(), key=lambda row: (row.feed.tags, row.feed.url))]
    if arguments.json:
        for one in found:
            print(msgspec.json.encode(one).decode())
    elif not found:
        print("no feeds yet (newscast feeds add URL)", file=sys.stderr)
    else:
        screen.feeds(found, screen.out())
    return 0


def _switch(table: Feeds, arguments: argparse.Namespace, reason: str | None) -> int:
    for name in arguments.feeds:
        row = _find(table, name)
        feed = replace(row.feed, disabled=reason)
        if reason is None:  # a person says that it works again: look now, and forget the trouble
            fresh = replace(
                feed.state, next_due=datetime.now(UTC), next_why="enabled", trouble=None, gone_count=0
            )
            feed = replace(feed, state=fresh)
        table.change(row, feed)
        print(f"{'enabled' if reason is None else 'disabled'}: {feed.feed_id} {feed.url}")
    return 0


def _find(table: Feeds, name: str) -> Row:
    """A feed by its id or its URL. Raises CommandError."""
    row = table.get(name)
    if row is None and "://" in name:
        try:
            row = table.get(feed_id(name))
        except ValueError as error:
            raise CommandError(str(error)) from error
    if row is None:
        raise CommandError(f"no such feed: {name} (newscast feeds list shows them)")
    return row


def _import(table: Feeds, arguments: argparse.Namespace) -> int:
    chosen = from_opml(arguments.file, datetime.now(UTC))
    added = 0
    with screen.working() as working:
        for number, feed in enumerate(chosen, 1):
            working.step(f"adding {len(chosen)} feeds", f"{number}")
            added += table.add(feed)
    print(f"{counted(added, 'feed')} added, {len(chosen) - added} there already")
    return 0


def _export(table: Feeds, arguments: argparse.Namespace) -> int:
    text = opml.write(row.feed for row in table.all())
    if arguments.file == "-":
        print(text, end="")
        return 0
    try:
        Path(arguments.file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{arguments.file}: {error.strerror or error}") from error
    return 0


ACTIONS: dict[str, Callable[[Feeds, argparse.Namespace], int]] = {
    "add": _add,
    "list": _list,
    "enable": lambda table, arguments: _switch(table, arguments, None),
    "disable": lambda table, arguments: _switch(table, arguments, arguments.reason),
    "import": _import,
    "export": _export,
}
