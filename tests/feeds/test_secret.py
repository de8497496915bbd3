"""Feeds with tokens: fetched with them, and none is kept, logged or told."""

from __future__ import annotations

import boto3
import msgspec
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from newscast.feeds.feed import new_feed
from newscast.feeds.secret import Secret, SecretError, parsed, reader
from tests.feeds.rows import Rows
from tests.feeds.world import HOUR, NOON, URL, World, conditional, item, rss, world
from tests.web.publisher import reply

REAL = URL + "?token=hush"


def fetched(site: World, answer: bytes | None = None, real: str = REAL) -> str:
    """Two polls of a feed with a secret; all that is kept and said afterwards, as text."""
    own = f'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="{REAL}"/>'
    site.publisher.says("/feed", answer or conditional(rss(item(1), head=own)))
    feed = new_feed(REAL, NOON, secret="/newscast/feeds/site")
    assert site.feeds.add(feed)
    site.secrets = lambda name: parsed(name, real)
    said = [repr(site.poll(feed.feed_id))]
    site.now += HOUR
    said.append(repr(site.poll(feed.feed_id)))
    rows = site.feeds._dynamodb
    assert isinstance(rows, Rows)
    return repr([rows.items, said, msgspec.json.encode(site.sent)])


def test_a_token_is_sent_and_kept_nowhere() -> None:
    with world() as site:
        assert "hush" not in fetched(site)
        assert [request.path for request in site.asked()] == ["/feed?token=hush"] * 2
        assert len(site.sent) == 1
        assert [outcome for _, _, outcome in site.outcomes] == ["200", "304"]


def test_a_secret_may_write_its_url_as_people_do() -> None:
    with world() as site:
        assert "hush" not in fetched(site, real="http://SITE.example/feed?token=hush")
        assert [outcome for _, _, outcome in site.outcomes] == ["200", "304"]


@pytest.mark.parametrize(
    "answer",
    [
        reply(301, b"", "Location: /feed?token=hush&again=1"),
        reply(302, b"", "Location: http://other.example/feed?token=hush"),
        reply(302, b"", "Location: http://10.0.0.1/?token=hush"),
        reply(404),
        reply(200, b"<html><link rel=alternate type=application/rss+xml href='/feed?token=hush'></html>"),
        b"",
    ],
)
def test_failures_and_redirects_tell_no_token(answer: bytes) -> None:
    with world() as site:
        assert "hush" not in fetched(site, answer)


def test_two_tokens_are_two_feeds() -> None:
    assert (
        new_feed(REAL, NOON, secret="a").feed_id != new_feed(URL + "?token=other", NOON, secret="b").feed_id
    )
    assert new_feed(REAL, NOON, secret="a").url == URL


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        (f" {REAL}\n", Secret(url=REAL)),
        ('{"url": "' + REAL + '", "headers": {"Cookie": "x"}}', Secret(REAL, {"Cookie": "x"})),
    ],
)
def test_a_secret_is_a_url_or_an_object(value: str, secret: Secret) -> None:
    assert parsed("n", value) == secret


@pytest.mark.parametrize(
    "value", ["hush", "{hush", '{"url": "hush"}', '{"url": "http://a.example/", "hush": 1}']
)
def test_a_broken_secret_is_named_and_not_quoted(value: str) -> None:
    with pytest.raises(SecretError, match="the secret /newscast/n is neither") as raised:
        parsed("/newscast/n", value)
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ParameterNotFound", "there is no secret named /other/n"),
        ("AccessDeniedException", "the secret /other/n can't be read: AccessDeniedException"),
        ("InvalidKeyId", "the secret /other/n can't be read: InvalidKeyId"),
        ("ValidationException", "the secret /other/n can't be read: ValidationException"),
    ],
)
def test_a_secret_that_can_not_be_had_is_named_with_the_reason(code: str, words: str) -> None:
    with mock_aws():
        ssm = boto3.client("ssm", region_name="us-east-1")
        with Stubber(ssm) as stubbed:
            stubbed.add_client_error("get_parameter", code, "arn:… of our account")
            with pytest.raises(SecretError) as raised:
                reader(lambda: ssm)("/other/n")
    assert str(raised.value) == words


def test_when_ssm_itself_fails_the_poll_is_made_again() -> None:
    with mock_aws():
        ssm = boto3.client("ssm", region_name="us-east-1")
        with Stubber(ssm) as stubbed:
            stubbed.add_client_error("get_parameter", "ThrottlingException")
            with pytest.raises(ClientError):
                reader(lambda: ssm)("/newscast/n")


def test_a_secret_that_is_not_there_is_the_feeds_trouble() -> None:
    with world() as site:
        feed = new_feed(REAL, NOON, secret="/newscast/none")
        site.feeds.add(feed)
        site.poll(feed.feed_id)
        trouble = site.state(feed.feed_id).trouble
        assert trouble
        assert (trouble.reason, trouble.words) == ("secret", "the secret /newscast/none can't be read here")
        assert site.asked() == []
