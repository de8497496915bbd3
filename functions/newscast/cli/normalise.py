"""`newscast normalise`: what the pipeline would store for a page, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from newscast.cli import screen
from newscast.cli.problem import CommandError, read_bytes
from newscast.records import Language


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "normalise",
        help="show the clean article in saved pages",
        description="Reads saved web pages and prints what would be stored of each, one JSON object a line."
        " Exit status 1 only if none could be read.",
        epilog="example: newscast normalise page.html --url https://example.org/2024/07/page",
    )
    parser.add_argument("files", nargs="+", metavar="FILE.html", help="a saved page, or - for standard input")
    parser.add_argument("--url", metavar="URL", help="where the page was found (with one file)")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    if arguments.url and len(arguments.files) > 1:
        raise CommandError("--url goes with one file")
    read = 0
    many = len(arguments.files) > 10 and not sys.stdout.isatty()
    with screen.working(quiet=not many) as working:
        for number, name in enumerate(arguments.files, 1):
            working.step(f"reading {len(arguments.files)} pages", f"{number}")
            found = page_of(name, arguments.url)
            read += found["problem"] is None or bool(found["text"])
            print(json.dumps(found, ensure_ascii=False))
    return 0 if read else 1


def page_of(name: str, url: str | None) -> dict[str, Any]:
    """One page's object, as the contract names its fields."""
    from newscast.normalise.page import page

    try:
        body = read_bytes(name)
    except CommandError as error:
        nothing = dict.fromkeys(("title", "text", "url", "published", "language"))
        problem = str(error).removeprefix(f"{name}: ")
        return {"file": name, **nothing, "problem": problem, "languages": dict.fromkeys(("title", "text"))}
    found = page(body, url)
    return {
        "file": name,
        "title": found.title,
        "text": found.text,
        "url": found.url,
        "published": f"{found.published.at:%Y-%m-%dT%H:%M:%SZ}" if found.published else None,
        "language": found.language.code if found.language else None,
        "problem": found.problem,
        # Each by itself: an English headline may stand over a text in another language.
        "languages": {"title": _language(found.title_language), "text": _language(found.text_language)},
    }


def _language(found: Language | None) -> dict[str, Any] | None:
    return {"code": found.code, "confidence": found.confidence, "basis": found.basis} if found else None
