"""A function that consumes a queue: batch in, partial batch response out.

Each message is decoded, worked on and answered for alone. A message that can't be decoded, or that
fails on its last receive, goes to the stage's dead-letter queue with its reason beside it and counts as
done; the redrive policy is left for crashes and timeouts, where nobody could say why. A message that only
newer code can read fails and comes again: a deployment is soon over. What a batch brings forth is sent in
full batches as it comes, and the rest at its end; a message whose results were refused has failed. No message
is begun for which there may not be the time: it comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from newscast import tolerant
from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.event import checked
from newscast.aws.sender import MAX_BATCH, SendError
from newscast.extra import NewerError
from newscast.guard.budget import Budget
from newscast.records import SCHEMA, Message, PageWanted, Payload

Step = Callable[[Message, Edge], Iterable[Message]]
"""One message's work: the messages that go on to the next queue. Raising means our bug or AWS."""
Prepare = Callable[[Sequence[Message], Edge], None]
"""Work that is cheaper for a whole batch at once. What it can't do for a message, it leaves to the step."""
Kinds = type[Payload] | tuple[type[Payload], ...]
"""The records that a queue carries."""
After = Callable[[Edge], None]
"""Work once a batch is done, that may be lost."""
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

MAX_REASON = 900
"""Characters of a reason that are kept; what AWS quotes back can be long."""
UNKNOWN = "unknown"
"""What stands beside a message that nobody can read."""


RESERVE_SECONDS = 5.0
"""Left of an invocation for what is still to be sent."""


class OutOfTimeError(RuntimeError):
    """A message that was not begun, since its batch may have no time for it."""


class UndecodableError(ValueError):
    """A message that no retry can mend."""


def stage(
    name: str,
    accepts: Kinds,
    step: Step,
    prepare: Prepare | None = None,
    after: After | None = None,
    *,
    budget: Budget | None = None,
) -> Handler:
    """The Lambda handler of one stage: `accepts` are the records that its queue carries, `budget` what a
    worker may spend on each."""

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        records = checked(name, event)
        edge = Edge.of(name)
        consumer = Consumer(edge, accepts, step, _enough(context, budget))
        try:
            consumer.read(records)
            if prepare and consumer.messages:
                _try(prepare, list(consumer.messages.values()), edge)
            with consumer(records=records, handler=consumer.work, lambda_context=context):
                consumer.process()
            if after:
                _try(after, edge)
        finally:
            edge.close()
        return cast("dict[str, Any]", consumer.response())

    return handler


def _enough(context: Any, budget: Budget | None) -> Callable[[], bool]:
    """Whether there is time left for one more message."""
    left = getattr(context, "get_remaining_time_in_millis", None)
    if left is None or budget is None:
        return lambda: True
    needed = (budget.wall_seconds + RESERVE_SECONDS) * 1000
    return lambda: left() >= needed


def _try(work: Callable[..., None], *on: Any) -> None:
    try:
        work(*on)
    except Exception:  # one message must not fail its batch mates: the step does for each what it can
        on[-1].log.exception("work for a whole batch failed", extra={"work": work.__name__})


