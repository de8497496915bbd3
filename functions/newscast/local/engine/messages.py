"""Messages as they travel: what SQS refuses of them, their size and digests, what a receive shows."""

from __future__ import annotations

import hashlib
import re
import struct
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from newscast.local.engine.items import NUMBER
from newscast.local.engine.queue import Message, Queue
from newscast.local.engine.refusal import Refusal

Body = dict[str, Any]

MAX_ATTRIBUTES = 10
MAX_NAME = 256
"""Characters of an attribute's name."""
MAX_DELAY = 900
MAX_BATCH = 10
MAX_VISIBILITY = 43_200
MAX_WAIT = 20
"""Seconds of a long poll."""
QUEUE_ATTRIBUTES = frozenset(
    {
        "All",
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
        "ContentBasedDeduplication",
        "CreatedTimestamp",
        "DeduplicationScope",
        "DelaySeconds",
        "FifoQueue",
        "FifoThroughputLimit",
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "LastModifiedTimestamp",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "Policy",
        "QueueArn",
        "ReceiveMessageWaitTimeSeconds",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
        "VisibilityTimeout",
    }
)
"""What GetQueueAttributes may be asked for; this engine answers some of it."""
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_NOT_XML = re.compile("[^\\x09\\x0a\\x0d\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_ATTRIBUTE_NAME = re.compile(r"(?!AWS\.|Amazon\.)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", re.IGNORECASE)


def refused(code: str, message: str) -> Refusal:
    return Refusal(code, message, query_code=_QUERY_CODES.get(code, code))


_QUERY_CODES = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "BatchRequestTooLong": "AWS.SimpleQueueService.BatchRequestTooLong",
    "InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId",
}


def failed_entry(entry: Body, refusal: Refusal) -> Body:
    return {"Id": entry["Id"], "SenderFault": True, "Code": refusal.code, "Message": refusal.message}


def size(entry: Body) -> int:
    """Bytes that count against the limits: the body, and names, types and values of attributes."""
    texts = [entry["MessageBody"]]
    for name, value in entry.get("MessageAttributes", {}).items():
        texts += [name, value["DataType"], _content(value)]
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


def _content(value: Mapping[str, str]) -> str:
    return value.get("StringValue") or value.get("BinaryValue") or ""


def check(queue: Queue, entry: Body, bytes_: int) -> None:
    text = entry["MessageBody"]
    if not text:
        raise refused("MissingParameter", "The request must contain the parameter MessageBody.")
    attributes: dict[str, dict[str, str]] = entry.get("MessageAttributes", {})
    if len(attributes) > MAX_ATTRIBUTES:
        raise refused(
            "InvalidParameterValue", "Number of message attributes exceeds the allowed maximum [10]."
        )
    for name, value in attributes.items():
        if len(name) > MAX_NAME or not _ATTRIBUTE_NAME.fullmatch(name):
            raise refused("InvalidParameterValue", f"Invalid message attribute name: {name}")
        _check_type(name, value)
        if not _content(value):
            raise refused("InvalidParameterValue", f"Message attribute {name} must have a non-empty value")
        text += value.get("StringValue", "")
    if _NOT_XML.search(text):
        raise refused(
            "InvalidMessageContents",
            "Invalid characters found. Valid unicode characters are "
            "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        )
    if bytes_ > queue.max_bytes:
        raise refused(
            "InvalidParameterValue",
            "One or more parameters are invalid. "
            f"Reason: Message must be shorter than {queue.max_bytes} bytes.",
        )
    delay = entry.get("DelaySeconds") or 0
    if not 0 <= delay <= MAX_DELAY:
        raise refused(
            "InvalidParameterValue",
            f"Value {delay} for parameter DelaySeconds is invalid. "
            f"Reason: DelaySeconds must be >= 0 and <= {MAX_DELAY}.",
        )


def _check_type(name: str, value: Mapping[str, str]) -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html"""
    kind = value.get("DataType", "").partition(".")[0]
    if kind not in ("String", "Number", "Binary"):
        raise refused(
            "InvalidParameterValue",
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported "
            "type prefixes is Binary, Number, and String.",
        )
    if kind == "Number" and not NUMBER.fullmatch(value.get("StringValue", "")):
        raise refused("InvalidParameterValue", f"Message attribute '{name}' is not a number.")


def entries(body: Body) -> list[Body]:
    """A batch's entries, once their number and ids are as SQS takes them. Raises Refusal."""
    entries: list[Body] = body.get("Entries", [])
    if not entries:
        raise refused("EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > MAX_BATCH:
        raise refused(
            "TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are 10. You have sent {len(entries)}.",
        )
    ids = [entry["Id"] for entry in entries]
    for entry_id in ids:
        if not _ENTRY_ID.fullmatch(entry_id):
            raise refused(
                "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, "
                f"hyphens and underscores, at most 80: {entry_id}",
            )
    if len(set(ids)) != len(ids):
        raise refused("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
    return entries


def visibility(body: Body, default: float) -> float:
    """The visibility timeout that a call asks for, in seconds. Raises Refusal."""
    given = body.get("VisibilityTimeout")
    value = default if given is None else given
    if not 0 <= value <= MAX_VISIBILITY:
        raise refused(
            "InvalidParameterValue",
            f"Value {value} for parameter VisibilityTimeout is invalid. "
            f"Reason: Must be between 0 and {MAX_VISIBILITY}, if provided.",
        )
    return float(value)


def shown(message: Message, body: Body, source: str | None) -> Body:
    """A message as a receive shows it; `source`: ARN of the queue that a redrive policy took it from."""
    wanted = {*body.get("AttributeNames", []), *body.get("MessageSystemAttributeNames", [])}
    system = {
        "SenderId": "AIDALOCALNEWSCAST",
        "SentTimestamp": str(int(message.sent_at * 1000)),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(int((message.first_received_at or message.sent_at) * 1000)),
    }
    if source:
        system["DeadLetterQueueSourceArn"] = source
    shown: Body = {
        "MessageId": message.id,
        "ReceiptHandle": message.handle,
        "Body": message.body,
        "MD5OfBody": md5(message.body.encode()),
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
        shown["MD5OfMessageAttributes"] = attributes_md5(attributes)
    return shown


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def attributes_md5(attributes: Mapping[str, Mapping[str, str]]) -> str:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html"""
    parts = bytearray()
    for name in sorted(attributes):
        value = attributes[name]
        for text in (name, value["DataType"]):
            parts += struct.pack("!I", len(text.encode())) + text.encode()
        is_binary = value["DataType"].startswith("Binary")
        content = b64decode(value["BinaryValue"]) if is_binary else value["StringValue"].encode()
        parts += (b"\x02" if is_binary else b"\x01") + struct.pack("!I", len(content)) + content
    return md5(bytes(parts))
