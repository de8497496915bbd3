"""The AWSs that the contract is held against: the project's engine, moto, and a MiniStack elsewhere.

Each has the real boto3 clients, and makes tables and queues of its own for a probe. A call
goes to the backend that it is made on, though engine and moto live in one process.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import boto3
import moto.core.utils
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.models import botocore_stubber

from newscast.local.account import account
from newscast.local.database import Database
from newscast.local.engine.dynamodb import DynamoDB
from newscast.local.engine.gate import Gate
from newscast.local.engine.queue import Declared, Queue
from newscast.local.engine.s3 import S3
from newscast.local.engine.sqs import Sqs
from newscast.local.engine.table import Index, Table
from newscast.local.intrinsics import ACCOUNT

NAMES = ("engine", "moto", "ministack")
REGION = "us-east-1"
MOST_BYTES = 1024 * 1024
"""A queue's own limit, if it was given none."""
KEPT = "kept"
"""What the INCLUDE index GSI1 holds beside keys."""
TABLES: Mapping[str, Mapping[str, str]] = {
    "main": {"PK": "S", "SK": "S"},
    "numbers": {"PK": "S", "SK": "N"},
    "binary": {"PK": "B", "SK": "B"},
}
"""Kinds of tables, by the types of their keys; all have the same indexes."""
INDEXES: Mapping[str, tuple[dict[str, str], str]] = {
    "GSI1": ({"GSI1PK": "S", "GSI1SK": "N"}, "INCLUDE"),
    "GSI2": ({"GSI2PK": "S"}, "ALL"),
}
NEVER_ASKED = Config(parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=20)
"""The backend judges a call, not botocore, and nothing is tried twice."""


class Backend:
    """moto, and the base of the others. `call` gives its answer, or its refusal as `{"Error": code, …}`."""

    name = "moto"

    def __init__(self, **client: Any) -> None:
        session = boto3.Session(region_name=REGION)
        self._clients = {
            service: session.client(service, config=NEVER_ASKED, **client) for service in ("dynamodb", "sqs")
        }
        self._numbers = itertools.count()

    def call(self, service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        with self._turn():
            try:
                answer = getattr(self._clients[service], operation)(**parameters)
            except ClientError as error:
                response: dict[str, Any] = dict(error.response)
                response.pop("ResponseMetadata", None)
                told = response.pop("Error")
                return {**response, "Error": told["Code"], "Message": told.get("Message", "")}
            except Exception as error:  # what a backend may not do
                return {"Error": f"crash: {type(error).__name__}", "Message": str(error)}
        answer.pop("ResponseMetadata", None)
        return dict(answer)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        yield

    def table(self, kind: str) -> str:
        """A new empty table's name."""
        name = f"{kind}{next(self._numbers)}"
        keys = TABLES[kind]
        types = dict(keys) | {each: kind for index, _ in INDEXES.values() for each, kind in index.items()}
        self._taken(
            "dynamodb",
            "create_table",
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": kind} for n, kind in types.items()],
            KeySchema=_schema(keys),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": index,
                    "KeySchema": _schema(own),
                    "Projection": {"ProjectionType": how}
                    | ({"NonKeyAttributes": [KEPT]} if how == "INCLUDE" else {}),
                }
                for index, (own, how) in INDEXES.items()
            ],
        )
        return name

    def queue(self, **attributes: Any) -> str:
        """A new empty queue's URL. `dead_letter` is another's URL and goes with `max_receives`."""
        if dead_letter := attributes.pop("dead_letter", None):
            attributes["RedrivePolicy"] = json.dumps(
                {
                    "deadLetterTargetArn": self.arn(dead_letter),
                    "maxReceiveCount": attributes.pop("max_receives"),
                }
            )
        given = {"MaximumMessageSize": str(MOST_BYTES)} | {
            name: str(value) for name, value in attributes.items()
        }
        made = self._taken("sqs", "create_queue", QueueName=f"q{next(self._numbers)}", Attributes=given)
        return str(made["QueueUrl"])

    def arn(self, url: str) -> str:
        """A queue's ARN."""
        about = self._taken("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn"])
        return str(about["Attributes"]["QueueArn"])

    def wait(self, seconds: float) -> None:
        """Let time pass, for the backend at least."""
        _CLOCK["ahead"] += timedelta(seconds=seconds + 0.05)

    def _taken(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        answer = self.call(service, operation, parameters)
        assert "Error" not in answer, answer
        return answer


_CLOCK = {"ahead": timedelta()}
"""How far moto's clock is."""


@contextmanager
def _moto_clock() -> Iterator[None]:
    before = moto.core.utils.utcnow
    moto.core.utils.utcnow = lambda: before() + _CLOCK["ahead"]
    try:
        yield
    finally:
        moto.core.utils.utcnow = before


def _schema(keys: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"AttributeName": n, "KeyType": k} for n, k in zip(keys, ("HASH", "RANGE"), strict=False)]


