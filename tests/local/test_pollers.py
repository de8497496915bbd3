"""What an answer means for a batch's messages, as a table; and what becomes of them in a stack."""

import json
import threading
from typing import Any

import pytest

from newscast.aws import clients
from newscast.local.deployed import EventSource
from newscast.local.invoke import Outcome, Report
from newscast.local.pollers import MAX_EVENT_BYTES, Batch, Poller, failures
from newscast.local.stack import Progress, Stack
from tests.local.conftest import Opener


def report(answer: Any, outcome: Outcome = "ok") -> Report:
    return Report(
        function="F",
        request_id="r",
        outcome=outcome,
        duration_ms=1,
        billed_ms=1,
        init_ms=None,
        memory_mib=128,
        peak_mib=1,
        answer=answer,
    )


ALL = {"a", "b", "c"}
CASES: list[tuple[str, Any, set[str]]] = [
    ("no answer", None, set()),
    ("an empty object", {}, set()),
    ("an empty list", {"batchItemFailures": []}, set()),
    ("null for the list", {"batchItemFailures": None}, set()),
    ("one failed", {"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
    ("one failed, told twice", {"batchItemFailures": [{"itemIdentifier": "b"}] * 2}, {"b"}),
    ("an empty string", "", set()),
    ("an unknown id", {"batchItemFailures": [{"itemIdentifier": "x"}]}, ALL),
    (
        "one known, one unknown",
        {"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "x"}]},
        ALL,
    ),
    ("an empty id", {"batchItemFailures": [{"itemIdentifier": ""}]}, ALL),
    ("a null id", {"batchItemFailures": [{"itemIdentifier": None}]}, ALL),
    ("a wrong key", {"batchItemFailures": [{"itemIdentifer": "b"}]}, ALL),
    ("ids without objects", {"batchItemFailures": ["b"]}, ALL),
    ("no list", {"batchItemFailures": "b"}, ALL),
    ("no object", "all went well", ALL),
]


@pytest.mark.parametrize(("name", "answer", "failed"), CASES, ids=[case[0] for case in CASES])
def test_a_partial_answer(name: str, answer: Any, failed: set[str]) -> None:
    assert failures(report(answer), ["a", "b", "c"], partial=True) == failed


@pytest.mark.parametrize("answer", [case[1] for case in CASES])
def test_without_partial_answers_only_an_error_fails(answer: Any) -> None:
    assert failures(report(answer), ["a", "b", "c"], partial=False) == set()


@pytest.mark.parametrize("outcome", ["error", "timeout"])
@pytest.mark.parametrize("partial", [True, False])
def test_an_error_fails_the_whole_batch(outcome: Outcome, partial: bool) -> None:
    assert failures(report(None, outcome), ["a", "b", "c"], partial) == ALL


def words(stack: Stack) -> dict[str, int]:
    """Words in the table, and how often each was kept."""
    items = clients.dynamodb().scan(TableName=stack.table_name)["Items"]
    return {item["PK"]["S"].removeprefix("WORD#"): int(item["kept"]["N"]) for item in items}


def test_messages_reach_their_function_in_batches(stack: Stack) -> None:
    seen: list[Batch | None] = []
    stack.invoke("cut", {"words": [f"w{n}" for n in range(23)]})
    done = stack.drain(lambda progress: seen.append(progress.batch))
    assert words(stack) == {f"w{n}": 1 for n in range(23)}
    assert [batch.size for batch in seen if batch] == [5, 5, 5, 5, 3]
    assert (done.batches, done.messages, done.left) == (5, 23, 0)
    assert stack.depths()["WordQueue"].total == 0


def test_one_bad_message_leaves_its_batch_mates_alone(stack: Stack) -> None:
    stack.invoke("cut", {"words": ["one", "bad", "two"]})
    stack.drain()
    assert words(stack) == {"one": 1, "two": 1}
    (letter,) = stack.dead_letters()
    assert (letter.body, letter.stage, letter.queue) == ("bad", "keep", "WordDeadLetters")
    assert letter.reason == "no answer came: keep crashed or timed out (last of 2 deliveries)"


def test_a_crash_takes_the_batch_along_and_says_so(stack: Stack) -> None:
    stack.invoke("cut", {"words": ["one", "crash"]})
    stack.drain()
    letters = {letter.body: letter.reason for letter in stack.dead_letters()}
    expected = "no answer came: RuntimeError: crashed on purpose (last of 2 deliveries)"
    assert letters == {"one": expected, "crash": expected}
    assert any("crashed on purpose" in line for line in stack.logs.lines("KeepFunction"))


def test_a_function_is_stopped_at_its_timeout(stack: Stack) -> None:
    stack.invoke("cut", {"words": ["sleep"]})
    stack.drain()
    assert [letter.reason for letter in stack.dead_letters()] == [
        "no answer came: timed out after 1 s (last of 2 deliveries)"
    ]


def test_in_another_thread_a_late_answer_is_no_answer(stack: Stack) -> None:
    # No signal reaches another thread, so that what it does there runs to its end.
    reports: list[Report] = []
    event = {"Records": [{"messageId": "m", "body": "nap"}]}
    thread = threading.Thread(target=lambda: reports.append(stack.invoke("keep", event)))
    thread.start()
    thread.join()
    assert [(each.outcome, each.problem) for each in reports] == [("timeout", "timed out after 1 s")]


def test_delayed_messages_are_waited_for(opener: Opener) -> None:
    clock = [1_000_000.0]
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock[0] += seconds

    with opener(now=lambda: clock[0], sleep=sleep) as stack:
        stack.invoke("cut", {"words": ["late"], "delay": 3})
        assert stack.depths()["WordQueue"].delayed == 1
        assert stack.drain(max_wait=2).left == 1
        told: list[Progress] = []
        stack.drain(told.append)
        assert words(stack) == {"late": 1}
        assert naps == [1.0, 1.0, 1.0]
        assert [progress.waiting for progress in told] == [3, 2, 1, None]


def test_failed_messages_can_wait_for_their_visibility(opener: Opener) -> None:
    clock = [1_000_000.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    with opener(now=lambda: clock[0], sleep=sleep, after_failure="in time") as stack:
        stack.invoke("cut", {"words": ["bad"]})
        stack.drain()
        # Two deliveries, each followed by the queue's visibility timeout of 30 s.
        assert clock[0] == pytest.approx(1_000_060)
        assert len(stack.dead_letters()) == 1


def test_a_message_that_outlived_its_retention_is_worked_on_by_nobody(opener: Opener) -> None:
    clock = [1_000_000.0]
    with opener(now=lambda: clock[0]) as stack:
        kept = stack.deployment.queues["WordQueue"].retention
        stack.invoke("cut", {"words": ["old"]})
        clock[0] += kept - 1
        stack.invoke("cut", {"words": ["new"]})
        clock[0] += 1
        stack.drain()
        assert words(stack) == {"new": 1}
        assert stack.depths()["WordQueue"].total == 0
        assert stack.dead_letters() == []


def test_an_event_stays_within_lambdas_limit(stack: Stack) -> None:
    events: list[Any] = []
    queue, function = stack.deployment.queues["WordQueue"], stack.function("keep")
    for _ in range(7):
        clients.sqs().send_message(QueueUrl=queue.url, MessageBody="x" * 1_000_000)

    def invoke(event: Any) -> Report:
        events.append(event)
        return report(None)

    batches = Poller(EventSource(queue, function, 10, 0, True), clients.sqs(), invoke).poll()
    assert [batch.size for batch in batches] == [6, 1]
    assert max(len(json.dumps(event)) for event in events) <= MAX_EVENT_BYTES + 100
