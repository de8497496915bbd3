"""Where a command works: an embedded stack in this process, or one deployed in the user's account."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from newscast.articles.archive import Archive
from newscast.articles.grants import Grants
from newscast.articles.store import Articles
from newscast.aws import clients
from newscast.aws.dead_letters import DeadLetters
from newscast.aws.objects import Objects
from newscast.cli.granting import Watched
from newscast.cli.problem import CommandError, given
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
    from newscast.cli.telling import noted
    from newscast.local.problem import StateError, TemplateError
    from newscast.local.stack import Stack

    try:
        with Stack.open(TEMPLATE, Path(data) if data else None, parameters, tells=noted, **options) as stack:
            yield stack
    except (StateError, TemplateError) as error:
        raise CommandError(str(error)) from error


def add_data(parser: argparse.ArgumentParser) -> None:
    """--data of the commands that deploy a stack themselves, with or without a place for its state."""
    parser.add_argument(
        "--data", type=given, metavar="DIR", help="keep the state in DIR, and go on from what is there"
    )


def add_arguments(parser: argparse.ArgumentParser, *, begins: bool = False) -> None:
    """--data and --stack: which of a person's stacks a command is about.

    Only one that `begins` makes a state that isn't there; for others its name is mistyped.
    """
    parser.set_defaults(begins=begins)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--data", type=given, metavar="DIR", default=DATA, help=f"the local stack kept in DIR ({DATA})"
    )
    which.add_argument("--stack", type=given, metavar="NAME", help="a stack deployed in your AWS account")


@contextmanager
def _kept(arguments: argparse.Namespace) -> Iterator[Any]:
    """The stack kept in --data."""
    if not (arguments.begins or Path(arguments.data).exists()):
        raise CommandError(
            f"nothing is kept in {arguments.data}: there is no such directory (--data, --stack)"
        )
    with embedded(arguments.data, polls=False) as stack:
        yield stack


@contextmanager
def feeds(arguments: argparse.Namespace) -> Iterator[Watched]:
    """The feeds of the stack that the arguments name."""
    if arguments.stack:
        with said(arguments.stack):
            yield watched(_deployed_articles(arguments.stack))
        return
    with _kept(arguments) as stack:
        yield watched(of_stack(stack))


def watched(articles: Articles) -> Watched:
    """The feeds of the stack that has these articles."""
    dynamodb, table = articles.dynamodb, articles.table
    return Watched(Feeds(dynamodb, table), Grants(dynamodb, table), articles)


@contextmanager
def objects(arguments: argparse.Namespace) -> Iterator[Objects]:
    """The bucket of the stack that the arguments name."""
    if arguments.stack:
        with said(arguments.stack):
            yield Objects(clients.s3, deployed(arguments.stack, "BucketName"))
        return
    with _kept(arguments) as stack:
        yield Objects(clients.s3, stack.bucket)


@contextmanager
def articles(arguments: argparse.Namespace) -> Iterator[Articles]:
    """The articles of the stack that the arguments name."""
    if arguments.stack:
        with said(arguments.stack):
            yield _deployed_articles(arguments.stack)
        return
    with _kept(arguments) as stack:
        yield of_stack(stack)


def of_stack(stack: Any) -> Articles:
    """The articles of an open local stack."""
    return _articles(stack.table_name, stack.bucket, 0)


def _deployed_articles(stack: str) -> Articles:
    days = int(deployed(stack, "RetentionDays", "0"))  # a stack of 0.1.0 has none
    return _articles(deployed(stack, "TableName"), deployed(stack, "BucketName"), days)


def _articles(table: str, bucket: str, retention_days: int) -> Articles:
    keep = timedelta(days=retention_days) if retention_days else None

    def now() -> datetime:
        return datetime.now(UTC)

    archive = Archive(Objects(clients.s3, bucket), now)
    return Articles(clients.dynamodb(), table, archive, now, time.sleep, keep=keep)


@contextmanager
def dead_letters(arguments: argparse.Namespace) -> Iterator[DeadLetters]:
    """The dead letters of the stack that the arguments name."""
    if arguments.stack:
        with said(arguments.stack):
            yield DeadLetters(clients.sqs(), deployed_queues(arguments.stack))
        return
    with _kept(arguments) as stack:
        urls = {name: queue.url for name, queue in stack.deployment.queues.items()}
        yield DeadLetters(clients.sqs(), urls)


def deployed_queues(stack: str) -> dict[str, str]:
    """URLs of a deployed stack's queues, by logical id."""
    import boto3

    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in found
        if each["ResourceType"] == "AWS::SQS::Queue"
    }


def deployed(stack: str, output: str, default: str | None = None) -> str:
    """An output of a deployed stack. Its table and bucket may be ones that it didn't make itself."""
    import boto3

    (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    if output not in outputs and default is not None:
        return default
    if output not in outputs:
        raise CommandError(
            f"--stack {stack}: it has no output {output}; its status is {found['StackStatus']}"
        )
    return str(outputs[output])


@contextmanager
def said(stack: str) -> Iterator[None]:
    """AWS's refusals (no credentials, no such stack, not allowed) as one line for a person."""
    if region := os.environ.get("AWS_REGION"):  # which AWS's other tools know, and boto3 doesn't
        os.environ.setdefault("AWS_DEFAULT_REGION", region)
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise CommandError(f"--stack {stack}: {' '.join(str(error).split())}") from error
