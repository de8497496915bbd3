"""`newscast dlq`: messages that nobody could work on: look, and send them again."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from contextlib import closing
from typing import Any

from newscast.aws.dead_letters import DeadLetters, Letter
from newscast.cli import place
from newscast.cli.problem import CommandError, given
from newscast.cli.terminal import as_json, say
from newscast.cli.words import counted

STAGES = "schedule, fetch, normalise, page, tag or store"
EXAMPLES = """examples:
  newscast dlq list --data mydata
  newscast dlq list --stage tag --json --stack newscast
  newscast dlq replay --stage tag --stack newscast
  newscast dlq replay 059f36b4 1c2e --data mydata
  newscast dlq replay --all --data mydata
"""


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "dlq",
        help="what could not be worked on, and again",
        description="Dead letters: messages that failed five times, or can't be read. Mend what was wrong,"
        " then send them back to the queue that they came from; what is stored already is not stored twice.",
        epilog=EXAMPLES,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="which there are, who gave them up, why, and since when")
    listing.add_argument("--stage", type=given, metavar="STAGE", help=f"only of {STAGES}")
    listing.add_argument("--json", action="store_true", help="one JSON object a letter")
    again = actions.add_parser("replay", help="send them back to the queue that they came from")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "ids", nargs="*", default=[], metavar="ID", help="these; the beginning of an id will do"
    )
    which.add_argument("--stage", type=given, metavar="STAGE", help=f"all of {STAGES}")
    which.add_argument("--all", action="store_true", help="all")
    for each in (listing, again):
        place.add_arguments(each)
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    """Exit status 1 if a letter could not be sent again."""
    with place.dead_letters(arguments) as dead:
        if arguments.stage and arguments.stage not in dead.stages:
            raise CommandError(f"no stage {arguments.stage}; there are {', '.join(dead.stages)}")
        if arguments.action == "replay":
            return _replay(dead, arguments)
        with dead.held(arguments.stage) as letters:
            _list(letters, arguments.json)
            if more := dead.more(letters):
                say(f"newscast dlq: {more} more are not shown", file=sys.stderr)
    return 0


def _list(letters: list[Letter], plain: bool) -> None:
    if plain:
        for letter in letters:
            say(as_json(_plain(letter)))
        return
    if not letters:
        say("no dead letters", file=sys.stderr)
    alike: dict[tuple[str, str], list[Letter]] = defaultdict(list)
    for letter in letters:
        alike[letter.about.stage, letter.about.reason].append(letter)
    for (stage, reason), group in alike.items():
        say(f"{stage}: {counted(len(group), 'letter')} since {_minute(group[0])}: {' '.join(reason.split())}")
        for letter in group:
            say(f"  {letter.id}  {_minute(letter)}  {letter.what}")


def _replay(dead: DeadLetters, arguments: argparse.Namespace) -> int:
    gone = dropped = 0
    refused: dict[str, str] = {}
    with closing(dead.rounds(arguments.stage)) as rounds:
        for held in rounds:
            letters = _chosen(held, arguments.ids)
            went, stay = dead.again(letters)
            gone += went
            refused |= stay
            dropped += sum(not dead.has_queue(letter) for letter in letters)
            if arguments.ids:
                break
    for letter_id, why in refused.items():
        say(f"newscast dlq: {letter_id} stays: {why}", file=sys.stderr)
    if dropped:
        say(f"{counted(dropped, 'letter')} of the schedule removed: its next round finds the same feeds")
    say(f"{counted(gone - dropped, 'letter')} sent again")
    if gone > dropped and not arguments.stack:
        say(f"newscast run --data {arguments.data} works on them", file=sys.stderr)
    return 1 if refused else 0


def _chosen(letters: list[Letter], ids: list[str]) -> list[Letter]:
    """The letters that the ids begin, or all without ids. Raises CommandError."""
    if not ids:
        return letters
    chosen = {}
    for wanted in ids:
        found = [letter for letter in letters if letter.id.startswith(wanted)] if wanted else []
        if len(found) != 1:
            many = f"{len(found)} letters begin with {wanted}" if found else f"no letter {wanted}"
            raise CommandError(f"{many} (newscast dlq list shows them)")
        chosen[found[0].id] = found[0]
    return list(chosen.values())


def _plain(letter: Letter) -> dict[str, str]:
    about = letter.about
    return {
        "id": letter.id,
        "stage": about.stage,
        "reason": about.reason,
        "first_seen": about.first_seen,
        "correlation_id": about.correlation_id,
        "what": letter.what,
        "body": letter.body,
    }


def _minute(letter: Letter) -> str:
    return letter.about.first_seen[:16].replace("T", " ")
