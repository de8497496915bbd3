"""`newscast parse`: what is in a feed's file, one JSON object a file."""

from __future__ import annotations

import argparse
from typing import Any

from newscast.cli.problem import LIST, CommandError, read_bytes
from newscast.cli.terminal import as_json, say
from newscast.feeds import guarded
from newscast.feeds.parsed import ParsedEntry
from newscast.normalise import text
from newscast.records import Markup, Stamp


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "parse",
        help="show the entries of feed files",
        description="Reads feeds in RSS, Atom, RDF, CDF or JSON Feed, and news sitemaps, and prints one JSON"
        " object a file. Exit status 1 only if none could be read.",
        epilog="example: newscast parse events/site/world.xml",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a feed's file, or - for standard input")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    read = 0
    for name in arguments.files:
        found = _file(name)
        read += not found.pop("failed")
        say(as_json(found))
    return 0 if read else 1


def _file(name: str) -> dict[str, Any]:
    try:
        data = read_bytes(name, LIST)
    except CommandError as error:
        words = str(error).removeprefix(f"{name}: ")
        return {"file": name, "entries": [], "problem": words, "failed": True}
    document = guarded.read(data)
    return {
        "file": name,
        "entries": [_entry(entry) for entry in document.entries],
        "problem": document.why_refused if document.refused else document.problem,
        "failed": document.refused is not None,
    }


def _entry(entry: ParsedEntry) -> dict[str, Any]:
    """What the contract names; what the feed doesn't say is null."""
    return {
        "id": entry.guid,
        "title": _line(entry.title),
        "link": entry.link,
        "published": _time(entry.published),
        "updated": _time(entry.updated),
        "summary": _plain(entry.summary),
        "content": _plain(entry.content),
        "authors": list(entry.authors),
        "categories": list(entry.categories),
    }


def _line(markup: Markup | None) -> str | None:
    return text.line(markup) or None if markup else None


def _plain(markup: Markup | None) -> str | None:
    return text.plain(markup) or None if markup else None


def _time(stamp: Stamp | None) -> str | None:
    return f"{stamp.at:%Y-%m-%dT%H:%M:%SZ}" if stamp else None
