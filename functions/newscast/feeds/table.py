"""The rows of feeds in the table: subscriptions with their state, and seen sets. What is due: turns."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError
from msgspec.structs import replace

from newscast import sites
from newscast.aws import backoff
from newscast.aws.batch import batch
from newscast.aws.conditions import at_version, condition_failed
from newscast.aws.paging import pages
from newscast.feeds import ledger, rows
from newscast.feeds.feed import Feed, feed_id
from newscast.feeds.ledger import Day, Tally
from newscast.feeds.months import Months
from newscast.feeds.rows import META, PLACE, SEEN, SHARDS, Row, Seen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 100
"""Keys in one BatchGetItem; DynamoDB refuses more."""


class ChangedMeanwhileError(RuntimeError):
    """Another poll saved this feed first; what it learnt stands."""


class Feeds:
    """The feeds of one table."""

    def __init__(
        self,
        dynamodb: DynamoDBClient,
        table: str,
        sleep: Callable[[float], None] = time.sleep,
        dice: random.Random | None = None,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._sleep = sleep
        self._dice = dice or random.SystemRandom()
        self._months = Months(dynamodb, table)

    # --------------------------------------------------------------------- by people
    def add(self, feed: Feed) -> bool:
        """Subscribe; false if the feed is there already, which stays as it is."""
        # The listing first: a row that isn't listed would be polled and never shown.
        self._dynamodb.put_item(
            TableName=self._table,
            Item=rows.listing_of(feed.feed_id),
        )
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=rows.item_of(Row(feed=feed, version=1)),
                ConditionExpression="attribute_not_exists(PK)",
            )
        except ClientError as error:
            if condition_failed(error):
                there = self.get(feed.feed_id)
                # The note of a feed that moved here and was removed since, or had no say here.
                if there is None or not _at_home(there.feed, feed):
                    self._forget(feed.feed_id)
                    return self.add(feed)
                if there.feed.feed_id != feed.feed_id:
                    self._unlist(feed.feed_id)
                return False
            raise
        return True

    def _unlist(self, feed_id: str) -> None:
        self._dynamodb.delete_item(TableName=self._table, Key=rows.listing_of(feed_id))

    def get(self, feed_id: str) -> Row | None:
        """A feed by its id, by a consistent read."""
        found = self._dynamodb.get_item(
            TableName=self._table, Key=rows.key_of(feed_id, META), ConsistentRead=True
        ).get("Item")
        if found and "moved_from" in found:
            return self.get(found["moved_from"]["S"])
        return rows.row_of(found) if found else None

    def all(self) -> Iterator[Row]:
        """Every feed, in no order; page after page."""
        for number in range(SHARDS):
            asked = {
                "TableName": self._table,
                "KeyConditionExpression": "PK = :partition",
                "ExpressionAttributeValues": {":partition": rows.text(f"FEEDS#{number}")},
            }
            for keys in pages(self._dynamodb, asked):
                yield from self.several([item["SK"]["S"] for item in keys])

    def several(self, feed_ids: Sequence[str]) -> Iterator[Row]:
        """These feeds, without those that don't exist. Raises ThrottledError when a batch isn't read whole in
        ten calls."""
        for start in range(0, len(feed_ids), BATCH):
            keys = [rows.key_of(feed_id, META) for feed_id in feed_ids[start : start + BATCH]]
            for item in batch(self._dynamodb, self._table, keys, "feeds", self._pause):
                if "feed" in item:
                    yield rows.row_of(item)

    def _pause(self, attempt: int) -> None:
        self._sleep(backoff.pause(attempt, self._dice))

    def change(self, row: Row, feed: Feed, tally: Tally | None = None) -> Row:
        """Save what a person or a poll changed, and count the poll. Raises ChangedMeanwhileError if another
        was first; then nothing is counted either.

        A change whose answer was lost is made again by botocore and then meets its own write: it's ours.
        """
        saved = Row(feed=feed, version=row.version + 1, asked=row.asked, days=row.days, net=row.net)
        item = rows.item_of(saved)
        saved = replace(saved, net=rows.read_time(item["net"]["S"]) if "net" in item else None)
        placed = [name for name in PLACE if name in item]
        values = {f":{name}": item[name] for name in ("feed", "version", "host", "minutes", *placed)}
        sets = ", ".join(f"{name[1:]} = {name}" for name in values)
        removes = [name for name in PLACE if name not in item]
        adds = ""
        if tally:
            closed = {day: counts for day, counts in row.days.items() if ledger.is_closed(day, tally.now)}
            self._months.keep(feed.feed_id, closed)
            removes += [name for day, counts in closed.items() for name in ledger.names_of(day, counts)]
            adds, added = _added(tally)
            values |= added
            saved = replace(saved, days=ledger.counted(row.days, tally))
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=rows.key_of(feed.feed_id, META),
                ConditionExpression="version = :before",
                UpdateExpression=f"SET {sets}{' REMOVE ' * bool(removes)}{', '.join(removes)} {adds}",
                ExpressionAttributeValues=values | {":before": {"N": str(row.version)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not condition_failed(error):
                raise
            there = cast("dict[str, Any]", error.response.get("Item", {}))
            if any(there.get(name) != item[name] for name in ("feed", "version")):
                raise ChangedMeanwhileError(feed.feed_id) from error
        return saved

    def count(self, feed_id: str, tally: Tally) -> None:
        """Count a poll whose feed is not saved. Nothing for a feed that is watched no more."""
        adds, values = _added(tally)
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=rows.key_of(feed_id, META),
                ConditionExpression="attribute_exists(version)",
                UpdateExpression=adds,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if not condition_failed(error):
                raise

    def moves_to(self, feed: Feed, url: str) -> str | None:
        """Note that a feed moved to a URL; null, or the id of the feed that is watched there already.

        The note is a listing's row of its own: whoever subscribes to the new URL finds it in `add`. None is
        left at another site, where a feed may move as it likes: its own feed is to be found there.
        """
        new_id = feed_id(url)
        if new_id == feed.feed_id:
            return None
        if not sites.same_site(feed.given, url):
            row = self.get(new_id)
            return new_id if row and row.feed.feed_id == new_id else None
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=rows.key_of(new_id, META) | {"moved_from": rows.text(feed.feed_id)},
                ConditionExpression="attribute_not_exists(PK) OR moved_from = :me",
                ExpressionAttributeValues={":me": rows.text(feed.feed_id)},
            )
        except ClientError as error:
            if condition_failed(error):
                return new_id
            raise
        return None

    def remove(self, feed_id: str, now: datetime) -> None:
        """End a subscription; its articles and its ledger stay."""
        key = rows.key_of(feed_id, META)
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        days = ledger.open_days(item)
        closed = {day: counts for day, counts in days.items() if ledger.is_closed(day, now)}
        self._months.keep(feed_id, closed)
        self._months.keep(feed_id, {day: days[day] for day in days.keys() - closed.keys()}, ended=now)
        self._forget(feed_id)

    def _forget(self, feed_id: str) -> None:
        for sort in (META, SEEN):
            self._dynamodb.delete_item(TableName=self._table, Key=rows.key_of(feed_id, sort))
        self._unlist(feed_id)

    # --------------------------------------------------------------------- the ledger
    def coverage(self, feed_id: str, since: date, until: date) -> list[Day]:
        """What was asked of a feed and what came of it, on the days from `since` to `until` of which there
        is anything; also of a feed that is watched no more."""
        item = self._dynamodb.get_item(TableName=self._table, Key=rows.key_of(feed_id, META)).get("Item", {})
        batches = self._months.read_stored(since, until)
        stored = {day: each.stored[feed_id] for day, each in batches.items() if feed_id in each.stored}
        unread = {day: each.unread[feed_id] for day, each in batches.items() if feed_id in each.unread}
        months = self._months.read(feed_id, since, until)
        found = ledger.days(months, ledger.open_days(item), stored, unread)
        return [day for day in found if since <= day.date <= until]

    def unread(self, since: date, until: date) -> dict[str, Counter[str]]:
        """Of which feeds texts were given up on these days, and why: by feed and cause."""
        found: dict[str, Counter[str]] = {}
        for day, batches in self._months.read_stored(since, until).items():
            if since <= day <= until:
                for feed_id, causes in batches.unread.items():
                    found.setdefault(feed_id, Counter()).update(causes)
        return found

    # --------------------------------------------------------------------- by a poll
    def seen(self, feed_id: str) -> Seen:
        """What was sent before, by a consistent read."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=rows.key_of(feed_id, SEEN), ConsistentRead=True
        ).get("Item")
        if not item:
            return Seen()
        return Seen(marks=bytes(item["marks"]["B"]), version=int(item["version"]["N"]))

    def save_seen(self, feed_id: str, before: Seen, marks: bytes) -> None:
        """Remember what was sent. Raises ChangedMeanwhileError if another poll did so first."""
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=rows.key_of(feed_id, SEEN)
                | {"marks": {"B": marks}, "version": {"N": str(before.version + 1)}},
                **at_version(before.version),
            )
        except ClientError as error:
            if condition_failed(error):
                raise ChangedMeanwhileError(feed_id) from error
            raise


def _at_home(there: Feed, feed: Feed) -> bool:
    """Whether the feed that stands where one is subscribed to is that one, or moved there within its site."""
    return there.feed_id == feed.feed_id or sites.same_site(there.given, feed.url)


def _added(tally: Tally) -> tuple[str, dict[str, Any]]:
    added = tally.attributes()
    return (
        "ADD " + ", ".join(f"{name} :{name}" for name in added),
        {f":{name}": {"N": str(count)} for name, count in added.items()},
    )
