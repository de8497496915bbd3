"""The table module: carries out on DynamoDB and the bucket what `writing` asks for."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from newscast.articles import writing
from newscast.articles.archive import Archive
from newscast.articles.items import Item, Key, key_of, keyed
from newscast.articles.keys import REVISIONS, head_key, partition
from newscast.articles.ops import (
    Check,
    Drop,
    Keep,
    Load,
    Op,
    Put,
    Read,
    Remove,
    Rows,
    Several,
    Unkeep,
    Write,
)
from newscast.articles.revisions import Revision, every, older
from newscast.articles.writing import Keeping, Saved
from newscast.aws import backoff
from newscast.aws.backoff import ThrottledError
from newscast.aws.conditions import at_version
from newscast.records import TaggedArticle

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH_GET, BATCH_WRITE = 100, 25
"""Keys in one BatchGetItem, rows in one BatchWriteItem; DynamoDB refuses more."""
MAX_CALLS = 6
"""Calls for one of them, when a throttled table does only a part of it each time."""

Ahead = dict[Key, Item | None]
"""Rows read for a whole batch: None where there is none. What is written meanwhile goes from it."""
R = TypeVar("R")

PASSING = {
    "None",
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
}
"""Reasons of a cancelled transaction that another round can mend."""


class RefusedError(RuntimeError):
    """DynamoDB will not take a row as it is; no retry mends that. The message says which and why."""


@dataclass(frozen=True)
class Articles:
    """The articles of one table. `sleep`, `random` and `now` are passed in; `keep` is how long articles are
    kept, None for ever."""

    dynamodb: DynamoDBClient
    table: str
    archive: Archive
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    random: random.Random = field(default_factory=random.SystemRandom)
    keep: timedelta | None = None

    def look_ahead(self, records: Iterable[TaggedArticle]) -> Ahead:
        """What `save` reads first for each of these records, for all of them in one call or a few."""
        wanted = [key for record in records for key in writing.first_keys(record.article)]
        found = self.read(wanted)
        return {key: found.get(key) for key in wanted}

    def gather(self, records: Sequence[TaggedArticle], ahead: Ahead) -> None:
        """Put into the bucket, in one object or a few, what `save` will ask to be kept of a batch; what it
        asks beyond that goes there by itself."""
        wanted = [found for record in records if (found := writing.wanted(record, ahead))]
        self.archive.gather([(name, record) for name, record in wanted])

    def save(self, record: TaggedArticle, correlation_id: str, ahead: Ahead | None = None) -> Saved:
        """Store one record, once, whatever was delivered before or is written meanwhile.

        `ahead` spares the first read. It may be old by now, like any read: writes are conditional, and
        what an observation has nothing to add to, it has nothing to add to later. What this writes goes from
        it.
        Raises ContendedError, ThrottledError, NewerRowError and botocore's errors: try again later; and
        RefusedError.
        """
        return self.carry(writing.saving(record, correlation_id, Keeping(self.now(), self.keep)), ahead)

    def carry(self, work: Generator[Op, Any, R], ahead: Ahead | None = None) -> R:
        """Carry out all that a piece of work asks for; what it returns."""
        rounds, first = 0, True
        try:
            op = next(work)
            while True:
                if first and ahead and isinstance(op, Read) and all(key in ahead for key in op.keys):
                    answer: Any = {key: item for key in op.keys if (item := ahead[key])}
                else:
                    answer = self.carry_out(op)
                first = False  # a second round must see what is there by then
                if ahead and isinstance(op, Write):
                    for key in op.keys:
                        ahead.pop(key, None)
                if answer is False:
                    self._pause(rounds)
                    rounds += 1
                op = work.send(answer)
        except StopIteration as done:
            result: R = done.value
            return result

    def carry_out(self, op: Op) -> Any:
        """One operation's answer."""
        match op:
            case Read(keys):
                return self.read(keys)
            case Rows(pk, begins):
                return self.query(pk, begins)
            case Write():
                return self._write(op)
            case Several(items):
                return self._put_several(items)
            case Drop(keys, version):
                return self._drop(keys, version)
            case Keep(name, record):
                return self.archive.keep(name, record)
            case Load(body):
                return self.archive.load(body)
            case Unkeep(name, record, days):
                return self.archive.unkeep(name, record, days)
            case Remove(name, bodies, days):
                return self.archive.remove(name, bodies, days)

    def read(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """Consistent reads of any rows: those found, by key. Raises ThrottledError."""
        asked = [keyed(key) for key in dict.fromkeys(keys)]
        found: dict[Key, Item] = {}
        attempt = 0
        while asked:
            if attempt:
                if attempt >= MAX_CALLS:
                    raise ThrottledError(f"{len(asked)} rows not read in {MAX_CALLS} calls")
                self._pause(attempt - 1)
            now, later = asked[:BATCH_GET], asked[BATCH_GET:]
            answer = self.dynamodb.batch_get_item(
                RequestItems={self.table: {"Keys": now, "ConsistentRead": True}}
            )
            found |= {key_of(item): item for item in answer["Responses"].get(self.table, [])}
            unprocessed = answer.get("UnprocessedKeys", {})
            left: list[Any] = list(unprocessed[self.table]["Keys"]) if self.table in unprocessed else []
            attempt = attempt + 1 if left else 0
            asked = [*left, *later]
        return found

    def rows(self, names: Iterable[str]) -> Iterator[list[Revision]]:
        """The rows of names, in their order; none for a name that isn't known or is erased, nor those past
        their time: their records may be gone."""
        wanted, oldest = list(names), Keeping(self.now(), self.keep).oldest
        there = self.read(head_key(name) for name in wanted)
        for name in wanted:
            item = there.get(head_key(name))
            if item is not None and item.get("kind") == {"S": "erased"}:
                yield []
                continue
            apart = self.query(partition(name), REVISIONS) if older(item) else []
            yield every(name, item, apart, oldest)

    def query(self, pk: str, begins: str) -> list[Item]:
        """A consistent read of a partition's rows whose sort key begins so, all pages of it."""
        condition, values = "PK = :pk", {":pk": {"S": pk}}
        if begins:  # DynamoDB refuses to compare a key with nothing
            condition += " AND begins_with(SK, :begins)"
            values[":begins"] = {"S": begins}
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def _put_several(self, items: Iterable[Item]) -> None:
        """Raises ThrottledError."""
        left: list[Any] = [{"PutRequest": {"Item": item}} for item in items]
        attempt = 0
        while left:
            if attempt >= MAX_CALLS:
                raise ThrottledError(f"{len(left)} rows not written in {MAX_CALLS} calls")
            if attempt:
                self._pause(attempt - 1)
            some, later = left[:BATCH_WRITE], left[BATCH_WRITE:]
            answer = self.dynamodb.batch_write_item(RequestItems={self.table: some})
            again = answer.get("UnprocessedItems", {}).get(self.table, [])
            attempt = attempt + 1 if again else 0
            left = [*again, *later]

    def _drop(self, keys: Iterable[Key], version: int) -> None:
        for key in keys:
            with suppress(self.dynamodb.exceptions.ConditionalCheckFailedException):
                self.dynamodb.delete_item(
                    TableName=self.table,
                    Key=keyed(key),
                    ConditionExpression="version <= :version",
                    ExpressionAttributeValues={":version": {"N": str(version)}},
                )

    def _write(self, write: Write) -> bool:
        actions: list[Any] = [
            *({"Put": self._put(put)} for put in write.puts),
            *({"Delete": {"TableName": self.table, "Key": keyed(key)}} for key in write.deletes),
            *({"ConditionCheck": self._check(check)} for check in write.checks),
        ]
        try:
            if len(write) == len(write.puts) == 1:
                # Half the write units of a transaction.
                self.dynamodb.put_item(
                    **self._put(write.puts[0]), ReturnValuesOnConditionCheckFailure="ALL_OLD"
                )
            else:
                self.dynamodb.transact_write_items(TransactItems=actions)
        except ClientError as error:
            if write.puts and error.response.get("Item") == write.puts[0].item:
                return True  # its answer was lost, and botocore sent it again
            _passing(error, list(write.keys))
            return False
        return True

    def _put(self, put: Put) -> Any:
        condition = {} if put.only is None else at_version(put.only)
        return {"TableName": self.table, "Item": put.item} | condition

    def _check(self, check: Check) -> Any:
        return {"TableName": self.table, "Key": keyed(check.key)} | at_version(check.only)

    def _pause(self, attempt: int) -> None:
        self.sleep(backoff.pause(attempt, self.random))


def _passing(error: ClientError, keys: list[Key]) -> None:
    """Nothing for a refusal that another round can mend; raises all others."""
    code = error.response["Error"]["Code"]
    if code in (
        "ConditionalCheckFailedException",
        "TransactionConflictException",
        "TransactionInProgressException",
    ):
        return
    if code != "TransactionCanceledException":
        raise error
    cancelled = error.response.get("CancellationReasons", [])
    for key, reason in zip(keys, cancelled, strict=False):
        said = reason.get("Code") or "None"
        if said not in PASSING:
            raise RefusedError(f"row {key[0]} {key[1]}: {said}") from error
