"""What DynamoDB's refusals mean."""

from __future__ import annotations

from botocore.exceptions import ClientError


def condition_failed(error: ClientError) -> bool:
    """Whether a conditional write was refused by its condition: another writer was first."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"
