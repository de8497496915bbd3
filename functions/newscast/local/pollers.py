"""Lambda's pollers: messages of a queue to their function in batches, and what its answer means for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from newscast.local.deployed import REGION, EventSource
from newscast.local.invoke import Report

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

MAX_RECEIVE = 10
"""Messages in one ReceiveMessage."""
MAX_EVENT_BYTES = 6 * 1024 * 1024
"""Lambda closes a batch when its event reaches this, whatever the batch size says."""

AfterFailure = Literal["at once", "in time"]
"""When a message that failed shows again: at once (what takes AWS minutes is over in one), or when its
visibility timeout ends, as on AWS."""


@dataclass(frozen=True)
class Batch:
    """One batch that a function was given, and what became of it."""

    source: EventSource
    report: Report
    message_ids: tuple[str, ...]
    failed: frozenset[str]
    """Those that stay in the queue."""

    @property
    def size(self) -> int:
        return len(self.message_ids)


class Poller:
    """Polls for one event source."""

    def __init__(
        self,
        source: EventSource,
        sqs: SQSClient,
        invoke: Callable[[Any], Report],
        after_failure: AfterFailure = "at once",
    ) -> None:
        self.source = source
        self._sqs = sqs
        self._invoke = invoke
        self._after_failure = after_failure

    def poll(self) -> list[Batch]:
        """Receive up to a batch's worth and give it to the function; the batches it took, none if idle."""
        messages: list[MessageTypeDef] = []
        while len(messages) < self.source.batch_size:
            received = self._sqs.receive_message(
                QueueUrl=self.source.queue.url,
                MaxNumberOfMessages=min(MAX_RECEIVE, self.source.batch_size - len(messages)),
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            messages += received
            if len(received) < MAX_RECEIVE:
                break
        return [self._deliver(part) for part in _parts(messages)]

    def _deliver(self, messages: Sequence[MessageTypeDef]) -> Batch:
        event = {"Records": [_record(message, self.source.queue.arn) for message in messages]}
        report = self._invoke(event)
        failed = failures(report, [message["MessageId"] for message in messages], self.source.partial)
        self._acknowledge([message for message in messages if message["MessageId"] not in failed])
        # Without a dead-letter queue it would come back for ever, as fast as this machine can.
        if self._after_failure == "at once" and self.source.queue.dead_letter is not None:
            self._show_again([message for message in messages if message["MessageId"] in failed])
        return Batch(self.source, report, tuple(m["MessageId"] for m in messages), frozenset(failed))

    def _acknowledge(self, messages: Sequence[MessageTypeDef]) -> None:
        for start in range(0, len(messages), MAX_RECEIVE):
            part = messages[start : start + MAX_RECEIVE]
            self._sqs.delete_message_batch(
                QueueUrl=self.source.queue.url,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
                    for place, message in enumerate(part)
                ],
            )

    def _show_again(self, messages: Sequence[MessageTypeDef]) -> None:
        for start in range(0, len(messages), MAX_RECEIVE):
            part = messages[start : start + MAX_RECEIVE]
            self._sqs.change_message_visibility_batch(
                QueueUrl=self.source.queue.url,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                    for place, message in enumerate(part)
                ],
            )


def failures(report: Report, message_ids: Sequence[str], partial: bool) -> set[str]:
    """Ids of the messages that Lambda leaves in the queue after an invocation.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html: an error fails the whole
    batch; so does, where partial answers are asked for, an answer that can't be read, an id that is empty
    or null, and one that the batch doesn't have. No answer, or no list in it, means that all succeeded.
    """
    everything = set(message_ids)
    if report.outcome != "ok":
        return everything
    if not partial or not report.answer:
        return set()
    if not isinstance(report.answer, dict):
        return everything
    listed = report.answer.get("batchItemFailures")
    if listed is None:
        return set()
    if not isinstance(listed, list):
        return everything
    failed = set()
    for item in listed:
        identifier = item.get("itemIdentifier") if isinstance(item, dict) else None
        if not isinstance(identifier, str) or identifier not in everything:
            return everything
        failed.add(identifier)
    return failed


def _parts(messages: Sequence[MessageTypeDef]) -> Iterator[list[MessageTypeDef]]:
    """The messages in batches whose events stay within Lambda's limit."""
    part: list[MessageTypeDef] = []
    room = MAX_EVENT_BYTES
    for message in messages:
        size = len(json.dumps(_record(message, "")).encode())
        if part and size > room:
            yield part
            part, room = [], MAX_EVENT_BYTES
        part.append(message)
        room -= size
    if part:
        yield part


def _record(message: MessageTypeDef, queue_arn: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {
                "stringValue": value.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": value["DataType"],
            }
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }
