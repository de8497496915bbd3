"""What a person is told: health, a probe's answer, and OPML both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from newscast.feeds import fields, opml
from newscast.feeds.feed import State, Trouble, new_feed
from newscast.feeds.health import health
from newscast.feeds.opml import OpmlError, Outline
from newscast.feeds.probe import probe
from newscast.feeds.rows import Row
from newscast.settings import Settings
from tests.feeds.world import HOUR, NOON, URL, item, rss
from tests.web.publisher import network, reply, serving

FEED = new_feed(URL, NOON)


def row(asked: int = 0, disabled: str | None = None, **state: object) -> Row:
    made = State(next_due=NOON + HOUR, **state)  # type: ignore[arg-type]
    return Row(feed=replace(FEED, state=made, disabled=disabled), version=1, asked=asked)


HEALTH = [
    (row(), "new", None, "never polled yet", None),
    (
        row(10, last_ok=NOON, changed=2, failed=1, next_why="rhythm"),
        "ok",
        None,
        "as often as it publishes",
        0.7,
    ),
    (
        row(last_ok=NOON, problem="entry 3 left out: depth", next_why="ttl"),
        "ok",
        "entry 3 left out: depth",
        "as its ttl or update period asks",
        None,
    ),
    (
        row(
            4,
            failed=4,
            trouble=Trouble(reason="missing", words="nothing is there (404)", since=NOON, count=4),
            next_why="missing",
        ),
        "failing",
        "nothing is there (404), 4 times since 2024-07-12",
        "another try",
        0.0,
    ),
    (row(disabled="by hand", last_ok=NOON), "disabled", "by hand", None, None),
]


@pytest.mark.parametrize(("of", "status", "problem", "why", "unchanged"), HEALTH)
def test_health(of: Row, status: str, problem: str | None, why: str | None, unchanged: float | None) -> None:
    told = health(of)
    assert (told.status, told.last_problem, told.next_why, told.unchanged) == (
        status,
        problem,
        why,
        unchanged,
    )
    assert (told.next_poll is None) == (status == "disabled")


# ------------------------------------------------------------------------- probe
def test_a_probe_tells_what_a_poll_would_find_and_when_it_would_come_again() -> None:
    with serving() as publisher:
        publisher.says(
            "/feed", reply(200, rss(item(1), item(2)), 'ETag: W/"1"', "Cache-Control: max-age=7200")
        )
        told = probe(URL, Settings(contact="desk@site.example"), NOON, network({80: publisher.port}))
        agent = publisher.requests[0].headers["user-agent"]
    assert agent.startswith("Newscast/")
    assert agent.endswith("; +desk@site.example)")
    assert (told.outcome, told.status, told.format, told.entries) == ("ok", 200, "rss20", 2)
    assert (told.validators.etag, told.validators.last_modified) == ('W/"1"', None)
    assert (told.next_poll, told.next_why) == ("2024-07-12T18:00:00Z", "rhythm")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://10.0.0.1/", "10.0.0.1 is not public: private (RFC 1918)"),
        ("http://site.example:8080/", "port 8080 is not fetched, only 80 for http"),
        ("file:///etc/passwd", "file: is not fetched, only http and https"),
        ("http://me:hush@site.example/", "a user name or password in the URL"),
        ("http://printer/", "printer is a name of a private network"),
        ("nonsense", "this is not a URL"),
    ],
)
def test_a_refusal_is_explained(url: str, words: str) -> None:
    told = probe(url, Settings(), NOON, network({}))
    assert told.outcome == "refused"
    assert words in (told.problem or "")
    assert "hush" not in repr(told)


@pytest.mark.parametrize(
    ("answer", "words"),
    [(reply(404), "(404)"), (reply(200, b"<html></html>"), "web page"), (b"", "closed the connection")],
)
def test_a_failure_is_explained(answer: bytes, words: str) -> None:
    with serving() as publisher:
        publisher.says("/feed", answer)
        told = probe(URL, Settings(), NOON, network({80: publisher.port}))
    assert told.outcome == "failed"
    assert words in (told.problem or "")


# ------------------------------------------------------------------------- OPML
NESTED = b"""<?xml version="1.0" encoding="ISO-8859-1"?><opml version="1.1"><body>
<outline text="World"><outline title="Europe" text="x">
<outline text="Z\xfcrich" xmlUrl=" http://a.example/f "/></outline>
<outline type="rss" text="B &amp; C" XMLURL="http://b.example/f" category="/Daily,/News/Asia"/></outline>
<outline text="A/B"><outline text="again" xmlUrl="http://a.example/f"/></outline>
<outline text="no folder, no feed"/></body></opml>"""


def test_nested_folders_become_tags_and_a_feed_comes_once() -> None:
    assert opml.read(NESTED) == [
        Outline("http://a.example/f", "Zürich", ("World/Europe", "A∕B")),
        Outline("http://b.example/f", "B & C", ("World", "Daily", "News/Asia")),
    ]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "no OPML"),
        (b"<rss/>", "no OPML"),
        (b"<opml><body><outline></body></opml>", "not well-formed at line 1"),
        (b'<!DOCTYPE o [<!ENTITY a "&b;">]><opml/>', "entities"),
        (b"<opml>" + b"<outline>" * 500, "inside each other"),
    ],
)
def test_what_is_no_opml_says_so(data: bytes, complaint: str) -> None:
    with pytest.raises(OpmlError, match=complaint):
        opml.read(data)


WORDS = (
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="/∕,<>&\ufffe\uffff"
        ),
        min_size=1,
    )
    .map(lambda text: " ".join(fields.shown(text).split()))
    .filter(bool)
)


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | WORDS, st.lists(WORDS, max_size=3)), max_size=8))
def test_what_is_written_is_read_back(made: list[tuple[int, str | None, list[str]]]) -> None:
    feeds = {
        number: new_feed(
            f"http://s{number}.example/?a=1&b=2", NOON, title=title, tags=("/".join(tags),) if tags else ()
        )
        for number, title, tags in made
    }
    back = {outline.url: outline for outline in opml.read(opml.write(feeds.values()).encode())}
    assert set(back) == {feed.url for feed in feeds.values()}
    assert all(back[feed.url].tags == feed.tags for feed in feeds.values())
