"""A table and a bucket that a deleted stack left, taken by a new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from newscast.aws import clients
from newscast.local.deployed import REGION
from newscast.local.problem import TemplateError
from newscast.local.stack import Stack
from tests.flow.feeds import TEMPLATE, poll, published, rss
from tests.table_shape import table_shape

TABLE, BUCKET = "newscast-Table-1ABC", "newscast-bucket-1abc"
KEPT = {"KeptTable": TABLE, "KeptBucket": BUCKET}
ROW = {"PK": {"S": "ART#1"}, "SK": {"S": "HEAD"}, "SourcePK": {"S": "s"}, "Filed": {"S": "1"}}


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a deleted stack left, with a row and an object in it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        s3 = boto3.client("s3", region_name=REGION)
        dynamodb.create_table(TableName=TABLE, **table_shape())
        dynamodb.put_item(TableName=TABLE, Item=ROW)
        s3.create_bucket(Bucket=BUCKET)
        s3.put_object(Bucket=BUCKET, Key="bodies/1", Body=b"said so")
        yield


@pytest.mark.usefixtures("left")
def test_a_run_goes_on_in_what_was_left(tmp_path: Path) -> None:
    with Stack.open(TEMPLATE, parameters=KEPT) as stack:
        assert (stack.table_name, stack.bucket) == (TABLE, BUCKET)
        for function in stack.deployment.functions.values():
            assert function.environment["TABLE_NAME"] == TABLE
            assert function.environment["BUCKET_NAME"] == BUCKET
        made = boto3.client("dynamodb").list_tables()["TableNames"]
        assert made == [TABLE]
        found = clients.dynamodb().query(
            TableName=TABLE,
            IndexName="Sources",
            KeyConditionExpression="SourcePK = :s",
            ExpressionAttributeValues={":s": {"S": "s"}},
        )
        assert [item["PK"] for item in found["Items"]] == [ROW["PK"]]
        body = clients.s3().get_object(Bucket=BUCKET, Key="bodies/1")["Body"].read()
        assert body == b"said so"
        stack.set("HOST_GAP_SECONDS", "0.01")
        with published(tmp_path / "site", one=rss(2)) as urls:
            poll(stack, urls)
        assert stack.permissions is not None
        assert stack.permissions.refused == []
        rows = clients.dynamodb().scan(TableName=TABLE)["Items"]
        assert sum(item["SK"] == {"S": "HEAD"} for item in rows) == 3, "one that was left, two new ones"


@pytest.mark.parametrize("name", KEPT)
def test_what_is_not_there_is_one_clear_line(name: str) -> None:
    with (
        pytest.raises(TemplateError, match=f"^{name}: there is no gone$"),
        Stack.open(TEMPLATE, parameters={name: "gone"}),
    ):
        pass


@pytest.mark.parametrize("step", ["add-sources", "add-days", "done"])
def test_the_table_of_each_step_is_played(step: str) -> None:
    wanted = {
        "add-sources": {"GSI1", "GSI2", "Sources"},
        "add-days": {"GSI1", "GSI2", "Sources", "Days"},
        "done": {"GSI1", "Sources", "Days"},
    }
    with Stack.open(TEMPLATE, parameters={"UpgradeStep": step}) as stack:
        (table,) = stack.deployment.tables.values()
        assert table.indexes.keys() == wanted[step]
        for name in table.indexes.keys() & {"Sources", "Days"}:
            index = table.indexes[name]
            assert index.projection == frozenset({"PK", "SK", "shown", *index.keys})
