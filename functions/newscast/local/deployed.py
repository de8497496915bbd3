"""A deployed stack, in the terms that the runtime works with: its plan, and the plan over a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newscast.local.database import Database
from newscast.local.engine.objects import Bucket
from newscast.local.engine.queue import Declared, Queue
from newscast.local.engine.table import Index, Table
from newscast.local.expiry import Lifetime
from newscast.local.permissions import Grant

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
class DeclaredTable:
    """A table without its items. `types` gives each key attribute's type (S, N, B)."""

    name: str
    primary: Index
    indexes: dict[str, Index]
    types: dict[str, str]
    lives_until: str | None
    """The attribute that holds an item's time to live, if the table has one."""


@dataclass(frozen=True)
class DeclaredBucket:
    """A bucket without its objects, and how long these live."""

    name: str
    lifetimes: list[Lifetime]


@dataclass(frozen=True)
class DeclaredSource:
    """An event source mapping (Lambda's name for it): a queue's messages to a function, by logical ids."""

    queue: str
    function: str
    batch_size: int
    window: float
    """Seconds that a batch may wait to fill."""
    partial: bool
    """Whether the function answers with the messages that failed."""


@dataclass(frozen=True)
class DeclaredCall:
    """What happens when an asynchronous call fails. `on_failure` is a queue's logical id."""

    retries: int = 2
    max_age: float = 21_600.0
    """Seconds."""
    on_failure: str | None = None


@dataclass(frozen=True)
class DeclaredSchedule:
    """What fires, when, and with which event; function and queue by logical ids."""

    logical_id: str
    function: str
    expression: str
    timezone: str
    event: Any
    enabled: bool
    dead_letter: str | None


@dataclass(frozen=True)
class Plan:
    """All that was deployed: plain data, written to a file and read back (plan.py). By logical ids."""

    account: str
    functions: dict[str, Function]
    queues: dict[str, Declared]
    tables: dict[str, DeclaredTable]
    buckets: dict[str, DeclaredBucket]
    sources: list[DeclaredSource]
    schedules: list[DeclaredSchedule]
    calls: dict[str, DeclaredCall]
    """Asynchronous ones, by the function's logical id."""
    grants: dict[str, list[Grant]] | None
    """What each function's role allows; None where that can't be judged, and `ungranted` says why."""
    ungranted: str = ""


@dataclass(frozen=True)
class EventSource:
    """As DeclaredSource."""

    queue: Queue
    function: Function
    batch_size: int
    window: float
    partial: bool


@dataclass(frozen=True)
class AsyncInvocation:
    """As DeclaredCall."""

    retries: int
    max_age: float
    on_failure: Queue | None


@dataclass(frozen=True, eq=False)
class Schedule:
    """As DeclaredSchedule."""

    logical_id: str
    function: Function
    expression: str
    timezone: str
    event: Any
    enabled: bool
    dead_letter: Queue | None


@dataclass(frozen=True)
class Deployment:
    """A plan whose tables, queues and buckets have what they hold."""

    plan: Plan
    logical: Mapping[str, str]
    """Logical ids of tables, queues and buckets by their names."""
    functions: Mapping[str, Function]
    queues: Mapping[str, Queue]
    tables: Mapping[str, Table]
    objects: Mapping[str, Bucket]
    sources: tuple[EventSource, ...]
    schedules: tuple[Schedule, ...]
    asynchronous: Mapping[str, AsyncInvocation]

    @property
    def buckets(self) -> Mapping[str, str]:
        """Names by logical id."""
        return {name: bucket.name for name, bucket in self.objects.items()}


def deployment(plan: Plan, database: Database) -> Deployment:
    """A plan over a state."""
    db = database.db
    queues = {name: Queue(db, declared) for name, declared in plan.queues.items()}
    for queue in queues.values():
        if queue.declared.dead_letter:
            queue.dead_letter = queues[queue.declared.dead_letter]
    tables = {
        name: Table(
            db,
            name,
            each.name,
            primary=each.primary,
            indexes=each.indexes,
            types=each.types,
            lives_until=each.lives_until,
        )
        for name, each in plan.tables.items()
    }
    objects = {name: Bucket(db, name, each.name, database.objects) for name, each in plan.buckets.items()}
    return Deployment(
        plan=plan,
        logical={queue.name: name for name, queue in queues.items()}
        | {table.name: name for name, table in tables.items()}
        | {bucket.name: name for name, bucket in objects.items()},
        functions=plan.functions,
        queues=queues,
        tables=tables,
        objects=objects,
        sources=tuple(
            EventSource(
                queues[each.queue],
                plan.functions[each.function],
                each.batch_size,
                each.window,
                each.partial,
            )
            for each in plan.sources
        ),
        schedules=tuple(
            Schedule(
                each.logical_id,
                plan.functions[each.function],
                each.expression,
                each.timezone,
                each.event,
                each.enabled,
                queues[each.dead_letter] if each.dead_letter else None,
            )
            for each in plan.schedules
        ),
        asynchronous={
            name: AsyncInvocation(
                each.retries, each.max_age, queues[each.on_failure] if each.on_failure else None
            )
            for name, each in plan.calls.items()
        },
    )
