"""The rows of the ledger: a month of a feed's days in each. What stands in them is the ledger's to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from newscast.aws.conditions import condition_failed
from newscast.feeds import ledger
from newscast.feeds.ledger import Counts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Months:
    """The months' rows of one table."""

    dynamodb: DynamoDBClient
    table: str

    def keep(self, feed_id: str, days: Mapping[date, Counts], ended: datetime | None = None) -> None:
        """Write days that are over, one write each. `ended`: those of a subscription that ends now.

        The same again changes nothing. Counts only grow until a day is closed, so fewer come from a poll that
        read its feed before another was saved: they are refused.
        """
        for day, counts in days.items():
            name, size, kept = ledger.kept(day, counts, ended)
            try:
                self.dynamodb.update_item(
                    TableName=self.table,
                    Key=_key(feed_id, ledger.month_of(day)),
                    ConditionExpression=f"attribute_not_exists({size}) OR {size} <= :{size}",
                    UpdateExpression=f"SET {name} = :{name}, {size} = :{size}",
                    ExpressionAttributeValues={f":{each}": value for each, value in kept.items()},
                )
            except ClientError as error:
                if not condition_failed(error):
                    raise

    def stored(self, feed_id: str, day: date, count: int) -> None:
        """Add to what was stored of a day's entries. At least once: a batch that is repeated counts twice."""
        self.dynamodb.update_item(
            TableName=self.table,
            Key=_key(feed_id, ledger.month_of(day)),
            UpdateExpression=f"ADD {ledger.stored_on(day)} :count",
            ExpressionAttributeValues={":count": {"N": str(count)}},
        )

    def read(self, feed_id: str, since: date, until: date) -> dict[str, dict[str, Any]]:
        """The rows that hold these days, by their sort keys."""
        found = {}
        for month in ledger.months(since, until):
            item = self.dynamodb.get_item(TableName=self.table, Key=_key(feed_id, month)).get("Item")
            if item:
                found[month] = dict(item)
        return found


def _key(feed_id: str, month: str) -> dict[str, Any]:
    # As feeds/rows.py has it, without the feed's record, which the store doesn't need.
    return {"PK": {"S": f"FEED#{feed_id}"}, "SK": {"S": month}}
