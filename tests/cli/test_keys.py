"""A key in a feed's URL is told of when the feed is added, hidden wherever it is shown, and not exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscast.cli import main
from newscast.feeds import opml
from tests.feeds.world import item, rss
from tests.web.publisher import reply, serving

Out = pytest.CaptureFixture[str]
KEYED = "https://example.org/private/feed?token=hunter2"
OPEN = "https://example.org/rss.xml"


def test_a_key_is_told_of_hidden_and_not_exported(tmp_path: Path, capsys: Out) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main(["feeds", "add", KEYED, OPEN, "--offline", *data]) == 0
    said = capsys.readouterr()
    (told,) = [line for line in said.err.splitlines() if "key" in line]
    assert "https://example.org/private/feed?token=…: this looks like a key in the URL" in told
    assert "--secret NAME" in told
    assert "hunter2" not in said.out + said.err
    for words in (
        ["feeds", "list"],
        ["feeds", "list", "--json"],
        ["feeds", "coverage"],
        ["feeds", "coverage", "--json"],
        ["feeds", "disable", KEYED],
        ["feeds", "enable", KEYED],
        ["feeds", "set", KEYED, "--full-text", "auto"],
    ):
        assert main([*words, *data]) == 0
        said = capsys.readouterr()
        assert "?token=…" in said.out
        assert "hunter2" not in said.out + said.err
    assert main(["feeds", "export", *data]) == 0
    said = capsys.readouterr()
    assert [outline.url for outline in opml.read(said.out.encode())] == [OPEN]
    assert said.err == (
        "newscast: 1 feed left out, with what looks like a key in the URL:"
        " https://example.org/private/feed?token=…; --with-keys writes all as they are\n"
    )
    file = tmp_path / "all.opml"
    assert main(["feeds", "export", str(file), "--with-keys", *data]) == 0
    assert capsys.readouterr().err == ""
    assert {outline.url for outline in opml.read(file.read_bytes())} == {OPEN, KEYED}
    # It comes in again with a word, and is told of once, however many there are.
    more = "".join(f'<outline xmlUrl="https://x.example/feed?key=k3y0k3y1k3y2k3y{n}"/>' for n in range(5))
    file.write_text(file.read_text(encoding="utf-8").replace("</body>", f"{more}</body>"), encoding="utf-8")
    assert main(["feeds", "import", str(file), "--data", str(tmp_path / "other")]) == 0
    said = capsys.readouterr()
    assert said.err.count("looks like a key") == 1
    assert ", …:" in said.err
    assert "hunter2" not in said.out + said.err
    assert main(["feeds", "remove", KEYED, *data]) == 0
    assert "hunter2" not in capsys.readouterr().out


def test_a_feed_with_a_key_is_polled_with_it_and_shown_without(tmp_path: Path, capsys: Out) -> None:
    data = ["--data", str(tmp_path / "data")]
    with serving() as publisher:
        publisher.says("/feed", reply(200, rss(item(1))))
        url = f"http://127.0.0.1:{publisher.port}/feed?token=hunter2"
        broken = url.replace("/feed", "/none")
        assert main(["run", "--feed", url, "--feed", broken, "--verbose", *data]) == 0
        said = capsys.readouterr()
        assert "/feed?token=hunter2" in [request.path for request in publisher.requests]
    assert "hunter2" not in said.out + said.err
    assert "/none?token=…" in said.out
    assert main(["articles", "--json", *data]) == 0
    (record,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert record["feed"] == url  # data, which says from where it came


@pytest.mark.parametrize("command", [["feeds", "add", "--offline"], ["run", "--feed"]])
def test_a_password_in_a_url_is_refused_with_the_way_to_keep_it(
    command: list[str], tmp_path: Path, capsys: Out
) -> None:
    assert main([*command, "https://ann:hunter2@example.org/feed", "--data", str(tmp_path / "data")]) == 1
    said = capsys.readouterr().err
    assert "hunter2" not in said
    assert "--secret NAME" in said
