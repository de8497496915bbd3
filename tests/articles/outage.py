"""The record queue with its pollers while AWS refuses calls, second by second on its own clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from newscast.aws.sender import encode
from newscast.handlers import store
from newscast.local.database import Database
from newscast.local.engine.queue import Declared, Queue
from newscast.local.engine.refusal import Refusal, answer, refuse
from newscast.local.engine.sqs import Sqs
from newscast.records import Message, TaggedArticle
from tests.articles.faults import Killed, called, end_process, on
from tests.articles.samples import NOON

URL, DEAD = "https://sqs.us-east-1.amazonaws.com/1/record", "https://sqs.us-east-1.amazonaws.com/1/dead"
SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
THROTTLED = ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded")


@dataclass
class Outage:
    """`refuses` says how likely a call is refused at a second. Numbers as infra/template.yaml has them."""

    refuses: Callable[[float], float]
    visibility: float
    max_receives: int
    pollers: int
    timeout: float
    batch: int = 10
    now: float = NOON.timestamp()
    calls: list[str] = field(default_factory=list)
    slept: float = 0.0
    most_receives: int = 0
    killed: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(7)
        self.database = Database(None)
        self.dead, self.queue = self._queue("dead", DEAD), self._queue("record", URL)
        self.queue.dead_letter = self.dead
        self.sqs = Sqs(lambda: self.now)
        self.sqs.queues = {queue.name: queue for queue in (self.queue, self.dead)}
        self._begun, self._free = self.now, [self.now] * self.pollers

    def _queue(self, name: str, url: str) -> Queue:
        declared = Declared(
            logical_id=name,
            name=name,
            arn=f"arn:{name}",
            url=url,
            visibility=self.visibility,
            retention=345_600,
            delay=0,
            max_bytes=1_048_576,
            max_receives=self.max_receives,
        )
        return Queue(self.database.db, declared)

    def asked(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """A call of the queues."""
        with self.database.transaction():
            return self.sqs.call(name, body)

    def clock(self) -> datetime:
        return NOON + timedelta(seconds=self.now + self.slept - self._begun)

    def sleep(self, seconds: float) -> None:
        """Lambda ends a function that takes too long."""
        self.slept += seconds
        if self.slept > self.timeout:
            raise Killed

    # ---------------------------------------------------------------------------------- the wire
    def answer(self, right: Callable[[Any], Any], request: Any) -> Any:
        name = called(request)
        target = request.headers.get("X-Amz-Target") or b""
        if b"AmazonSQS" in (target if isinstance(target, bytes) else target.encode()):
            return answer(self.asked(name, msgspec.json.decode(request.body)))
        chance = self.refuses(self.now + self.slept - self._begun)
        if self.rng.random() >= chance:
            return right(request)
        self.refused += 1
        if name.startswith("S3"):
            return 503, {"content-type": "application/xml"}, SLOW_DOWN
        if name in ("BatchGetItem", "BatchWriteItem") and self.rng.random() < 0.5:
            return self._partly(right, request, name, chance)
        if name == "TransactWriteItems" and self.rng.random() < 0.5:
            items = msgspec.json.decode(request.body)["TransactItems"]
            reasons = [{"Code": "None"} for _ in items[1:]] + [{"Code": "ThrottlingError"}]
            said = "Transaction cancelled"
            return refuse(Refusal("TransactionCanceledException", said, CancellationReasons=reasons))
        return refuse(Refusal(self.rng.choice(THROTTLED), "Rate exceeded"))

    def _partly(self, right: Callable[[Any], Any], request: Any, name: str, chance: float) -> Any:
        """All of it is left, or its second half."""
        asked = msgspec.json.decode(request.body)["RequestItems"]
        ((table, wanted),) = asked.items()
        keys = wanted["Keys"] if name == "BatchGetItem" else wanted
        some = [] if chance >= 1 else keys[: len(keys) // 2]
        left = keys[len(some) :]
        found: dict[str, Any] = {"Responses": {table: []}} if name == "BatchGetItem" else {}
        if some:
            asked = {table: {**wanted, "Keys": some}} if name == "BatchGetItem" else {table: some}
            request.body = msgspec.json.encode({"RequestItems": asked})
            found = msgspec.json.decode(right(request)[2])
        if name == "BatchGetItem":
            return answer(found | {"UnprocessedKeys": {table: {**wanted, "Keys": left}}})
        return answer(found | {"UnprocessedItems": {table: left}})

    # ---------------------------------------------------------------------------------- the queue
    def send(self, records: Iterable[TaggedArticle]) -> None:
        for record in records:
            body = encode(Message(correlation_id="c", first_seen=NOON, body=record))
            self.asked("SendMessage", {"QueueUrl": URL, "MessageBody": body})

    def second(self) -> None:
        """One second: each free poller takes a batch."""
        self.now += 1
        for place, free in enumerate(self._free):
            if free <= self.now:
                self._free[place] = self.now + self._polled()

    def _polled(self) -> float:
        """Seconds that it took."""
        messages: list[Any] = []
        while len(messages) < self.batch:
            wanted = min(10, self.batch - len(messages))  # SQS gives no more at once
            asked = {
                "QueueUrl": URL,
                "MaxNumberOfMessages": wanted,
                "AttributeNames": ["ApproximateReceiveCount", "SentTimestamp"],
            }
            some = self.asked("ReceiveMessage", asked).get("Messages", [])
            messages += some
            if len(some) < wanted:
                break
        if not messages:
            return 1
        counts = [int(one["Attributes"]["ApproximateReceiveCount"]) for one in messages]
        self.most_receives = max(self.most_receives, *counts)
        records = [
            {"messageId": one["MessageId"], "body": one["Body"], "attributes": one["Attributes"]}
            for one in messages
        ]
        self.slept = 0.0
        try:
            with on(self):
                failed = store.handler({"Records": records}, None)["batchItemFailures"]
        except Killed:
            self.killed += 1
            end_process()
            self.slept = 0.0
            return self.timeout
        took, self.slept = self.slept, 0.0
        left = {one["itemIdentifier"] for one in failed}
        for one in messages:
            if one["MessageId"] not in left:
                self.asked("DeleteMessage", {"QueueUrl": URL, "ReceiptHandle": one["ReceiptHandle"]})
        return max(1.0, took)
