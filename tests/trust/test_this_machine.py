"""Servers on the reader's own machine: opened is what the reader named, and nobody else leads there."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path

import pytest

from newscast.cli import main
from newscast.web.address import Network
from newscast.web.exchange import Limits, get
from newscast.web.loopback import open_loopback, opened
from tests.feeds.world import item, rss, world
from tests.trust.test_quiet import Pages, Reading, reading
from tests.web.publisher import Publisher, network, reply, serving

__all__ = ["reading"]
Out = pytest.CaptureFixture[str]


def opml(*urls: str) -> str:
    lines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in urls)
    return f"<opml><body>{lines}</body></opml>"


def through(publisher: Publisher) -> Network:
    """A network on which public names lead to the publisher, and what is opened to this machine."""
    made = network({80: publisher.port})

    def dial(address: str, port: int, seconds: float) -> socket.socket:
        if (address, port) == ("127.0.0.1", publisher.port):
            return socket.create_connection((address, port), timeout=seconds)
        return made.dial(address, port, seconds)

    return Network(made.resolve, dial)


def wrote(publisher: Publisher) -> list[str]:
    return [
        f"http://localhost:{publisher.port}/feed",
        f"http://LOCALHOST:{publisher.port}/feed",
        f"http://127.0.0.1:{publisher.port}/feed",
        f"http://127.1:{publisher.port}/feed",
        f"http://2130706433:{publisher.port}/feed",
        f"http://[::1]:{publisher.port}/feed",
        f"http://[::ffff:127.0.0.1]:{publisher.port}/feed",
        f"http://127.0.0.2:{publisher.port}/feed",
        f"http://0.0.0.0:{publisher.port}/feed",
        f"http://localhost.:{publisher.port}/feed",
        "http://10.0.0.1/feed",
        "http://192.168.1.1/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00::1]/feed",
    ]


@pytest.mark.parametrize("command", ["run", "up", "import"])
def test_a_strangers_opml_reaches_nothing_of_this_machine(command: str, tmp_path: Path, capsys: Out) -> None:
    file, data = tmp_path / "subscriptions.opml", ["--data", str(tmp_path / "data")]
    with serving() as publisher:
        publisher.says("/feed", reply(200, rss(item(1))))
        file.write_text(opml(*wrote(publisher)), encoding="utf-8")
        if command == "import":
            assert main(["feeds", "import", str(file), *data]) == 1
        else:
            assert main([command, "--opml", str(file), *data]) == 1
        said = capsys.readouterr().err
        assert said.count("left out") == len(wrote(publisher)), said
        assert "name it yourself (newscast feeds add URL)" in said
        assert "no feeds in it that can be polled" in said
        # One that can be polled lets the command go on; it opens nothing of the others.
        file.write_text(opml(*wrote(publisher), "http://world.example/world.xml"), encoding="utf-8")
        words = (
            ["feeds", "import", str(file)] if command == "import" else ["run", "--opml", str(file), "--quiet"]
        )
        assert main([*words, *data]) == 0
        assert main(["run", "--quiet", *data]) == 0
        assert publisher.requests == []
        assert opened("http", "localhost", publisher.port) is None


def test_what_a_reader_names_is_opened(tmp_path: Path, capsys: Out) -> None:
    with serving() as publisher:
        publisher.says("/feed", reply(200, rss(item(1))))
        url = f"http://localhost:{publisher.port}/feed"
        assert main(["run", "--quiet", "--feed", url]) == 0
        assert len(publisher.requests) == 1
        assert "is this machine; opened, since you named it" in capsys.readouterr().err


def test_a_page_can_not_have_a_server_of_this_machine_subscribed_to(tmp_path: Path, capsys: Out) -> None:
    """`feeds add` of a stranger's page takes the feed that it names: that is not what the reader named."""
    data = ["--data", str(tmp_path / "data")]
    with serving() as inner, serving() as outer, open_loopback("page.example", outer.port):
        inner.says("/feed", reply(200, rss(item(1))))
        named = f"http://127.0.0.1:{inner.port}/feed"
        link = f'<link rel="alternate" type="application/rss+xml" href="{named}">'
        page = f"<html><head>{link}</head><body></body></html>".encode()
        outer.says("/", reply(200, page, "Content-Type: text/html"))
        assert main(["feeds", "add", "http://page.example/", *data]) == 1
        assert "127.0.0.1 is this machine; name it yourself" in capsys.readouterr().err
        assert main(["feeds", "list", *data]) == 0
        assert capsys.readouterr().out == ""


# ------------------------------------------------------------------------- while it is open
def test_a_redirect_to_an_opened_server_is_refused() -> None:
    """The reader's own feed is open; a public feed, or one that a public address led to, has no way to it."""
    with serving() as publisher, open_loopback("localhost", publisher.port):
        own = f"http://localhost:{publisher.port}"
        publisher.says("e.example/feed", reply(302, b"", f"Location: {own}/secret"))
        publisher.says("localhost/away", reply(302, b"", "Location: http://e.example/feed"))
        publisher.says("localhost/feed", reply(302, b"", "Location: /moved"))
        publisher.says("localhost/moved", reply(200, b"moved"))
        publisher.says("localhost/secret", reply(200, b"secret"))
        for url, came in (
            ("http://e.example/feed", b""),
            (f"{own}/away", b""),
            (f"{own}/feed", b"moved"),
        ):
            answer = get(url, agent="T", accept="*", limits=Limits(), network=through(publisher))
            assert answer.body == came
            assert (answer.problem is None) is bool(came)
            assert came or (answer.problem and answer.problem.reason == "private")
        assert "/secret" not in [request.path for request in publisher.requests]


def test_a_link_to_an_opened_server_is_not_read_for_others(reading: Reading) -> None:
    pages: Pages = reading()
    port = pages.publisher.port
    with open_loopback("localhost", port):
        own = f"http://localhost:{port}/news"
        pages.publisher.says("e.example/go", reply(302, b"", f"Location: {own}"))
        pages.visitor = dataclasses.replace(pages.visitor, network=through(pages.publisher))
        for link in (own, "http://e.example/go"):
            found = pages.visit(link, "e.example")
            assert getattr(found, "reason", None) == "private", found
        assert "localhost" not in [
            request.headers["host"].partition(":")[0] for request in pages.publisher.requests
        ]
        assert getattr(pages.visit(own, f"localhost:{port}"), "status", None) == 200


def test_no_page_of_an_opened_server_is_asked_whether_it_names_a_feed() -> None:
    with world() as site, open_loopback("localhost", site.publisher.port):
        own = f"http://localhost:{site.publisher.port}"
        links = [item(number, link=f"{own}/{number}") for number in range(9)]
        site.publisher.says("e.example/feed", reply(200, rss(*links)))
        e = site.subscribe("http://e.example/feed")
        site.poll(e.feed_id)
        assert [request.headers["host"] for request in site.asked()] == ["e.example"]
