"""One queue: messages by id, the visible ones in order, the others in a heap by when they show.

A receive costs what it returns, whatever the queue's depth. Times are Unix seconds, passed in.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Message:
    """A message until it is deleted."""

    id: str
    body: str
    sent_at: float
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Message attributes as they were sent (`{"reason": {"DataType": "String", "StringValue": "…"}}`)."""
    receives: int = 0
    first_received_at: float | None = None
    visible_at: float = 0.0
    delayed: bool = False
    """Waits for its DelaySeconds (and is not in flight)."""
    source: str | None = None
    """ARN of the queue that a redrive policy took it from."""
    handle: str = ""
    """The latest receipt handle; older ones no longer delete it."""
    turn: int = 0
    """Counts its changes of place, so that a stale entry of the heap is known."""


@dataclass(eq=False)
class Queue:
    """A standard queue. Attributes are those of the template, as moto deployed them."""

    name: str
    arn: str
    url: str
    visibility: float
    """Seconds that a delivered message is hidden."""
    retention: float
    """Seconds that a message is kept from its sending on."""
    delay: float
    max_bytes: int
    dead_letter: Queue | None = None
    max_receives: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    _ready: deque[tuple[str, int]] = field(default_factory=deque)
    _later: list[tuple[float, int, str]] = field(default_factory=list)

    def add(self, message: Message, now: float) -> None:
        self.messages[message.id] = message
        self.place(message, now)

    def place(self, message: Message, now: float) -> None:
        """File a message by its `visible_at`."""
        message.turn += 1
        if message.visible_at <= now:
            message.delayed = False
            self._ready.append((message.id, message.turn))
        else:
            heapq.heappush(self._later, (message.visible_at, message.turn, message.id))

    def remove(self, message_id: str) -> Message | None:
        return self.messages.pop(message_id, None)

    def take(self, now: float) -> Message | None:
        """The next visible message, taken out of the line (not out of the queue)."""
        self.wake(now)
        while self._ready:
            message_id, turn = self._ready.popleft()
            message = self.messages.get(message_id)
            if message is not None and message.turn == turn:
                return message
        return None

    def wake(self, now: float) -> None:
        """Put into the line what has become visible."""
        while self._later and self._later[0][0] <= now:
            _, turn, message_id = heapq.heappop(self._later)
            message = self.messages.get(message_id)
            if message is not None and message.turn == turn:
                self.place(message, now)

    def visible(self, now: float) -> int:
        """How many a receive could take now."""
        self.wake(now)
        return len(self._ready)

    def next_visible_at(self) -> float | None:
        """When the next hidden message shows; None if none is hidden."""
        while self._later:
            at, turn, message_id = self._later[0]
            message = self.messages.get(message_id)
            if message is not None and message.turn == turn:
                return at
            heapq.heappop(self._later)
        return None

    def expired(self, message: Message, now: float) -> bool:
        return message.sent_at + self.retention <= now

    def counts(self, now: float) -> Counts:
        """How many are visible, in flight and delayed (walks the queue: for people, not for pollers)."""
        self.wake(now)
        hidden = [message for message in self.messages.values() if message.visible_at > now]
        delayed = sum(message.delayed for message in hidden)
        return Counts(len(self.messages) - len(hidden), len(hidden) - delayed, delayed)

    @property
    def depth(self) -> int:
        """All its messages. Not its length: an empty queue is still a queue."""
        return len(self.messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(list(self.messages.values()))


@dataclass(frozen=True)
class Counts:
    """Messages of a queue by what they wait for."""

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        return self.visible + self.in_flight + self.delayed
