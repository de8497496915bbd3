"""The bytes of an earlier version, made by its own code: messages of every queue, and a kept state.

Run with the earlier version's own interpreter, from its checkout (README.md says how):
    CHECKOUT/.venv/bin/python tests/upgrade/make_fixtures.py CHECKOUT tests/upgrade/VERSION
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from newscast import cli
from newscast.aws import clients
from newscast.cli import sample
from newscast.feeds.feed import new_feed
from newscast.feeds.table import Feeds
from newscast.local.invoke import Report
from newscast.local.stack import Stack
from newscast.web.loopback import open_loopback

WORDS = (
    "ministers",
    "said",
    "the",
    "talks",
    "would",
    "go",
    "on",
    "while",
    "markets",
    "waited",
    "for",
    "news",
)
LARGE = " ".join(WORDS[place * place % 89 % 12] for place in range(40_000))
"""A text of more than 200 KB, which no queue carries."""
CARRIED = ("FeedPoll", "Entry", "PageWanted", "Article", "TaggedArticle")


def item(title: str, text: str, link: str | None, guid: str | None, hour: int) -> str:
    """One RSS item of 12 July 2024."""
    return (
        f"<item><title>{title}</title><description>{text}</description>"
        f"<pubDate>Fri, 12 Jul 2024 {hour:02}:00:00 GMT</pubDate>"
        + (f"<link>{link}</link>" if link else "")
        + (f'<guid isPermaLink="false">{guid}</guid>' if guid else "")
        + "</item>"
    )


def rss(title: str, *items: str) -> bytes:
    body = f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'
    return body.encode()


A = "https://victim.example/a"
LATER = "Vladimir Putin met Lloyd Austin in Geneva, and later Emmanuel Macron joined them."
FEEDS = {
    "victim.example": rss(
        "The Victim",
        item("Putin meets Austin", "Vladimir Putin met Lloyd Austin in Geneva.", A, "victim-a", 9),
        item("No guid", "The European Union spoke of Ukraine.", "https://victim.example/b", None, 8),
        item("No link", "Emmanuel Macron visited Kyiv.", None, "victim-c", 7),
        item("A revision comes", "Japan said nothing yet.", "https://victim.example/d", "victim-d", 6),
        item("A long read", LARGE, "https://victim.example/e", "victim-e", 5),
    ),
    "other.example": rss(
        "Another",
        item("Others on Putin", "Others say that Vladimir Putin resigned.", A, "other-1", 10),
        item("Its own", "The World Bank lent Kenya money.", "https://other.example/1", "other-2", 10),
    ),
    "mirror.example": rss(
        "Mirror",
        item("Putin meets Austin", "Vladimir Putin met Lloyd Austin in Geneva.", A, "victim-a", 9),
    ),
    "late.example": rss(
        "Late",
        *(item(f"Report {n}", LATER, f"https://late.example/{n}", f"late-{n}", n % 12) for n in range(24)),
    ),
    "teaser.example": rss(
        "Teaser",
        item("A page to read", "Olaf Scholz speaks …", "http://teaser.example/1.html", "teaser-1", 4),
        item("A page that is gone", "NATO meets …", "http://teaser.example/2.html", "teaser-2", 4),
    ),
}
FEEDS["pages.example"] = FEEDS["teaser.example"].replace(b"teaser", b"pages")
PAGE = (
    "<html><head><title>A page to read</title></head><body><article><h1>A page to read</h1>"
    + f"<p>Olaf Scholz speaks in Berlin about Ukraine. {LATER}</p>" * 6
    + "</article></body></html>"
).encode()
REVISED = FEEDS["victim.example"].replace(b"Japan said nothing yet.", b"Japan and South Korea said no.")


@contextmanager
def server(files: dict[str, bytes]) -> Iterator[int]:
    """The port of a server on this machine that serves files by their path."""

    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = files.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header(
                "Content-Type", "text/html" if self.path.endswith("html") else "application/rss+xml"
            )
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    Thread(target=serving.serve_forever, daemon=True).start()
    yield serving.server_port
    serving.shutdown()
    serving.server_close()


@contextmanager
def published(feeds: dict[str, bytes]) -> Iterator[dict[str, str]]:
    """Every feed on a port of its own, under its host's name; their URLs by host."""
    with ExitStack() as open_:
        for host, body in feeds.items():
            port = open_.enter_context(server({"/feed.xml": body, "/1.html": PAGE}))
            open_.enter_context(open_loopback(host, port))
        yield {host: f"http://{host}/feed.xml" for host in feeds}


