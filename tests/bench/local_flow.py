"""The whole flow on the embedded AWS: articles a second in each thousand, and where the time goes.

Feeds of 500 made-up entries are polled over loopback and go through all five functions and four queues,
with their state kept in a directory; then the same feeds, changed in nothing but their channel's date, are
polled again and must store nothing. NEWSCAST_BENCH_ARTICLES changes the 5,000.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscast.aws import clients
from newscast.cli import sample
from newscast.feeds.feed import new_feed
from newscast.feeds.table import Feeds
from newscast.local.invoke import Report
from newscast.local.stack import Progress, Stack
from newscast.web.loopback import open_loopback

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
PER_FEED = 500
THOUSAND = 1000
HEADINGS = "  stored  a second  in functions  in the embedded AWS  in commits"
WHO = ["Angela Merkel", "the Kremlin", "Indian troops", "NATO", "the UN Security Council", "Reuters", "Japan"]
WHAT = ["said on Tuesday that talks would go on", "denied any part in the strike", "called for restraint"]


def main() -> None:
    """Prints a table, a line a thousand."""
    count = int(os.environ.get("NEWSCAST_BENCH_ARTICLES", "5000"))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        site, data = Path(folder, "site"), Path(folder, "data")
        site.mkdir()
        clock = _Clock()
        stack = closing.enter_context(Stack.open(TEMPLATE, data, observer=clock.observe))
        stack.set("HOST_GAP_SECONDS", "0")
        print(HEADINGS)
        clock.start(stack)
        round_of(stack, site, count, edition=1, clock=clock)
        cost = stack.cost()
        print(f"on AWS: ${cost.usd:.4f}, ${cost.per_thousand(clock.stored):.4f} for a thousand articles")
        before, began = clock.stored, time.perf_counter()
        round_of(stack, site, count, edition=2, clock=clock)
        print(f"again: {clock.stored - before} reached the store in {time.perf_counter() - began:.1f} s")


def round_of(stack: Stack, site: Path, count: int, edition: int, clock: _Clock) -> None:
    """Serve the feeds, poll each, work until all is done."""
    write_feeds(site, count, edition)
    with sample.serve(site) as served, open_loopback(sample.HOST, served.port):
        feeds = [new_feed(url, datetime.now(UTC)) for url in served.feeds]
        table = Feeds(clients.dynamodb(), stack.table_name)
        for feed in feeds:
            table.add(feed)
        poll(stack, [feed.feed_id for feed in feeds], clock)
    letters = stack.dead_letters()
    left = sum(counts.total for counts in stack.depths().values())
    print(f"{clock.stored} stored, {left} messages left, {len(letters)} dead letters")
    for letter in letters[:3]:
        print(f"  {letter.stage}: {letter.reason}")


def poll(stack: Stack, feed_ids: Sequence[str], clock: _Clock) -> None:
    """Ask for every feed now and work until all is done."""
    asked = stack.invoke("schedule", {"feed_ids": list(feed_ids)})
    if asked.outcome != "ok":
        raise SystemExit(f"schedule: {asked.problem}")
    stack.drain(lambda progress: clock.tell(stack, progress))


class _Clock:
    """Times each thousand; `functions` holds what handlers took, their AWS calls included."""

    def __init__(self) -> None:
        self.stored = 0
        self._functions = 0.0

    def start(self, stack: Stack) -> None:
        self._marks = self._now(stack)

    def observe(self, report: Report) -> None:
        self._functions += report.duration_ms / 1000

    def tell(self, stack: Stack, progress: Progress) -> None:
        batch = progress.batch
        if batch is None or batch.source.function is not stack.function("store"):
            return
        before = self.stored
        self.stored += batch.size - len(batch.failed)
        if before // THOUSAND != self.stored // THOUSAND:
            now = self._now(stack)
            wall, functions, gate, journal = (b - a for a, b in zip(self._marks, now, strict=True))
            print(
                f"{self.stored:>8} {THOUSAND / wall:>9.0f} {functions / wall:>13.0%} {gate / wall:>20.0%} "
                f"{journal / wall:>15.0%}",
                flush=True,
            )
            self._marks = now

    def _now(self, stack: Stack) -> tuple[float, float, float, float]:
        journal = stack.database.seconds
        return time.perf_counter(), self._functions, stack.gate.seconds, journal


def write_feeds(folder: Path, count: int, edition: int) -> None:
    """Feeds of PER_FEED entries each, `count` in all, a few hundred words an entry."""
    rng = random.Random(7)
    for number in range(-(-count // PER_FEED)):
        entries = [_entry(rng, number, place) for place in range(min(PER_FEED, count - number * PER_FEED))]
        (folder / f"feed{number}.xml").write_text(
            f'<rss version="2.0"><channel><title>Feed {number}</title><description>{edition}</description>'
            f"<link>https://publisher{number}.example/</link>{''.join(entries)}</channel></rss>",
            encoding="utf-8",
        )


def _entry(rng: random.Random, feed: int, place: int) -> str:
    published = datetime(2024, 7, 12, tzinfo=UTC) - timedelta(minutes=place)
    text = " ".join(f"{rng.choice(WHO)} {rng.choice(WHAT)} {rng.randrange(10_000)}." for _ in range(40))
    return (
        f"<item><title>{rng.choice(WHO)} {rng.choice(WHAT)} {feed}-{place}</title>"
        f"<link>https://publisher{feed}.example/{place}</link><guid>{feed}-{place}</guid>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>{text}</description></item>"
    )


if __name__ == "__main__":
    main()
