"""A query's items, page after page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAGE = 1000
"""Rows asked for in one query; a page also ends at 1 MB."""


def pages(dynamodb: DynamoDBClient, asked: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The items of a query (boto3's parameters), each page when it is asked for."""
    asked = asked | {"Limit": PAGE}
    while True:
        answer = dynamodb.query(**asked)
        yield cast("list[dict[str, Any]]", answer["Items"])
        if not answer.get("LastEvaluatedKey"):
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
