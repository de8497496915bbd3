"""Where a command works: an embedded stack in this process, or one deployed in the user's account."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from newscast.cli.problem import CommandError
from newscast.feeds.table import Feeds

ROOT = Path(__file__).parents[3]
"""The checkout: the template and the sample site lie beside the package."""
TEMPLATE = ROOT / "infra" / "template.yaml"
SITE = ROOT / "events" / "site"
DATA = ".newscast"
"""Where commands that need a kept stack look, unless told."""


@contextmanager
def embedded(data: str | None, parameters: Mapping[str, str] | None = None, **options: Any) -> Iterator[Any]:
    """The template on the embedded AWS, with the state in `data` if given (newscast.local.stack.Stack)."""
    from newscast.local.journal import JournalError
    from newscast.local.stack import Stack
    from newscast.local.template import TemplateError

    try:
        with Stack.open(TEMPLATE, Path(data) if data else None, parameters, **options) as stack:
            yield stack
    except (JournalError, TemplateError) as error:
        raise CommandError(str(error)) from error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--data and --stack: which of a person's stacks a command is about."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--data", metavar="DIR", default=DATA, help=f"the local stack kept in DIR ({DATA})")
    which.add_argument("--stack", metavar="NAME", help="a stack deployed in your AWS account")


@contextmanager
def feeds(arguments: argparse.Namespace) -> Iterator[Feeds]:
    """The table of feeds of the stack that the arguments name."""
    from newscast.aws import clients

    if arguments.stack:
        yield Feeds(clients.dynamodb(), deployed_table(arguments.stack))
        return
    with embedded(arguments.data) as stack:
        yield Feeds(clients.dynamodb(), stack.table_name)


def deployed_table(stack: str) -> str:
    """Physical name of the table of a deployed stack. Raises CommandError."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = boto3.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId="Table"
        )
    except (BotoCoreError, ClientError) as error:
        raise CommandError(f"stack {stack}: {error}") from error
    return str(found["StackResourceDetail"]["PhysicalResourceId"])
