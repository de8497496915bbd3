"""A function may make just the calls that its role in the template grants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from newscast.local.calls import Call, needed
from newscast.local.intrinsics import ACCOUNT, Resolver
from newscast.local.permissions import Grant, Permissions, grants
from newscast.local.problem import TemplateError
from newscast.local.template import Translated, load, parse, translate

REGION = "eu-central-1"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"

SMALL = """
Transform: AWS::Serverless-2016-10-31
Resources:
  In: {Type: AWS::SQS::Queue}
  Other: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: calls
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt In.Arn}
              - {Effect: Allow, Action: [dynamodb:PutItem, dynamodb:Scan], Resource: !GetAtt Table.Arn}
              - {Effect: Allow, Action: [sqs:ReceiveMessage], Resource: !GetAtt In.Arn}
  One:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Runtime: python3.13, Handler: a.b, Role: !GetAtt Role.Arn}
"""


def small(text: str = SMALL) -> Resolver:
    return Resolver(translate(parse(text), Path(), REGION), REGION)


@pytest.mark.parametrize(
    ("service", "operation", "params", "calls"),
    [
        ("dynamodb", "PutItem", {"TableName": "T"}, [("dynamodb:PutItem", TABLE + "T")]),
        (
            "dynamodb",
            "Query",
            {"TableName": "T", "IndexName": "GSI1"},
            [("dynamodb:Query", TABLE + "T/index/GSI1")],
        ),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"T": {}}}, [("dynamodb:BatchGetItem", TABLE + "T")]),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "T"}}, {"ConditionCheck": {"TableName": "U"}}]},
            [("dynamodb:PutItem", TABLE + "T"), ("dynamodb:ConditionCheckItem", TABLE + "U")],
        ),
        ("dynamodb", "ListTables", {}, [("dynamodb:ListTables", "*")]),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q"},
            [("sqs:SendMessage", QUEUE + "q")],
        ),
        ("s3", "HeadObject", {"Bucket": "b", "Key": "claim/x"}, [("s3:GetObject", "arn:aws:s3:::b/claim/x")]),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, [("s3:ListBucket", "arn:aws:s3:::b")]),
        ("sns", "Publish", {"TopicArn": "arn:t"}, [("sns:Publish", "arn:t")]),
        (
            "ssm",
            "GetParameter",
            {"Name": "/a/b"},
            [("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a/b")],
        ),
        ("kms", "Decrypt", {}, [("kms:Decrypt", "*")]),
    ],
)
def test_what_a_call_needs(
    service: str, operation: str, params: dict[str, object], calls: list[tuple[str, str]]
) -> None:
    assert needed(service, operation, params, REGION, ACCOUNT) == [Call(*each) for each in calls]


@pytest.mark.parametrize(
    ("grant", "call", "covered"),
    [
        (("s3:GetObject", "arn:aws:s3:::b/claim/*"), ("s3:GetObject", "arn:aws:s3:::b/claim/x/y"), True),
        (("s3:GetObject", "arn:aws:s3:::b/claim/*"), ("s3:GetObject", "arn:aws:s3:::b/bodies/x"), False),
        (("s3:Get*", "*"), ("s3:getobject", "arn:aws:s3:::b/x"), True),
        (("dynamodb:Query", "arn:t/index/GSI?"), ("dynamodb:Query", "arn:t/index/GSI1"), True),
        (("dynamodb:Query", "arn:t"), ("dynamodb:Query", "arn:t/index/GSI1"), False),
        (("s3:GetObject", "arn:[ab]"), ("s3:GetObject", "arn:a"), False),
        (("d:Put", "arn:t", ("HOST#*", "PAGE#*")), ("d:Put", "arn:t", {"HOST#a", "PAGE#b"}), True),
        (("d:Put", "arn:t", ("HOST#*", "PAGE#*")), ("d:Put", "arn:t", {"HOST#a", "FEED#b"}), False),
        (("d:Put", "arn:t", ("HOST#*",)), ("d:Put", "arn:t", {"A#HOST#a"}), False),
        (("d:Put", "arn:t", ("HOST#*",)), ("d:Put", "arn:t"), False),
        (("d:Put", "arn:t"), ("d:Put", "arn:t", {"FEED#b"}), True),
    ],
)
def test_what_a_grant_covers(grant: Any, call: Any, covered: bool) -> None:
    assert Grant(*grant).covers(Call(*call)) is covered


KEY, ITEM = {"PK": {"S": "FEED#a"}, "SK": {"S": "META"}}, {"PK": {"S": "HOST#b"}, "SK": {"S": "LEASE"}}


@pytest.mark.parametrize(
    ("operation", "params", "keys"),
    [
        ("GetItem", {"TableName": "T", "Key": KEY}, [{"FEED#a"}]),
        ("PutItem", {"TableName": "T", "Item": ITEM}, [{"HOST#b"}]),
        ("UpdateItem", {"TableName": "T", "Key": KEY}, [{"FEED#a"}]),
        ("BatchGetItem", {"RequestItems": {"T": {"Keys": [KEY, ITEM]}}}, [{"FEED#a", "HOST#b"}]),
        (
            "BatchWriteItem",
            {"RequestItems": {"T": [{"PutRequest": {"Item": ITEM}}, {"DeleteRequest": {"Key": KEY}}]}},
            [{"FEED#a", "HOST#b"}],
        ),
        (
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "T", "Item": ITEM}},
                    {"Delete": {"TableName": "T", "Key": KEY}},
                ]
            },
            [{"HOST#b"}, {"FEED#a"}],
        ),
        ("Scan", {"TableName": "T"}, [set()]),
        (
            "Query",
            {
                "TableName": "T",
                "KeyConditionExpression": "#sk = :sk AND #pk=:pk",
                "ExpressionAttributeNames": {"#pk": "PK", "#sk": "SK"},
                "ExpressionAttributeValues": {":pk": {"S": "FEED#a"}, ":sk": {"S": "META"}},
            },
            [{"FEED#a"}],
        ),
        (
            "Query",
            {
                "TableName": "T",
                "KeyConditionExpression": "PK = :p AND begins_with(SK, :b)",
                "ExpressionAttributeValues": {":p": {"S": "ART#1"}, ":b": {"S": "REV#"}},
            },
            [{"ART#1"}],
        ),
        (
            "Query",
            {
                "TableName": "T",
                "IndexName": "Days",
                "KeyConditionExpression": "DayPK = :p",
                "ExpressionAttributeValues": {":p": {"S": "2024-07-12"}},
            },
            [set()],
        ),
    ],
)
def test_which_rows_a_call_is_about(operation: str, params: dict[str, object], keys: list[set[str]]) -> None:
    assert [call.keys for call in needed("dynamodb", operation, params, REGION, ACCOUNT)] == keys


@pytest.mark.parametrize(
    ("function", "action", "key", "allowed"),
    [
        ("PageFunction", "PutItem", "PAGE#x", True),
        ("PageFunction", "UpdateItem", "HOST#site.example", True),
        ("PageFunction", "GetItem", "FEED#x", False),
        ("PageFunction", "PutItem", "ART#x", False),
        ("FetchFunction", "UpdateItem", "FEED#x", True),
        ("FetchFunction", "PutItem", "ART#x", False),
        ("FetchFunction", "PutItem", "KEY#guid#x", False),
        ("ScheduleFunction", "UpdateItem", "FEED#x", True),
        ("ScheduleFunction", "UpdateItem", "ART#x", False),
        *(
            ("StoreFunction", action, f"{kind}#x", True)
            for kind in ("ART", "URL", "ACTOR", "CLAIMS", "AUTH")
            for action in ("BatchGetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem")
        ),
        ("StoreFunction", "UpdateItem", "FEED#x", False),
        ("StoreFunction", "PutItem", "STORED#2026-11-24", True),
        ("StoreFunction", "BatchWriteItem", "ACTOR#x", True),
        ("StoreFunction", "UpdateItem", "ART#x", False),
        ("StoreFunction", "PutItem", "FEED#x", False),
        ("StoreFunction", "DeleteItem", "FEED#x", False),
        ("StoreFunction", "PutItem", "HOST#site.example", False),
        ("StoreFunction", "DeleteItem", "PAGE#x", False),
        ("StoreFunction", "Scan", "ART#x", False),
    ],
)
def test_whose_rows_a_function_may_touch(function: str, action: str, key: str, allowed: bool) -> None:
    resolve = Resolver(load(TEMPLATE, REGION), REGION)
    table = resolve.attribute("Table", "Arn")
    call = Call(f"dynamodb:{action}", table, frozenset({key}))
    assert any(grant.covers(call) for grant in grants(resolve, function)) is allowed


def test_store_asks_no_index() -> None:
    resolve = Resolver(load(TEMPLATE, REGION), REGION)
    index = resolve.attribute("Table", "Arn") + "/index/Sources"
    call = Call("dynamodb:Query", index, frozenset({"ART#x"}))
    assert not any(grant.covers(call) for grant in grants(resolve, "StoreFunction"))


def test_roles_follow_what_a_deleted_stack_left() -> None:
    parameters = {"KeptTable": "news-Table-1", "KeptBucket": "news-bucket-1"}
    resolve = Resolver(load(TEMPLATE, REGION), REGION, parameters=parameters)
    granted = {grant.resource for name in resolve.translated.functions for grant in grants(resolve, name)}
    assert {each for each in granted if ":dynamodb:" in each or ":s3:" in each} == {
        TABLE + "news-Table-1",
        TABLE + "news-Table-1/index/GSI1",
        TABLE + "news-Table-1/index/Sources",
        "arn:aws:s3:::news-bucket-1",
        "arn:aws:s3:::news-bucket-1/claim/*",
        "arn:aws:s3:::news-bucket-1/actors/*",
        "arn:aws:s3:::news-bucket-1/packs/*",
    }


@pytest.fixture
def stack() -> Iterator[tuple[Permissions, Translated]]:
    with mock_aws():
        session = boto3.Session("x", "x", region_name=REGION)
        session.client("sqs").create_queue(QueueName="In")
        session.client("sqs").create_queue(QueueName="Other")
        resolve = small()
        yield Permissions.of(resolve), resolve.translated


def test_calls_are_refused_while_the_function_runs(stack: tuple[Permissions, Translated]) -> None:
    permissions, _ = stack
    session = boto3.Session("x", "x", region_name=REGION)
    permissions.watch(session.events)
    sqs = session.client("sqs")
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/"
    sqs.send_message(QueueUrl=url + "Other", MessageBody="nobody's call")
    with permissions.acting_as("One"):
        sqs.send_message(QueueUrl=url + "In", MessageBody="granted")
        with pytest.raises(ClientError, match="One is not authorized to perform: sqs:SendMessage") as raised:
            sqs.send_message(QueueUrl=url + "Other", MessageBody="refused")
    assert raised.value.response["Error"]["Code"] == "AccessDenied"
    assert permissions.refused == [("One", Call("sqs:SendMessage", QUEUE + "Other"))]
    assert permissions.unused() == [
        ("One", Grant("dynamodb:PutItem", TABLE + "Table")),
        ("One", Grant("dynamodb:Scan", TABLE + "Table")),
    ]


def test_names_that_a_stack_gave() -> None:
    named = Resolver(
        translate(parse(SMALL), Path(), REGION),
        REGION,
        physical={"In": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/newscast-In-AB12", "Table": "news-T"},
    )
    assert {each.resource for each in grants(named, "One")} == {QUEUE + "newscast-In-AB12", TABLE + "news-T"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((", Role: !GetAtt Role.Arn", ""), "has managed policies"),
        (("Policies:", "ManagedPolicyArns: [x]\n      Policies:"), "has managed policies"),
        (("Effect: Allow, Action: sqs", "Effect: Deny, Action: sqs"), "only Allow"),
        (("Action: sqs:SendMessage", "NotAction: sqs:SendMessage"), "only Allow"),
        (("Action: sqs:SendMessage", "Condition: {Bool: {a: b}}, Action: sqs:SendMessage"), "only Allow"),
    ],
)
def test_a_policy_that_is_not_judged_is_an_error(change: tuple[str, str], says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        Permissions.of(small(SMALL.replace(*change)))


def test_every_function_of_the_template_has_its_own_policy() -> None:
    permissions = Permissions.of(Resolver(load(TEMPLATE, REGION), REGION))
    assert set(permissions.granted) == {
        "ScheduleFunction",
        "FetchFunction",
        "NormaliseFunction",
        "PageFunction",
        "TagFunction",
        "StoreFunction",
    }
    assert all(permissions.granted.values())