class Consumer(BatchProcessor):
    """Powertools' batch processor, with dead letters that say why and results sent in batches."""

    def __init__(
        self, edge: Edge, accepts: Kinds, step: Step, enough: Callable[[], bool] = lambda: True
    ) -> None:
        # If every message failed, each is still answered for alone: raising would count as a crash.
        super().__init__(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        self.messages: dict[str, Message] = {}
        """Decoded messages by SQS message id."""
        self._edge = edge
        self._accepts = accepts
        self._step = step
        self._enough = enough
        self._refused: dict[str, Exception] = {}
        self._outbox: list[tuple[SQSRecord, Message]] = []

    def read(self, records: Sequence[dict[str, Any]]) -> None:
        """Decode every message; what can't be decoded is remembered, with its reason, for `work`."""
        for raw in records:
            record = SQSRecord(raw)
            try:
                self.messages[record.message_id] = self._decode(record.body)
            except Exception as error:  # also AWS, when a claim check can't be fetched
                self._refused[record.message_id] = error

    def _decode(self, body: str) -> Message:
        try:
            message = tolerant.message(body)
        except msgspec.DecodeError as error:
            raise UndecodableError(f"not a message: {error}") from error
        if message.stored_at is not None:
            stored = self._edge.objects.get(message.stored_at)
            try:
                message = message.carrying(tolerant.payload(stored, message.schema))
            except msgspec.DecodeError as error:
                raise UndecodableError(f"not a message body: {error}") from error
        if not isinstance(message.body, self._accepts):
            found = type(message.body).__name__
            raised = NewerError if message.schema > SCHEMA else UndecodableError
            raise raised(f"this queue carries {_names(self._accepts)}, not {found}")
        return message

    def work(self, record: SQSRecord) -> None:
        """One message's work; Powertools calls this for each and keeps their failures apart."""
        if error := self._refused.get(record.message_id):
            raise error
        message = self.messages[record.message_id]
        if (
            len(self._outbox) >= MAX_BATCH
        ):  # all of messages that are done: a refusal takes their success back
            self._flush()
        if not self._enough():
            raise OutOfTimeError("no time for it was left in its batch")
        self._edge.log.append_keys(correlation_id=message.correlation_id)
        self._outbox += [(record, result) for result in self._step(message, self._edge)]

    def success_handler(self, record: Any, result: Any) -> Any:
        """Powertools hands the raw record to this one, and a wrapped one to its twin."""
        return super().success_handler(SQSRecord(record) if isinstance(record, dict) else record, result)

    def failure_handler(self, record: Any, exception: Any) -> Any:
        """Log and count a failure; bury the message if it can't be mended or had its last chance."""
        error = exception[1]
        message = self.messages.get(record.message_id)
        self._edge.log.append_keys(correlation_id=message.correlation_id if message else UNKNOWN)
        self._edge.log.error("message failed", exc_info=exception, extra={"message_id": record.message_id})
        self._edge.failure(type(error).__name__)
        last = _receives(record) >= self._edge.settings.max_receives
        begun = not isinstance(error, OutOfTimeError)
        if begun and (last or isinstance(error, UndecodableError)) and self._bury(record, error):
            return self.success_handler(record=record, result=None)
        return super().failure_handler(record, exception)

    def _bury(self, record: SQSRecord, error: BaseException) -> bool:
        """Send to the dead-letter queue; false if that fails too, when the redrive policy will."""
        message = self.messages.get(record.message_id)
        about = {
            "stage": self._edge.stage,
            "reason": f"{type(error).__name__}: {error}"[:MAX_REASON],
            "first_seen": message.first_seen.isoformat() if message else _sent_at(record),
            "correlation_id": message.correlation_id if message else UNKNOWN,
        }
        try:
            clients.sqs().send_message(
                QueueUrl=self._edge.settings.need("dead_letter_queue_url").dead_letter_queue_url,
                MessageBody=record.body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": _printable(text)}
                    for name, text in about.items()
                },
            )
        except Exception:
            self._edge.log.exception("the dead-letter queue did not take a message")
            return False
        self._edge.count("DeadLetters")
        return True

    def _clean(self) -> None:
        """End of the batch: send what is left, then report failures as Powertools does."""
        self._flush()
        super()._clean()  # type: ignore[no-untyped-call]  # Powertools leaves it untyped

    def _flush(self) -> None:
        """Send what the batch has brought forth so far."""
        to_pages = [isinstance(message.body, PageWanted) for _, message in self._outbox]
        for chosen in sorted(set(to_pages)):
            self._send([sent for sent, its in zip(self._outbox, to_pages, strict=True) if its is chosen])
        self._outbox.clear()

    def _send(self, sent: Sequence[tuple[SQSRecord, Message]]) -> None:
        """Send what goes to one queue."""
        try:
            self._edge.sender_of(sent[0][1].body).send(message for _, message in sent)
        except SendError as error:
            reasons = error.failed.items()
            self._fail({sent[place][0].message_id: SendError({0: why}) for place, why in reasons})
        except Exception as error:  # a setting is missing: nothing was sent
            self._fail({record.message_id: error for record, _ in sent})

    def _fail(self, errors: Mapping[str, Exception]) -> None:
        """Take back the success of messages, by id, each for its own reason."""
        done = cast("list[SQSRecord]", self.success_messages)
        self.success_messages = [record for record in done if record.message_id not in errors]
        for record in done:
            if error := errors.get(record.message_id):
                self.failure_handler(record, (type(error), error, error.__traceback__))


def _names(kinds: Kinds) -> str:
    return " or ".join(kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


def _receives(record: SQSRecord) -> int:
    """Deliveries so far; 1 in an event made by hand, which need not say."""
    return int(record.raw_event.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _sent_at(record: SQSRecord) -> str:
    """When a message that nobody can read was sent, the nearest there is to when it was first seen."""
    sent = record.raw_event.get("attributes", {}).get("SentTimestamp")
    return datetime.fromtimestamp(int(sent) / 1000, UTC).isoformat() if sent else UNKNOWN


def _printable(text: str) -> str:
    """SQS refuses characters outside XML 1.0, and an empty value."""
    return text.encode("ascii", "backslashreplace").decode().translate(_CONTROLS) or "-"


_CONTROLS = dict.fromkeys(range(32), " ") | {127: " "}
