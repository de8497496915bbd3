"""Messages in, SQS batches out: packed by count and size, large bodies by claim check, failures named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from newscast.aws.objects import CLAIM, Objects
from newscast.records import Message

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MAX_BATCH = 10
"""Entries in one SendMessageBatch; SQS refuses more."""
SAFE_BYTES = 200_000
"""A body up to here goes on the queue, a larger one into the bucket. SQS takes 1 MiB, but bills each
64 KiB, and 262,144 bytes is still the limit of older tools that read dead-letter queues."""
BATCH_BYTES = 250_000
"""All bodies of one call together."""


class SendError(RuntimeError):
    """Some messages were not accepted; `failed` holds their places in what was sent."""

    def __init__(self, failed: dict[int, str]) -> None:
        first = next(iter(failed.values()))
        super().__init__(f"{len(failed)} messages not accepted by the queue: {first}")
        self.failed = failed


def encode(message: Message) -> str:
    """ASCII JSON: SQS refuses characters outside XML 1.0, which escapes avoid."""
    text = msgspec.json.encode(message).decode()
    if text.isascii():
        return text
    # A character beyond ASCII stands only inside strings, where JSON reads its escape as the same.
    return _BEYOND_ASCII.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


class Sender:
    """Sends to one queue."""

    def __init__(self, sqs: SQSClient, queue_url: str, objects: Objects) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._objects = objects

    def send(self, messages: Iterable[Message], delay_seconds: int = 0) -> None:
        """Send all, in as few calls as the limits allow. Raises SendError once all were tried."""
        bodies = [self._body(message) for message in messages]
        failed: dict[int, str] = {}
        for places in _batches([len(body) for body in bodies]):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(place), "MessageBody": bodies[place], "DelaySeconds": delay_seconds}
                for place in places
            ]
            answer = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            for refusal in answer.get("Failed", []):
                failed[int(refusal["Id"])] = f"{refusal['Code']}: {refusal.get('Message', '')}"
        if failed:
            raise SendError(failed)

    def _body(self, message: Message) -> str:
        body = encode(message)
        if len(body) <= SAFE_BYTES or message.body is None:
            return body
        key = self._objects.put(CLAIM, msgspec.json.encode(message.body))
        return encode(
            Message(correlation_id=message.correlation_id, first_seen=message.first_seen, stored_at=key)
        )


def _batches(sizes: Sequence[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    room = BATCH_BYTES
    for place, size in enumerate(sizes):
        if batch and (len(batch) == MAX_BATCH or size > room):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(place)
        room -= size
    if batch:
        yield batch
