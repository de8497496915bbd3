"""`newscast explain`: who is in a text, and why we say so, by the very code that Lambda runs."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from newscast.cli import explained, explained_page, screen
from newscast.cli.problem import MIB, TEXT, CommandError, given, read_bytes, read_lines
from newscast.cli.terminal import as_json, say
from newscast.gazetteer import packaged
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.overlay import overlay
from newscast.tag import recogniser, tagger
from newscast.tag.recogniser import Recognised, RecogniserError

EXAMPLES = """examples:
  echo 'Moscow said that Lloyd Austin had called.' | newscast explain --date 2024-07-12
  newscast explain report.txt --json
  newscast explain bericht.txt --language de
  newscast explain --jsonl < documents.jsonl > tags.jsonl
  newscast explain report.txt --html report.html
  newscast explain report.txt --actors beat.csv
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "explain",
        help="tag a text and say why",
        description="Tags one text offline. Without --json the text with its actors in colour, each with the"
        " rule and the rows that say so, and what was rejected.",
        epilog=EXAMPLES,
    )
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help=f"a text (at most {TEXT // MIB} MiB), or - for standard input",
    )
    parser.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="the article's date, for its roles")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the tags as one JSON object")
    form.add_argument(
        "--jsonl",
        action="store_true",
        help='many texts, without end: {"id", "text", "date"?} a line in and out',
    )
    form.add_argument("--html", type=given, metavar="OUT.html", help="write a page that shows the same")
    parser.add_argument(
        "--language",
        type=given,
        metavar="CODE",
        help="the text's language, if it isn't English (de, pt-BR, zh)",
    )
    parser.add_argument(
        "--actors",
        action="append",
        type=given,
        default=[],
        metavar="FILE.csv",
        help="your own actors, over ours; may be given several times",
    )
    parser.add_argument(
        "--recogniser",
        type=given,
        metavar="MODULE:FACTORY",
        help="a statistical model for names that nothing else knows (newscast.tag.spacy_model:load)",
    )
    parser.set_defaults(main=main)


def day(text: str) -> date:
    """A date as it is written; for --date argparse turns the error into one line and exit status 2."""
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"not a date such as 2024-07-12: {text}") from error


def main(arguments: argparse.Namespace) -> int:
    gazetteer = _gazetteer(arguments.actors)
    if problem := _no_language(arguments.language, gazetteer):
        raise CommandError(f"--language: {problem}")
    if arguments.recogniser:
        try:
            recogniser.load(arguments.recogniser)
        except RecogniserError as error:
            raise CommandError(str(error)) from error
    if arguments.file == "-" and sys.stdin is not None and sys.stdin.isatty():
        say("newscast: a text, then Ctrl-D on a line of its own", file=sys.stderr)
    if arguments.jsonl:
        return _lines(read_lines(arguments.file), gazetteer, arguments)
    raw = read_bytes(arguments.file, TEXT)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise CommandError(f"{arguments.file}: not UTF-8 at byte {error.start}") from error
    recognised = _recognised(text, arguments.language, arguments)
    if arguments.json:
        tags = tagger.tag(text, gazetteer, arguments.date, arguments.language, recognised=recognised)
        say(as_json(msgspec.to_builtins(tags)))
        return 0
    explanation = tagger.explain(text, gazetteer, arguments.date, arguments.language, recognised=recognised)
    if arguments.html:
        try:
            Path(arguments.html).write_text(
                explained_page.page(explanation, arguments.date), encoding="utf-8"
            )
        except OSError as error:
            raise CommandError(f"{arguments.html}: {error.strerror or error}") from error
        return 0
    explained.show(explanation, screen.out())
    return 0


def _gazetteer(files: Sequence[str]) -> Gazetteer:
    """Ours with a user's files over it; a line that can't be used is told and left out."""
    over = packaged.load()
    for name in files:
        over, problems = overlay(over, read_bytes(name).decode("utf-8", "replace"), name)
        for one in problems:
            say(one, file=sys.stderr)
    return over


def _recognised(text: str, language: str | None, arguments: argparse.Namespace) -> Recognised | None:
    """What the chosen model finds, if one is; what can't be used of it is told."""
    if not arguments.recogniser:
        return None
    found = recogniser.recognise(recogniser.load(arguments.recogniser), text, language)
    for problem in found.problems:
        say(f"newscast: recogniser: {problem}", file=sys.stderr)
    return found


def _no_language(code: object, gazetteer: Gazetteer) -> str:
    """Why a language can't be read, or an empty string; "und" is undetermined."""
    known = gazetteer.vocabulary.languages | {"und"}
    if not code or (isinstance(code, str) and code.split("-")[0].lower() in known):
        return ""
    return f"the gazetteer has no name in {code!r}; a language is a code such as de, pt-BR or zh-Hant"


def _lines(lines: Iterable[bytes], gazetteer: Gazetteer, arguments: argparse.Namespace) -> int:
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _line(line, number, gazetteer, arguments)
        status |= "problem" in found
        say(as_json(found))
    return status


def _whole(digits: str) -> int | float:
    """A whole number; one of thousands of digits, which takes Python too long, as far as a float goes."""
    return int(digits) if len(digits) < 4000 else float(digits)


def _line(line: bytes, number: int, gazetteer: Gazetteer, arguments: argparse.Namespace) -> dict[str, Any]:
    name: Any = None
    try:
        asked = json.loads(line.decode("utf-8-sig"), parse_int=_whole)
        if not isinstance(asked, dict):
            return {"id": None, "problem": f"line {number}: not an object"}
        name = asked.get("id")
        if isinstance(name, float) and not math.isfinite(name):
            name = str(name)  # JSON has no such number
        if not isinstance(asked.get("text"), str):
            return {"id": name, "problem": f"line {number}: no text, or it is not a string"}
        on = day(asked["date"]) if asked.get("date") else arguments.date
        language = asked.get("language") or arguments.language
        if problem := _no_language(language, gazetteer):
            return {"id": name, "problem": f"line {number}: {problem}"}
        recognised = _recognised(asked["text"], language, arguments)
        tags = tagger.tag(asked["text"], gazetteer, on, language, recognised=recognised)
    except RecursionError:
        return {"id": name, "problem": f"line {number}: nested too deeply"}
    except json.JSONDecodeError as error:
        return {"id": name, "problem": f"line {number}: not JSON at character {error.pos + 1}"}
    except UnicodeDecodeError as error:
        return {"id": name, "problem": f"line {number}: not UTF-8 at byte {error.start + 1}"}
    except (argparse.ArgumentTypeError, ValueError, TypeError) as error:
        return {"id": name, "problem": f"line {number}: {error}"}
    return {"id": name, **msgspec.to_builtins(tags)}
