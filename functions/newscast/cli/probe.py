"""`newscast probe`: one polite, guarded fetch of a feed, and why it was refused if it was."""

from __future__ import annotations

import argparse
import shlex
from datetime import UTC, datetime
from typing import Any

import msgspec

from newscast.cli import screen
from newscast.cli.problem import given
from newscast.cli.terminal import as_json, say
from newscast.cli.words import counted
from newscast.feeds.probe import Probe, probe
from newscast.settings import Settings
from newscast.web.target import redacted

STABLE = ("url", "outcome", "status", "validators", "format", "entries", "next_poll", "problem")
"""What the JSON holds; the rest is for people."""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "probe",
        help="try one feed",
        description="Fetches a feed once, as a poll would: guarded, within limits. A refusal exits with 1.",
        epilog="example: newscast probe https://example.org/rss.xml --json",
    )
    parser.add_argument("url", type=given, metavar="URL")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--contact", default="", help="URL or e-mail address for the User-Agent")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    with screen.working(arguments.json) as working:
        working.step(f"asking {redacted(arguments.url)}")
        found = probe(arguments.url, Settings(contact=arguments.contact), datetime.now(UTC))
    if arguments.json:
        say(as_json(plain(found)))
    else:
        show(found)
    return 0 if found.outcome == "ok" else 1


def plain(found: Probe) -> dict[str, Any]:
    """What the JSON holds; of a page that is no feed also what it names."""
    everything = msgspec.to_builtins(found)
    offers = [{"url": offer.url, "title": offer.title} for offer in found.offers]
    return {name: everything[name] for name in STABLE} | ({"offers": offers} if offers else {})


def show(found: Probe) -> None:
    """What a person wants to know first: does it work, if not why, and when it would be asked again."""
    if found.offers:
        show_page(found)
        return
    words = found.problem or f"{counted(found.entries, 'entry')}, {found.format}"
    say(f"{found.outcome}: {words}")
    for name, value in (
        ("url", found.url),
        ("answered by", found.final_url if found.final_url != found.url else None),
        ("status", found.status),
        ("title", found.title),
        ("etag", found.validators.etag),
        ("last modified", found.validators.last_modified),
        ("next poll", f"{found.next_poll} ({found.next_why})" if found.next_poll else None),
    ):
        if value is not None:
            say(f"  {name}: {value}")


def show_page(found: Probe) -> None:
    """A page is no failure of its server: what it names, and how to go on."""
    say("this is a page, not a feed; it names these feeds:")
    for offer in found.offers:
        say(f"  {offer.url}" + (f"  ({offer.title})" if offer.title else ""))
    say(f"to watch one: newscast feeds add {shlex.quote(found.offers[0].url)}")
