"""What AWS answers when it refuses: a code and a message, as a response botocore understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""


class Refusal(Exception):  # noqa: N818  # AWS's answer, which its caller sees as a ClientError
    """AWS's error answer to one call; nothing was changed."""

    def __init__(self, code: str, message: str, *, query_code: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.query_code = query_code
        """The code of the old query protocol, which botocore shows for SQS."""
        self.extra = extra


def invalid(message: str) -> Refusal:
    """DynamoDB's ValidationException."""
    return Refusal("ValidationException", message)


def check_choice(body: Mapping[str, Any], parameter: str, allowed: Sequence[str]) -> None:
    """Refuse a parameter that has another value than the allowed ones."""
    if body.get(parameter, allowed[0]) not in allowed:
        raise invalid(
            f"1 validation error detected: Value '{body[parameter]}' at '{parameter}' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(allowed)}]"
        )


def answer(body: object) -> Answer:
    return 200, {"content-type": "application/x-amz-json-1.0"}, msgspec.json.encode(body)


def refuse(refusal: Refusal) -> Answer:
    headers = {"content-type": "application/x-amz-json-1.0"}
    if refusal.query_code:
        headers["x-amzn-query-error"] = f"{refusal.query_code};Sender"
    body = {"__type": f"aws#{refusal.code}", "message": refusal.message, **refusal.extra}
    return 400, headers, msgspec.json.encode(body)
