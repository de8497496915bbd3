"""An open stack: environments, roles, logs, schedules, costs, signals, and nothing left behind."""

import logging
import os
import signal
import threading
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from newscast.aws import clients
from newscast.local.cost import NAMES, cost
from newscast.local.engine.gate import NoAwsHereError
from newscast.local.invoke import Report
from newscast.local.stack import Progress, Stack
from tests.local.conftest import Opener
from tests.local.test_pollers import words


def test_a_function_sees_its_own_environment_and_no_other(
    opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "the-users-own")
    monkeypatch.setenv("MY_SECRET", "of the laptop")
    before = dict(os.environ)
    with opener(parameters={"Greeting": "salut"}) as stack:
        report = stack.invoke("cut", {"tell": True})
        seen = report.answer["environment"]
        assert seen["GREETING"] == "salut"
        assert seen["OUT_QUEUE_URL"] == stack.deployment.queues["WordQueue"].url
        assert seen["AWS_LAMBDA_FUNCTION_NAME"] == stack.function("cut").name
        assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
        assert seen["_HANDLER"] == "steps.cut.handler"
        assert "MY_SECRET" not in seen
        assert "AWS_PROFILE" not in seen
        assert "TABLE_NAME" not in seen
        assert 4_000 < report.answer["remaining_ms"] <= 5_000
        assert report.answer["request_id"] == report.request_id
        assert "GREETING" not in os.environ
    assert dict(os.environ) == before


def test_a_call_that_its_role_does_not_grant(stack: Stack) -> None:
    report = stack.invoke("cut", {"forbidden": stack.table_name})
    assert report.outcome == "error"
    assert "AccessDenied" in str(report.problem)
    assert stack.permissions is not None
    assert [(name, call.action) for name, call in stack.permissions.refused] == [
        ("CutFunction", "dynamodb:GetItem")
    ]


def test_roles_can_be_left_aside(opener: Opener) -> None:
    with opener(enforce_roles=False) as stack:
        assert stack.invoke("cut", {"forbidden": stack.table_name}).outcome == "ok"


def test_what_handlers_print_goes_to_their_logs(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    report = stack.invoke("cut", {"words": ["a"]})
    lines = stack.logs.lines("CutFunction")
    assert lines[0] == "hello 1 words"
    assert lines[1].startswith(f"REPORT RequestId: {report.request_id} Duration: ")
    assert stack.logs.lines("KeepFunction") == []
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_functions_go_by_stage_or_logical_id(stack: Stack) -> None:
    for name in ("cut", "CutFunction", "cutfunction"):
        assert stack.function(name).logical_id == "CutFunction"
    with pytest.raises(LookupError, match="no function sew; there are cut, keep"):
        stack.function("sew")


def test_reports(opener: Opener) -> None:
    seen: list[Report] = []
    with opener(observer=seen.append) as stack:
        stack.invoke("cut", {"words": ["a"]})
        stack.invoke("cut", {"fail": "on purpose"})
    first, second = seen
    assert (first.outcome, first.problem, first.memory_mib) == ("ok", None, 256)
    assert first.init_ms is not None
    assert second.init_ms is None
    assert (second.outcome, second.problem) == ("error", "ValueError: on purpose")
    assert second.error is not None
    assert second.error["errorType"] == "ValueError"
    assert all(report.peak_mib > 1 and report.billed_ms >= report.duration_ms for report in seen)


def test_schedules_fire(stack: Stack) -> None:
    (report,) = stack.fire_now()
    assert report.answer == {"sent": 1}
    stack.drain()
    assert words(stack) == {"scheduled": 1}


def test_a_schedule_that_fails_is_tried_again_then_buried(opener: Opener, tmp_path: Any) -> None:
    from tests.local.conftest import TOY

    template = TOY.parent / "failing.yaml"
    template.write_text(TOY.read_text().replace('{"words": ["scheduled"]}', '{"fail": "no words today"}'))
    try:
        with opener(template=template) as stack:
            stack.fire_now()
            assert stack.invocations["CutFunction"] == 2
            (letter,) = stack.dead_letters()
            assert (letter.stage, letter.queue) == ("cut", "CutDeadLetters")
            assert letter.reason == "ValueError: no words today"
    finally:
        template.unlink()


def test_serving_fires_on_time_and_stops_when_asked(opener: Opener) -> None:
    clock = [1_700_000_000.0]
    stop = threading.Event()
    batches: list[Progress] = []

    def tick(progress: Progress) -> None:
        batches.append(progress)
        if len(batches) == 2:
            stop.set()

    def now() -> float:
        clock[0] += 30  # each look at the clock is half a minute later
        return clock[0]

    with opener(now=now) as stack:
        stack.serve(stop, tick)
        assert words(stack) == {"scheduled": 2}
        assert clock[0] >= 1_700_000_000 + 300  # the second round came five minutes after the first
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_stops_serving(opener: Opener) -> None:
    with opener() as stack:
        ask = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM))
        ask.start()
        try:
            stack.serve()
        finally:
            ask.cancel()


