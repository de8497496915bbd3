"""What a person sees on a terminal, wide or narrow, and in a pipe: nothing is cut off, nothing is obeyed."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from newscast.articles.stored import Stored
from newscast.cli import place, screen
from newscast.feeds.health import Health
from newscast.records import TaggedArticle

EVENT = json.loads((place.ROOT / "events" / "store.json").read_text(encoding="utf-8"))
TAGGED = msgspec.convert(json.loads(EVENT["Records"][0]["body"])["body"], TaggedArticle)
RECORD = Stored(
    article_id="0" * 32,
    revision="1" * 32,
    change="new",
    source=TAGGED.article.source,
    feed="https://example.org/feed.xml",
    url=TAGGED.article.url,
    title=TAGGED.article.title,
    published=TAGGED.article.published.at,
    observed_by=("https://example.org/feed.xml",),
    article=TAGGED.article,
    tags=TAGGED.tags,
)
FEED = Health(
    feed_id="ffa7c64385de11ec5",
    url="https://example.org/feeds/a/very/long/way/down/rss.xml",
    title="Sample \x1b[2J Desk",
    status="failing",
    last_success=datetime(2024, 7, 12, tzinfo=UTC),
    last_problem="no connection \x9b2J",
    next_poll=datetime(2024, 7, 13, tzinfo=UTC),
    next_why="tried again",
    unchanged=0.25,
    full_text=None,
    entries_a_day=3.5,
    entries=12,
)
WIDTHS = [40, screen.NARROW, 120, None]
"""Columns of a terminal; None for a pipe."""


def on(width: int | None) -> tuple[Console, io.StringIO]:
    """A terminal of so many columns, or a pipe, and what is printed to it."""
    written = io.StringIO()
    console = Console(
        file=written,
        force_terminal=width is not None,
        color_system=None,
        highlight=False,
        width=width or screen.WIDE,
        soft_wrap=width is None,
    )
    return console, written


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_of_an_article_is_cut_off(width: int | None) -> None:
    console, written = on(width)
    title = "Commemorations of Azerbaijani understandings \x1b]0;obeyed\x07"
    screen.show([replace(RECORD, article=replace(RECORD.article, title=title))], console)
    said = written.getvalue()
    words = ["Commemorations", "Azerbaijani", "understandings", "USAGOVMIL", "France-Presse"]
    for word in words:
        assert word in said
    assert "…" not in said
    assert "␛]0;obeyed␇" in said
    assert all(len(line) <= (width or len(line)) for line in said.splitlines())


@pytest.mark.parametrize("width", WIDTHS)
def test_a_feeds_id_and_address_can_be_copied(width: int | None) -> None:
    console, written = on(width)
    screen.feeds([FEED], console)
    said = written.getvalue()
    assert FEED.feed_id in said
    assert FEED.url in said.replace("\n", "").replace(" ", "")
    assert "no connection ␡2J" in said
    assert not {"\x1b", "\x9b"} & set(said)
