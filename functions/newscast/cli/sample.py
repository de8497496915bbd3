"""The sample site: the feeds and pages in events/site, served on loopback as a publisher would."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from newscast.feeds.feed import Feed, new_feed
from newscast.web.loopback import open_loopback

HOSTS = {
    "world.xml": "world.example",
    "asia.json": "asia.example",
    "security.atom": "security.example",
    "wire.rdf": "wire.example",
    "digest.xml": "digest.example",
}
"""The names under which a local run finds its feeds, each with a publisher of its own: feeds keep their ids
though the port differs each time."""
HOST = "site.example"
"""Of all others."""
ALL = {*HOSTS.values(), HOST}
TYPES = {
    ".xml": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/feed+json",
}
"""Of feeds, which lie in the folder itself."""
PAGE_TYPES = {".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
FULL_TEXT = {"gazette.xml"}
"""The feeds of teasers: their articles are read on their pages."""


@dataclass(frozen=True)
class Site:
    """A site that is being served: its port on loopback, and the URLs of its feeds."""

    port: int
    feeds: tuple[str, ...]


def subscriptions(site: Site, now: datetime) -> list[Feed]:
    """The site's feeds as somebody would watch them."""
    return [
        new_feed(url, now, full_text="always" if url.rpartition("/")[2] in FULL_TEXT else None)
        for url in site.feeds
    ]


@contextmanager
def opened(folder: Path) -> Iterator[Site]:
    """Serve a folder, and let the guard through to it under the names of its hosts."""
    with ExitStack() as closing:
        site = closing.enter_context(serve(folder))
        for host in sorted(ALL):
            closing.enter_context(open_loopback(host, site.port))
        yield site


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve the feeds of a folder, and the pages in and under it, on a free port of 127.0.0.1 until the
    block ends."""
    feeds = [path for path in sorted(folder.iterdir()) if path.suffix in TYPES]
    pages = [path for path in sorted(folder.rglob("*")) if path.suffix in PAGE_TYPES]
    bodies = {
        f"/{path.relative_to(folder).as_posix()}": ((TYPES | PAGE_TYPES)[path.suffix], path.read_bytes())
        for path in (*feeds, *pages)
    }

    class Publisher(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            media_type, body = bodies.get(self.path, ("", b""))
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            fresh = self.headers.get("If-None-Match") == etag
            self.send_response(404 if not media_type else 304 if fresh else 200)
            if media_type:
                self.send_header("ETag", etag)
                self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(0 if fresh else len(body)))
            self.end_headers()
            if not fresh:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the command's screen is for articles."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        urls = tuple(f"http://{HOSTS.get(path.name, HOST)}/{path.name}" for path in feeds)
        yield Site(server.server_port, urls)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
