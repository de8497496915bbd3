"""The shared translation: SAM in, CloudFormation and the list of functions out, or one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscast.local.problem import TemplateError
from newscast.local.template import load, parse, translate

SMALL = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: ../functions/, Runtime: python3.13, Timeout: 7}}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  One:
    Type: AWS::Serverless::Function
    Properties:
      Handler: newscast.handlers.one.handler
      Environment: {Variables: {URL: !Ref Queue, ARN: !GetAtt Queue.Arn, NAME: !Sub "${Queue.QueueName}!"}}
  Two:
    Type: AWS::Serverless::Function
    Properties: {Handler: newscast.handlers.two.handler, CodeUri: ./Two.zip, MemorySize: 256}
"""


def test_functions_and_where_their_code_is(tmp_path: Path) -> None:
    path = tmp_path / "infra" / "template.yaml"
    path.parent.mkdir()
    path.write_text(SMALL)
    translated = load(path, "eu-central-1")
    one, two = translated.functions["One"], translated.functions["Two"]
    assert (one.handler, one.code) == ("newscast.handlers.one.handler", tmp_path / "functions")
    assert (two.handler, two.code) == ("newscast.handlers.two.handler", tmp_path / "infra" / "Two.zip")
    assert (one.timeout, one.memory, two.memory) == (7, 128, 256)
    assert set(translated.of_type("AWS::Lambda::Function")) == {"One", "Two"}


def test_short_tags_become_intrinsics() -> None:
    plain = translate(parse(SMALL), Path("infra"), "eu-central-1").template
    variables = plain["Resources"]["One"]["Properties"]["Environment"]["Variables"]
    assert variables["URL"] == {"Ref": "Queue"}
    assert variables["ARN"] == {"Fn::GetAtt": ["Queue", "Arn"]}
    assert variables["NAME"] == {"Fn::Sub": "${Queue.QueueName}!"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Resources: [", "is not YAML"),
        ("", "has no Resources"),
        ("Resources: {}", "Resources"),
        (SMALL.replace("Handler: newscast.handlers.one.handler", "Handlr: x"), "One"),
        (SMALL.replace("Runtime: python3.13, ", ""), "Runtime"),
    ],
)
def test_a_broken_template_is_one_line(text: str, says: str) -> None:
    with pytest.raises(TemplateError, match=says) as raised:
        translate(parse(text), Path(), "eu-central-1")
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="can't be read"):
        load(tmp_path / "template.yaml", "eu-central-1")
