"""Who asks for a page now: several feeds and guids of a publisher lead to one, and it is asked for once.

A row `PAGE#digest / CLAIM#publisher` says when a page was last asked for and by whom. It holds for less time
than lies between two polls of a feed, so that an entry that changed has its page read again. Each publisher
has a row of its own: a stranger who links to a page and is first must not leave its owner with a teaser.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from newscast.aws.conditions import condition_failed
from newscast.web.rows import expiry, number

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOLDS = timedelta(minutes=15)
"""Feeds of one publisher bring the same article within minutes; each is polled every half an hour at most."""


@dataclass(frozen=True)
class Claims:
    """The claims of one table."""

    dynamodb: DynamoDBClient
    table: str

    def take(self, url: str, publisher: str, visitor: str, now: datetime) -> bool:
        """Claim a page for a publisher; false if another visitor of it did lately. One's own claim is
        renewed."""
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=_key(url, publisher)
                | {
                    "asked_at": number(now),
                    "visitor": {"S": visitor},
                    "expires_at": expiry(now + HOLDS),
                },
                ConditionExpression="attribute_not_exists(PK) OR asked_at <= :before OR visitor = :me",
                ExpressionAttributeValues={
                    ":before": number(now - HOLDS),
                    ":me": {"S": visitor},
                },
            )
        except ClientError as error:
            if condition_failed(error):
                return False
            raise
        return True


def _key(url: str, publisher: str) -> dict[str, Any]:
    page, whose = (
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in (url, publisher)
    )
    return {"PK": {"S": f"PAGE#{page}"}, "SK": {"S": f"CLAIM#{whose}"}}
