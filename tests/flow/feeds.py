"""Feeds for whole-flow tests: as many distinct entries as a test wants, served on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscast.articles import rows
from newscast.articles.keys import HEAD
from newscast.aws import clients
from newscast.cli import sample
from newscast.feeds.feed import new_feed
from newscast.feeds.table import Feeds
from newscast.local.stack import Stack
from tests.flow.on_moto import answered_by_moto

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
SUBJECTS = ("Lloyd Austin", "Ajit Doval", "Vladimir Putin", "the Kremlin", "NATO", "Germany")


def rss(count: int, name: str = "flow", changed: frozenset[int] = frozenset()) -> str:
    """An RSS feed of `count` entries, the newest first; `changed` ones say something else than before."""
    start = datetime(2024, 7, 12, tzinfo=UTC)
    items = []
    for number in range(count, 0, -1):
        who = SUBJECTS[number % len(SUBJECTS)]
        words = "took it back" if number in changed else "stood by it"
        items.append(
            f"<item><title>Report {number}: {who} spoke</title>"
            f"<link>http://site.example/{name}/{number}?utm_source=rss</link><guid>{name}-{number}</guid>"
            f"<pubDate>{start + timedelta(minutes=number):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
            f"<description>On day {number} {who} said so in Moscow, and later {words}.</description></item>"
        )
    return f'<rss version="2.0"><channel><title>{name}</title>{"".join(items)}</channel></rss>'


@contextmanager
def stack(data: Path | None = None) -> Iterator[Stack]:
    """The real template; no gap between requests, since the only publisher is ours. With
    NEWSCAST_BACKEND=moto, moto has its items and messages."""
    by_moto = os.environ.get("NEWSCAST_BACKEND") == "moto"
    with Stack.open(TEMPLATE, data) as opened, answered_by_moto(opened) if by_moto else nullcontext():
        opened.set("HOST_GAP_SECONDS", "0")
        yield opened


@contextmanager
def published(folder: Path, **feeds: str) -> Iterator[list[str]]:
    """Serve feeds by name; gives their URLs, which stay the same from one serving to the next."""
    folder.mkdir(exist_ok=True)
    for name, body in feeds.items():
        (folder / f"{name}.xml").write_text(body, encoding="utf-8")
    with sample.opened(folder) as site:
        yield list(site.feeds)


def poll(opened: Stack, urls: list[str]) -> None:
    """Watch these feeds, ask for them now, and work until nothing is left."""
    table = Feeds(clients.dynamodb(), opened.table_name)
    feeds = [new_feed(url, datetime.now(UTC)) for url in urls]
    for feed in feeds:
        table.add(feed)
    report = opened.invoke("schedule", {"feed_ids": [feed.feed_id for feed in feeds]})
    assert report.outcome == "ok", report.problem
    opened.drain()


def heads(opened: Stack) -> dict[str, int]:
    """Revisions of every stored article, by its id."""
    pages = clients.dynamodb().get_paginator("scan").paginate(TableName=opened.table_name)
    items = [item for page in pages for item in page["Items"] if item["SK"]["S"] == HEAD]
    found = [at for item in items if isinstance(at := rows.at_head(item), rows.Head)]
    return {head.article_id: head.revisions for head in found}


def waiting(opened: Stack) -> dict[str, int]:
    """Messages in each queue that holds any, dead-letter queues too."""
    depths = {name: counts.total for name, counts in opened.depths().items()}
    return {name: depth for name, depth in depths.items() if depth}
