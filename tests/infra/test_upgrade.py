"""The way from the last release: each step is sound, and a change that breaks it is found."""

from __future__ import annotations

from typing import Any

import pytest
from infra.build.deployable import deployable
from infra.checks import CHECKS, Stack, findings
from infra.checks.upgrade import STEP, changes, create_only, released, steps
from infra.checks.upgrade_table import TABLE
from tests.infra.faults import TEMPLATE, stack
from tests.infra.upgrade_faults import UPGRADE_FAULTS, UpgradeFault

GSI1, GSI2 = "GSI1PK GSI1SK", "GSI2PK GSI2SK"
SOURCES, DAYS = "SourcePK Filed", "DayPK Filed"


@pytest.fixture(scope="module")
def sound() -> Stack:
    return Stack.at(TEMPLATE)


def indexes(one: Stack) -> list[str]:
    (table,) = one.of(TABLE).values()
    found: list[dict[str, Any]] = table["GlobalSecondaryIndexes"]
    return [" ".join(key["AttributeName"] for key in index["KeySchema"]) for index in found]


def test_each_step_adds_or_drops_one_index(sound: Stack) -> None:
    assert [indexes(each) for each in (released(), *steps(sound))] == [
        [GSI1, GSI2],
        [GSI1, SOURCES, GSI2],
        [GSI1, SOURCES, DAYS, GSI2],
        [GSI1, SOURCES, DAYS],
    ]
    assert indexes(sound) == [GSI1, SOURCES, DAYS]


def test_one_update_from_the_release_is_refused(sound: Stack) -> None:
    assert "Table: more than one index is added or dropped at once: Days, GSI2, Sources" in changes(
        released(), sound
    )


@pytest.mark.parametrize("step", ["add-sources", "add-days", "done"])
def test_each_step_is_sound(step: str) -> None:
    one = Stack.at(TEMPLATE, {STEP: step})
    assert findings(one, tuple(name for name in CHECKS if name != "upgrade")) == {}


def test_a_template_is_an_upgrade_of_itself(sound: Stack) -> None:
    assert list(changes(sound, sound)) == []


@pytest.mark.parametrize("planted", UPGRADE_FAULTS, ids=lambda planted: planted.fault.name)
def test_a_change_that_breaks_the_upgrade_is_found(planted: UpgradeFault) -> None:
    found = findings(stack(planted.fault.plant()), ("upgrade",)).get("upgrade", [])
    assert any(planted.says in line for line in found), found


def test_what_makes_a_new_resource_is_read_from_cloudformation() -> None:
    assert {"TableName", "KeySchema"} <= set(create_only(TABLE))
    assert "BucketName" in create_only("AWS::S3::Bucket")
    assert {"QueueName", "FifoQueue"} <= set(create_only("AWS::SQS::Queue"))


def test_the_tag_function_turns_into_an_image_and_back() -> None:
    image, zipped = (stack(deployable(TEMPLATE.read_text(), "arm64", uri)) for uri in ("a/b:1", ""))
    assert [*changes(zipped, image), *changes(image, zipped)] == []
