"""The table module: partial answers, conflicts, refusals, large bodies; and the real client over moto."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from newscast.articles import queries, rows, store
from newscast.articles.identity import identity
from newscast.articles.items import key_of
from newscast.articles.keys import revision_key
from newscast.articles.store import RefusedError
from newscast.aws.backoff import ThrottledError
from tests.articles.fake_table import FakeTable, in_memory, refusal
from tests.articles.interleaving import offered
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import on_moto


@pytest.fixture
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


def test_reads_go_on_until_all_is_answered() -> None:
    articles, table = in_memory()
    for n in range(250):
        table.put_item(Item={"PK": {"S": f"p{n}"}, "SK": {"S": "s"}})
    table.unprocessed = 3
    wanted = [(f"p{n}", "s") for n in range(0, 300, 2)]
    assert set(articles.read([*wanted, *wanted])) == {(f"p{n}", "s") for n in range(0, 250, 2)}
    table.unprocessed = 100
    with pytest.raises(ThrottledError, match="rows not read in 6 calls"):
        articles.read(wanted)


def test_conflicts_pass_and_each_wait_may_be_longer() -> None:
    waits: list[float] = []
    articles, table = in_memory()
    patient = store.Articles(
        articles.dynamodb, "t", articles.objects, articles.now, waits.append, random.Random(2)
    )
    table.conflicts = 5
    assert patient.save(tagged(), "p").outcome == "new"
    assert all(0 <= wait <= 0.05 * 2**n for n, wait in enumerate(waits))
    assert len(waits) == 5


REASONS = [{"Code": "None"}, {"Code": "ValidationError"}]


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        (refusal("ProvisionedThroughputExceededException", "x"), ClientError, "ProvisionedThroughput"),
        (
            refusal(
                "TransactionCanceledException",
                "x",
                CancellationReasons=[{"Code": "None"}, {"Code": "ValidationError"}],
            ),
            RefusedError,
            "row KEY#url#.* K: ValidationError",
        ),
    ],
)
def test_what_no_round_can_mend_is_raised(error: ClientError, raised: type[Exception], message: str) -> None:
    class Broken(FakeTable):
        def transact_write_items(self, TransactItems: Any) -> Any:  # noqa: N803  # boto3's name
            raise error

    articles, _ = in_memory(table=Broken())
    with pytest.raises(raised, match=message):
        articles.save(tagged(), "p")


def test_a_body_too_large_for_a_row_goes_to_the_bucket_and_comes_back() -> None:
    articles, table = in_memory()
    noise = random.Random(1)
    huge = tagged(actor("country:USA"), text="".join(chr(noise.randint(33, 0x2FFF)) for _ in range(200_000)))
    saved = articles.save(huge, "p")
    row = table.items[revision_key(saved.article_id, saved.content)]
    assert row["body_at"]["S"].startswith("bodies/")
    assert "body" not in row
    assert list(queries.stored_since(articles, NOON)) == [huge]


@pytest.mark.usefixtures("_aws")
def test_the_fake_table_does_as_moto_does() -> None:
    """The same messages leave the same rows; so the histories played on the fake say something."""
    on_fake, fake = in_memory()
    real = on_moto()
    messages = [message for seed in range(3) for message in offered(random.Random(seed))]
    for message in messages:
        assert on_fake.save(message, "p") == real.save(message, "p")
    there = {key_of(item): item for item in real.dynamodb.scan(TableName=real.table)["Items"]}
    assert there == fake.items
    assert list(queries.stored_since(on_fake, NOON)) == list(queries.stored_since(real, NOON))


@pytest.mark.usefixtures("_aws")
def test_the_fake_table_refuses_as_moto_does() -> None:
    on_fake, _ = in_memory()
    real = on_moto()
    answers = []
    for articles in (on_fake, real):
        articles.save(tagged(), "p")
        row = rows.alias_row(identity(tagged().article).aliases[0], "other")
        for put in ({"ConditionExpression": "attribute_not_exists(PK)"}, VERSION):
            with pytest.raises(ClientError) as alone:
                articles.dynamodb.put_item(TableName=articles.table, Item=row, **put)
            with pytest.raises(ClientError) as together:
                articles.dynamodb.transact_write_items(
                    TransactItems=[transacted(articles, OTHER, {}), transacted(articles, row, put)]
                )
            reasons = together.value.response["CancellationReasons"]
            answers.append(
                (
                    alone.value.response["Error"]["Code"],
                    together.value.response["Error"]["Code"],
                    [reason["Code"] for reason in reasons],
                )
            )
        assert articles.read([key_of(OTHER)]) == {}
    assert answers[:2] == answers[2:]


VERSION: Any = {
    "ConditionExpression": "#version = :version",
    "ExpressionAttributeNames": {"#version": "version"},
    "ExpressionAttributeValues": {":version": {"N": "7"}},
}
OTHER = {"PK": {"S": "n"}, "SK": {"S": "n"}}


def transacted(articles: store.Articles, item: Any, condition: Any) -> Any:
    return {"Put": {"TableName": articles.table, "Item": item, **condition}}
