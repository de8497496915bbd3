"""`newscast feeds`: subscribe, look, switch off and on, OPML in and out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from newscast.articles.grants import Grant
from newscast.cli import coverage, place, screen
from newscast.cli.granting import Watched, speaks_for, subscribe
from newscast.cli.problem import CommandError, given
from newscast.cli.subscriptions import from_opml, inside, own_servers, refuse_this_machine
from newscast.cli.terminal import as_json, say
from newscast.cli.words import counted
from newscast.feeds import ceiling, opml
from newscast.feeds.feed import Feed, feed_id, new_feed
from newscast.feeds.health import Health, health
from newscast.feeds.meter import Meter
from newscast.feeds.rows import Row
from newscast.feeds.table import ChangedMeanwhileError, Feeds
from newscast.records import FullTextWish
from newscast.web.address import why_not_public
from newscast.web.loopback import LITERALS, is_here
from newscast.web.tokens import holds_key, masked

KEYED = 3
"""Feeds with a key that are named."""
WISHES = tuple(opml.WISHES)
DEFAULT = "default"
TRIES = 3
"""Times that a change is made anew where a poll of that feed was first."""
FULL_TEXT = "read articles on their pages: where the feed has a teaser, always, or never"

EXAMPLES = """examples:
  newscast feeds add https://example.org/rss.xml --tag Europe --data mydata
  newscast feeds import subscriptions.opml --stack newscast
  newscast feeds list --stack newscast
  newscast feeds set https://feeds.example.net/paper --speaks-for example.org --data mydata
  newscast feeds coverage --days 30 --json --stack newscast
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "feeds",
        help="which feeds are watched",
        description="The feeds of a local stack (--data DIR) or of a deployed one (--stack NAME).",
        epilog=EXAMPLES,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    one = actions.add_parser(
        "add",
        help="watch feeds",
        description="Asks each URL once what it is. Of a page, the feed that it names is added; if it names"
        " several, they are listed. A feed that does not answer now is added all the same, with a word.",
        epilog="example: newscast feeds add https://example.org/rss.xml",
    )
    one.add_argument("urls", nargs="+", type=given, metavar="URL")
    one.add_argument("--title", type=given, help="what you call it")
    one.add_argument("--all", action="store_true", help="of a page that names several feeds, all")
    one.add_argument("--offline", action="store_true", help="add without asking what is at the URL")
    one.add_argument(
        "--secret",
        type=given,
        metavar="NAME",
        help="SSM SecureString that holds the real URL, or a JSON of url and headers",
    )
    one.add_argument(
        "--tag", action="append", type=given, default=[], help="a folder of yours; may be given several times"
    )
    one.add_argument("--full-text", choices=WISHES, help=FULL_TEXT)
    change = actions.add_parser(
        "set",
        help="change what is wanted of feeds",
        epilog="examples:\n"
        "  newscast feeds set https://example.org/rss.xml --full-text auto\n"
        "  newscast feeds set https://feeds.example.net/paper --speaks-for example.org\n"
        "  newscast feeds set https://feeds.example.net/ann --speaks-for https://example.com/columns/ann",
    )
    change.add_argument("feeds", nargs="+", type=given, metavar="URL|ID")
    change.add_argument(
        "--full-text", choices=(*WISHES, DEFAULT), help=f"{FULL_TEXT}, or the stack's default"
    )
    change.add_argument(
        "--speaks-for",
        action="append",
        type=given,
        default=[],
        metavar="HOST|URL",
        help="take the feed's word on articles of this site, or below this URL, as its publisher's; may be"
        " given several times",
    )
    listing = actions.add_parser("list", help="feeds with their health")
    listing.add_argument("--json", action="store_true", help="one JSON object a feed")
    for name, words in (
        ("enable", "poll a feed again"),
        ("disable", "stop polling a feed, keeping its articles"),
    ):
        switch = actions.add_parser(name, help=words)
        switch.add_argument("feeds", nargs="+", type=given, metavar="URL|ID")
        if name == "disable":
            switch.add_argument("--reason", type=given, default="disabled by hand", help="shown in the list")
    away = actions.add_parser(
        "remove",
        help="end a subscription, keeping its articles",
        description="Ends subscriptions and forgets what the feeds were allowed to speak for. Their articles"
        " and the ledger of their polls stay; newscast erase --feed removes a feed's articles.",
        epilog="example: newscast feeds remove https://example.org/rss.xml --data mydata",
    )
    away.add_argument("feeds", nargs="+", type=given, metavar="URL|ID")
    coverage.add(actions)
    opml_in = actions.add_parser("import", help="watch the feeds of an OPML file")
    opml_in.add_argument("file", type=given, metavar="FILE.opml")
    opml_out = actions.add_parser("export", help="write all feeds as OPML")
    opml_out.add_argument("file", nargs="?", type=given, default="-", metavar="FILE.opml")
    opml_out.add_argument(
        "--with-keys",
        action="store_true",
        help="also feeds whose URL holds what looks like a key, which are left out otherwise; whoever has the"
        " file can read these feeds then",
    )
    for name, each in actions.choices.items():
        place.add_arguments(each, begins=name in ("add", "import"))
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Do one action on one stack's feeds."""
    with place.feeds(arguments) as watched:
        return ACTIONS[arguments.action](watched, arguments)


