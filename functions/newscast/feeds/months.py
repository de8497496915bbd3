"""The rows of the ledger: a month of a feed's days in each, and what each batch stored.

What stands in them is the ledger's to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from botocore.exceptions import ClientError

from newscast.aws.conditions import condition_failed
from newscast.aws.paging import pages
from newscast.feeds import ledger
from newscast.feeds.ledger import Counts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Batches(NamedTuple):
    """What batches of the store wrote of one day's entries, by feed."""

    stored: Counter[str]
    """Articles and revisions."""
    unread: dict[str, Counter[str]]
    """Those whose text was given up, by cause."""


@dataclass(frozen=True)
class Months:
    """The months' rows of one table."""

    dynamodb: DynamoDBClient
    table: str
    _stored: dict[date, Batches] = field(default_factory=dict)

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

    def stored(
        self,
        day: date,
        counts: Mapping[str, int],
        batch: str,
        unread: Mapping[str, Mapping[str, int]] | None = None,
    ) -> None:
        """Write what one batch stored of a day's entries, by feed, and what of it was given up, by feed and
        cause. `batch` is unlike any other's."""
        item: Any = _batch_key(day, batch) | {"counts": {"S": msgspec.json.encode(counts).decode()}}
        if unread:
            item["unread"] = {"S": msgspec.json.encode(unread).decode()}
        self.dynamodb.put_item(TableName=self.table, Item=item)

    def read_stored(self, since: date, until: date) -> dict[date, Batches]:
        """What was stored of each day's entries: one query a day, and one more for each megabyte (some 5,000
        batches). Days are read once."""
        day = since
        while day <= until:
            if day not in self._stored:
                self._stored[day] = self._read_day(day)
            day += timedelta(days=1)
        return self._stored

    def _read_day(self, day: date) -> Batches:
        found = Batches(Counter(), {})
        asked = {
            "TableName": self.table,
            "KeyConditionExpression": "PK = :partition",
            "ExpressionAttributeValues": {":partition": _batch_key(day, "")["PK"]},
        }
        for items in pages(self.dynamodb, asked):
            for item in items:
                found.stored.update(_COUNTED.decode(item["counts"]["S"]))
                for feed_id, causes in _UNREAD.decode(item.get("unread", {}).get("S", "{}")).items():
                    found.unread.setdefault(feed_id, Counter()).update(causes)
        return found

    def read(self, feed_id: str, since: date, until: date) -> dict[str, dict[str, Any]]:
        """The rows that hold these days, by their sort keys."""
        found = {}
        for month in ledger.months(since, until):
            item = self.dynamodb.get_item(TableName=self.table, Key=_key(feed_id, month)).get("Item")
            if item:
                found[month] = dict(item)
        return found


_COUNTED = msgspec.json.Decoder(dict[str, int])
_UNREAD = msgspec.json.Decoder(dict[str, dict[str, int]])


def _batch_key(day: date, batch: str) -> dict[str, Any]:
    return {"PK": {"S": f"STORED#{day}"}, "SK": {"S": batch}}


def _key(feed_id: str, month: str) -> dict[str, Any]:
    return {"PK": {"S": f"FEED#{feed_id}"}, "SK": {"S": month}}
