"""A stack in this process: the template deployed to the embedded AWS, its queues polled, its schedules fired.

with Stack.open(Path("infra/template.yaml"), parameters={"PollFloorMinutes": "30"}) as stack:
    stack.invoke("schedule", {})
    stack.drain()
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import boto3

from newscast.aws import clients
from newscast.local import asynchronous, dead_letters, kept, notes, opening, schedules
from newscast.local.account import account
from newscast.local.cost import Cost, cost
from newscast.local.database import VERSION, Database
from newscast.local.dead_letters import DeadLetter
from newscast.local.deployed import REGION, Deployment, Function, Schedule, deployment
from newscast.local.engine import gate as gates
from newscast.local.engine.dynamodb import DynamoDB
from newscast.local.engine.gate import Gate
from newscast.local.engine.queue import Counts
from newscast.local.engine.s3 import S3
from newscast.local.engine.sqs import Sqs
from newscast.local.invoke import Functions, Report
from newscast.local.logs import Logs, released
from newscast.local.permissions import Permissions
from newscast.local.plan import plan
from newscast.local.pollers import AfterFailure, Batch, Poller
from newscast.local.problem import TemplateError
from newscast.local.takeover import take_over

IDLE_SECONDS = 0.2
"""Between two looks at quiet queues."""


@dataclass(frozen=True)
class Progress:
    """Told after each batch, and while nothing can be done but wait."""

    left: Callable[[], Mapping[str, int]]
    """Counts the messages in each consumer's queue, by the stage that will work on them."""
    batch: Batch | None = None
    waiting: float | None = None
    """Seconds until the next delayed message shows."""


@dataclass(frozen=True)
class Drained:
    """What `drain` did."""

    batches: int
    messages: int
    left: int
    """Messages that were not waited for."""


