"""The table module: carries out on DynamoDB and the bucket what `writing` asks for."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from newscast.articles import rows, writing
from newscast.articles.identity import identity
from newscast.articles.items import Item, Key, key_of
from newscast.articles.rows import BODIES, Revision
from newscast.articles.writing import Keep, Load, Put, Read, Saved, Write
from newscast.aws import backoff
from newscast.aws.backoff import ThrottledError
from newscast.aws.objects import Objects
from newscast.records import TaggedArticle

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

BATCH_GET = 100
"""Keys in one BatchGetItem; DynamoDB refuses more."""
MAX_READS = 6
"""Calls for one read, when a throttled table answers only a part of it each time."""

Ahead = Mapping[Key, Item | None]
"""Rows read for a whole batch: None where there is none."""

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
    """The articles of one table. `sleep`, `random` and `now` are passed in."""

    dynamodb: DynamoDBClient
    table: str
    objects: Objects
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    random: random.Random = field(default_factory=random.SystemRandom)

    def look_ahead(self, records: Iterable[TaggedArticle]) -> Ahead:
        """What `save` reads first for each of these records, for all of them in one call or a few."""
        wanted = [key for record in records for key in writing.first_keys(identity(record.article))]
        found = self.read(wanted)
        return {key: found.get(key) for key in wanted}

    def save(self, record: TaggedArticle, correlation_id: str, ahead: Ahead | None = None) -> Saved:
        """Store one record, once, whatever was delivered before or is written meanwhile.

        `ahead` spares the first read. It may be old by now, like any read: writes are conditional, and
        what an observation has nothing to add to, it has nothing to add to later.
        Raises writing.ContendedError, ThrottledError, RefusedError, or botocore's errors; each time it
        is safe to deliver the message again.
        """
        work = writing.saving(record, correlation_id, self.now())
        refusals = 0
        try:
            ask = next(work)
            if isinstance(ask, Read) and ahead and all(key in ahead for key in ask.keys):
                ask = work.send({key: item for key in ask.keys if (item := ahead[key])})
            while True:
                answer = self.carry_out(ask)
                if isinstance(ask, Write) and answer is not None:
                    self._pause(refusals)
                    refusals += 1
                ask = work.send(answer)
        except StopIteration as done:
            saved: Saved = done.value
            return saved

    def carry_out(self, ask: writing.Op) -> Any:
        """Do one thing that `writing` asks for; its answer is described there."""
        match ask:
            case Read(keys):
                return self.read(keys)
            case Write(puts, deletes):
                return self._write(puts, deletes)
            case Keep(body):
                return self.objects.put(BODIES, body)
            case Load(revision):
                return self.load(revision)

    def read(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """Consistent reads of any rows: those found, by key. Raises ThrottledError."""
        asked = [{"PK": {"S": pk}, "SK": {"S": sk}} for pk, sk in dict.fromkeys(keys)]
        found: dict[Key, Item] = {}
        attempt = 0
        while asked:
            if attempt:
                if attempt >= MAX_READS:
                    raise ThrottledError(f"{len(asked)} rows not read in {MAX_READS} calls")
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

    def load(self, revision: Revision) -> TaggedArticle:
        """The record that a revision holds, from its row or from the bucket. Raises ValueError."""
        if revision.body is not None:
            return rows.unpack(revision.body)
        if revision.body_at is not None:
            return rows.unpack(self.objects.get(revision.body_at))
        raise ValueError(f"revision {revision.content} of article {revision.article_id} has no body")

    def _write(self, puts: tuple[Put, ...], deletes: tuple[Key, ...]) -> frozenset[Key] | None:
        try:
            if len(puts) == 1 and not deletes:
                self.dynamodb.put_item(**self._put(puts[0]))  # half the write units of a transaction
            else:
                self.dynamodb.transact_write_items(
                    TransactItems=[*map(self._transact_put, puts), *map(self._transact_delete, deletes)]
                )
        except ClientError as error:
            return _refused(error, [*(key_of(put.item) for put in puts), *deletes])
        return None

    def _transact_put(self, put: Put) -> TransactWriteItemTypeDef:
        return {"Put": self._put(put)}

    def _transact_delete(self, key: Key) -> TransactWriteItemTypeDef:
        return {"Delete": {"TableName": self.table, "Key": {"PK": {"S": key[0]}, "SK": {"S": key[1]}}}}

    def _put(self, put: Put) -> Any:
        asked: dict[str, Any] = {"TableName": self.table, "Item": put.item}
        if put.only == "absent":
            asked["ConditionExpression"] = "attribute_not_exists(PK)"
        elif put.only is not None:
            asked["ConditionExpression"] = "#version = :version"
            asked["ExpressionAttributeNames"] = {"#version": "version"}
            asked["ExpressionAttributeValues"] = {":version": {"N": str(put.only)}}
        return asked

    def _pause(self, attempt: int) -> None:
        self.sleep(backoff.pause(attempt, self.random))


def _refused(error: ClientError, keys: list[Key]) -> frozenset[Key]:
    """The keys whose condition did not hold; raises what is no such refusal."""
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return frozenset(keys)
    if code in ("TransactionConflictException", "TransactionInProgressException"):
        return frozenset()
    if code != "TransactionCanceledException":
        raise error
    cancelled = error.response.get("CancellationReasons", [])
    reasons = {key: reason.get("Code") or "None" for key, reason in zip(keys, cancelled, strict=False)}
    for key, reason in reasons.items():
        if reason not in PASSING:
            raise RefusedError(f"row {key[0]} {key[1]}: {reason}") from error
    return frozenset(key for key, reason in reasons.items() if reason == "ConditionalCheckFailed")
