"""An open stack whose items and messages moto answers itself, and not the engine: slow, another judge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto import mock_aws
from moto.sqs.models import sqs_backends

from newscast.aws import clients
from newscast.local.deployed import REGION
from newscast.local.engine.queue import Counts, Message, Queue
from newscast.local.engine.s3 import S3
from newscast.local.intrinsics import ACCOUNT
from newscast.local.stack import Stack
from tests.table_shape import table_shape


class MotoQueue(Queue):
    """A queue as the stack's pollers look at it, over moto's messages."""

    def _all(self) -> list[Any]:
        held: list[Any] = sqs_backends[ACCOUNT][REGION].queues[self.name]._messages
        return held

    def counts(self, now: float) -> Counts:
        delayed = sum(message.delayed for message in self._all())
        hidden = sum(not message.visible and not message.delayed for message in self._all())
        return Counts(self.depth - hidden - delayed, hidden, delayed)

    def visible(self, now: float, most: int) -> int:
        return min(most, self.counts(now).visible)

    def first_visible_at(self) -> float | None:
        later = [max(message.visible_at, message.delayed_until) for message in self._all()]
        return min((at / 1000 for at in later), default=None)

    @property
    def depth(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Message]:
        for message in self._all():
            yield Message(
                id=message.id,
                body=message.body,
                sent_at=message.sent_timestamp / 1000,
                attributes=message.message_attributes,
                receives=message.approximate_receive_count,
            )


@contextmanager
def answered_by_moto(stack: Stack) -> Iterator[None]:
    """Until the block ends moto has the stack's items and messages; the engine's are gone, so nothing asks
    them."""
    gate: Any = stack.gate
    with mock_aws():
        answer = gate._moto
        gate._dispatch = lambda request: gate._object(request) if S3.plays(request.url) else answer(request)
        clients.dynamodb().create_table(TableName=stack.table_name, **table_shape())
        dead = {queue.dead_letter.name for queue in stack.deployment.queues.values() if queue.dead_letter}
        for queue in sorted(stack.deployment.queues.values(), key=lambda queue: queue.name not in dead):
            _create(queue)
            queue.__class__ = MotoQueue
        gate.dynamodb.tables.clear()
        gate.sqs.queues.clear()
        yield


def _create(queue: Queue) -> None:
    about: dict[Any, str] = {
        "VisibilityTimeout": f"{queue.visibility:.0f}",
        "MessageRetentionPeriod": f"{queue.retention:.0f}",
        "DelaySeconds": f"{queue.delay:.0f}",
        "MaximumMessageSize": str(queue.max_bytes),
    }
    if queue.dead_letter:
        redrive = {"deadLetterTargetArn": queue.dead_letter.arn, "maxReceiveCount": queue.max_receives}
        about["RedrivePolicy"] = json.dumps(redrive)
    clients.sqs().create_queue(QueueName=queue.name, Attributes=about)
