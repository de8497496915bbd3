"""Feeds that a person names: URLs in, or an OPML file, feeds out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from newscast.cli.problem import LIST, CommandError, read_bytes
from newscast.cli.terminal import say
from newscast.feeds import opml
from newscast.feeds.feed import Feed, new_feed
from newscast.web.loopback import LITERALS, is_here, open_loopback, opened
from newscast.web.target import redacted


def subscriptions(urls: Sequence[str], file: str | None) -> list[Feed]:
    """The feeds that the arguments name, each once. Raises CommandError for a URL that can't be a feed's;
    one in a file of many is left out, with a line that says so."""
    now = datetime.now(UTC)
    try:
        chosen = [new_feed(url, now) for url in urls]
    except ValueError as error:
        raise CommandError(str(error)) from error
    if file:
        chosen += from_opml(file, now)
    return list({feed.feed_id: feed for feed in reversed(chosen)}.values())[::-1]


def from_opml(file: str, now: datetime) -> list[Feed]:
    """The feeds of an OPML file, but those at this machine: who wrote the file may be a stranger, and only a
    person who names such an address has it opened. Raises CommandError if there are none."""
    try:
        outlines = opml.read(read_bytes(file, LIST))
    except opml.OpmlError as error:
        raise CommandError(f"{file}: {error}") from error
    feeds = []
    for outline in outlines:
        try:
            feed = new_feed(
                outline.url, now, title=outline.title, tags=outline.tags, full_text=outline.full_text
            )
            refuse_this_machine(feed)
            feeds.append(feed)
        except ValueError as error:
            say(f"newscast: {file}: left out: {error}", file=sys.stderr)
    if not feeds:
        raise CommandError(f"{file}: no feeds in it that can be polled")
    return list({feed.feed_id: feed for feed in reversed(feeds)}.values())[::-1]


def refuse_this_machine(feed: Feed) -> None:
    """Raises ValueError, with words for a person, for a feed that only that person may name."""
    if is_here(feed.host):
        words = f"{feed.host} is this machine; name it yourself (newscast feeds add URL)"
        raise ValueError(f"{redacted(feed.url)}: {words}")


def inside(url: str) -> bool:
    """Whether an address is of this machine."""
    return _own_server(url) is not None


@contextmanager
def own_servers(urls: Iterable[str]) -> Iterator[None]:
    """Open the loopback addresses that a person named, these ports alone, and say so.

    A feed's own words never get here: redirects and links to this machine stay refused.
    """
    with ExitStack() as opening:
        for host, port in sorted(set(filter(None, map(_own_server, urls)))):
            if not opened("http", host, port):
                say(f"newscast: {host}:{port} is this machine; opened, since you named it", file=sys.stderr)
                opening.enter_context(open_loopback(host, port))
        yield


def _own_server(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:  # no URL: told by whoever makes a feed of it
        return None
    return (host, port) if host in LITERALS and parts.scheme.lower() == "http" else None
