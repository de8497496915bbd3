"""The switch of a feed's full text, in OPML too, and a page tried with its entry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscast.cli import main, place
from newscast.feeds import opml
from tests.web.publisher import reply, serving

Out = pytest.CaptureFixture[str]
FEED = str(place.SITE / "gazette.xml")
URL = "https://example.org/rss.xml"


def listed(where: list[str], out: Out) -> dict[str, str | None]:
    out.readouterr()
    assert main(["feeds", "list", "--json", *where]) == 0
    return {one["url"]: one["full_text"] for one in map(json.loads, out.readouterr().out.splitlines())}


def test_a_feed_is_switched_and_opml_carries_it_along(tmp_path: Path, capsys: Out) -> None:
    where, file = ["--data", str(tmp_path / "data")], tmp_path / "all.opml"
    assert main(["feeds", "add", URL, "--full-text", "auto", "--offline", *where]) == 0
    assert main(["feeds", "add", "https://example.net/rss.xml", "--offline", *where]) == 0
    assert listed(where, capsys) == {URL: "auto", "https://example.net/rss.xml": None}
    assert main(["feeds", "set", URL, "--full-text", "always", *where]) == 0
    assert capsys.readouterr().out.startswith("full text always: f")
    assert main(["feeds", "list", *where]) == 0
    assert "full text always" in capsys.readouterr().out
    assert main(["feeds", "export", str(file), *where]) == 0
    assert [outline.full_text for outline in opml.read(file.read_bytes())] == [None, "always"]
    there = ["--data", str(tmp_path / "there")]
    assert main(["feeds", "import", str(file), *there]) == 0
    assert listed(there, capsys) == {URL: "always", "https://example.net/rss.xml": None}
    assert main(["feeds", "set", URL, "--full-text", "default", *where]) == 0
    assert listed(where, capsys)[URL] is None


def test_a_feed_that_is_not_there_and_a_wish_that_is_none(tmp_path: Path, capsys: Out) -> None:
    where = ["--data", str(tmp_path / "data")]
    assert main(["feeds", "set", URL, "--full-text", "auto", *where]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(SystemExit) as ended:
        main(["feeds", "set", URL, "--full-text", "sometimes", *where])
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("written", "read"),
    [("auto", "auto"), ("ALWAYS", "always"), ("Never", "never"), ("", None), ("whatever", None)],
)
def test_an_outlines_wish(written: str, read: str | None) -> None:
    line = f'<outline type="rss" xmlUrl="{URL}" newscast:fullText="{written}"/>'
    (outline,) = opml.read(f'<opml xmlns:newscast="{opml.NAMESPACE}"><body>{line}</body></opml>'.encode())
    assert outline.full_text == read


def test_run_reads_pages_where_it_is_told_to(tmp_path: Path, capsys: Out) -> None:
    data = ["--data", str(tmp_path / "data"), "--quiet"]
    teaser = "The defence ministers spoke by telephone…"
    page = "<p>The defence ministers spoke by telephone on Friday, and agreed to meet again soon.</p>" * 4
    with serving() as publisher:
        site = f"http://127.0.0.1:{publisher.port}"
        item = f"<item><title>Talks</title><link>{site}/a</link><description>{teaser}</description></item>"
        feed = f'<rss version="2.0"><channel><title>S</title>{item}</channel></rss>'.encode()
        publisher.says("/feed", reply(200, feed, "Content-Type: application/rss+xml"))
        publisher.says("/a", reply(200, page.encode(), "Content-Type: text/html"))
        assert main(["run", "--feed", f"{site}/feed", "--full-text", "auto", *data]) == 0
        assert "Full text of 1 article taken from" in capsys.readouterr().out
        assert [request.path for request in publisher.requests] == ["/feed", "/robots.txt", "/a"]
    assert listed(data[:2], capsys) == {f"{site}/feed": "auto"}


def tried(name: str, out: Out, *more: str) -> dict[str, object]:
    file = str(place.SITE / "gazette" / f"{name}.html")
    url = f"http://site.example/gazette/{name}.html"
    assert main(["normalise", file, "--url", url, "--entry", FEED, *more]) == 0
    found: dict[str, object] = json.loads(out.readouterr().out)
    return found


def test_a_page_is_tried_with_its_entry(capsys: Out) -> None:
    whole = tried("pezeshkian-runoff", capsys)
    assert whole["full_text"] == {"outcome": "taken", "reason": None, "words": None, "auto": True}
    assert "helicopter crash" in str(whole["text"])
    wall = tried("attal-resignation", capsys)
    assert wall["full_text"] == {
        "outcome": "kept",
        "reason": "cookie_wall",
        "words": "a cookie wall",
        "auto": True,
    }
    assert str(wall["text"]).startswith("French President Emmanuel Macron accepted")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--entry", FEED], "entries is chosen: give --url"),
        (["--entry", FEED, "--url", "https://example.org/b"], "leads to https://example.org/b"),
        (["--entry", "no-such-file.xml"], "no-such-file.xml: "),
        (["--entry", str(place.SITE / "robots.txt")], "robots.txt: not read: "),
    ],
)
def test_an_entry_that_is_not_there_is_one_clear_line(arguments: list[str], said: str, capsys: Out) -> None:
    assert main(["normalise", str(place.SITE / "gazette" / "attal-resignation.html"), *arguments]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert said in told.err
