"""The tag stage: an article goes in, and comes out with who is in it on the day it was published."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from newscast.aws.edge import Edge
from newscast.guard.worker import BrokenWorkerError
from newscast.handlers.tag import step
from newscast.records import Article, ArticleTime, FeedPoll, Message, TaggedArticle, Tags
from newscast.settings import Settings

NOW = datetime(2024, 7, 12, 12, tzinfo=UTC)


class _Files:
    """A bucket with a user's own actors: CSV files by their key."""

    def __init__(self, **files: bytes) -> None:
        self.files = {f"actors/{name}.csv": text for name, text in files.items()}
        self.looks = 0

    def listed(self, prefix: str) -> dict[str, str]:
        self.looks += 1
        return {key: hashlib.sha256(text).hexdigest() for key, text in self.files.items()}

    def read_file(self, key: str) -> bytes:
        return self.files[key]


def _edge(settings: Settings | None = None, files: _Files | None = None, now: datetime = NOW) -> Edge:
    edge = Edge("tag", settings or Settings(bucket_name="no-files"), now=lambda: now)
    vars(edge)["objects"] = files or _Files()
    return edge


def _message(body: Article | FeedPoll) -> Message:
    return Message(correlation_id="poll.1", first_seen=NOW, body=body)


def _article(title: str, text: str) -> Article:
    return Article(
        feed_id="feed",
        source="example.org",
        guid="1",
        url="https://example.org/1",
        link=None,
        title=title,
        summary="",
        text=text,
        published=ArticleTime(at=NOW, basis="given"),
        updated=None,
        observed_at=NOW,
        content_hash="0",
    )


def test_an_article_is_tagged_with_offsets_into_its_reading() -> None:
    article = _article("Lloyd Austin calls Moscow", "The Defense Secretary spoke.")
    (message,) = step(_message(article), _edge())
    body = message.body
    assert isinstance(body, TaggedArticle)
    assert body.article == article
    assert message.correlation_id == "poll.1"
    austin = next(actor for actor in body.tags.actors if actor.actor_id == "person:lloyd-austin")
    first = austin.mentions[0]
    assert article.reading()[first.start : first.end] == "Lloyd Austin"
    assert [role.known for role in austin.roles] == ["Secretary of Defense"]


@pytest.mark.parametrize(
    ("capitals", "unknown"), [(True, ()), (False, ("PUTIN VISITS KYIV",))], ids=["said", "not said"]
)
def test_a_title_in_capitals_names_only_whom_the_gazetteer_knows(
    capitals: bool, unknown: tuple[str, ...]
) -> None:
    article = _article("PUTIN VISITS KYIV", "They spoke.")
    (message,) = step(_message(replace(article, title_in_capitals=capitals)), _edge())
    assert isinstance(message.body, TaggedArticle)
    assert tuple(one.surface for one in message.body.tags.unknown) == unknown
    assert ("person:vladimir-putin" in {actor.actor_id for actor in message.body.tags.actors}) == capitals


def test_a_recogniser_that_fails_is_counted_and_told_and_stops_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    article = _article("Lloyd Austin calls Moscow", "Yolanda waved.")
    chosen = Settings(bucket_name="no-files", recogniser="tests.tag.test_recogniser:failing")
    edge = _edge(chosen)
    (message,) = step(_message(article), edge)
    assert isinstance(message.body, TaggedArticle)
    assert message.body.tags == plain_tags(article)
    edge.close()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [line for line in lines if line.get("message") == "recogniser"]
    assert [line["problem"] for line in told] == ["fixed 2.0 failed: RuntimeError: out of memory"]
    assert [line["RecogniserProblems"] for line in lines if "RecogniserProblems" in line] == [1]


def plain_tags(article: Article) -> Tags:
    (message,) = step(_message(article), _edge())
    assert isinstance(message.body, TaggedArticle)
    return message.body.tags


def test_a_recogniser_that_is_not_there_is_our_mistake() -> None:
    edge = _edge(Settings(bucket_name="no-files", recogniser="no.such:load"))
    with pytest.raises(BrokenWorkerError, match=r"recogniser no\.such:load can't be loaded"):
        list(step(_message(_article("Moscow", "It rained.")), edge))


def test_ones_own_actors_count_ten_minutes_after_their_file_changed() -> None:
    files, settings = _Files(), Settings(bucket_name="own-actors")
    article = _article("Ann Exampleova resigns", "She said so.")

    def named(seconds: int) -> list[str]:
        edge = _edge(settings, files, NOW + timedelta(seconds=seconds))
        (message,) = step(_message(article), edge)
        assert isinstance(message.body, TaggedArticle)
        return [actor.name for actor in message.body.tags.actors]

    assert named(0) == []
    files.files["actors/mine.csv"] = b"kind,name\nperson,Ann Exampleova\n"
    assert named(599) == []
    assert named(600) == ["Ann Exampleova"]
    assert files.looks == 2
    del files.files["actors/mine.csv"]
    assert named(1199) == ["Ann Exampleova"]
    assert named(1201) == []


def test_another_record_is_our_bug() -> None:
    poll = FeedPoll(feed_id="feed", poll_id="poll", asked_at=NOW)
    with pytest.raises(TypeError, match="tag takes an Article, not FeedPoll"):
        list(step(_message(poll), _edge()))
