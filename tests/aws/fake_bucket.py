"""A bucket that keeps what is put into it."""

from __future__ import annotations

import io
from typing import Any


class FakeBucket:
    """Objects by key."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> dict[str, Any]:  # noqa: N803  # boto3's names
        self.bodies[Key] = Body
        return {}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803  # boto3's names
        return {"Body": io.BytesIO(self.bodies[Key])}
