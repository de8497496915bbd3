"""Articles read on their own pages: what a page costs, in its process and on its whole way; hostile pages.

The way is from a feed of teasers to rows, over the real template, with a publisher on loopback and no gap;
beside it the same feed without its pages. Costs are AWS's for the calls that were made.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.flow.feeds import TEMPLATE, published
from tests.normalise.golden_cases import GOLDEN, PAGE_URL, names
from tests.normalise.hostile import CASES

from newscast.aws import clients
from newscast.feeds.feed import new_feed
from newscast.feeds.table import Feeds
from newscast.guard.budget import PAGE
from newscast.local.stack import Stack
from newscast.normalise import guarded_page
from newscast.normalise.guarded import bare
from newscast.records import Entry, FullTextWish

ROUNDS = 20
ARTICLE = bare(
    Entry(
        feed_id="f",
        source="site.example",
        feed_url="https://site.example/rss",
        observed_at=datetime(2024, 7, 12, tzinfo=UTC),
    ),
    "cpu",
)
"""Of nothing, so that any page is its own."""
ARTICLES = 100
PARAGRAPH = "<p>The defence ministers spoke by telephone on Friday; Lloyd Austin told Vladimir Putin so.</p>"
FURNITURE = "<li><a href='/x'>Another story of today</a></li>" * 60 + "<script>var a = 1;</script>" * 40


def main() -> None:
    _pages()
    _hostile()
    without, with_pages = _way("never"), _way("always")
    print(
        f"{ARTICLES} articles from feed to rows: {without[0]:.1f} s, with their pages {with_pages[0]:.1f} s"
    )
    print(f"on AWS, for 1,000: ${without[1]:.4f}, with their pages ${with_pages[1]:.4f}")


def _pages() -> None:
    bodies = [(GOLDEN / f"{name}.html").read_bytes() for name in names(".html")]
    began = time.perf_counter()
    _read(bodies[0])
    print(f"the worker answers after {time.perf_counter() - began:.2f} s")
    before = _spent()
    for _ in range(ROUNDS):
        for body in bodies:
            _read(body)
    each = (_spent() - before) / (ROUNDS * len(bodies)) * 1000
    print(f"{len(bodies)} golden pages: {each:.1f} ms of CPU a page, {_held()} MB")


def _read(body: bytes) -> str:
    """What became of the page."""
    became = guarded_page.read(ARTICLE, body, PAGE_URL, None).full_text
    return f"{became.outcome} {became.reason or ''}" if became else ""


def _hostile() -> None:
    print(f"{'hostile pages':<42} {'KB':>5}  outcome           CPU s   MB")
    for name, make in CASES.items():
        body = make().encode()
        before, pid = _spent(), _pid()
        began = time.perf_counter()
        outcome = _read(body)
        same = guarded_page._worker.pid == pid
        seconds = _spent() - before if same else PAGE.cpu_seconds
        held = f"{_held():4}" if same else "   -"
        wall = time.perf_counter() - began
        print(f"{name:<42} {len(body) >> 10:>5}  {outcome:<16} {seconds:6.2f} {held}  ({wall:.1f} s in all)")


def _way(wish: FullTextWish) -> tuple[float, float]:
    items = "".join(
        f"<item><title>Ministers speak, {n}</title><guid>{n}</guid><link>http://site.example/p{n}.html</link>"
        f"<description>The defence ministers spoke by telephone on Friday, round {n}…</description></item>"
        for n in range(ARTICLES)
    )
    feed_body = f'<rss version="2.0"><channel><title>Bench</title>{items}</channel></rss>'
    with tempfile.TemporaryDirectory() as folder, Stack.open(TEMPLATE) as stack:
        for n in range(ARTICLES):
            page = (
                f"<title>Ministers speak, {n}</title>{FURNITURE}<article>{PARAGRAPH * 12}<p>{n}</p></article>"
            )
            (Path(folder) / f"p{n}.html").write_text(page, encoding="utf-8")
        stack.set("HOST_GAP_SECONDS", "0")
        with published(Path(folder), feed=feed_body) as urls:
            feed = new_feed(urls[0], datetime.now(UTC), full_text=wish)
            Feeds(clients.dynamodb(), stack.table_name).add(feed)
            began = time.perf_counter()
            stack.invoke("schedule", {"feed_ids": [feed.feed_id]})
            stack.drain()
            took = time.perf_counter() - began
        return took, stack.cost().per_thousand(ARTICLES)


def _pid() -> int:
    guarded_page._worker.told()
    return guarded_page._worker.pid or 0


def _spent() -> float:
    """Seconds of CPU of the process so far."""
    fields = Path(f"/proc/{_pid()}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _held() -> int:
    """MB of the process at its peak."""
    return int(Path(f"/proc/{_pid()}/status").read_text().split("VmHWM:")[1].split()[0]) >> 10


if __name__ == "__main__":
    main()
