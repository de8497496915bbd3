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
from pathlib import Path
from typing import Any, TextIO

import boto3

from newscast.aws import clients
from newscast.local import asynchronous, dead_letters, opening, schedules
from newscast.local.cost import Cost, cost
from newscast.local.dead_letters import DeadLetter
from newscast.local.deploy import deploy
from newscast.local.deployed import Deployment, Function, Schedule
from newscast.local.engine.dynamodb import DynamoDB
from newscast.local.engine.gate import Gate
from newscast.local.engine.queue import Counts
from newscast.local.engine.sqs import Sqs
from newscast.local.invoke import Functions, Report
from newscast.local.journal import Journal
from newscast.local.logs import Logs, released
from newscast.local.permissions import Permissions
from newscast.local.pollers import AfterFailure, Batch, Poller

IDLE_SECONDS = 0.2
"""Between two looks at quiet queues."""


@dataclass(frozen=True)
class Progress:
    """Told after each batch, and while nothing can be done but wait."""

    left: Mapping[str, int]
    """Messages in each consumer's queue, by the stage that will work on them."""
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
        journal: Journal | None,
        observer: Callable[[Report], None] | None,
        after_failure: AfterFailure,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.deployment = deployment
        self.logs = logs
        self.permissions = permissions
        """Which grants were used, which calls were refused; None where roles are not enforced."""
        self.journal = journal
        self.gate = gate
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
        self._pollers = [
            Poller(source, clients.sqs(), self._invoker(source.function), after_failure)
            for source in deployment.sources
        ]

    # -------------------------------------------------------------------------------- open and close
    @classmethod
    @contextmanager
    def open(
        cls,
        template: Path,
        data_dir: Path | None = None,
        parameters: Mapping[str, str] | None = None,
        *,
        observer: Callable[[Report], None] | None = None,
        enforce_roles: bool = True,
        after_failure: AfterFailure = "at once",
        log_to: TextIO | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Iterator[Stack]:
        """Deploy a template and go on from the state in `data_dir`, if there is one.

        Raises TemplateError and JournalError, one line each. `log_to` also gets what handlers print.
        """
        if cls._open:
            raise RuntimeError("a stack is already open in this process")
        with ExitStack() as closing:
            cls._open = True
            closing.callback(setattr, cls, "_open", False)
            journal = Journal(data_dir) if data_dir else None
            if journal:
                closing.callback(journal.close)
            closing.enter_context(opening.no_account())
            deployment = deploy(opening.translated(template), parameters or {})
            permissions = Permissions.of(deployment.resolve) if enforce_roles else None
            if permissions:
                session = boto3._get_default_session()
                permissions.watch(session.events)
            clients.forget()
            dynamodb, sqs = DynamoDB(now), Sqs(now)
            dynamodb.tables = {table.name: table for table in deployment.tables.values()}
            sqs.queues = {queue.name: queue for queue in deployment.queues.values()}
            if journal:
                opening.restore(deployment, journal, now())
            gate = Gate(dynamodb, sqs, deployment.logical, deployment.resolve.account, journal)
            gate.install()
            closing.callback(gate.remove)
            logs = Logs(data_dir / "logs" if data_dir else None, log_to)
            closing.callback(logs.close)
            closing.callback(released, logs)
            functions = Functions(gate, logs, permissions)
            closing.callback(functions.close)
            closing.enter_context(opening.interruptible(gate))
            yield cls(
                deployment=deployment,
                gate=gate,
                functions=functions,
                logs=logs,
                permissions=permissions,
                journal=journal,
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
        return {name: queue.counts(now) for name, queue in self.deployment.queues.items()}

    def dead_letters(self) -> list[DeadLetter]:
        """Every dead letter, with its reason."""
        return list(dead_letters.Reader(self.deployment, self._stages, self._problems).read())

    def cost(self) -> Cost:
        """What this stack's calls since it was opened would have cost on AWS."""
        use = {f"dynamodb.{unit}": quantity for unit, quantity in self.gate.dynamodb.units.items()}
        use |= {f"sqs.{unit}": quantity for unit, quantity in self.gate.sqs.units.items()}
        use |= {f"s3.{unit}": quantity for unit, quantity in self.gate.units.items()}
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
                        progress(Progress(self._left(), batch))
                continue
            wait = self._next_wait()
            if wait is None or (max_wait is not None and wait > max_wait):
                return Drained(batches, messages, sum(self._left().values()))
            if progress:
                progress(Progress(self._left(), waiting=wait))
            self._sleep(min(wait, 1.0))

    def serve(
        self,
        stop: threading.Event | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        """Fire schedules when they are due and poll, until asked to stop.

        SIGINT and SIGTERM ask (in the main thread): the batch in hand is finished first. A second one
        ends at once, with KeyboardInterrupt.
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
                        self._fire(schedule)
                found = self._round()
                for batch in found:
                    if progress:
                        progress(Progress(self._left(), batch))
                if not found:
                    stop.wait(IDLE_SECONDS)

    # ----------------------------------------------------------------------------------------- parts
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
            visible = poller.source.queue.visible(now)
            if visible and (not poller.source.window or visible >= poller.source.batch_size):
                found += self._poll(poller)
        for poller in self._pollers:
            if not found and poller.source.queue.visible(now):
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

    def _left(self) -> dict[str, int]:
        return {
            self._stages[poller.source.function.logical_id]: poller.source.queue.depth
            for poller in self._pollers
        }

    def _next_wait(self) -> float | None:
        hidden = [poller.source.queue.next_visible_at() for poller in self._pollers]
        return min((max(0.0, at - self._now()) for at in hidden if at is not None), default=None)


def _stage_names(functions: Mapping[str, Function]) -> dict[str, str]:
    """A function's stage is its handler's module (`newscast.handlers.fetch.handler` is `fetch`)."""
    modules = {name: function.handler.split(".")[-2] for name, function in functions.items()}
    counted = Counter(modules.values())
    return {
        name: module if counted[module] == 1 else name.removesuffix("Function").lower()
        for name, module in modules.items()
    }
