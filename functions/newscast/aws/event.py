"""The event of a consumer, checked: a person may write one by hand, and is told what is wrong where."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct


class EventError(ValueError):
    """An event that is not what the function takes; the message says which key of which record."""


class _Attributes(Struct, frozen=True):
    ApproximateReceiveCount: Annotated[int, Meta(ge=1)] = 1
    SentTimestamp: int = 0


class _Record(Struct, frozen=True):
    messageId: Annotated[str, Meta(min_length=1)]  # noqa: N815  # Lambda's name for it
    body: str
    attributes: _Attributes = _Attributes()


class _Event(Struct, frozen=True):
    Records: list[_Record]


def checked(name: str, event: Any) -> list[dict[str, Any]]:
    """The records of an SQS event, as they were given. Raises EventError.

    A message that a batch holds twice comes once: SQS delivers at least once, and Lambda fills a batch from
    several receives. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    try:
        found = msgspec.convert(event, _Event, strict=False)  # Lambda writes numbers as strings
    except msgspec.ValidationError as error:
        raise EventError(f"{name} takes an SQS event: {error}") from error
    first: dict[str, int] = {}
    for place, record in enumerate(found.Records):
        before = first.setdefault(record.messageId, place)
        if found.Records[before].body != record.body:
            raise EventError(
                f"{name} takes an SQS event: `$.Records[{place}].messageId` is that of `$.Records[{before}]`"
            )
    return [event["Records"][place] for place in first.values()]
