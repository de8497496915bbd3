"""Tables and buckets that a deleted stack left, which a new one uses: found by parameters named Kept…

The parameter KeptTable stands for the resource Table, KeptBucket for Bucket; a condition of the template
leaves the resource out when its parameter is given. They are in an account, which here is moto's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from newscast.local.database import Database
from newscast.local.deployed import Deployment
from newscast.local.engine.table import Change
from newscast.local.problem import TemplateError

if TYPE_CHECKING:
    from newscast.local.template import Translated

_KINDS = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")


def kept(translated: Translated, parameters: Mapping[str, str]) -> dict[str, str]:
    """Names of what is used again, by logical id. Raises TemplateError for what isn't there."""
    found: dict[str, str] = {}
    for kind in _KINDS:
        for logical_id in translated.of_type(kind):
            if name := parameters.get(f"Kept{logical_id}"):
                _look(kind, f"Kept{logical_id}", name)
                found[logical_id] = name
    return found


def _look(kind: str, parameter: str, name: str) -> None:
    try:
        if kind == "AWS::S3::Bucket":
            boto3.client("s3").head_bucket(Bucket=name)
        else:
            boto3.client("dynamodb").describe_table(TableName=name)
    except ClientError as error:
        raise TemplateError(f"{parameter}: there is no {name}") from error


def hold(database: Database, deployment: Deployment, parameters: Mapping[str, str], now: float) -> None:
    """Copy what a kept table and a kept bucket hold into a new state."""
    for name, table in deployment.tables.items():
        if not parameters.get(f"Kept{name}"):
            continue
        for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table.name):
            items: list[Any] = page["Items"]
            with database.transaction():
                for item in items:
                    table.apply(Change(table, table.key_of(item), None, item))
    for name, bucket in deployment.objects.items():
        if not parameters.get(f"Kept{name}"):
            continue
        s3 = boto3.client("s3")
        for listed in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket.name):
            for each in listed.get("Contents", []):
                content = s3.get_object(Bucket=bucket.name, Key=each["Key"])["Body"].read()
                with database.transaction():
                    bucket.put(each["Key"], content, {}, now)