def _add(watched: Watched, arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC)

    def new(url: str) -> Feed:
        return new_feed(
            url,
            now,
            title=arguments.title,
            tags=tuple(arguments.tag),
            full_text=arguments.full_text,
            secret=arguments.secret,
        )

    from newscast.cli import found  # what asks servers is needed for this alone

    with own_servers(() if arguments.stack else arguments.urls):
        on: dict[str, found.Meant] = {}
        try:
            chosen = [new(url) for url in arguments.urls]
        except ValueError as error:
            raise CommandError(str(error)) from error
        if arguments.stack:
            _refuse_this_machine(chosen)
        if not (arguments.offline or arguments.secret):
            unknown = [feed for feed in chosen if watched.feeds.get(feed.feed_id) is None]
            meant = found.feeds([feed.url for feed in unknown], arguments.all)
            on = {one.url: one for one in meant}
            try:
                chosen = [feed for feed in chosen if feed not in unknown]
                for one in meant:
                    feed = new(one.url)
                    if one.page and not inside(one.page):
                        refuse_this_machine(feed)
                    chosen.append(feed)
            except ValueError as error:
                raise CommandError(f"a page names a feed that is never fetched: {error}") from error
    tell_of_keys(chosen)
    for feed in chosen:
        _, page, vouched = on.get(feed.url, found.Meant(feed.url))
        done = subscribe(watched, feed, page, vouched)
        say(f"{'added' if done.added else 'already there'}: {done.feed_id} {masked(feed.url)}")
        if done.granted:
            say(f"  it speaks for {done.granted}")
    return 0


def _refuse_this_machine(chosen: Sequence[Feed]) -> None:
    for feed in chosen:
        if is_here(feed.host):
            why = why_not_public(LITERALS[feed.host.strip("[]")])
            raise CommandError(f"{feed.url}: {feed.host} is not public: {why}")


def _list(watched: Watched, arguments: argparse.Namespace) -> int:
    rows = sorted(watched.feeds.all(), key=lambda row: (row.feed.tags, row.feed.url))
    today = datetime.now(UTC).date()
    unread = watched.feeds.unread(today - timedelta(days=1), today)
    listed = [health(row, unread.get(row.feed.feed_id)) for row in rows]
    grants = watched.grants.several([one.feed_id for one in listed])
    now = datetime.now(UTC)
    use = Meter(watched.articles.dynamodb, watched.articles.table).read(now)
    if slowed := ceiling.told(use, now):
        say(slowed, file=sys.stderr)
    if arguments.json:
        for one in listed:
            say(as_json(_plain(one, grants.get(one.feed_id, ()))))
    elif not listed:
        say("no feeds yet (newscast feeds add URL)", file=sys.stderr)
    else:
        screen.feeds(listed, screen.out(), grants)
    return 0


def _plain(one: Health, grants: Sequence[Grant]) -> dict[str, Any]:
    told = [
        {"scope": grant.scope, "why": grant.why, "evidence": grant.evidence, "at": grant.at}
        for grant in grants
    ]
    return cast("dict[str, Any]", msgspec.to_builtins(one)) | {"grants": told}


def _remove(watched: Watched, arguments: argparse.Namespace) -> int:
    for name in arguments.feeds:
        feed = _find(watched.feeds, name).feed
        watched.feeds.remove(feed.feed_id, datetime.now(UTC))
        watched.grants.remove(feed.feed_id)
        say(f"removed: {feed.feed_id} {masked(feed.url)}")
    say("their articles stay (newscast erase --feed removes them)")
    return 0


