"""The store function over moto: a batch in, rows, metrics and a log line an article out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from newscast.articles import queries
from newscast.articles.store import Articles
from newscast.aws import clients
from newscast.aws.sender import encode
from newscast.handlers import store
from newscast.records import ArticleTime, Message, TaggedArticle
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import BUCKET, TABLE, on_moto


@pytest.fixture
def articles(monkeypatch: pytest.MonkeyPatch) -> Iterator[Articles]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    with mock_aws():
        clients.forget()
        yield on_moto()
    clients.forget()


def event(*records: TaggedArticle) -> dict[str, Any]:
    bodies = [
        encode(Message(correlation_id=f"poll.{place}", first_seen=NOON, body=record))
        for place, record in enumerate(records)
    ]
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1720785600000"}
    return {
        "Records": [
            {"messageId": f"m{place}", "body": body, "attributes": attributes}
            for place, body in enumerate(bodies)
        ]
    }


def test_a_batch_is_stored_once_however_often_it_comes(
    articles: Articles, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published = datetime.now(UTC) - timedelta(minutes=10)
    given = ArticleTime(at=published, basis="given")
    batch = [
        tagged(actor("country:USA"), published=given),
        tagged(actor("country:USA"), published=given),  # two feeds have it
        tagged(actor("RUS"), published=given, text="Changed.", seen=NOON + timedelta(hours=1)),
        tagged(guid="g2", url=None, published=ArticleTime(at=NOON, basis="missing")),
    ]
    assert store.handler(event(*batch), None) == {"batchItemFailures": []}
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    (metrics,) = (line for line in counted if "Stored" in line)
    assert (metrics["Stored"], metrics["Duplicates"], metrics["Revised"]) == ([1, 1], [1], [1])
    (age,) = metrics["AgeAtStore"]  # only where the publisher gave a time
    assert 590 < age < 900

    before = articles.dynamodb.scan(TableName=TABLE)["Items"]
    assert store.handler(event(*batch), None) == {"batchItemFailures": []}
    assert articles.dynamodb.scan(TableName=TABLE)["Items"] == before
    assert len(list(queries.stored_since(articles, NOON))) == 3


def test_each_article_has_a_line_in_the_log(
    articles: Articles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        store.handler(event(tagged(), tagged()), None)
    lines = [vars(record) for record in caplog.records if record.getMessage() == "article stored"]
    found = [(line["outcome"], line["correlation_id"], line["article_id"]) for line in lines]
    article_id = queries.find(articles, tagged().article)
    assert found == [("new", "poll.0", article_id), ("duplicate", "poll.1", article_id)]


def test_an_article_that_cannot_be_stored_takes_no_other_along(
    articles: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = tagged(guid="poison", url=None)
    save = Articles.save

    def fails(self: Articles, record: TaggedArticle, *more: Any) -> Any:
        if record == poison:
            raise RuntimeError("no such row")
        return save(self, record, *more)

    monkeypatch.setattr(Articles, "save", fails)
    answer = store.handler(event(tagged(), poison, tagged(guid="g3", url=None)), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert len(list(queries.stored_since(articles, NOON))) == 2


def test_a_batch_reads_ahead_in_one_call(articles: Articles) -> None:
    calls: list[str] = []
    clients.dynamodb().meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )
    batch = event(*(tagged(guid=f"g{n}", url=f"https://example.org/{n}") for n in range(5)))
    store.handler(batch, None)
    assert calls == ["BatchGetItem"] + ["TransactWriteItems"] * 5
    calls.clear()
    store.handler(batch, None)
    assert calls == ["BatchGetItem"]
