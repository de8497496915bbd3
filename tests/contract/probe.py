"""A probe: calls in a row on a fresh table or queues, and what AWS answers to each by its documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contract.backends import Backend

DOCS = "https://docs.aws.amazon.com/"
GUIDE = DOCS + "amazondynamodb/latest/developerguide/"
API = DOCS + "amazondynamodb/latest/APIReference/"
SQS_API = DOCS + "AWSSimpleQueueService/latest/APIReference/"
SQS_GUIDE = DOCS + "AWSSimpleQueueService/latest/SQSDeveloperGuide/"

INVALID = "ValidationException"
CONDITION = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
ABSENT = object()
"""Stands for a part that an answer must not have."""


@dataclass(frozen=True)
class Refused:
    """An error that a function judges."""

    told: Callable[[dict[str, Any]], bool]


Expected = str | Mapping[str, Any] | Callable[[dict[str, Any]], bool] | Refused | None
"""An error's code; parts of the answer; a test of it; None: any answer but an error."""


@dataclass(frozen=True)
class Step:
    operation: str
    """boto3's name; `wait` lets seconds pass."""
    parameters: Mapping[str, Any]
    """TABLE, QUEUE and DEAD stand for the names of what is fresh, Handle(n) for a receipt handle."""
    expected: Expected = None


@dataclass(frozen=True)
class Probe:
    name: str
    steps: tuple[Step, ...]
    source: str = ""
    """Where AWS says so, if that is contested."""
    table: str = "main"
    queue: Mapping[str, Any] = field(default_factory=dict)
    """Attributes of QUEUE; `max_receives` gives it the dead letter queue DEAD."""


TABLE, QUEUE, DEAD, DEAD_ARN = "«table»", "«queue»", "«dead»", "«dead arn»"
TOKEN, OTHER_TOKEN = "«token»", "«other token»"


@dataclass(frozen=True)
class Handle:
    """The receipt handle of the nth message received so far (from 0)."""

    number: int


SQS_OPERATIONS = frozenset(
    {"send_message", "send_message_batch", "receive_message", "delete_message", "delete_message_batch",
     "change_message_visibility", "change_message_visibility_batch", "purge_queue", "get_queue_attributes",
     "list_dead_letter_source_queues", "start_message_move_task", "list_message_move_tasks"}
)  # fmt: skip


def run(probe: Probe, backend: Backend) -> str | None:
    """None where a backend answers as AWS does; else the first answer that differs, in short."""
    named: dict[str, str] = {}
    is_sqs = any(step.operation in SQS_OPERATIONS for step in probe.steps)
    if is_sqs:
        attributes = dict(probe.queue)
        if "max_receives" in attributes:
            named[DEAD] = attributes["dead_letter"] = backend.queue()
            named[DEAD_ARN] = backend.arn(named[DEAD])
        named[QUEUE] = backend.queue(**attributes)
    else:
        named[TABLE] = backend.table(probe.table)
        named |= {TOKEN: f"{named[TABLE]}-1", OTHER_TOKEN: f"{named[TABLE]}-2"}
    handles: list[str] = []
    for number, step in enumerate(probe.steps):
        if step.operation == "wait":
            backend.wait(step.parameters["seconds"])
            continue
        fill = _Filled(named, handles)
        answer = backend.call("sqs" if is_sqs else "dynamodb", step.operation, fill(_whole(step, is_sqs)))
        handles += [message["ReceiptHandle"] for message in answer.get("Messages", [])]
        if not matches(answer, fill(step.expected)):
            return f"{number}: {answer.get('Error', 'answers')}"
    return None


def _whole(step: Step, is_sqs: bool) -> dict[str, Any]:
    """A step's parameters with its table or queue."""
    given = dict(step.parameters)
    if is_sqs:
        if not step.operation.endswith(("_task", "_tasks")):
            given.setdefault("QueueUrl", QUEUE)
    elif "TransactItems" in given:
        given["TransactItems"] = [
            {kind: {"TableName": TABLE, **one} for kind, one in each.items()}
            for each in given["TransactItems"]
        ]
    elif "RequestItems" not in given:
        given.setdefault("TableName", TABLE)
    return given


@dataclass(frozen=True)
class _Filled:
    """Puts names and handles where they are stood for."""

    named: Mapping[str, str]
    handles: list[str]

    def __call__(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return self.handles[value.number] if value.number < len(self.handles) else "none was received"
        if isinstance(value, str):
            return self.named.get(value, value)
        if isinstance(value, Mapping):
            return {self(key): self(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self(each) for each in value]
        return value


def told(expected: Expected) -> str:
    """An expectation in short."""
    if isinstance(expected, str):
        return expected
    if isinstance(expected, Refused):
        return "refuses, with reasons"
    return str(expected.get("Error", "answers")) if isinstance(expected, Mapping) else "answers"


def matches(answer: dict[str, Any], expected: Expected) -> bool:
    """Whether an answer is what was expected of it."""
    if expected is None:
        return "Error" not in answer
    if isinstance(expected, str):
        return answer.get("Error") == expected
    if isinstance(expected, Refused):
        return "Error" in answer and expected.told(answer)
    if callable(expected):
        try:
            return "Error" not in answer and expected(answer)
        except (KeyError, IndexError, TypeError):  # a part that it looks for is not there
            return False
    if "Error" in answer and "Error" not in expected:
        return False
    return all(
        name not in answer if value is ABSENT else name in answer and plain(answer[name]) == plain(value)
        for name, value in expected.items()
    )


def plain(value: Any) -> Any:
    """An answer without what AWS leaves open: the order of a set, a list of items as what it holds."""
    if isinstance(value, Mapping):
        if len(value) == 1 and next(iter(value)) in ("SS", "NS", "BS"):
            return {kind: sorted(part) for kind, part in value.items()}
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


# ------------------------------------------------------------------------------- items, written shortly
KEY: dict[str, Any] = {"PK": {"S": "p"}, "SK": {"S": "s"}}


def s(text: str) -> dict[str, Any]:
    return {"S": text}


def n(number: object) -> dict[str, Any]:
    return {"N": str(number)}


def put(expected: Expected = None, *, key: Mapping[str, Any] = KEY, **attributes: Any) -> Step:
    return Step("put_item", {"Item": {**key, **attributes}}, expected)


def get(expected: Expected = None, *, key: Mapping[str, Any] = KEY, **more: Any) -> Step:
    return Step("get_item", {"Key": dict(key), "ConsistentRead": True, **more}, expected)


def holds(**attributes: Any) -> dict[str, Any]:
    """What a get of KEY answers."""
    return {"Item": {**KEY, **attributes}}


def expression(names: str | None, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Names as `#a=alpha #b=beta`, values by their placeholder without its colon."""
    made: dict[str, Any] = {}
    if names is not None:
        made["ExpressionAttributeNames"] = dict(each.split("=", 1) for each in names.split())
    if values is not None:
        made["ExpressionAttributeValues"] = {f":{name}": value for name, value in values.items()}
    return made
