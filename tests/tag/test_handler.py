"""The tag stage: an article goes in, and comes out with who is in it on the day it was published."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from newscast.aws.edge import Edge
from newscast.handlers.tag import step
from newscast.records import Article, ArticleTime, FeedPoll, Message, TaggedArticle
from newscast.settings import Settings

NOW = datetime(2024, 7, 12, 12, tzinfo=UTC)


class _NoFiles:
    """A bucket without a user's own actors."""

    def listed(self, prefix: str) -> dict[str, str]:
        return {}


def _edge() -> Edge:
    edge = Edge("tag", Settings(bucket_name="no-files"), now=lambda: NOW)
    vars(edge)["objects"] = _NoFiles()
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


def test_another_record_is_our_bug() -> None:
    poll = FeedPoll(feed_id="feed", poll_id="poll", asked_at=NOW)
    with pytest.raises(TypeError, match="tag takes an Article, not FeedPoll"):
        list(step(_message(poll), _edge()))
