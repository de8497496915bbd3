"""Publishers on loopback, each with a port of its own, whose feeds and pages a test changes as it goes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.sax.saxutils import escape

from newscast.cli import main


class Publisher:
    """One server: what it answers, by path. An answer that is a URL redirects there."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, str] = {}
        self.asked: list[str] = []

    def page(self, path: str) -> str:
        return self.url + path

    def says(self, path: str, *entries: dict[str, str], link: str = "") -> str:
        """Publish a feed of these entries; its URL."""
        items = "".join(
            "<item>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in entry.items()) + "</item>"
            for entry in entries
        )
        channel = f"<title>{path}</title><link>{link or self.url}/</link>{items}"
        self.answers[path] = f'<rss version="2.0"><channel>{channel}</channel></rss>'
        return self.page(path)


@contextmanager
def publisher() -> Iterator[Publisher]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            its.asked.append(self.path)
            answer = its.answers.get(self.path)
            moved = answer is not None and answer.startswith("http")
            self.send_response(404 if answer is None else 301 if moved else 200)
            if moved:
                self.send_header("Location", str(answer))
            else:
                self.send_header("Content-Type", "text/html" if "<html" in (answer or "") else "text/xml")
            self.end_headers()
            if not moved:
                self.wfile.write((answer or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    its = Publisher(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield its
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def entry(title: str, link: str | None, guid: str | None = None, text: str = "") -> dict[str, str]:
    """An RSS item."""
    made = {"title": title, "description": text or f"{title}, it was said in Moscow."}
    if link:
        made["link"] = link
    if guid:
        made["guid"] = guid
    return made


def without_gaps(embedded: Callable[..., Any]) -> Callable[..., Any]:
    """The embedded stack without gaps between requests to one host: all our publishers are at 127.0.0.1."""

    @contextmanager
    def opened(*words: Any, **more: Any) -> Iterator[Any]:
        with embedded(*words, **more) as stack:
            stack.set("HOST_GAP_SECONDS", "0")
            yield stack

    return opened


class Archive:
    """One `--data` directory, worked on by the command as a person would."""

    def __init__(self, folder: Path, capsys: Any) -> None:
        self.folder, self._capsys = folder, capsys

    def run(self, *urls: str) -> list[dict[str, Any]]:
        """Poll these feeds now; the records that this adds to `--out`."""
        out = self.folder.with_suffix(".jsonl")
        before = len(out.read_bytes()) if out.exists() else 0
        feeds = [word for url in urls for word in ("--feed", url)]
        assert main(["run", "--quiet", "--data", str(self.folder), "--out", str(out), *feeds]) == 0
        self._capsys.readouterr()
        return [json.loads(line) for line in out.read_bytes()[before:].splitlines()]

    def articles(self, *words: str) -> list[dict[str, Any]]:
        """What `newscast articles --json` gives."""
        assert main(["articles", *words, "--data", str(self.folder), "--json"]) == 0
        return [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]

    def command(self, *words: str) -> tuple[int, str]:
        """Another command's exit status and what it said."""
        status = main([*words, "--data", str(self.folder)])
        said = self._capsys.readouterr()
        return status, said.out + said.err
