"""The function's step: one Entry in, one Article out, under the same correlation id."""

import pytest

from newscast.aws.edge import Edge
from newscast.handlers.normalise import step
from newscast.records import Article, Entry, FeedPoll, Markup, Message, utc
from newscast.settings import Settings

SEEN = utc("2024-07-12T19:00:00Z")


def test_an_entry_becomes_an_article() -> None:
    entry = Entry(
        feed_id="f",
        source="s",
        feed_url="https://example.com/rss",
        observed_at=SEEN,
        title=Markup(value="Hi"),
    )
    message = Message(correlation_id="poll.1", first_seen=SEEN, body=entry)
    [result] = step(message, Edge("normalise", Settings()))
    assert result.correlation_id == "poll.1"
    assert isinstance(result.body, Article)
    assert result.body.title == "Hi"


def test_another_record_is_our_bug() -> None:
    poll = FeedPoll(feed_id="f", poll_id="p", asked_at=SEEN)
    with pytest.raises(TypeError, match="FeedPoll"):
        step(Message(correlation_id="p", first_seen=SEEN, body=poll), Edge("normalise", Settings()))
