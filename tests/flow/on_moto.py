"""An open stack whose items and messages moto answers itself, and not the engine: slow, another judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.sqs.models import sqs_backends

from newscast.local.deployed import REGION
from newscast.local.engine.queue import Counts, Message, Queue
from newscast.local.intrinsics import ACCOUNT
from newscast.local.stack import Stack


class MotoQueue(Queue):
    """A queue as the stack's pollers look at it, over moto's messages."""

    def _all(self) -> list[Any]:
        held: list[Any] = sqs_backends[ACCOUNT][REGION].queues[self.name]._messages
        return held

    def counts(self, now: float) -> Counts:
        delayed = sum(message.delayed for message in self._all())
        hidden = sum(not message.visible and not message.delayed for message in self._all())
        return Counts(self.depth - hidden - delayed, hidden, delayed)

    def visible(self, now: float) -> int:
        return self.counts(now).visible

    def next_visible_at(self) -> float | None:
        later = [max(message.visible_at, message.delayed_until) for message in self._all()]
        return min((at / 1000 for at in later if at), default=None)

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


def answered_by_moto(stack: Stack) -> None:
    """From now on moto has the stack's items and messages; the engine's are gone, so nothing asks them."""
    for queue in stack.deployment.queues.values():
        queue.__class__ = MotoQueue
    stack.gate.dynamodb.tables.clear()
    stack.gate.sqs.queues.clear()
    gate: Any = stack.gate
    gate._dispatch = gate._pass_on
