"""The sample site: the feeds in events/site, served on loopback with validators, as a publisher would."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

HOST = "site.example"
"""The name under which a local run finds it: feeds keep their ids though the port differs each time."""
TYPES = {
    ".xml": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/feed+json",
}


@dataclass(frozen=True)
class Site:
    """A site that is being served: its port on loopback, and the URLs of its feeds."""

    port: int
    feeds: tuple[str, ...]


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve the feeds of a folder on a free port of 127.0.0.1 until the block ends."""
    bodies = {
        f"/{path.name}": (TYPES[path.suffix], path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.suffix in TYPES
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
        yield Site(server.server_port, tuple(f"http://{HOST}{path}" for path in bodies))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
