"""Tables and buckets that a deleted stack left, which a new one uses: found by parameters named Kept…

The parameter KeptTable stands for the resource Table, KeptBucket for Bucket; a condition of the template
leaves the resource out when its parameter is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from newscast.local.engine.table import Table
from newscast.local.template import TemplateError, Translated

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


def holding(table: Table) -> Table:
    """A kept table, with the items that it holds."""
    for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table.name):
        items: list[Any] = page["Items"]
        for item in items:
            table.apply(table.key_of(item), item)
    return table
