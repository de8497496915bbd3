"""Conditions of writes, and what DynamoDB's refusals mean."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError


def condition_failed(error: ClientError) -> bool:
    """Whether a conditional write was refused by its condition: another writer was first."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def at_version(version: int) -> dict[str, Any]:
    """Of a write: the row must be as it was read, 0 for none there."""
    if version == 0:
        return {"ConditionExpression": "attribute_not_exists(PK)"}
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": {":version": {"N": str(version)}},
    }