class MiniStack(Backend):
    """At NEWSCAST_MINISTACK (an address on loopback), started by `make contract BACKEND=ministack`."""

    name = "ministack"

    def __init__(self) -> None:
        super().__init__(
            endpoint_url=os.environ["NEWSCAST_MINISTACK"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        self._numbers = itertools.count(time.time_ns())  # it may have been here before

    def wait(self, seconds: float) -> None:
        time.sleep(seconds + 0.05)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        stubbed, botocore_stubber.enabled = botocore_stubber.enabled, False
        try:
            yield
        finally:
            botocore_stubber.enabled = stubbed


class Engine(Backend):
    """The engine behind its gate, with a clock that only `wait` moves."""

    name = "engine"

    def __init__(self) -> None:
        super().__init__()
        self.now = time.time()
        self.dynamodb = DynamoDB(lambda: self.now)
        self.sqs = Sqs(lambda: self.now)
        self._database = Database(None)
        self._gate = Gate(self._database, self.dynamodb, self.sqs, S3(lambda: self.now))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        stubbed, botocore_stubber.enabled = botocore_stubber.enabled, False
        self._gate.install()
        try:
            yield
        finally:
            self._gate.remove()
            botocore_stubber.enabled = stubbed

    def table(self, kind: str) -> str:
        name = f"{kind}{next(self._numbers)}"
        keys = TABLES[kind]
        indexes = {
            index: Index(index, *_pair(own), None if how == "ALL" else frozenset({*keys, *own, KEPT}))
            for index, (own, how) in INDEXES.items()
        }
        types = dict(keys) | {each: kind for own, _ in INDEXES.values() for each, kind in own.items()}
        self.dynamodb.tables[name] = Table(
            self._database.db, name, name, primary=Index("", *_pair(keys)), indexes=indexes, types=types
        )
        return name

    def queue(self, **attributes: Any) -> str:
        url = super().queue(**attributes)  # moto answers for what has no messages
        name = url.rpartition("/")[2]
        dead = self.sqs.queues.get(attributes.get("dead_letter", "").rpartition("/")[2])
        declared = Declared(
            logical_id=name,
            name=name,
            arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}",
            url=url,
            visibility=attributes.get("VisibilityTimeout", 30),
            retention=attributes.get("MessageRetentionPeriod", 345_600),
            delay=attributes.get("DelaySeconds", 0),
            max_bytes=attributes.get("MaximumMessageSize", MOST_BYTES),
            dead_letter=dead.logical_id if dead else None,
            max_receives=attributes.get("max_receives", 0),
        )
        self.sqs.queues[name] = Queue(self._database.db, declared)
        self.sqs.queues[name].dead_letter = dead
        return url

    def wait(self, seconds: float) -> None:
        self.now += seconds + 0.05


def _pair(keys: Mapping[str, str]) -> tuple[str, str | None]:
    first, *rest = keys
    return first, rest[0] if rest else None


@contextmanager
def opened(*names: str) -> Iterator[list[Backend]]:
    """The named backends, side by side."""
    with account(), mock_aws(), _moto_clock():
        yield [{"engine": Engine, "moto": Backend, "ministack": MiniStack}[name]() for name in names]
