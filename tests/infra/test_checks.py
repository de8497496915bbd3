"""The template is sound, and each check finds the faults that it is for."""

from __future__ import annotations

import pytest
from infra.checks import CHECKS, Stack, findings, lint
from tests.infra.faults import FAULTS, LINT, TEMPLATE, TRANSLATION, Fault, stack, translates
from tests.infra.upgrade_faults import UPGRADE_FAULTS


@pytest.fixture(scope="module")
def sound() -> Stack:
    return Stack.at(TEMPLATE)


@pytest.mark.parametrize("name", CHECKS)
def test_the_template_is_sound(name: str, sound: Stack) -> None:
    assert findings(sound, (name,)) == {}


def test_the_translation_lints_clean(sound: Stack) -> None:
    assert lint(sound.translated) == []


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.found_by in CHECKS], ids=lambda fault: fault.name
)
def test_a_planted_fault_is_found_by_its_check(fault: Fault, sound: Stack) -> None:
    names = (fault.found_by,)
    assert findings(stack(fault.plant()), names) != findings(sound, names)


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.found_by == TRANSLATION], ids=lambda fault: fault.name
)
def test_a_planted_fault_is_not_translated(fault: Fault) -> None:
    assert translates(fault.plant()) is not None


def test_planted_faults_are_found_by_lint() -> None:
    # Together, since a run of the linter takes seconds; each shows in its own place.
    text = TEMPLATE.read_text()
    faults = [each for each in FAULTS if each.found_by == LINT]
    for each in faults:
        text = text.replace(each.old, each.new, each.times)
    lines = "\n".join(lint(stack(text).translated))
    for shows in ("EntriesQueue", "soon", "'Name'", "SqsManagedSSE"):
        assert shows in lines


def test_each_check_has_a_fault_that_it_finds() -> None:
    assert CHECKS.keys() <= {each.found_by for each in (*FAULTS, *(one.fault for one in UPGRADE_FAULTS))}
