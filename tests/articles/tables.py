"""The stack's own table and a bucket on moto, for the tests that need the real client."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from samtranslator.yaml_helper import yaml_parse

from newscast.articles.store import Articles
from newscast.aws.objects import Objects
from tests.articles.samples import NOON

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
TABLE = "articles"
BUCKET = "bodies"
SHAPE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
"""What the template says of its table that moto's create_table takes."""


def create(dynamodb: DynamoDBClient) -> None:
    """The table as infra/template.yaml describes it."""
    described = yaml_parse(TEMPLATE.read_text())["Resources"]["Table"]["Properties"]
    dynamodb.create_table(TableName=TABLE, **{name: described[name] for name in SHAPE})


def on_moto(now: Callable[[], datetime] = lambda: NOON) -> Articles:
    """Articles over a fresh table and bucket; call it within mock_aws."""
    dynamodb = boto3.client("dynamodb", region_name="us-east-1")
    create(dynamodb)
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    return Articles(dynamodb, TABLE, Objects(lambda: s3, BUCKET), now, lambda _: None, random.Random(1))
