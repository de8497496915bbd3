"""One batch of rows by their keys, asked for again as long as a throttled table answers only a part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from newscast.aws.backoff import ThrottledError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_READS = 10
"""Calls for one batch, the first included; their pauses together are at most about 10 s."""


def batch(
    dynamodb: DynamoDBClient,
    table: str,
    keys: Sequence[dict[str, Any]],
    what: str,
    pause: Callable[[int], None],
) -> Iterator[dict[str, Any]]:
    """The rows that are there, in no order; at most 100 keys. `pause` waits before another call, by how many
    there were. Raises ThrottledError, which says `what` was not read."""
    asked: Any = {table: {"Keys": keys}}
    for attempt in range(MAX_READS):
        answer = dynamodb.batch_get_item(RequestItems=asked)
        yield from answer["Responses"].get(table, [])
        asked = answer.get("UnprocessedKeys")
        if not asked:
            return
        pause(attempt)
    raise ThrottledError(f"{len(asked[table]['Keys'])} {what} not read in {MAX_READS} calls")
