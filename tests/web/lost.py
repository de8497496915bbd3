"""Answers that are lost on the way."""

from __future__ import annotations

from typing import Any


class Repeating:
    """A DynamoDB client whose every update is made twice, as botocore does when the first answer is lost."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def update_item(self, **asked: Any) -> Any:
        self._dynamodb.update_item(**asked)
        return self._dynamodb.update_item(**asked)