def _switch(watched: Watched, arguments: argparse.Namespace, reason: str | None) -> int:
    now = datetime.now(UTC)

    def switched(feed: Feed) -> Feed:
        state = feed.state
        if reason is None:  # a person says that it works again: look now, and forget the trouble
            state = replace(state, next_due=now, next_why="enabled", trouble=None, gone_count=0)
        return replace(feed, disabled=reason, state=state)

    for name in arguments.feeds:
        feed = changed(watched.feeds, name, switched)
        say(f"{'enabled' if reason is None else 'disabled'}: {feed.feed_id} {masked(feed.url)}")
    return 0


def _set(watched: Watched, arguments: argparse.Namespace) -> int:
    if not (arguments.full_text or arguments.speaks_for):
        raise CommandError("nothing to set: say --full-text or --speaks-for")
    wish = None if arguments.full_text == DEFAULT else arguments.full_text
    for name in arguments.feeds:
        if arguments.full_text:
            feed = want_full_text(watched.feeds, name, wish)
            say(f"full text {arguments.full_text}: {feed.feed_id} {masked(feed.url)}")
        for where in arguments.speaks_for:
            feed = _find(watched.feeds, name).feed
            say(f"speaks for {speaks_for(watched, feed, where)}: {feed.feed_id} {masked(feed.url)}")
    return 0


def want_full_text(table: Feeds, name: str, wish: FullTextWish | None) -> Feed:
    """Change whether a feed's articles are read on their pages. Raises CommandError if there is no such."""
    return changed(table, name, lambda feed: replace(feed, full_text=wish))


def changed(table: Feeds, name: str, edit: Callable[[Feed], Feed]) -> Feed:
    """A feed as a person wants it, saved; read anew where a poll was first. Raises CommandError."""
    for _ in range(TRIES):
        row = _find(table, name)
        feed = edit(row.feed)
        if feed == row.feed:
            return feed
        with suppress(ChangedMeanwhileError):
            return table.change(row, feed).feed
    raise CommandError(f"{masked(name)} is being polled: try again in a minute")


def _find(table: Feeds, name: str) -> Row:
    """A feed by its id or its URL. Raises CommandError."""
    row = table.get(name)
    if row is None and "://" in name:
        try:
            row = table.get(feed_id(name))
        except ValueError as error:
            raise CommandError(str(error)) from error
    if row is None:
        raise CommandError(f"no such feed: {masked(name)} (newscast feeds list shows them)")
    return row


def _import(watched: Watched, arguments: argparse.Namespace) -> int:
    chosen = from_opml(arguments.file, datetime.now(UTC))
    tell_of_keys(chosen)
    added = 0
    with screen.working() as working:
        for number, feed in enumerate(chosen, 1):
            working.step(f"adding {len(chosen)} feeds", f"{number}")
            added += subscribe(watched, feed).added
    say(f"{counted(added, 'feed')} added, {len(chosen) - added} there already")
    return 0


def tell_of_keys(chosen: Sequence[Feed]) -> None:
    """Say of feeds whose URL seems to hold a key what becomes of it, in one line."""
    if named := _keyed(chosen):
        say(
            f"newscast: {named}: this looks like a key in the URL; it is stored with the feed and its"
            " articles and shown as “…”; to keep it in SSM alone, remove the feed and add it with"
            " --secret NAME",
            file=sys.stderr,
        )


def _keyed(chosen: Sequence[Feed]) -> str:
    """The first feeds that seem to have a key in their URL, for a line."""
    keyed = [masked(feed.url) for feed in chosen if holds_key(feed.url)]
    return ", ".join([*keyed[:KEYED], *(["…"] if len(keyed) > KEYED else [])])


def _export(watched: Watched, arguments: argparse.Namespace) -> int:
    every = [row.feed for row in watched.feeds.all()]
    chosen = [feed for feed in every if arguments.with_keys or not holds_key(feed.url)]
    if left := len(every) - len(chosen):
        say(
            f"newscast: {counted(left, 'feed')} left out, with what looks like a key in the URL:"
            f" {_keyed(every)}; --with-keys writes all as they are",
            file=sys.stderr,
        )
    text = opml.write(chosen)
    if arguments.file == "-":
        say(text, end="")
        return 0
    try:
        Path(arguments.file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{arguments.file}: {error.strerror or error}") from error
    return 0


ACTIONS: dict[str, Callable[[Watched, argparse.Namespace], int]] = {
    "add": _add,
    "set": _set,
    "list": _list,
    "enable": lambda watched, arguments: _switch(watched, arguments, None),
    "disable": lambda watched, arguments: _switch(watched, arguments, arguments.reason),
    "remove": _remove,
    "coverage": lambda watched, arguments: coverage.main(watched.feeds, arguments),
    "import": _import,
    "export": _export,
}
