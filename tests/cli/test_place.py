"""The table and the bucket of a deployed stack, which may be ones that it didn't make."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from newscast.cli.place import deployed
from newscast.cli.problem import CommandError

TEMPLATE = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"TableName": {"Value": "kept"}},
}


@pytest.fixture(autouse=True)
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("cloudformation").create_stack(StackName="news", TemplateBody=json.dumps(TEMPLATE))
        yield


def test_names_are_read_from_the_outputs() -> None:
    assert deployed("news", "TableName") == "kept"


def test_an_output_that_is_not_there_is_one_line() -> None:
    with pytest.raises(CommandError, match=r"^--stack news: it has no output BucketName; its status"):
        deployed("news", "BucketName")
