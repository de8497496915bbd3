"""A template's way onto the embedded AWS: what is read back, and what stops it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newscast.local.playable import DEPLOYED, PLAYED
from newscast.local.problem import TemplateError
from newscast.local.stack import Stack
from tests.local.conftest import TOY, Opener

REAL = Path(__file__).parents[2] / "infra" / "template.yaml"

VISIBILITY = "VisibilityTimeout: 30"
FAULTS: list[tuple[str, Callable[[str], str], str]] = [
    ("a type that nobody plays", lambda text: text + "  Stream: {Type: AWS::Kinesis::Stream}\n",
     "Stream: the local runtime does not play AWS::Kinesis::Stream"),
    ("a FIFO queue", lambda text: text.replace(VISIBILITY, "FifoQueue: true"),
     "WordQueue: the local runtime does not play FifoQueue of AWS::SQS::Queue"),
    ("a visibility below the timeout", lambda text: text.replace(VISIBILITY, "VisibilityTimeout: 0"),
     r"KeepFunction: the visibility timeout of its queue \(0 s\) is less than its own timeout \(1 s\)"),
    ("a large batch without a window", lambda text: text.replace("BatchSize: 5", "BatchSize: 11"),
     "KeepFunction: a batch of more than 10 needs a batching window"),
    ("a rate that AWS refuses", lambda text: text.replace("rate(5 minutes)", "rate(5 minute)"),
     r"CutFunctionRound: not a rate that AWS takes: rate\(5 minute\)"),
    ("an attribute that is no key", lambda text: text.replace(
        "{AttributeName: PK, AttributeType: S}\n", "{AttributeName: PK, AttributeType: S}\n"
        "        - {AttributeName: extra, AttributeType: S}\n"),
     "Table: AttributeDefinitions and key attributes differ: {'extra'}"),
    ("a resource that isn't there", lambda text: text.replace("CutDeadLetters.Arn", "Nobody.Arn"),
     "no parameter or resource Nobody"),
    ("not YAML", lambda text: "Resources: [", "is not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fault", "message"), FAULTS, ids=[case[0] for case in FAULTS])
def test_a_fault_is_one_clear_line(
    opener: Opener, tmp_path: Path, name: str, fault: Callable[[str], str], message: str
) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(fault(TOY.read_text()))
    with pytest.raises(TemplateError, match=message) as error, opener(template=template):
        pass
    assert "\n" not in str(error.value)


def test_a_parameter_that_is_not_there(opener: Opener) -> None:
    with (
        pytest.raises(TemplateError, match="the template has no parameter Colour"),
        opener(parameters={"Colour": "1"}),
    ):
        pass


def test_a_type_is_deployed_or_played() -> None:
    assert not DEPLOYED & PLAYED.keys()
    assert all(PLAYED.values())


def test_the_real_template() -> None:
    with Stack.open(REAL, parameters={"HostGapSeconds": "7", "AlarmEmail": "someone@example.org"}) as stack:
        deployment = stack.deployment
        stages = {source.function.handler.split(".")[-2] for source in deployment.sources}
        assert stages == {"fetch", "normalise", "page", "tag", "store"}
        for source in deployment.sources:
            assert source.partial
            assert source.queue.dead_letter is not None
            assert source.queue.max_receives == int(source.function.environment["MAX_RECEIVES"])
            assert source.queue.visibility >= 6 * source.function.timeout
        fetch = stack.function("fetch")
        assert fetch.environment["HOST_GAP_SECONDS"] == "7"
        assert fetch.environment["TABLE_NAME"] == stack.table_name
        assert fetch.processor == "arm64"
        (schedule,) = deployment.schedules
        assert (schedule.expression, schedule.function.logical_id) == ("rate(5 minutes)", "ScheduleFunction")
        assert deployment.plan.tables["Table"].lives_until == "expires_at"
