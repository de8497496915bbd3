"""The whole way of an article, from a feed on loopback to rows, on the very template that deploys."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from newscast.articles.packs import PACKS
from newscast.articles.revisions import in_head
from newscast.aws import clients
from newscast.aws.objects import CLAIM
from tests.flow.feeds import heads, poll, published, rss, stack, waiting

COUNT = 60


def test_every_entry_is_stored_once_however_often_it_is_polled(tmp_path: Path) -> None:
    with published(tmp_path / "site", one=rss(COUNT)) as urls, stack() as opened:
        poll(opened, urls)
        assert list(heads(opened).values()) == [1] * COUNT
        assert waiting(opened) == {}
        before = heads(opened)
        poll(opened, urls)
        assert heads(opened) == before
        assert waiting(opened) == {}


def test_a_changed_entry_is_a_revision_and_a_new_one_is_new(tmp_path: Path) -> None:
    with stack() as opened:
        with published(tmp_path / "site", one=rss(COUNT)) as urls:
            poll(opened, urls)
        with published(tmp_path / "site", one=rss(COUNT + 2, changed=frozenset({3, 7}))) as urls:
            poll(opened, urls)
        assert sorted(heads(opened).values()) == [1] * COUNT + [2] * 2


def test_a_body_too_large_for_a_queue_arrives_whole(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(60_000))
    body = rss(3).replace("said so in Moscow", words, 1)
    with published(tmp_path / "site", one=body) as urls, stack() as opened:
        poll(opened, urls)
        assert len(heads(opened)) == 3
        assert waiting(opened) == {}
        listed = clients.s3().list_objects_v2(Bucket=opened.bucket)["Contents"]
        assert {key["Key"].split("/")[0] + "/" for key in listed} == {CLAIM, PACKS}
        assert any(key["Key"].startswith(CLAIM) for key in listed)


def test_the_correlation_id_follows_an_article_from_its_poll_to_its_row(tmp_path: Path) -> None:
    with published(tmp_path / "site", one=rss(2)) as urls, stack() as opened:
        poll(opened, urls)
        lines = [msgspec.json.decode(line) for line in opened.logs.lines("FetchFunction") if "polled" in line]
        poll_id = lines[0]["correlation_id"]
        for function in ("NormaliseFunction", "TagFunction", "StoreFunction"):
            said = "\n".join(opened.logs.lines(function))
            if function == "StoreFunction":
                assert poll_id in said
        rows = clients.dynamodb().scan(TableName=opened.table_name)["Items"]
        ids = {row.correlation_id for item in rows for row in in_head("", item)}
        assert ids == {f"{poll_id}.0", f"{poll_id}.1"}


def test_actors_of_the_users_own_are_tagged_and_a_bad_line_stops_nothing(tmp_path: Path) -> None:
    own = "kind,name,country\nperson,Ann Exampleova,FRA\nperson,,\nsurprise,Bob,FRA\n"
    body = rss(2).replace("said so in Moscow", "met Ann Exampleova in Moscow", 1)
    with published(tmp_path / "site", one=body) as urls, stack() as opened:
        clients.s3().put_object(Bucket=opened.bucket, Key="actors/mine.csv", Body=own.encode())
        poll(opened, urls)
        assert opened.dead_letters() == []
        rows = clients.dynamodb().scan(TableName=opened.table_name)["Items"]
        assert [row["SK"]["S"] for row in rows if row["PK"]["S"].startswith("ACTOR#person:ann-exampleova#")]
        problems = [line for line in opened.logs.lines("TagFunction") if "own actors" in line]
        assert ["mine.csv:3" in problems[0], "mine.csv:4" in problems[1]] == [True, True]


STAGES = {
    "fetch": "FeedQueue",
    "normalise": "EntryQueue",
    "tag": "ArticleQueue",
    "store": "RecordQueue",
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        ("{not json", "not a message: JSON is malformed"),
        ('{"correlation_id":"c","first_seen":"2024-07-12T12:00:00Z"}', "either a body or a stored_at key"),
        (
            '{"correlation_id":"c","first_seen":"2024-07-12T12:00:00Z","stored_at":"claim/gone.gz"}',
            "calling the GetObject operation",
        ),
    ],
)
def test_poison_stands_in_its_stages_dead_letters_and_its_mates_are_stored(
    tmp_path: Path, stage: str, poison: str, reason: str
) -> None:
    with published(tmp_path / "site", one=rss(9)) as urls, stack() as opened:
        queue = opened.deployment.queues[STAGES[stage]]
        clients.sqs().send_message(QueueUrl=queue.url, MessageBody=poison)
        poll(opened, urls)
        (letter,) = opened.dead_letters()
        assert letter.stage == stage
        assert reason in letter.reason
        assert letter.body == poison
        assert letter.first_seen.startswith("20")
        assert len(heads(opened)) == 9
        assert sum(waiting(opened).values()) == 1


def test_when_all_of_a_batch_fail_each_is_answered_for_alone(tmp_path: Path) -> None:
    with stack() as opened:
        queue = opened.deployment.queues["ArticleQueue"]
        for number in range(10):
            clients.sqs().send_message(QueueUrl=queue.url, MessageBody=f"poison {number}")
        opened.drain()
        letters = opened.dead_letters()
        assert sorted(letter.body for letter in letters) == [f"poison {number}" for number in range(10)]
        assert {letter.stage for letter in letters} == {"tag"}
