"""Dead letters, read without receiving them: which stage, why, since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import asdict

from newscast.aws.dead_letters import about, inside_of
from newscast.local.deployed import Deployment
from newscast.local.engine.queue import Message, Queue


@dataclass(frozen=True)
class DeadLetter:
    """One message that nobody will work on any more."""

    stage: str
    reason: str
    first_seen: str
    """ISO 8601 in UTC."""
    correlation_id: str
    body: str
    queue: str
    """Logical id of the dead-letter queue."""
    message_id: str


def dead_letter_queues(deployment: Deployment) -> dict[str, Queue]:
    """By logical id: targets of a redrive policy, a schedule or a failed asynchronous call."""
    targets = [queue.dead_letter for queue in deployment.queues.values()]
    targets += [each.on_failure for each in deployment.asynchronous.values()]
    targets += [schedule.dead_letter for schedule in deployment.schedules]
    names = {queue.name for queue in targets if queue is not None}
    return {name: queue for name, queue in deployment.queues.items() if queue.name in names}


@dataclass(frozen=True)
class Reader:
    """Reads a stack's dead letters. `stages` names each function (logical id); `problems` has the last
    problem of messages (by id) whose function ended without an answer in this run."""

    deployment: Deployment
    stages: Mapping[str, str]
    problems: Mapping[str, str]

    def read(self) -> Iterator[DeadLetter]:
        """Every dead letter, the oldest of a queue first."""
        for name, queue in dead_letter_queues(self.deployment).items():
            for message in sorted(queue, key=lambda each: each.sent_at):
                told = self._told(message)
                yield DeadLetter(**told, body=message.body, queue=name, message_id=message.id)

    def _told(self, message: Message) -> dict[str, str]:
        """Stage, reason, first_seen and correlation_id of a message, from whoever buried it."""
        given = {name: value.get("StringValue", "") for name, value in message.attributes.items()}
        sent = datetime.fromtimestamp(message.sent_at, UTC)
        told = asdict(about("unknown", message.body, given, sent))
        if "reason" in given:
            return told
        return told | (self._redriven(message) if message.source is not None else self._failed_call(message))

    def _redriven(self, message: Message) -> dict[str, str]:
        """The redrive policy's: nobody could say why."""
        consumers = {
            source.queue.logical_id: source.function.logical_id for source in self.deployment.sources
        }
        stage = self.stages.get(consumers.get(message.source or "", ""), "unknown")
        why = self.problems.get(message.id, f"{stage} crashed or timed out")
        return {"stage": stage, "reason": f"no answer came: {why} (last of {message.receives} deliveries)"}

    def _failed_call(self, message: Message) -> dict[str, str]:
        """Lambda's record of an asynchronous call that failed names its function."""
        inside = inside_of(message.body).get("requestContext")
        if not isinstance(inside, dict):
            return {}
        arn = str(inside.get("functionArn", "")).removesuffix(":$LATEST")
        functions = {function.arn: name for name, function in self.deployment.functions.items()}
        return {"stage": self.stages.get(functions.get(arn, ""), "unknown")}