# ------------------------------------------------------------------------------- one message of each kind
def messages(checkout: Path, out: Path) -> None:
    """The first of each kind that the sample site brings, and a claim-checked one with its object."""
    found: dict[str, str] = {}

    def sent(params: dict[str, Any], **_: Any) -> None:
        for entry in params["Entries"]:
            told = json.loads(entry["MessageBody"])
            found.setdefault((told["body"] or {}).get("record", "claim"), entry["MessageBody"])

    with Stack.open(checkout / "infra/template.yaml") as stack, ExitStack() as open_:
        clients.sqs().meta.events.register("provide-client-params.sqs.SendMessageBatch", sent)
        site = open_.enter_context(sample.serve(checkout / "events/site"))
        open_.enter_context(open_loopback(sample.HOST, site.port))
        urls = open_.enter_context(published({"victim.example": FEEDS["victim.example"]}))
        stack.set("HOST_GAP_SECONDS", "0")
        now = datetime.now(UTC)
        feeds = [*sample.subscriptions(site, now), *(new_feed(url, now) for url in urls.values())]
        poll(stack, feeds)
        stack.drain()
        for kind in (*CARRIED, "claim"):
            (out / f"{kind}.json").write_text(found[kind], encoding="ascii")
        key = json.loads(found["claim"])["stored_at"]
        stored = clients.s3().get_object(Bucket=stack.bucket, Key=key)["Body"].read()
        (out / "claim.json.gz").write_bytes(stored)


def poll(stack: Stack, feeds: list[Any]) -> None:
    """Watch these feeds and ask for them now."""
    table = Feeds(clients.dynamodb(), stack.table_name)
    for feed in feeds:
        table.add(feed)
    report = stack.invoke("schedule", {"feed_ids": [feed.feed_id for feed in feeds]})
    if report.outcome != "ok":
        raise SystemExit(report.problem)


# ------------------------------------------------------------------------------------------ a kept state
def two_runs(data: Path) -> None:
    """`newscast run` of everything but the late feed, and again once one article has changed."""
    early = {
        host: body
        for host, body in FEEDS.items()
        if host in ("victim.example", "other.example", "mirror.example")
    }
    run = ["run", "--quiet", "--data", str(data)]
    with published(early) as urls:
        for url in urls.values():  # one after the other: the victim's own come first
            cli.main([*run, "--feed", url])
    with published({"teaser.example": FEEDS["teaser.example"]}) as urls:
        cli.main([*run, "--full-text", "always", "--feed", urls["teaser.example"]])
    with published({"victim.example": REVISED}) as urls:
        cli.main([*run, "--feed", urls["victim.example"]])


def interrupted(checkout: Path, data: Path) -> None:
    """A run that is killed while a batch of tag is in flight and messages wait in every queue, one of which
    nobody can read."""

    def kill(report: Report) -> None:
        if report.function == "TagFunction":
            poll(stack, [other])
            os.kill(os.getpid(), signal.SIGKILL)

    with (
        published(FEEDS) as urls,
        Stack.open(checkout / "infra/template.yaml", data, observer=kill) as stack,
    ):
        now = datetime.now(UTC)
        late, other = (new_feed(urls[host], now) for host in ("late.example", "other.example"))
        pages = new_feed(urls["pages.example"], now, full_text="always")
        entries = stack.deployment.queues["EntryQueue"].url
        clients.sqs().send_message(QueueUrl=entries, MessageBody="not a message")
        poll(stack, [pages])
        poll(stack, [late])
        stack.drain()


def state(checkout: Path, out: Path) -> None:
    """The whole directory, as the killed run left it, as data.tar.gz."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for part in ("two-runs", "interrupted"):
            ended = subprocess.run([sys.executable, __file__, str(checkout), str(data), part], check=False)
            if ended.returncode != (0 if part == "two-runs" else -signal.SIGKILL):
                raise SystemExit(f"{part}: status {ended.returncode}")
        packed = out / "data.tar.gz"
        with (
            packed.open("wb") as file,
            gzip.GzipFile("", "wb", 9, file, 0) as zipped,
            tarfile.open(fileobj=zipped, mode="w") as tar,
        ):
            for path in sorted(data.glob("state.db*")):
                tar.add(path, path.name)


def main(checkout: Path, out: Path, part: str | None = None) -> None:
    match part:
        case "two-runs":
            two_runs(out)
        case "interrupted":
            interrupted(checkout, out)
        case _:
            out.mkdir(parents=True, exist_ok=True)
            messages(checkout, out)
            state(checkout, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
