"""make deploy: which calls of sam it makes, with a sam that only writes down how it was called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from infra.deploy import deploy
from moto import mock_aws

SAM = """#!/bin/sh
echo "$*" >> "{log}"
exit {code}
"""
STACK = """
Parameters:
  Protection: {Type: String, Default: "off"}
  KeptTable: {Type: String, Default: ""}
Resources: {Topic: {Type: "AWS::SNS::Topic"}}
"""


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


@pytest.fixture
def sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The arguments of each call, a line each."""
    log = tmp_path / "calls"
    log.touch()
    _stub(tmp_path / "bin", log, 0)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    return log


def _stub(folder: Path, log: Path, code: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "sam").write_text(SAM.format(log=log, code=code))
    (folder / "sam").chmod(0o755)


def stands(name: str = "newscast", region: str = "us-east-1", **parameters: str) -> None:
    boto3.client("cloudformation", region_name=region).create_stack(
        StackName=name,
        TemplateBody=STACK,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )


def calls(log: Path) -> list[str]:
    """What follows the template and the configuration."""
    return [line.partition("samconfig.toml")[2].strip() for line in log.read_text().splitlines()]


def test_a_new_stack_is_protected_by_a_second_update(sam: Path) -> None:
    stands()
    given = "--parameter-overrides Contact=https://your.site/about AlarmEmail=you@your.site"
    assert deploy(given.split()) == 0
    assert calls(sam) == [given, f"{given} --parameter-overrides Protection=on"]
    assert "deploy --template-file" in sam.read_text()


def test_the_second_goes_to_the_same_stack_and_asks_nothing_again(sam: Path) -> None:
    stands("news", "eu-west-1")
    given = ["--guided", "--stack-name", "news", "--region", "eu-west-1"]
    assert deploy(given) == 0
    assert calls(sam) == [" ".join(given), f"{' '.join(given[1:])} --parameter-overrides Protection=on"]


@pytest.mark.parametrize(
    "parameters", [{"Protection": "on"}, {"KeptTable": "newscast-Table-1"}], ids=lambda each: next(iter(each))
)
def test_one_update_is_enough(sam: Path, parameters: dict[str, str]) -> None:
    stands(**parameters)
    assert deploy([]) == 0
    assert calls(sam) == [""]


@pytest.mark.parametrize("given", ["Protection=off", "UpgradeStep=add-sources", "UpgradeStep=done"])
def test_no_second_update_is_made_on_the_way(sam: Path, given: str) -> None:
    stands()
    assert deploy(["--parameter-overrides", given]) == 0
    assert calls(sam) == [f"--parameter-overrides {given}"]


def test_a_stack_that_failed_is_left_as_it_is(sam: Path, tmp_path: Path) -> None:
    _stub(tmp_path / "bin", sam, 3)
    stands()
    assert deploy([]) == 3
    assert calls(sam) == [""]


def test_a_stack_that_was_not_wanted_is_not_made(sam: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy([]) == 1  # asked whether to go on, a person said no: sam ends well, and there is no stack
    assert calls(sam) == [""]
    assert "Whether the table is protected is not known" in capsys.readouterr().err


def test_without_sam_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert deploy([]) == 1
    assert "needs the AWS SAM CLI" in capsys.readouterr().err
