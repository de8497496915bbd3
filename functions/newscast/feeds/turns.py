"""Which feeds are due, and the claims by which a round makes some of them its own (rhythm says how)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from newscast.aws.conditions import condition_failed
from newscast.aws.paging import pages
from newscast.feeds import ceiling, ledger, rhythm, rows
from newscast.feeds.manners import JITTER
from newscast.feeds.rhythm import TURNS
from newscast.feeds.rows import META, SHARDS, Due

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

THROUGH = {"PK": rows.text("ROUND"), "SK": rows.text("THROUGH")}


class Turns:
    """The due feeds of one table."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def due(self, now: datetime, through: Mapping[int, datetime] | None = None) -> Iterator[Due]:
        """Feeds whose time has come, by GSI1 or by turns that came after `through`: one index query a shard
        and length of turn, and one more for each full page. One in turn may be another round's already, or
        not wanted yet; its claim tells.

        All are read in turns, so that a bound on how many are taken leaves none out for long; those of one
        length in the order in which they came.
        """
        reading = [self._by_time(number, now) for number in range(SHARDS)]
        reading += [self._by_turn(turn, (through or {}).get(turn), now) for turn in TURNS]
        while reading:
            for each in list(reading):
                found = next(each, None)
                if found is None:
                    reading.remove(each)
                else:
                    yield from found

    def _by_time(self, number: int, now: datetime) -> Iterator[list[Due]]:
        asked = {
            "TableName": self._table,
            "IndexName": "GSI1",
            "KeyConditionExpression": "GSI1PK = :partition AND GSI1SK <= :until",
            "ExpressionAttributeValues": {
                ":partition": rows.text(f"DUE#{number}"),
                ":until": rows.text(rows.written(now)),
            },
        }
        for items in pages(self._dynamodb, asked):
            yield [
                Due(
                    feed_id=item["PK"]["S"].removeprefix("FEED#"),
                    due=rows.read_time(item["GSI1SK"]["S"]),
                    interval_minutes=float(item["minutes"]["N"]),
                )
                for item in items
            ]

    def _by_turn(self, turn: int, since: datetime | None, now: datetime) -> Iterator[list[Due]]:
        for first, last in rhythm.phases(turn, since, now):
            asked = {
                "TableName": self._table,
                "IndexName": "Sources",
                "KeyConditionExpression": "SourcePK = :partition AND Filed BETWEEN :first AND :last",
                "ExpressionAttributeValues": {
                    ":partition": rows.text(f"{rhythm.PREFIX}{turn}"),
                    ":first": rows.text(first),
                    ":last": rows.text(last),
                },
            }
            for items in pages(self._dynamodb, asked):
                yield [
                    Due(
                        feed_id=item["PK"]["S"].removeprefix("FEED#"),
                        due=rhythm.point(item["Filed"]["S"], turn, now),
                        interval_minutes=turn,
                        turn=turn,
                    )
                    for item in items
                ]

    def claim(self, due: Due, until: datetime, now: datetime, stretch: float = 1.0) -> str | None:
        """Move a due feed on, so that no other round sends it too; its host, or null if another was first or
        it isn't due. `until` is unlike any other round's, to the microsecond. A net catches no feed that sits
        out turns (ceiling).

        A claim whose answer was lost is made again by botocore and then meets its own write: it's ours.
        A poll that is lost after this is made up for when the feed is due again.
        """
        was = rows.text(rows.written(due.due))
        # A turn's feeds are due within its second.
        before = now.replace(microsecond=0) + rhythm.SECOND
        if not due.turn:
            before -= ceiling.overdue(due, stretch)
        values: dict[str, Any] = {
            ":before": rows.exact(before),
            ":due": rows.exact(until),
            ":one": {"N": "1"},
        }
        if due.turn:
            condition = "due < :before AND GSI1SK = net AND SourcePK = :turn AND Filed = :phase"
            values |= {
                ":turn": rows.text(f"{rhythm.PREFIX}{due.turn}"),
                ":phase": rows.text(rhythm.phase_of(due.due, due.turn)),
            }
            sets = "due = :due"
            moved = rhythm.phase_of(until, due.turn)
            if moved != rhythm.phase_of(due.due, due.turn):
                sets += ", Filed = :moved"
                values[":moved"] = rows.text(moved)
        else:
            condition = "GSI1SK = :was AND (attribute_not_exists(net) OR net <> :was OR due < :before)"
            sets = "due = :due, GSI1SK = :until"
            values |= {":was": was, ":until": rows.text(rows.written(until))}
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=rows.key_of(due.feed_id, META),
                ConditionExpression=condition,
                UpdateExpression=f"SET {sets} ADD asked :one, {ledger.polls_on(now)} :one",
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
            claimed = cast("dict[str, Any]", answer["Attributes"])
        except ClientError as error:
            if not condition_failed(error):
                raise
            claimed = cast("dict[str, Any]", error.response.get("Item", {}))
            if "due" not in claimed or rows.read_exact(claimed["due"]) != _micro(until):
                if not due.turn and rows.in_turn(claimed) and claimed["net"] == was:
                    self._set_net(due.feed_id, was, now + rhythm.NET)
                return None
        return str(claimed["host"]["S"])

    def take_back(self, feed_id: str, until: datetime, now: datetime) -> None:
        """Make a feed that was claimed until then due now: its poll could not be sent. Nothing if it was
        claimed or changed since."""
        self._quietly(
            feed_id,
            ConditionExpression="due = :due AND GSI1SK <> :now",
            UpdateExpression=f"SET GSI1SK = :now ADD asked :less, {ledger.polls_on(now)} :less",
            ExpressionAttributeValues={
                ":due": rows.exact(until),
                ":now": rows.text(rows.written(now)),
                ":less": {"N": "-1"},
            },
        )

    def _set_net(self, feed_id: str, was: dict[str, str], at: datetime) -> None:
        self._quietly(
            feed_id,
            ConditionExpression="GSI1SK = :was AND net = :was",
            UpdateExpression="SET GSI1SK = :net, net = :net",
            ExpressionAttributeValues={":was": was, ":net": rows.text(rows.written(at))},
        )

    def _quietly(self, feed_id: str, **write: Any) -> None:
        try:
            self._dynamodb.update_item(TableName=self._table, Key=rows.key_of(feed_id, META), **write)
        except ClientError as error:
            if not condition_failed(error):
                raise

    def through(self) -> dict[int, datetime]:
        """How far the turns were looked at, by their length."""
        found = self._dynamodb.get_item(TableName=self._table, Key=THROUGH, ConsistentRead=True)
        item: Any = found.get("Item", {})
        return {turn: rows.read_exact(item[f"t{turn}"]) for turn in TURNS if f"t{turn}" in item}

    def save_through(self, through: Mapping[int, datetime]) -> None:
        """Say how far they were. A slower round that says less only makes the next one look twice."""
        times = {f"t{turn}": rows.exact(at) for turn, at in through.items()}
        self._dynamodb.update_item(
            TableName=self._table,
            Key=THROUGH,
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in times),
            ExpressionAttributeValues={f":{name}": at for name, at in times.items()},
        )


def next_time(due: Due, now: datetime, dice: random.Random, stretch: float = 1.0) -> datetime:
    """When a due feed is claimed until: what an unchanged poll leaves standing, so that it needs no write of
    its own. One in turn comes each time, and may sit out (ceiling)."""
    if due.turn:
        # Unlike another round's, but of the same second, so that the feed stands still.
        return rhythm.after(due.due, due.turn, now, dice.random()) + dice.random() * rhythm.SECOND
    interval = timedelta(minutes=due.interval_minutes)
    return now + interval * ceiling.share(stretch, interval) * (1 + JITTER * dice.random())


def _micro(at: datetime) -> datetime:
    return rows.read_exact(rows.exact(at))
