"""`newscast normalise`: what the pipeline would store for a page, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from newscast import urls
from newscast.cli import pool, screen
from newscast.cli.problem import CommandError, read_bytes
from newscast.cli.terminal import as_json, say
from newscast.records import Article, Language

if TYPE_CHECKING:
    from newscast.normalise.page import Page

MANY = 300
"""Files from which several processes are worth their start: half a second each, 5 ms a page."""
TOLD_FROM = 10
"""Files from which progress is shown."""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "normalise",
        help="show the clean article in saved pages",
        description="Reads saved web pages and prints what would be stored of each, one JSON object a line,"
        " in the order given. Exit status 1 if one could not be read or holds no article; its line says why.",
        epilog="example: newscast normalise page.html --url https://example.org/2024/07/page",
    )
    parser.add_argument("files", nargs="+", metavar="FILE.html", help="a saved page, or - for standard input")
    parser.add_argument("--url", metavar="URL", help="where the page was found (with one file)")
    parser.add_argument(
        "--entry",
        metavar="FEED",
        help="a saved feed with the page's entry (with one file): show the article of both, and what would"
        " become of its full text",
    )
    parser.set_defaults(main=partial(main, parser))


def main(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    files, url = arguments.files, arguments.url
    if url is not None and len(files) > 1:
        parser.error("--url goes with one file")
    if url is not None and urls.canonical(url) is None:
        raise CommandError(f"--url is no address of a page (https://…): {url!r}")
    if arguments.entry is not None:
        if len(files) > 1:
            parser.error("--entry goes with one file")
        say(as_json(article_of(files[0], url, arguments.entry)))
        return 0
    found: Iterable[dict[str, Any]] = map(partial(page_of, url=url), files)
    if len(files) >= MANY and "-" not in files and (processes := pool.processors()) > 1:
        found = pool.each(page_of, files, min(processes, len(files) // pool.CHUNK))
    failed = False
    seen = len(files) > TOLD_FROM and sys.stderr.isatty() and not sys.stdout.isatty()
    with screen.working(quiet=not seen) as working:
        for number, one in enumerate(found, 1):
            working.step(f"read {number} of {len(files)} pages")
            failed |= one["problem"] is not None and not one["text"]
            say(as_json(one))
    return int(failed)


def page_of(name: str, url: str | None = None) -> dict[str, Any]:
    """One page's object, as the contract names its fields."""
    from newscast.normalise.page import page

    try:
        body = read_bytes(name)
    except CommandError as error:
        nothing = dict.fromkeys(("title", "text", "url", "published", "language"))
        problem = str(error).removeprefix(f"{name}: ")
        return {"file": name, **nothing, "problem": problem, "languages": dict.fromkeys(("title", "text"))}
    found = page(body, url)
    return _plain(name, found, found.problem)


def article_of(name: str, url: str | None, feed: str) -> dict[str, Any]:
    """The object of a page's article as its feed and the page make it. Raises CommandError."""
    from newscast.cli import entry
    from newscast.normalise.page import page

    read = page(read_bytes(name), url)
    made, teaser = entry.together(entry.entry_of(feed, read, url), read)
    full_text = json.loads(msgspec.json.encode(made.full_text)) | {"auto": teaser}
    return _plain(name, made, read.problem) | {"full_text": full_text}


def _plain(name: str, found: Page | Article, problem: str | None) -> dict[str, Any]:
    return {
        "file": name,
        "title": found.title,
        "text": found.text,
        "url": found.url,
        "published": f"{found.published.at:%Y-%m-%dT%H:%M:%SZ}" if found.published else None,
        "language": found.language.code if found.language else None,
        "problem": problem,
        # Each by itself: an English headline may stand over a text in another language.
        "languages": {"title": _language(found.title_language), "text": _language(found.text_language)},
    }


def _language(found: Language | None) -> dict[str, Any] | None:
    return {"code": found.code, "confidence": found.confidence, "basis": found.basis} if found else None
