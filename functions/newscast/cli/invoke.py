"""`newscast invoke`: one function on one event, in this process, without Docker."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from newscast.aws import clients
from newscast.aws.event import EventError
from newscast.cli import place, sample
from newscast.cli.problem import CommandError, given, read_bytes
from newscast.cli.terminal import as_json, say
from newscast.feeds.table import Feeds


def add(subcommands: Any) -> None:
    parser = subcommands.add_parser(
        "invoke",
        help="call one function with an event",
        description="Deploys the template to an embedded AWS, calls one function with the event, and prints"
        " its answer; its log goes to standard error. events/ has a sample event for each function. Exit"
        " status 1 if the function refuses the event, or a message of it fails.",
        epilog="example: newscast invoke normalise events/normalise.json",
    )
    parser.add_argument("function", metavar="FUNCTION", help="schedule, fetch, normalise, page, tag or store")
    parser.add_argument("event", metavar="EVENT.json", help="the event, or - for standard input")
    parser.add_argument("--data", type=given, metavar="DIR", help="work on the state kept in DIR")
    parser.set_defaults(main=main)


def main(arguments: argparse.Namespace) -> int:
    event = read_event(arguments.event)
    with ExitStack() as closing:
        site = closing.enter_context(sample.opened(place.SITE))
        stack = closing.enter_context(place.embedded(arguments.data, polls=False, log_to=sys.stderr))
        if not arguments.data:  # an empty stack has nothing to fetch: it watches the sample site
            stack.set("HOST_GAP_SECONDS", "0")  # our own server, not a publisher's
            table = Feeds(clients.dynamodb(), stack.table_name)
            for feed in sample.subscriptions(site, datetime.now(UTC)):
                table.add(feed)
        try:
            stack.function(arguments.function)
        except LookupError as error:
            raise CommandError(str(error)) from error
        before = {letter.message_id for letter in stack.dead_letters()}
        report = stack.invoke(arguments.function, event)
        given_up = [letter for letter in stack.dead_letters() if letter.message_id not in before]
    if report.outcome != "ok":
        refused = report.error is not None and report.error["errorType"] == EventError.__name__
        words = f"{arguments.event}: {report.error['errorMessage']}" if refused and report.error else None
        raise CommandError(words or f"{arguments.function}: {report.problem}")
    say(as_json(report.answer))
    failed = report.answer.get("batchItemFailures", ()) if isinstance(report.answer, dict) else ()
    for letter in given_up:
        say(f"newscast invoke: {letter.stage} gave up a message: {letter.reason}", file=sys.stderr)
    for failure in failed:
        name = failure["itemIdentifier"]
        say(
            f"newscast invoke: message {name} failed, the log says why; it would be tried again",
            file=sys.stderr,
        )
    return 1 if given_up or failed else 0


def read_event(name: str) -> Any:
    """A JSON file's value. Raises CommandError with the place of what is wrong."""
    data = read_bytes(name)
    if not data.strip():
        raise CommandError(f"{name}: it is empty")
    try:
        return json.loads(data)
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: not UTF-8 at byte {error.start}") from error
    except ValueError as error:
        raise CommandError(f"{name}: not JSON: {error}") from error
    except RecursionError as error:
        raise CommandError(f"{name}: nested too deeply") from error
