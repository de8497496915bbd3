"""CloudFormation's intrinsic functions against parameters, conditions and names."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from newscast.local.intrinsics import ACCOUNT, Resolver
from newscast.local.problem import TemplateError
from newscast.local.template import Translated, parse

TEMPLATE = """
Parameters: {Stage: {Type: String, Default: dev}, Mail: {Type: String, Default: ""}}
Mappings: {Delivery: {Messages: {MaxReceives: 5}}}
Conditions: {HasMail: !Not [!Equals [!Ref Mail, ""]]}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/${Stage}"}}
  Topic: {Type: AWS::SNS::Topic}
"""
SQS = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:"


def resolver(**settings: Any) -> Resolver:
    return Resolver(Translated(parse(TEMPLATE), {}), "eu-west-1", **settings)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!Ref Stage", "dev"),
        ("!Ref Queue", f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/Queue"),
        ("!Ref Topic", f"arn:aws:sns:eu-west-1:{ACCOUNT}:Topic"),
        ("!GetAtt Queue.Arn", SQS + "Queue"),
        ("!GetAtt Queue.QueueName", "Queue"),
        ("!GetAtt Log.Arn", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/dev:*"),
        ('!Sub "${Stage}-${Queue.QueueName}-${AWS::Region}-${!Literal}"', "dev-Queue-eu-west-1-${Literal}"),
        (
            '!Sub ["${X}/${Stage}", {X: !Ref Queue}]',
            f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/Queue/dev",
        ),
        ("!FindInMap [Delivery, Messages, MaxReceives]", 5),
        ('!Join ["-", [a, !Ref Stage]]', "a-dev"),
        ("!If [HasMail, yes, no]", False),
        ("[!If [HasMail, x, !Ref AWS::NoValue], y]", ["y"]),
        ("{a: !Ref AWS::NoValue, b: !Ref Stage}", {"b": "dev"}),
    ],
)
def test_resolved(written: str, value: Any) -> None:
    source = parse(f"Resources: {{}}\nValue: {written}")
    assert resolver()(source["Value"]) == value


def test_parameters_and_names_given() -> None:
    resolve = resolver(parameters={"Stage": "prod", "Mail": "a@b"}, physical={"Queue": "news-Queue-1"})
    assert resolve.condition("HasMail")
    assert resolve({"Fn::Sub": "${Stage} ${Queue.Arn}"}) == f"prod {SQS}news-Queue-1"


@pytest.mark.parametrize(
    "written", ["!Ref Nothing", "!GetAtt Queue.Size", "!FindInMap [A, B, C]", "!If [X, 1, 2]"]
)
def test_what_cannot_be_resolved_is_named(written: str) -> None:
    source = parse(f"Resources: {{}}\nValue: {written}")
    with pytest.raises(TemplateError, match=r"Nothing|Size|A\.B\.C|X"):
        resolver()(source["Value"])


def test_plain_values_stay() -> None:
    plain = yaml.safe_load("{a: [1, {b: null}], c: true}")
    assert resolver()(plain) == plain
