"""Waiting for servers that a whole batch does at once, before each of its messages is finished by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from newscast.records import Message

ASKING = 8
"""Servers asked at the same time; a batch has fewer messages."""
T = TypeVar("T")


class Ahead(Generic[T]):
    """Answers by correlation id: what `prepare` left for `step` to finish."""

    def __init__(self) -> None:
        self._answers: dict[str, T | Exception] = {}

    def ask(self, messages: Sequence[Message], ask: Callable[[Message], T]) -> None:
        """Ask for all messages of a batch; what goes wrong is kept for the message's own turn."""

        def kept(message: Message) -> T | Exception:
            try:
                return ask(message)
            except Exception as error:  # raised again in `take`, where one message fails alone
                return error

        self._answers.clear()
        each = {message.correlation_id: message for message in messages}
        with ThreadPoolExecutor(ASKING, "ask") as pool:
            self._answers.update(zip(each, pool.map(kept, each.values()), strict=True))

    def take(self, message: Message, ask: Callable[[Message], T]) -> T:
        """A message's answer, asked for now if it was not before. Raises what asking raised."""
        answer = self._answers.pop(message.correlation_id, None) or ask(message)
        if isinstance(answer, Exception):
            raise answer
        return answer
