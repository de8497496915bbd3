"""Dead letters go back to their queues, and none is deleted that its queue has not taken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from newscast.aws.dead_letters import NO_ANSWER, About, DeadLetters, Letter, about, what


class Sqs:
    """Two queues, of which `Tag` refuses the bodies in `refuses`; remembers what was sent and deleted."""

    def __init__(self, *refuses: str) -> None:
        self.refuses = refuses
        self.sent: list[str] = []
        self.deleted: list[str] = []

    def get_queue_attributes(self, QueueUrl: str, **_: Any) -> dict[str, Any]:  # noqa: N803  # SQS's names
        told = {"QueueArn": f"arn:{QueueUrl}"}
        if QueueUrl == "Tag":
            told["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": "arn:TagDeadLetters"})
        return {"Attributes": told}

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        refused = [entry for entry in Entries if entry["MessageBody"] in self.refuses]
        self.sent += [QueueUrl + " " + entry["MessageBody"] for entry in Entries if entry not in refused]
        return {"Failed": [{"Id": entry["Id"], "Code": "Busy", "Message": "later"} for entry in refused]}

    def delete_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> None:  # noqa: N803
        self.deleted += [QueueUrl + " " + entry["ReceiptHandle"] for entry in Entries]


def letter(name: str, queue: str = "TagDeadLetters") -> Letter:
    about = About(stage="tag", reason="r", first_seen="2024-07-12T12:00:00+00:00", correlation_id="c")
    return Letter(id=name, about=about, what="", body=f"body {name}", queue=queue, handle=f"handle {name}")


def dead_letters(sqs: Sqs) -> DeadLetters:
    names = ("Tag", "TagDeadLetters", "ScheduleDeadLetters")
    return DeadLetters(cast(Any, sqs), {name: name for name in names})


def test_a_letter_that_its_queue_refuses_stays_and_takes_no_other_along() -> None:
    sqs = Sqs("body b")
    assert dead_letters(sqs).again([letter("a"), letter("b"), letter("c")]) == (2, {"b": "Busy: later"})
    assert sqs.sent == ["Tag body a", "Tag body c"]
    assert sqs.deleted == ["TagDeadLetters handle a", "TagDeadLetters handle c"]


def test_when_all_are_refused_nothing_is_deleted() -> None:
    sqs = Sqs("body a")
    assert dead_letters(sqs).again([letter("a")]) == (0, {"a": "Busy: later"})
    assert sqs.deleted == []


def test_a_letter_of_the_schedule_is_only_deleted() -> None:
    sqs = Sqs()
    dead = dead_letters(sqs)
    one = letter("a", "ScheduleDeadLetters")
    assert dead.again([one]) == (1, {})
    assert (sqs.sent, sqs.deleted) == ([], ["ScheduleDeadLetters handle a"])
    assert not dead.has_queue(one)
    assert dead.stages == ["schedule", "tag"]


@pytest.mark.parametrize("depth", [150, 900, 990, 1_200, 100_000])
@pytest.mark.parametrize(
    "begin", ["", '{"body":{"title":', '{"requestPayload":', '{"timestamp":', '{"correlation_id":']
)
def test_a_letter_of_json_of_any_depth_is_shown_as_it_begins(depth: int, begin: str) -> None:
    body = begin + "[" * depth + "]" * depth + "}" * begin.count("{")
    assert what(body) == body[:79] + "…"
    told = about("tag", body, {}, datetime(2024, 7, 12, tzinfo=UTC))
    assert told == About("tag", NO_ANSWER, "2024-07-12T00:00:00+00:00", "unknown")
