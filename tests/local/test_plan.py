"""A template is deployed once: its plan is kept with the state while it holds, and then made anew."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from newscast.local import plan
from newscast.local.deployed import Plan
from tests.local.conftest import TOY, Opener

PROGRAM = (
    "import sys, time; from pathlib import Path; from newscast.local.stack import Stack\n"
    "with Stack.open(Path(sys.argv[1]), Path(sys.argv[2]), polls=False) as stack:\n"
    "    print(stack.deployment.functions['KeepFunction'].timeout)\n"
    "print([name for name in ('moto.cloudformation', 'samtranslator') if name in sys.modules])"
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Templates that were deployed, while this process knows no plan."""
    found: list[Path] = []
    deployed = plan._deployed
    monkeypatch.setattr(plan, "_made", {})

    def noting(template: Path, given: Mapping[str, str]) -> Plan:
        found.append(template)
        return deployed(template, given)

    monkeypatch.setattr(plan, "_deployed", noting)
    return found


def test_a_kept_plan_needs_neither_moto_nor_translator(opener: Opener, tmp_path: Path) -> None:
    with opener(data_dir=tmp_path):
        pass
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(TOY), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == ["1", "[]"]


def test_a_plan_is_made_anew_when_its_template_changes(
    opener: Opener, tmp_path: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    template, data = tmp_path / "template.yaml", tmp_path / "data"
    template.write_text(TOY.read_text())

    def timeout(**options: object) -> int:
        monkeypatch.setattr(plan, "_made", {})
        with opener(template=template, data_dir=data, **options) as stack:
            return stack.deployment.functions["KeepFunction"].timeout

    assert (timeout(), timeout(), len(made)) == (1, 1, 1)
    assert (timeout(parameters={"Greeting": "hi"}), timeout(), len(made)) == (1, 1, 2)
    template.write_text(TOY.read_text().replace("Timeout: 1\n", "Timeout: 2\n"))
    assert (timeout(), len(made)) == (2, 3)
    (kept,) = data.glob("plan-*.json")
    kept.write_text(kept.read_text()[:100])  # cut short
    assert (timeout(), len(made)) == (2, 4)
    assert json.loads(kept.read_text())["functions"]["KeepFunction"]["timeout"] == 2
