"""The store function over the engine: a batch in, rows, metrics and a log line an article out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from newscast.articles import queries, stored
from newscast.articles.erasing import erasing
from newscast.articles.grants import Grant, Grants
from newscast.articles.identity import name_of
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping, Outcome
from newscast.aws import clients
from newscast.aws.sender import encode
from newscast.feeds.meter import Meter, Use
from newscast.feeds.months import Months
from newscast.feeds.table import Feeds
from newscast.handlers import store
from newscast.records import ArticleTime, FullText, Message, Payload, Regroup, TaggedArticle
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import BUCKET, TABLE, Engine, items

SITE = "https://example.org"
STRANGER: dict[str, Any] = {"feed_id": "s", "feed_url": "https://cdn.example/feed", "source": "cdn.example"}


@pytest.fixture
def table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Articles]:
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("RECORD_QUEUE_URL", "https://queue.example/record")
    clients.forget()
    yield engine.articles()
    clients.forget()


def event(*records: Payload) -> dict[str, Any]:
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


def counted(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the last invocation counted, by name."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (summary,) = (line for line in lines if line["message"] == "summary")
    return {name: value for name, value in summary.items() if name not in ("service", "message", "_aws")}


def test_a_batch_is_stored_once_however_often_it_comes(
    table: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ArticleTime(at=datetime.now(UTC) - timedelta(minutes=10), basis="given")
    later = NOON + timedelta(hours=1)
    batch = [
        tagged(actor("country:USA"), published=given),
        tagged(actor("country:USA"), published=given),  # delivered twice
        tagged(actor("RUS"), published=given, text="Changed.", seen=later),
        tagged(guid="g2", url=None, published=ArticleTime(at=NOON, basis="missing")),
    ]
    assert store.handler(event(*batch), None) == {"batchItemFailures": []}
    metrics = counted(capsys)
    assert (metrics["Stored"], metrics["Duplicates"], metrics["Revised"]) == (2, 1, 1)
    (age,) = metrics["AgeAtStore"]  # only where the publisher gave a time
    assert 590 < age < 900

    before = items(table)
    assert store.handler(event(*batch), None) == {"batchItemFailures": []}
    assert counted(capsys) == {"Duplicates": 4}
    assert items(table) == before
    assert [one.change for one in stored.since(table, NOON)] == ["new", "revised", "new"]


def test_every_outcome_counts(table: Articles, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(store.COUNTED) == set(Outcome)
    gone = tagged(guid="gone", url=f"{SITE}/gone")
    table.carry(erasing(table.save(gone, "p").article_id, Keeping(NOON)))
    batch = [
        tagged(),
        tagged(gazetteer="2", tagged_at=NOON),
        tagged(text="Earlier.", seen=NOON - timedelta(hours=1)),
        tagged(feed_id="second", gazetteer="2", tagged_at=NOON),  # the publisher's other feed
        tagged(**STRANGER),
        gone,
    ]
    store.handler(event(*batch), None)
    metrics = counted(capsys)
    metrics.pop("AgeAtStore")
    assert metrics == {"Stored": 1, "Revised": 2, "Duplicates": 1, "Beside": 1, "Erased": 1}


def test_what_a_month_used_is_counted_once_a_batch_where_there_is_a_ceiling(
    table: Articles, monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    page = FullText(outcome="taken")
    batch = [
        tagged(actor("country:USA"), actor("RUS"), full_text=page),
        tagged(actor("country:USA"), text="Changed.", seen=NOON + timedelta(hours=1), full_text=page),
        tagged(guid="g2", url=None),
        tagged(**STRANGER),
    ]
    meter, now = Meter(table.dynamodb, TABLE), datetime.now(UTC)
    store.handler(event(batch[2]), None)
    without = calls.count("UpdateItem")
    assert meter.read(now) == Use()
    monkeypatch.setenv("MONTHLY_CEILING", "40")
    store.handler(event(*batch), None)
    assert meter.read(now) == Use(articles=1, revisions=2, actors=2, pages=2)
    calls.clear()
    store.handler(event(*batch), None)  # delivered again: nothing is written, nothing counted
    assert "UpdateItem" not in calls
    store.handler(event(tagged(guid="g3", url=None)), None)
    assert calls.count("UpdateItem") == without + 1


def test_what_is_too_old_by_the_setting_is_not_stored(
    table: Articles, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "30")
    now = datetime.now(UTC)
    fresh = tagged(guid="g2", url=None, published=ArticleTime(at=now, basis="given"), seen=now)
    store.handler(event(tagged(), fresh), None)
    metrics = counted(capsys)
    assert (metrics["TooOld"], metrics["Stored"]) == (1, 1)
    assert all("expires_at" in item for (_, sk), item in items(table).items() if sk == "HEAD")


def test_each_article_has_a_line_in_the_log(table: Articles, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        store.handler(event(tagged(), tagged(), tagged(**STRANGER)), None)
    lines = [vars(record) for record in caplog.records if record.getMessage() == "article stored"]
    found = [(line["outcome"], line["correlation_id"], line["article_id"]) for line in lines]
    article_id = name_of(tagged().article, owned=True).id
    assert found == [
        ("new", "poll.0", article_id),
        ("duplicate", "poll.1", article_id),
        ("beside", "poll.2", article_id),
    ]


def test_an_article_that_cannot_be_stored_takes_no_other_along(
    table: Articles, monkeypatch: pytest.MonkeyPatch
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
    assert len(list(stored.since(table, NOON))) == 2


@pytest.fixture
def calls() -> Iterator[list[str]]:
    """Names of the calls on the table."""
    found: list[str] = []
    events = clients.dynamodb().meta.events
    events.register("before-call.dynamodb", lambda model, **_: found.append(model.name), unique_id="calls")
    yield found
    events.unregister("before-call.dynamodb", unique_id="calls")


def test_a_batch_reads_ahead_in_one_call(table: Articles, calls: list[str]) -> None:
    own = [tagged(guid=f"g{n}", url=f"{SITE}/{n}") for n in range(5)]
    strange = [tagged(guid=f"s{n}", url=f"{SITE}/s{n}", **STRANGER) for n in range(3)]
    batch = event(*own, *strange)
    store.handler(batch, None)
    # An owner's page and then its head, each by itself; a stranger's together; the ledger.
    one_by_one = ["PutItem", "PutItem"] * 5 + ["TransactWriteItems"] * 3
    assert calls == ["BatchGetItem", *one_by_one, "PutItem"]
    calls.clear()
    store.handler(batch, None)
    assert calls == ["BatchGetItem"]
    assert len(queries.heads(table, [name_of(one.article, owned=True).id for one in own])) == 5


# -------------------------------------------------------------------------------------- the ledger
def stored_of(table: Articles, feed_id: str) -> dict[str, int]:
    """What the ledger says was stored of a feed's entries, by day."""
    there = Months(table.dynamodb, table.table).read_stored(NOON.date(), NOON.date() + timedelta(days=30))
    return {f"{day}": batches.stored[feed_id] for day, batches in there.items() if feed_id in batches.stored}


