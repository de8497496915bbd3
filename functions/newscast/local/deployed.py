"""A stack as it stands in moto, in the terms that the runtime works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newscast.local.engine.queue import Queue
from newscast.local.engine.table import Table
from newscast.local.intrinsics import Resolver

REGION = "us-east-1"
"""Where the embedded AWS is."""


@dataclass(frozen=True)
class Function:
    """One deployed function."""

    logical_id: str
    name: str
    arn: str
    handler: str
    timeout: int
    """Seconds."""
    memory: int
    """MiB."""
    environment: dict[str, str]
    """As deployed; a change holds from the next call on, as after an update of the configuration."""
    processor: str
    """arm64 or x86_64."""
    code: str
    """Folder that its modules are imported from."""


@dataclass(frozen=True)
class EventSource:
    """An event source mapping (Lambda's name for it): one queue's messages to one function."""

    queue: Queue
    function: Function
    batch_size: int
    window: float
    """Seconds that a batch may wait to fill."""
    partial: bool
    """Whether the function answers with the messages that failed."""


@dataclass(frozen=True)
class AsyncInvocation:
    """What happens when an asynchronous call fails."""

    retries: int = 2
    max_age: float = 21_600.0
    """Seconds."""
    on_failure: Queue | None = None


@dataclass(frozen=True, eq=False)
class Schedule:
    """What fires, when, and with which event."""

    logical_id: str
    function: Function
    expression: str
    timezone: str
    event: Any
    enabled: bool
    dead_letter: Queue | None


@dataclass(frozen=True)
class Deployment:
    """What was deployed."""

    physical: Mapping[str, str]
    """Physical ids (a queue's URL) by logical id."""
    logical: Mapping[str, str]
    """Logical ids of tables, queues and buckets by their names."""
    functions: Mapping[str, Function]
    queues: Mapping[str, Queue]
    tables: Mapping[str, Table]
    buckets: Mapping[str, str]
    """Names by logical id, as for the three above."""
    sources: tuple[EventSource, ...]
    schedules: tuple[Schedule, ...]
    asynchronous: Mapping[str, AsyncInvocation]
    resolve: Resolver
