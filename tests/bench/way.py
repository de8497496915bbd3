"""An article's whole way on a laptop, from its feed to its rows: CPU of it all, by who spends it.

Forty feeds of twenty entries, a sentence to a long read each, are polled over loopback and go through all
functions and queues; workers' time is read from the system, the rest is profiled and told by package. The
profile costs as much again, so it has a run of its own.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from newscast.aws import clients
from newscast.cli import sample
from newscast.feeds.feed import new_feed
from newscast.feeds.table import Feeds
from newscast.local.stack import Stack
from newscast.web.loopback import open_loopback

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
FEEDS, ENTRIES = 40, 20
WHO = ("Lloyd Austin", "The Kremlin", "The European Commission", "Residents of Khartoum", "Narendra Modi")
DID = (
    "said on Tuesday that talks about a truce would go on in Geneva next week.",
    "denied any part in the strike on the port, which left three people wounded.",
    "will propose rules for carbon markets, according to a draft seen by Reuters.",
    "called for restraint after shelling by the Rapid Support Forces went on through the night.",
    "expects the European Central Bank to hold its rates when Christine Lagarde speaks on Thursday.",
    "met Ursula von der Leyen and the foreign minister of Japan before the summit in New Delhi.",
)
PACKAGES = {
    "botocore, boto3": ("/botocore/", "/boto3/", "/s3transfer/", "/jmespath/", "/dateutil/"),
    "the embedded AWS": ("/newscast/local/",),
    "http": ("/urllib3/", "/http/", "/ssl.py", "/socket.py", "/email/"),
    "powertools": ("/aws_lambda_powertools/",),
    "handlers, store": ("/newscast/",),
    "msgspec, json": ("/msgspec/", "/json/"),
}


def main() -> None:
    """Prints the run without a profile, then the shares of one with it."""
    wall, asker, workers, stored = _run(None)
    each = 1000 / stored
    print(f"{stored} articles in {wall:.1f} s, after those of one feed")
    print(f"{(asker + workers) * each:5.2f} ms of CPU an article, of these {workers * each:.2f} by workers")
    profile = cProfile.Profile(time.process_time)
    _, _, _, stored = _run(profile)
    spent: Counter[str] = Counter()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # as its own printing reads them
    for (file, _, name), (_, _, own, _, _) in stats.items():
        # What is written in C is told by name alone.
        where = file if file != "~" else f"~{name}"
        spent[
            next((known for known, parts in PACKAGES.items() if any(p in where for p in parts)), "other")
        ] += own
    whole = spent.total()
    for known, own in spent.most_common():
        print(f"{known:<20} {own / whole:4.0%} of the rest, {asker * each * own / whole:5.2f} ms")


def _whose(where: str) -> str:
    return next((name for name, parts in PACKAGES.items() if any(part in where for part in parts)), "other")


def _run(profile: cProfile.Profile | None) -> tuple[float, float, float, int]:
    """(wall, this process's CPU, workers' CPU, articles stored), in seconds."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        site = Path(folder, "site")
        site.mkdir()
        _write(site)
        stack = closing.enter_context(Stack.open(TEMPLATE, Path(folder, "data")))
        stack.set("HOST_GAP_SECONDS", "0")
        served = closing.enter_context(sample.serve(site))
        closing.enter_context(open_loopback(sample.HOST, served.port))
        table = Feeds(clients.dynamodb(), stack.table_name)
        for url in served.feeds:
            table.add(new_feed(url, datetime.now(UTC)))
        first, *feeds = [row.feed.feed_id for row in table.all()]
        _poll(stack, [first])  # imports, clients and workers: once, however many articles there are
        wall, cpu, others = time.perf_counter(), time.process_time(), _children()
        if profile:
            profile.enable()
        _poll(stack, feeds)
        if profile:
            profile.disable()
        found = time.perf_counter() - wall, time.process_time() - cpu, _children() - others
        return *found, len(feeds) * ENTRIES


def _poll(stack: Stack, feeds: Sequence[str]) -> None:
    stack.invoke("schedule", {"feed_ids": list(feeds)})
    stack.drain()


def _children() -> float:
    """Seconds of CPU of processes that this one started, those that run and those that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            running += int(fields[11]) + int(fields[12])
    return ended.ru_utime + ended.ru_stime + running / os.sysconf("SC_CLK_TCK")


def _write(folder: Path) -> None:
    dice = random.Random(7)
    now = datetime.now(UTC)
    for number in range(FEEDS):
        entries = ""
        for place in range(ENTRIES):
            count = dice.choice((1, 1, 2, 3, 3, 5, 12, 30))
            text = [f"<p>{dice.choice(WHO)} {dice.choice(DID)}</p>" for _ in range(count)]
            when = now - timedelta(minutes=dice.randrange(3000))
            entries += (
                f"<item><title>{dice.choice(WHO)} speaks, {number}.{place}</title>"
                f"<guid>{number}-{place}</guid>"
                f"<link>https://publisher{number}.example/{place}?utm_source=rss</link>"
                f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
                f"<description>{escape(text[0])}</description><content:encoded>{escape(''.join(text))}"
                "</content:encoded></item>"
            )
        (folder / f"feed{number}.xml").write_text(
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Publisher {number}</title><link>https://publisher{number}.example/</link>{entries}"
            "</channel></rss>",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
