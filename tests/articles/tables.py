"""The stack's own table and a bucket, on moto or on the project's engine, for the real client."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import boto3
import msgspec

from newscast.articles.archive import Archive
from newscast.articles.items import Item, Key, key_of
from newscast.articles.ops import Put, Write
from newscast.articles.regrouping import regrouping
from newscast.articles.store import Ahead, Articles
from newscast.articles.writing import Keeping
from newscast.aws.objects import Objects
from newscast.local.account import account
from newscast.local.database import Database
from newscast.local.engine.dynamodb import DynamoDB
from newscast.local.engine.gate import Gate
from newscast.local.engine.objects import Bucket
from newscast.local.engine.s3 import S3
from newscast.local.engine.sqs import Sqs
from newscast.local.engine.table import Index, Table
from tests.articles.histories import Event
from tests.articles.memory import Memory
from tests.articles.samples import NOON
from tests.table_shape import table_shape

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "articles"
BUCKET = "bodies"
SHAPE = table_shape()


def create(dynamodb: DynamoDBClient) -> None:
    """The table as infra/template.yaml describes it."""
    dynamodb.create_table(TableName=TABLE, **SHAPE)


def on_moto(now: Callable[[], datetime] = lambda: NOON) -> Articles:
    """Articles over a fresh table and bucket; call it within mock_aws."""
    dynamodb = boto3.client("dynamodb", region_name="us-east-1")
    create(dynamodb)
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    return Articles(
        dynamodb, TABLE, Archive(Objects(lambda: s3, BUCKET), now), now, lambda _: None, random.Random(1)
    )


class Engine:
    """The project's engine with the one table and a bucket."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.dynamodb = DynamoDB()
        self.s3 = S3(time.time)
        self.s3.buckets = {BUCKET: Bucket(database.db, BUCKET, BUCKET, database.objects)}
        self.client = boto3.client("dynamodb", region_name="us-east-1")
        self._s3 = boto3.client("s3", region_name="us-east-1")
        self.objects = Objects(lambda: self._s3, BUCKET)
        self._made = 0

    def articles(self, now: Callable[[], datetime] = lambda: NOON) -> Articles:
        """Articles over a fresh table; the tables before it are gone."""
        self._made += 1
        self.dynamodb.tables = {TABLE: _table(self.database, f"{TABLE} {self._made}")}
        return Articles(self.client, TABLE, Archive(self.objects, now), now, lambda _: None, random.Random(1))


@contextmanager
def on_engine() -> Iterator[Engine]:
    with account(), closing(Database(None)) as database:
        engine = Engine(database)
        gate = Gate(database, engine.dynamodb, Sqs(time.time), engine.s3)
        gate.install()
        try:
            yield engine
        finally:
            gate.remove()


def _table(database: Database, logical_id: str) -> Table:
    indexes = {}
    for given in SHAPE["GlobalSecondaryIndexes"]:
        keys = _keys(given)
        held = frozenset({"PK", "SK", *keys, *given["Projection"]["NonKeyAttributes"]})
        indexes[given["IndexName"]] = Index(given["IndexName"], *keys, held)
    types = {one["AttributeName"]: one["AttributeType"] for one in SHAPE["AttributeDefinitions"]}
    primary = Index("", *_keys(SHAPE))
    return Table(database.db, logical_id, TABLE, primary=primary, indexes=indexes, types=types)


def _keys(given: dict[str, list[dict[str, str]]]) -> tuple[str, str]:
    """Names of the hash key and the range key."""
    first, second = given["KeySchema"]
    return first["AttributeName"], second["AttributeName"]


def items(articles: Articles) -> dict[Key, Item]:
    """All rows of the table."""
    pages = articles.dynamodb.get_paginator("scan").paginate(TableName=articles.table)
    return {key_of(item): item for page in pages for item in page["Items"]}


def as_in_memory(articles: Articles) -> dict[Key, Item]:
    """All rows of the table, records lying where the tests' own table puts them."""
    found = items(articles)
    for (pk, sk), item in found.items():
        name = pk.removeprefix("ART#")
        if "rows" in item:
            said = msgspec.json.decode(item["rows"]["S"])
            for line in said["rows"]:
                line["b"] = f"{name}/{line['c']}"
            item["rows"]["S"] = msgspec.json.encode(said).decode()
        if sk.startswith("REV#"):
            row = msgspec.json.decode(item["json"]["S"])
            item["json"]["S"] = msgspec.json.encode(row | {"body": f"{name}/{row['chosen']}"}).decode()
    return found


def play(articles: Articles, memory: Memory, events: Sequence[Event], ahead: Ahead | None = None) -> None:
    """The same events on both; each answer must be the same."""
    for event in events:
        if isinstance(event, tuple):
            feed_id, scope = event
            memory.grant(feed_id, scope)
            articles.carry_out(Write((Put(memory.items[f"AUTH#{feed_id}", "GRANTS"]),)))
            assert articles.carry(regrouping(feed_id, Keeping(NOON))) == memory.regroup(feed_id)
        else:
            assert articles.save(event, "c", ahead) == memory.save(event)
