"""Messages in, SQS batches out: packed by count and size, large bodies by claim check, failures named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

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
    """Some messages were not accepted; `failed` holds their places in what was sent, and why."""

    def __init__(self, failed: dict[int, str]) -> None:
        first = next(iter(failed.values()))
        count = f"{len(failed)} messages" if len(failed) > 1 else "a message"
        super().__init__(f"{count} not accepted by the queue: {first}")
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


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


class Sender:
    """Sends to one queue."""

    def __init__(self, sqs: SQSClient, queue_url: str, objects: Objects) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._objects = objects

    def send(self, messages: Iterable[Message], delay_seconds: int = 0) -> None:
        """Send all, in as few calls as the limits allow. Raises SendError once all were tried.

        A message that can't be sent takes no other along. When a whole call fails, the rest is not tried:
        the client has repeated it for long enough.
        """
        bodies: dict[int, str] = {}
        failed: dict[int, str] = {}
        for place, message in enumerate(messages):
            try:
                bodies[place] = self._body(message)
            except Exception as error:  # no JSON for it, or no room in the bucket
                failed[place] = _said(error)
        down: Exception | None = None
        for places in batches({place: len(body) for place, body in bodies.items()}):
            try:
                failed |= {} if down else self._call(bodies, places, delay_seconds)
            except Exception as error:
                down = error
            if down:
                failed |= dict.fromkeys(places, _said(down))
        if failed:
            raise SendError(failed)

    def _call(self, bodies: Mapping[int, str], places: Sequence[int], delay_seconds: int) -> dict[int, str]:
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(place), "MessageBody": bodies[place], "DelaySeconds": delay_seconds}
            for place in places
        ]
        answer = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        return {
            int(refusal["Id"]): f"{refusal['Code']}: {refusal.get('Message', '')}"
            for refusal in answer.get("Failed", [])
        }

    def _body(self, message: Message) -> str:
        body = encode(message)
        if len(body) <= SAFE_BYTES or message.body is None:
            return body
        key = self._objects.put(CLAIM, msgspec.json.encode(message.body))
        return encode(structs.replace(message, body=None, stored_at=key))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def batches(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """Places of bodies of these sizes in bytes, packed in their order."""
    batch: list[int] = []
    room = BATCH_BYTES
    for place, size in sizes.items():
        if batch and (len(batch) == MAX_BATCH or size > room):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(place)
        room -= size
    if batch:
        yield batch