class Stack:
    """An open stack. Make one with `Stack.open`; one at a time in a process."""

    _open = False

    def __init__(
        self,
        *,
        deployment: Deployment,
        gate: Gate,
        functions: Functions,
        logs: Logs,
        permissions: Permissions | None,
        database: Database,
        observer: Callable[[Report], None] | None,
        after_failure: AfterFailure,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.deployment = deployment
        self.logs = logs
        self.permissions = permissions
        """Which grants were used, which calls were refused; None where roles are not enforced."""
        self.database = database
        self.gate = gate
        self.notes = notes.Notes(database, gate)
        self.invocations: Counter[str] = Counter()
        """By function (logical id)."""
        self._functions = functions
        self._observer = observer
        self._now = now
        self._sleep = sleep
        self._gb_seconds: defaultdict[str, float] = defaultdict(float)
        self._fired = 0
        self._problems: dict[str, str] = {}
        self._stages = _stage_names(deployment.functions)
        self._after_failure = after_failure

    # -------------------------------------------------------------------------------- open and close
    @classmethod
    @contextmanager
    def open(
        cls,
        template: Path,
        data_dir: Path | None = None,
        parameters: Mapping[str, str] | None = None,
        *,
        polls: bool = True,
        tells: gates.Notes | None = None,
        observer: Callable[[Report], None] | None = None,
        enforce_roles: bool = True,
        after_failure: AfterFailure = "at once",
        log_to: TextIO | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Iterator[Stack]:
        """Play a template, and go on from the state in `data_dir`, if there is one.

        With `polls` this process alone may call `drain` and `serve`; others can use the same state meanwhile.
        `tells` says what is noted of what is written (newscast.local.notes). `log_to` also gets what
        handlers print. Raises TemplateError and StateError, one line each.
        """
        if cls._open:
            raise RuntimeError("a stack is already open in this process")
        given = parameters or {}
        with ExitStack() as closing:
            cls._open = True
            closing.callback(setattr, cls, "_open", False)
            database = Database(data_dir)
            closing.callback(database.close)
            if data_dir and polls:
                closing.enter_context(opening.polling(data_dir))
            closing.enter_context(account())
            deployed = deployment(plan(template, given, data_dir), database)
            if database.version != VERSION:
                take_over(database, deployed)
            opening.check_places(database, deployed)
            kept.hold(database, deployed, given, now())
            if polls:
                opening.show_again(database)
                notes.forget(database)
                opening.expire(database, deployed, now())
            dynamodb, sqs, s3 = DynamoDB(now), Sqs(now), S3(now)
            dynamodb.tables = {table.name: table for table in deployed.tables.values()}
            sqs.queues = {queue.name: queue for queue in deployed.queues.values()}
            s3.buckets = {bucket.name: bucket for bucket in deployed.objects.values()}
            permissions = _permissions(deployed) if enforce_roles else None
            if permissions:
                permissions.watch(boto3._get_default_session().events)
            gate = Gate(database, dynamodb, sqs, s3, tells)
            gate.install()
            closing.callback(gate.remove)
            logs = Logs(data_dir / "logs" if data_dir else None, log_to)
            closing.callback(logs.close)
            closing.callback(released, logs)
            functions = Functions(gate, logs, permissions)
            closing.callback(functions.close)
            closing.enter_context(opening.interruptible(gate))
            yield cls(
                deployment=deployed,
                gate=gate,
                functions=functions,
                logs=logs,
                permissions=permissions,
                database=database,
                observer=observer,
                after_failure=after_failure,
                now=now,
                sleep=sleep,
            )

    # ------------------------------------------------------------------------------------ what is there
    @property
    def table_name(self) -> str:
        """Name of the stack's one table."""
        (table,) = self.deployment.tables.values()
        return table.name

    @property
    def bucket(self) -> str:
        """Name of the stack's one bucket."""
        (bucket,) = self.deployment.buckets.values()
        return bucket

    def function(self, name: str) -> Function:
        """By stage (`schedule`), logical id or function name. Raises LookupError that lists the stages."""
        wanted = name.lower()
        for logical_id, function in self.deployment.functions.items():
            if wanted in (logical_id.lower(), function.name.lower(), self._stages[logical_id]):
                return function
        raise LookupError(f"no function {name}; there are {', '.join(self._stages.values())}")

    def set(self, variable: str, value: str) -> None:
        """Give a variable of its environment, to every function that has it, another value than the template
        would take. Raises LookupError for one that none has."""
        having = [each for each in self.deployment.functions.values() if variable in each.environment]
        if not having:
            raise LookupError(f"no function has the variable {variable}")
        for function in having:
            function.environment[variable] = value

    def depths(self) -> dict[str, Counts]:
        """Messages of every queue, by its logical id."""
        now = self._now()
        with self.gate.turn():
            return {name: queue.counts(now) for name, queue in self.deployment.queues.items()}

    def dead_letters(self) -> list[DeadLetter]:
        """Every dead letter, with its reason."""
        with self.gate.turn():
            return list(dead_letters.Reader(self.deployment, self._stages, self._problems).read())

    @contextmanager
    def unbilled(self) -> Iterator[None]:
        """Calls of the block are this command's own, and no part of what the stack would have cost."""
        units = (self.gate.dynamodb.units, self.gate.sqs.units, self.gate.s3.units)
        before = [dict(each) for each in units]
        try:
            yield
        finally:
            for each, was in zip(units, before, strict=True):
                each.clear()
                each.update(was)

    def cost(self) -> Cost:
        """What this stack's calls since it was opened would have cost on AWS."""
        use = {f"dynamodb.{unit}": quantity for unit, quantity in self.gate.dynamodb.units.items()}
        use |= {f"sqs.{unit}": quantity for unit, quantity in self.gate.sqs.units.items()}
        use |= {f"s3.{unit}": quantity for unit, quantity in self.gate.s3.units.items()}
        use |= {f"lambda.gb_seconds.{processor}": spent for processor, spent in self._gb_seconds.items()}
        use["lambda.requests"] = sum(self.invocations.values())
        use["logs.gb"] = sum(self.logs.bytes.values()) / 1e9
        use["scheduler.invocations"] = self._fired
        return cost(use)

    # ------------------------------------------------------------------------------------------ work
    def invoke(self, name: str, event: Any) -> Report:
        """One function on one event, at once and once. Raises LookupError."""
        return self._call(self.function(name), event)

    def fire_now(self) -> list[Report]:
        """Every enabled schedule, due or not; the last attempt's report of each."""
        return [self._fire(schedule) for schedule in self.deployment.schedules if schedule.enabled]

    def drain(
        self, progress: Callable[[Progress], None] | None = None, max_wait: float | None = None
    ) -> Drained:
        """Work on all messages until every consumer's queue is empty.

        Delayed messages are waited for, those further off than `max_wait` seconds are left. A source with
        a batching window gets short batches only when nothing else can fill them.
        """
        batches = messages = 0
        while True:
            if found := self._round():
                for batch in found:
                    batches, messages = batches + 1, messages + batch.size
                    if progress:
                        progress(Progress(self._left, batch))
                continue
            wait = self._next_wait()
            if wait is None or (max_wait is not None and wait > max_wait):
                return Drained(batches, messages, sum(self._left().values()))
            if progress:
                progress(Progress(self._left, waiting=wait))
            self._sleep(min(wait, 1.0))

    def serve(
        self,
        stop: threading.Event | None = None,
        progress: Callable[[Progress], None] | None = None,
        fired: Callable[[Report, datetime | None], None] | None = None,
    ) -> None:
        """Fire schedules when they are due and poll, until asked to stop.

        SIGINT and SIGTERM ask (in the main thread): the batch in hand is finished first. A second one
        ends at once, with KeyboardInterrupt. `fired` is told the report of each round and when the next is.
        """
        stop = stop or threading.Event()
        ticks = {
            schedule: schedules.parse(schedule.expression, schedule.timezone)
            for schedule in self.deployment.schedules
            if schedule.enabled
        }

        def now() -> datetime:
            return datetime.fromtimestamp(self._now(), UTC)

        started = now()
        due = {
            schedule: schedules.first(schedule.expression, tick, started) for schedule, tick in ticks.items()
        }
        with opening.stopping(stop, self.gate):
            while not stop.is_set():
                for schedule, at in due.items():
                    if at is not None and at <= now() and not stop.is_set():
                        due[schedule] = ticks[schedule](now())
                        report = self._fire(schedule)
                        if fired:
                            fired(report, due[schedule])
                found = self._round()
                for batch in found:
                    if progress:
                        progress(Progress(self._left, batch))
                if not found:
                    stop.wait(IDLE_SECONDS)

    # ----------------------------------------------------------------------------------------- parts
    @cached_property
    def _pollers(self) -> list[Poller]:
        # Made when they are needed: a client takes longer than most commands that poll nothing.
        return [
            Poller(source, clients.sqs(), self._invoker(source.function), self._after_failure)
            for source in self.deployment.sources
        ]

    def _invoker(self, function: Function) -> Callable[[Any], Report]:
        return lambda event: self._call(function, event)

    def _call(self, function: Function, event: Any) -> Report:
        report = self._functions.invoke(function, event)
        self.invocations[function.logical_id] += 1
        self._gb_seconds[function.processor] += function.memory / 1024 * report.billed_ms / 1000
        if self._observer:
            self._observer(report)
        return report

    def _fire(self, schedule: Schedule) -> Report:
        """As Scheduler does: an asynchronous call, tried again as the function's configuration says."""
        self._fired += 1
        about = self.deployment.asynchronous[schedule.function.logical_id]
        return asynchronous.call(schedule.function, schedule.event, about, self._call, clients.sqs())

    def _round(self) -> list[Batch]:
        """One poll of every source that has a full batch or no window; else of the first that has any."""
        now = self._now()
        found: list[Batch] = []
        for poller in self._pollers:
            visible = self._visible(poller, now)
            if visible and (not poller.source.window or visible >= poller.source.batch_size):
                found += self._poll(poller)
        for poller in self._pollers:
            if not found and self._visible(poller, now):
                found += self._poll(poller)
        return found

    def _poll(self, poller: Poller) -> list[Batch]:
        batches = poller.poll()
        for batch in batches:
            for message_id in batch.message_ids:
                if batch.report.problem:
                    self._problems[message_id] = batch.report.problem
                else:
                    self._problems.pop(message_id, None)
        return batches

    def _visible(self, poller: Poller, now: float) -> int:
        """How many messages its next batch can have."""
        with self.gate.turn():
            return poller.source.queue.visible(now, poller.source.batch_size)

    def _left(self) -> dict[str, int]:
        with self.gate.turn():
            return {
                self._stages[poller.source.function.logical_id]: poller.source.queue.depth
                for poller in self._pollers
            }

    def _next_wait(self) -> float | None:
        now = self._now()
        with self.gate.turn():
            first = [poller.source.queue.first_visible_at() for poller in self._pollers]
        return min((max(0.0, at - now) for at in first if at is not None), default=None)


def _permissions(deployed: Deployment) -> Permissions:
    """Raises TemplateError for a role that can't be judged."""
    if deployed.plan.grants is None:
        raise TemplateError(deployed.plan.ungranted)
    return Permissions(deployed.plan.grants, REGION, deployed.plan.account)


def _stage_names(functions: Mapping[str, Function]) -> dict[str, str]:
    """A function's stage is its handler's module (`newscast.handlers.fetch.handler` is `fetch`)."""
    modules = {name: function.handler.split(".")[-2] for name, function in functions.items()}
    counted = Counter(modules.values())
    return {
        name: module if counted[module] == 1 else name.removesuffix("Function").lower()
        for name, module in modules.items()
    }
