"""SQS's message calls over the queues in memory: one method a call, its body in, its answer out."""

from __future__ import annotations

import hashlib
import re
import struct
import uuid
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from newscast.local.engine.queue import Message, Queue
from newscast.local.engine.refusal import Refusal

Body = dict[str, Any]

MAX_BATCH = 10
MAX_BATCH_BYTES = 1024 * 1024
MAX_DELAY = 900
MAX_VISIBILITY = 43_200
BILLED_BYTES = 64 * 1024
"""A request is billed once for each chunk of this size."""
_NOT_XML = re.compile("[^\\x09\\x0a\\x0d\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_ATTRIBUTE_NAME = re.compile(r"(?!AWS\.|Amazon\.)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", re.IGNORECASE)


def _refused(code: str, message: str) -> Refusal:
    return Refusal(code, message, query_code=_QUERY_CODES.get(code, code))


_QUERY_CODES = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "BatchRequestTooLong": "AWS.SimpleQueueService.BatchRequestTooLong",
    "InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId",
}


class Sqs:
    """All queues of the stack."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.queues: dict[str, Queue] = {}
        self.changed: list[tuple[Queue, Message]] = []
        """Messages that the call in hand stored or changed, for the journal."""
        self.removed: list[str] = []
        """Ids of messages that the call in hand removed."""
        self.units: defaultdict[str, float] = defaultdict(float)
        """Requests so far, as AWS bills them."""
        self._now = now

    def plays(self, operation: str) -> bool:
        """Whether this call is answered here; moto answers the others (which have no messages)."""
        return operation in self._METHODS

    def call(self, operation: str, body: Body) -> Body:
        """Answer one call. Raises Refusal."""
        self.changed, self.removed = [], []
        return self._METHODS[operation](self, self._queue(body), body)

    # --------------------------------------------------------------------------------------- send
    def _send_message(self, queue: Queue, body: Body) -> Body:
        self._bill(self._checked_size(queue, body))
        return self._add(queue, body)

    def _send_message_batch(self, queue: Queue, body: Body) -> Body:
        entries = self._entries(body)
        sizes = [self._checked_size(queue, entry) for entry in entries]
        if sum(sizes) > MAX_BATCH_BYTES:
            raise _refused(
                "BatchRequestTooLong",
                f"Batch requests cannot be longer than {MAX_BATCH_BYTES} bytes. "
                f"You have sent {sum(sizes)} bytes.",
            )
        self._bill(sum(sizes))
        return {
            "Successful": [{"Id": entry["Id"], **self._add(queue, entry)} for entry in entries],
            "Failed": [],
        }

    def _checked_size(self, queue: Queue, entry: Body) -> int:
        text = entry["MessageBody"]
        if not text:
            raise _refused("MissingParameter", "The request must contain the parameter MessageBody.")
        attributes: dict[str, dict[str, str]] = entry.get("MessageAttributes", {})
        if len(attributes) > MAX_BATCH:
            raise _refused(
                "InvalidParameterValue", "Number of message attributes exceeds the allowed maximum [10]."
            )
        bytes_ = len(text.encode("utf-8", "surrogatepass"))
        for name, value in attributes.items():
            content = value.get("StringValue") or value.get("BinaryValue") or ""
            if not _ATTRIBUTE_NAME.fullmatch(name):
                raise _refused("InvalidParameterValue", f"Invalid message attribute name: {name}")
            if not content:
                raise _refused(
                    "InvalidParameterValue", f"Message attribute {name} must contain a non-empty value"
                )
            text += value.get("StringValue", "")
            bytes_ += (
                len(name.encode()) + len(value["DataType"]) + len(content.encode("utf-8", "surrogatepass"))
            )
        if _NOT_XML.search(text):
            raise _refused(
                "InvalidMessageContents",
                "Invalid characters found. Valid unicode characters are "
                "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
            )
        if bytes_ > queue.max_bytes:
            raise _refused(
                "InvalidParameterValue",
                "One or more parameters are invalid. Reason: Message must be "
                f"shorter than {queue.max_bytes} bytes.",
            )
        if not 0 <= (entry.get("DelaySeconds") or 0) <= MAX_DELAY:
            raise _refused(
                "InvalidParameterValue",
                f"Value {entry['DelaySeconds']} for parameter DelaySeconds is "
                f"invalid. Reason: DelaySeconds must be >= 0 and <= {MAX_DELAY}.",
            )
        return bytes_

    def _add(self, queue: Queue, entry: Body) -> Body:
        now = self._now()
        given = entry.get("DelaySeconds")
        delay = queue.delay if given is None else given
        message = Message(
            id=str(uuid.uuid4()),
            body=entry["MessageBody"],
            sent_at=now,
            attributes=entry.get("MessageAttributes", {}),
            visible_at=now + delay,
            delayed=delay > 0,
        )
        queue.add(message, now)
        self.changed.append((queue, message))
        answer = {"MessageId": message.id, "MD5OfMessageBody": _md5(message.body.encode())}
        if message.attributes:
            answer["MD5OfMessageAttributes"] = _attributes_md5(message.attributes)
        return answer

    # ------------------------------------------------------------------------------------ receive
    def _receive_message(self, queue: Queue, body: Body) -> Body:
        wanted = body.get("MaxNumberOfMessages", 1)
        if not 1 <= wanted <= MAX_BATCH:
            raise _refused(
                "InvalidParameterValue",
                f"Value {wanted} for parameter MaxNumberOfMessages is invalid. "
                "Reason: Must be between 1 and 10, if provided.",
            )
        visibility = self._visibility(body, queue.visibility)
        now = self._now()
        taken: list[Message] = []
        while len(taken) < wanted and (message := queue.take(now)) is not None:
            if queue.expired(message, now):
                queue.remove(message.id)
                self.removed.append(message.id)
            elif queue.dead_letter is not None and message.receives >= queue.max_receives:
                self._redrive(queue, queue.dead_letter, message, now)
            else:
                self._deliver(queue, message, now, visibility)
                taken.append(message)
        self._bill(sum(len(message.body.encode()) for message in taken))
        # A long poll does not wait here: nothing else runs meanwhile that could send.
        return {"Messages": [_shown(message, body) for message in taken]} if taken else {}

    def _redrive(self, queue: Queue, target: Queue, message: Message, now: float) -> None:
        queue.remove(message.id)
        message.source = queue.arn
        message.visible_at = now
        target.add(message, now)
        self.changed.append((target, message))

    def _deliver(self, queue: Queue, message: Message, now: float, visibility: float) -> None:
        message.receives += 1
        message.first_received_at = message.first_received_at or now
        message.visible_at = now + visibility
        message.handle = f"{message.id}.{message.receives}.{uuid.uuid4().hex}"
        queue.place(message, now)
        self.changed.append((queue, message))

    # -------------------------------------------------------------------------- delete, visibility
    def _delete_message(self, queue: Queue, body: Body) -> Body:
        self._bill()
        self._delete(queue, body["ReceiptHandle"])
        return {}

    def _delete_message_batch(self, queue: Queue, body: Body) -> Body:
        self._bill()
        return self._each(body, lambda entry: self._delete(queue, entry["ReceiptHandle"]))

    def _delete(self, queue: Queue, handle: str) -> None:
        message = self._by_handle(queue, handle)
        # An older handle is accepted, but deletes nothing once the message was delivered again.
        if message is not None and message.handle == handle:
            queue.remove(message.id)
            self.removed.append(message.id)

    def _change_visibility(self, queue: Queue, body: Body) -> Body:
        self._bill()
        self._change(queue, body)
        return {}

    def _change_visibility_batch(self, queue: Queue, body: Body) -> Body:
        self._bill()
        return self._each(body, lambda entry: self._change(queue, entry))

    def _change(self, queue: Queue, entry: Body) -> None:
        visibility = self._visibility(entry, queue.visibility)
        message = self._by_handle(queue, entry["ReceiptHandle"])
        now = self._now()
        if message is None or message.handle != entry["ReceiptHandle"] or message.visible_at <= now:
            raise _refused("MessageNotInflight", "The specified message isn't in flight.")
        message.visible_at = now + visibility
        queue.place(message, now)

    def _by_handle(self, queue: Queue, handle: str) -> Message | None:
        message_id, _, rest = handle.partition(".")
        if not rest:
            raise _refused("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not valid.')
        return queue.messages.get(message_id)

    def _each(self, body: Body, step: Callable[[Body], None]) -> Body:
        done: list[Body] = []
        failed: list[Body] = []
        for entry in self._entries(body):
            try:
                step(entry)
                done.append({"Id": entry["Id"]})
            except Refusal as refusal:
                failed.append(
                    {"Id": entry["Id"], "SenderFault": True, "Code": refusal.code, "Message": refusal.message}
                )
        return {"Successful": done, "Failed": failed}

    def _purge_queue(self, queue: Queue, body: Body) -> Body:
        self._bill()
        self.removed = list(queue.messages)
        queue.messages.clear()
        return {}

    # ------------------------------------------------------------------------------------- counts
    def _get_queue_attributes(self, queue: Queue, body: Body) -> Body:
        self._bill()
        counts = queue.counts(self._now())
        known = {
            "ApproximateNumberOfMessages": counts.visible,
            "ApproximateNumberOfMessagesNotVisible": counts.in_flight,
            "ApproximateNumberOfMessagesDelayed": counts.delayed,
            "QueueArn": queue.arn,
            "VisibilityTimeout": int(queue.visibility),
            "MessageRetentionPeriod": int(queue.retention),
            "DelaySeconds": int(queue.delay),
            "MaximumMessageSize": queue.max_bytes,
        }
        wanted = body.get("AttributeNames", [])
        return {"Attributes": {n: str(v) for n, v in known.items() if "All" in wanted or n in wanted}}

    # -------------------------------------------------------------------------------------- parts
    def _queue(self, body: Body) -> Queue:
        name = str(body.get("QueueUrl", "")).rpartition("/")[2]
        if name not in self.queues:
            raise _refused("QueueDoesNotExist", f"The specified queue does not exist: {name}")
        return self.queues[name]

    def _entries(self, body: Body) -> list[Body]:
        entries: list[Body] = body.get("Entries", [])
        if not entries:
            raise _refused("EmptyBatchRequest", "There should be at least one entry in the request.")
        if len(entries) > MAX_BATCH:
            raise _refused(
                "TooManyEntriesInBatchRequest",
                f"Maximum number of entries per request are 10. You have sent {len(entries)}.",
            )
        ids = [entry["Id"] for entry in entries]
        for entry_id in ids:
            if not _ENTRY_ID.fullmatch(entry_id):
                raise _refused(
                    "InvalidBatchEntryId",
                    "A batch entry id can only contain alphanumeric characters, "
                    f"hyphens and underscores, at most 80: {entry_id}",
                )
        if len(set(ids)) != len(ids):
            raise _refused("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
        return entries

    def _visibility(self, body: Body, default: float) -> float:
        given = body.get("VisibilityTimeout")
        value = default if given is None else given
        if not 0 <= value <= MAX_VISIBILITY:
            raise _refused(
                "InvalidParameterValue",
                f"Value {value} for parameter VisibilityTimeout is invalid. "
                f"Reason: Must be between 0 and {MAX_VISIBILITY}, if provided.",
            )
        return float(value)

    def _bill(self, bytes_: int = 0) -> None:
        self.units["requests"] += max(1, -(-bytes_ // BILLED_BYTES))

    _METHODS: Mapping[str, Callable[[Sqs, Queue, Body], Body]] = {
        "SendMessage": _send_message,
        "SendMessageBatch": _send_message_batch,
        "ReceiveMessage": _receive_message,
        "DeleteMessage": _delete_message,
        "DeleteMessageBatch": _delete_message_batch,
        "ChangeMessageVisibility": _change_visibility,
        "ChangeMessageVisibilityBatch": _change_visibility_batch,
        "PurgeQueue": _purge_queue,
        "GetQueueAttributes": _get_queue_attributes,
    }


def _shown(message: Message, body: Body) -> Body:
    wanted = {*body.get("AttributeNames", []), *body.get("MessageSystemAttributeNames", [])}
    system = {
        "SenderId": "AIDALOCALNEWSCAST",
        "SentTimestamp": str(int(message.sent_at * 1000)),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(int((message.first_received_at or message.sent_at) * 1000)),
    }
    if message.source:
        system["DeadLetterQueueSourceArn"] = message.source
    shown: Body = {
        "MessageId": message.id,
        "ReceiptHandle": message.handle,
        "Body": message.body,
        "MD5OfBody": _md5(message.body.encode()),
    }
    if chosen := {name: value for name, value in system.items() if "All" in wanted or name in wanted}:
        shown["Attributes"] = chosen
    asked = body.get("MessageAttributeNames", [])
    prefixes = tuple(name[:-1] for name in asked if name.endswith(".*"))
    attributes = {
        name: value
        for name, value in message.attributes.items()
        if "All" in asked or ".*" in asked or name in asked or (prefixes and name.startswith(prefixes))
    }
    if attributes:
        shown["MessageAttributes"] = attributes
        shown["MD5OfMessageAttributes"] = _attributes_md5(attributes)
    return shown


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _attributes_md5(attributes: Mapping[str, Mapping[str, str]]) -> str:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html"""
    parts = bytearray()
    for name in sorted(attributes):
        value = attributes[name]
        for text in (name, value["DataType"]):
            parts += struct.pack("!I", len(text.encode())) + text.encode()
        is_binary = value["DataType"].startswith("Binary")
        content = b64decode(value["BinaryValue"]) if is_binary else value["StringValue"].encode()
        parts += (b"\x02" if is_binary else b"\x01") + struct.pack("!I", len(content)) + content
    return _md5(bytes(parts))
