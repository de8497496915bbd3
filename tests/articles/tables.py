"""The stack's own table and a bucket on moto, for the tests that need the real client."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import boto3

from newscast.articles.store import Articles
from newscast.aws.objects import Objects
from tests.articles.samples import NOON
from tests.table_shape import table_shape

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "articles"
BUCKET = "bodies"


def create(dynamodb: DynamoDBClient) -> None:
    """The table as infra/template.yaml describes it."""
    dynamodb.create_table(TableName=TABLE, **table_shape())


def on_moto(now: Callable[[], datetime] = lambda: NOON) -> Articles:
    """Articles over a fresh table and bucket; call it within mock_aws."""
    dynamodb = boto3.client("dynamodb", region_name="us-east-1")
    create(dynamodb)
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    return Articles(dynamodb, TABLE, Objects(lambda: s3, BUCKET), now, lambda _: None, random.Random(1))
