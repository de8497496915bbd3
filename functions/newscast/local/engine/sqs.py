"""SQS's message calls over the queues: one method a call, its body in, its answer out."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from newscast.local.engine import messages
from newscast.local.engine.queue import Message, Queue
from newscast.local.engine.refusal import Refusal

Body = dict[str, Any]

MAX_BATCH_BYTES = 1024 * 1024
READS = frozenset({"GetQueueAttributes", "ListMessageMoveTasks"})
"""Calls that change nothing."""
BILLED_BYTES = 64 * 1024
"""A request is billed once for each chunk of this size."""


class Sqs:
    """All queues of the stack."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.queues: dict[str, Queue] = {}
        self.units: defaultdict[str, float] = defaultdict(float)
        """Requests so far, as AWS bills them."""
        self._moves: list[Body] = []
        self._now = now

    def plays(self, operation: str) -> bool:
        """Whether this call is answered here; moto answers the others (which have no messages)."""
        return operation in self._METHODS or operation in self._TASKS

    def call(self, operation: str, body: Body) -> Body:
        """Answer one call. Raises Refusal."""
        if operation in self._TASKS:
            return self._TASKS[operation](self, body)
        return self._METHODS[operation](self, self._queue(body), body)

    # --------------------------------------------------------------------------------------- send
    def _send_message(self, queue: Queue, body: Body) -> Body:
        bytes_ = messages.size(body)
        messages.check(queue, body, bytes_)
        self._bill(bytes_)
        return self._add(queue, body)

    def _send_message_batch(self, queue: Queue, body: Body) -> Body:
        entries = messages.entries(body)
        sizes = [messages.size(entry) for entry in entries]
        if sum(sizes) > MAX_BATCH_BYTES:
            raise messages.refused(
                "BatchRequestTooLong",
                f"Batch requests cannot be longer than {MAX_BATCH_BYTES} bytes. "
                f"You have sent {sum(sizes)} bytes.",
            )
        self._bill(sum(sizes))
        done: list[Body] = []
        failed: list[Body] = []
        for entry, bytes_ in zip(entries, sizes, strict=True):
            try:
                messages.check(queue, entry, bytes_)
                done.append({"Id": entry["Id"], **self._add(queue, entry)})
            except Refusal as refusal:  # one that is refused does not take the others along
                failed.append(messages.failed_entry(entry, refusal))
        return {"Successful": done, "Failed": failed}

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
        queue.add(message)
        answer = {"MessageId": message.id, "MD5OfMessageBody": messages.md5(message.body.encode())}
        if message.attributes:
            answer["MD5OfMessageAttributes"] = messages.attributes_md5(message.attributes)
        return answer

    # ------------------------------------------------------------------------------------ receive
    def _receive_message(self, queue: Queue, body: Body) -> Body:
        wanted = body.get("MaxNumberOfMessages", 1)
        if not 1 <= wanted <= messages.MAX_BATCH:
            raise messages.refused(
                "InvalidParameterValue",
                f"Value {wanted} for parameter MaxNumberOfMessages is invalid. "
                "Reason: Must be between 1 and 10, if provided.",
            )
        if not 0 <= body.get("WaitTimeSeconds", 0) <= messages.MAX_WAIT:
            raise messages.refused(
                "InvalidParameterValue",
                f"Value {body['WaitTimeSeconds']} for parameter WaitTimeSeconds is invalid. "
                f"Reason: Must be >= 0 and <= {messages.MAX_WAIT}, if provided.",
            )
        visibility = messages.visibility(body, queue.visibility)
        now = self._now()
        taken: list[Message] = []
        for message in queue.line(now):
            if queue.expired(message, now):
                queue.remove(message)
            elif queue.dead_letter is not None and message.receives >= queue.max_receives:
                self._redrive(queue, queue.dead_letter, message, now)
            else:
                self._deliver(queue, message, now, visibility)
                taken.append(message)
            if len(taken) == wanted:
                break
        self._bill(sum(len(message.body.encode()) for message in taken))
        # A long poll does not wait here: nothing else runs meanwhile that could send.
        arns = {each.logical_id: each.arn for each in self.queues.values()}
        shown = [messages.shown(message, body, arns.get(message.source or "")) for message in taken]
        return {"Messages": shown} if taken else {}

    def _redrive(self, queue: Queue, target: Queue, message: Message, now: float) -> None:
        message.source = queue.logical_id
        message.visible_at = now
        target.add(message)

    def _deliver(self, queue: Queue, message: Message, now: float, visibility: float) -> None:
        message.receives += 1
        message.first_received_at = message.first_received_at or now
        message.visible_at = now + visibility
        message.handle = f"{message.id}.{message.receives}.{uuid.uuid4().hex}"
        message.delayed = False
        queue.update(message)

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
            queue.remove(message)

    def _change_visibility(self, queue: Queue, body: Body) -> Body:
        self._bill()
        self._change(queue, body)
        return {}

    def _change_visibility_batch(self, queue: Queue, body: Body) -> Body:
        self._bill()
        return self._each(body, lambda entry: self._change(queue, entry))

    def _change(self, queue: Queue, entry: Body) -> None:
        visibility = messages.visibility(entry, queue.visibility)
        message = self._by_handle(queue, entry["ReceiptHandle"])
        now = self._now()
        if message is None or message.handle != entry["ReceiptHandle"] or message.visible_at <= now:
            raise messages.refused("MessageNotInflight", "The specified message isn't in flight.")
        message.visible_at = now + visibility
        queue.update(message)

    def _by_handle(self, queue: Queue, handle: str) -> Message | None:
        message_id, _, rest = handle.partition(".")
        if not rest:
            raise messages.refused(
                "ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not valid.'
            )
        return queue.find(message_id)

    def _each(self, body: Body, step: Callable[[Body], None]) -> Body:
        done: list[Body] = []
        failed: list[Body] = []
        for entry in messages.entries(body):
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
        queue.clear()
        return {}

    # ------------------------------------------------------------------------------ dead letters back
    def _start_message_move_task(self, body: Body) -> Body:
        """Dead letters back to their queues, as new messages; moto lacks this call. Done at once here."""
        source = self._by_arn(body["SourceArn"])
        if not any(queue.dead_letter is source for queue in self.queues.values()):
            raise messages.refused(
                "InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."
            )
        given = body.get("DestinationArn")
        now = self._now()
        moves = [
            (message, self._by_arn(given) if given else self._by_logical_id(message.source))
            for message in source
            if message.visible_at <= now
        ]
        for message, target in moves:
            source.remove(message)
            self._add(target, {"MessageBody": message.body, "MessageAttributes": message.attributes})
        handle = f"move.{uuid.uuid4().hex}"
        self._moves.insert(
            0,
            {
                "TaskHandle": handle,
                "Status": "COMPLETED",
                "SourceArn": source.arn,
                **({"DestinationArn": given} if given else {}),
                "ApproximateNumberOfMessagesMoved": len(moves),
                "ApproximateNumberOfMessagesToMove": len(moves),
                "StartedTimestamp": int(now * 1000),
            },
        )
        return {"TaskHandle": handle}

    def _list_message_move_tasks(self, body: Body) -> Body:
        tasks = [move for move in self._moves if move["SourceArn"] == body["SourceArn"]]
        return {"Results": [{**move, "TaskHandle": None} for move in tasks[: body.get("MaxResults", 1)]]}

    def _by_arn(self, arn: str) -> Queue:
        for queue in self.queues.values():
            if queue.arn == arn:
                return queue
        raise Refusal("ResourceNotFoundException", f"The resource that you specified doesn't exist: {arn}")

    def _by_logical_id(self, name: str | None) -> Queue:
        for queue in self.queues.values():
            if queue.logical_id == name:
                return queue
        raise Refusal("ResourceNotFoundException", "The queue that a letter came from isn't known")

    # ------------------------------------------------------------------------------------- counts
    def _get_queue_attributes(self, queue: Queue, body: Body) -> Body:
        self._bill()
        wanted = body.get("AttributeNames", [])
        if unknown := sorted(set(wanted) - messages.QUEUE_ATTRIBUTES):
            raise messages.refused("InvalidAttributeName", f"Unknown Attribute {unknown[0]}.")
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
        if queue.dead_letter is not None:
            known["RedrivePolicy"] = json.dumps(
                {"deadLetterTargetArn": queue.dead_letter.arn, "maxReceiveCount": queue.max_receives}
            )
        return {"Attributes": {n: str(v) for n, v in known.items() if "All" in wanted or n in wanted}}

    # -------------------------------------------------------------------------------------- parts
    def _queue(self, body: Body) -> Queue:
        name = str(body.get("QueueUrl", "")).rpartition("/")[2]
        if name not in self.queues:
            raise messages.refused("QueueDoesNotExist", f"The specified queue does not exist: {name}")
        return self.queues[name]

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
    _TASKS: Mapping[str, Callable[[Sqs, Body], Body]] = {
        "StartMessageMoveTask": _start_message_move_task,
        "ListMessageMoveTasks": _list_message_move_tasks,
    }