def test_what_is_stored_counts_once_on_the_day_it_was_observed(table: Articles) -> None:
    late = NOON + timedelta(days=20)
    batch = [
        tagged(),
        tagged(text="Changed.", seen=late),
        tagged(text="Again.", seen=late),
        tagged(**STRANGER),
    ]
    nothing = event(tagged())
    nothing["Records"][0]["body"] = "nothing that can be read"
    for happened in (event(*batch), nothing, event(*batch)):  # the same is delivered again
        store.handler(happened, None)
    assert stored_of(table, "f1") == {"2024-07-12": 1, "2024-08-01": 2}
    assert stored_of(table, "s") == {"2024-07-12": 1}


def test_a_text_that_was_given_up_is_told_with_its_cause(table: Articles) -> None:
    one, other = tagged(), tagged(guid="g2", url=None)
    over = FullText(outcome="kept", reason="memory", words="")
    missing = FullText(outcome="kept", reason="missing", words="")
    batch = [
        replace(one, article=replace(one.article, unread="cpu")),
        replace(other, untagged="cpu"),
        tagged(guid="g3", url=None, full_text=over),
        tagged(guid="g4", url=None, full_text=missing),
        tagged(guid="g5", url=None),
    ]
    store.handler(event(*batch), None)
    store.handler(event(*batch), None)  # delivered again
    day = NOON.date()
    there = Months(table.dynamodb, table.table).read_stored(day, day)[day]
    assert there.stored == {"f1": 5}
    assert there.unread == {"f1": {"cpu": 2, "memory": 1}}
    told = Feeds(table.dynamodb, table.table)
    assert told.unread(day, day) == there.unread
    assert [dict(found.unread) for found in told.coverage("f1", day, day)] == [{"cpu": 2, "memory": 1}]


def test_what_the_ledger_did_not_take_fails_no_message_and_counts_in_no_later_batch(
    table: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("throttled")

    monkeypatch.setattr(Months, "stored", fails)
    assert store.handler(event(tagged(), tagged(**STRANGER)), None) == {"batchItemFailures": []}
    monkeypatch.undo()
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    store.handler(event(tagged(feed_id="third", guid="g3", url=None)), None)
    assert [stored_of(table, feed) for feed in ("f1", "s", "third")] == [{}, {}, {"2024-07-12": 1}]


# ---------------------------------------------------------------------------------------- regrouping
class Sent:
    """Stands for the queue: what is sent on."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, messages: list[Message]) -> None:
        self.messages += messages


def test_a_feeds_grants_are_worked_through_some_at_a_time(
    table: Articles, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, queues = Sent(), set()

    def sender(_sqs: object, queue: str, _objects: object) -> Sent:
        queues.add(queue)
        return sent

    monkeypatch.setattr(store, "Sender", sender)
    for n in range(60):
        table.save(tagged(guid=f"g{n}", url=f"{SITE}/{n}", text=f"{n}", **STRANGER), "p")
    grants = Grants(table.dynamodb, TABLE)
    grants.add(Grant(feed_id="s", scope="example.org", why="named", evidence="", at=""))
    asked: list[Payload] = [Regroup(feed_id="s", asked_at=NOON)]
    done: list[float] = []
    while asked:
        sent.messages = []
        assert store.handler(event(*asked), None) == {"batchItemFailures": []}
        done.append(counted(capsys)["Regrouped"])
        asked = [message.body for message in sent.messages if message.body]
    assert done == [25, 25, 10]
    assert queues == {"https://queue.example/record"}
    kinds = Counter(key[0].split("#")[0] for key in items(table))
    assert "CLAIMS" not in kinds
    found = list(queries.everything(table, NOON + timedelta(days=1)))
    assert len(found) == 60
    own = {name_of(tagged(guid=f"g{n}", **STRANGER).article, owned=True).id for n in range(60)}
    assert {row.article_id for row in found} == own


def test_a_record_of_another_kind_fails_alone(table: Articles) -> None:
    answer = store.handler(event(tagged().article, tagged()), None)
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m0"]
    assert len(list(stored.since(table, NOON))) == 1
