"""A queue that keeps what it is sent, and refuses what a test wants refused."""

from __future__ import annotations

from typing import Any


class FakeSqs:
    def __init__(self) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self.refuse: set[str] = set()
        """Ids of entries to refuse."""
        self.down_after: int | None = None
        """Calls that are answered before the service goes down."""

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if self.down_after is not None and len(self.calls) >= self.down_after:
            raise ConnectionError("no answer")
        self.calls.append(Entries)
        failed = [
            {"Id": e["Id"], "Code": "InternalError", "Message": "try later"}
            for e in Entries
            if e["Id"] in self.refuse
        ]
        return {"Failed": failed} if failed else {}

    def bodies(self) -> list[str]:
        return [
            entry["MessageBody"] for call in self.calls for entry in call if entry["Id"] not in self.refuse
        ]