def test_ctrl_c_ends_a_run_and_loses_nothing(opener: Opener) -> None:
    with opener() as stack:
        stack.invoke("cut", {"words": ["one", "two"]})

        def press(_progress: Progress) -> None:
            signal.raise_signal(signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            stack.drain(press)
        assert stack.drain().left == 0
        assert words(stack) == {"one": 1, "two": 1}


def test_a_timeout_waits_for_the_end_of_a_call(stack: Stack) -> None:
    # A signal in the middle of a call is raised when the call is done.
    gate = stack.gate
    seen: list[str] = []
    played = gate.dynamodb.call

    def interrupted(operation: str, body: dict[str, Any]) -> dict[str, Any]:
        gate.interrupt(TimeoutError("meanwhile"))
        answer = played(operation, body)
        seen.append("done")
        return answer

    gate.dynamodb.call = interrupted  # type: ignore[method-assign]
    with pytest.raises(TimeoutError, match="meanwhile"):
        clients.dynamodb().put_item(TableName=stack.table_name, Item={"PK": {"S": "a"}, "SK": {"S": "b"}})
    assert seen == ["done"]


def test_threads_share_the_embedded_aws(stack: Stack) -> None:
    def write(number: int) -> None:
        for turn in range(10):
            clients.dynamodb().update_item(
                TableName=stack.table_name,
                Key={"PK": {"S": "count"}, "SK": {"S": str(turn)}},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    clients.dynamodb()  # made in one thread: boto3 sessions are not for several
    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = clients.dynamodb().scan(TableName=stack.table_name)["Items"]
    assert [row["n"] for row in rows] == [{"N": "4"}] * 10


def test_no_call_leaves_this_process(stack: Stack) -> None:
    with pytest.raises(NoAwsHereError):
        boto3.client("sqs", endpoint_url="http://127.0.0.1:9").list_queues()
    with pytest.raises(ClientError):
        boto3.client("translate").list_languages()


def test_one_stack_at_a_time(stack: Stack, opener: Opener) -> None:
    with pytest.raises(RuntimeError, match="already open"), opener():
        pass


def test_stacks_one_after_the_other_share_nothing(opener: Opener) -> None:
    for _ in range(2):
        with opener() as stack:
            assert words(stack) == {}
            stack.invoke("cut", {"words": ["one"]})
            stack.drain()
            assert words(stack) == {"one": 1}


def test_dead_letters_go_back_by_a_move_task(stack: Stack) -> None:
    stack.invoke("cut", {"words": ["bad"]})
    stack.drain()
    source = stack.deployment.queues["WordDeadLetters"].arn
    clients.sqs().start_message_move_task(SourceArn=source)
    (task,) = clients.sqs().list_message_move_tasks(SourceArn=source)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    assert stack.dead_letters() == []
    assert stack.depths()["WordQueue"].visible == 1


def test_costs_are_those_of_the_calls_made(stack: Stack) -> None:
    item: dict[str, Any] = {"PK": {"S": "a"}, "SK": {"S": "b"}, "x": {"S": "x" * 3000}}
    clients.dynamodb().put_item(TableName=stack.table_name, Item=item)
    assert quantities(stack)["write units"] == 3
    clients.dynamodb().transact_write_items(
        TransactItems=[{"Put": {"TableName": stack.table_name, "Item": item}}]
    )
    assert quantities(stack)["write units"] == 3 + 6
    # An index entry is written besides, by what the index holds of it.
    clients.dynamodb().put_item(
        TableName=stack.table_name, Item=item | {"GSI1PK": {"S": "p"}, "GSI1SK": {"N": "1"}}
    )
    assert quantities(stack)["write units"] == 9 + 3 + 1
    clients.dynamodb().get_item(TableName=stack.table_name, Key={"PK": {"S": "a"}, "SK": {"S": "b"}})
    assert quantities(stack)["read units"] == 0.5
    url = stack.deployment.queues["WordQueue"].url
    clients.sqs().send_message(QueueUrl=url, MessageBody="x" * 100_000)
    (message,) = clients.sqs().receive_message(QueueUrl=url)["Messages"]
    clients.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    stack.invoke("cut", {"words": []})
    # Sent and received in two chunks of 64 KiB each, deleted with one call.
    assert quantities(stack)["requests of SQS"] == 2 + 2 + 1
    assert quantities(stack)["GB-s"] > 0
    assert stack.cost().usd == pytest.approx(sum(line.usd for line in stack.cost().lines))


def quantities(stack: Stack) -> dict[str, float]:
    return {
        f"{line.unit} of {line.name}" if line.unit == "requests" else line.unit: line.quantity
        for line in stack.cost().lines
    }


def test_every_unit_has_a_price_and_a_name() -> None:
    total = cost(dict.fromkeys(NAMES, 1.0))
    assert len(total.lines) == len(NAMES)
    assert total.usd > 0
    assert total.per_thousand(100) == pytest.approx(total.usd * 10)
    assert total.per_thousand(0) == 0


def test_other_hosts_are_reached_as_ever(stack: Stack) -> None:
    # Only calls to AWS are answered here; a fetch goes to its server.
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen("http://127.0.0.1:9/", timeout=2)
    logging.getLogger("moto").warning("nothing")
