"""Nothing that a publisher wrote does anything to a terminal but stand there, whatever command prints it."""

from __future__ import annotations

import ast
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from newscast.aws.dead_letters import About, Letter
from newscast.cli import dlq, main, screen, summary, terminal
from newscast.cli.summary import Failure
from newscast.web.loopback import open_loopback
from tests.web.publisher import Publisher, reply, serving

Out = pytest.CaptureFixture[str]
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
HOSTILE = f"{DIRECTIONS}\x9b31m\x9d0;pwned\x9c\x85\x1b[2J\x1b]0;pwned\x07\x7f\u200b\ufeff\u2028"
"""Directions, C1, ESC, DEL, what has no width, and an end of line that isn't one."""
HARM = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{DIRECTIONS}\u200b\ufeff\u2028\u2029]")


def harmless(out: Out) -> str:
    said = out.readouterr()
    for text in (said.out, said.err):
        assert not HARM.search(text), ascii(HARM.search(text))
    return said.out + said.err


# ------------------------------------------------------------------------- the door
@given(st.text())
def test_any_text_is_shown_and_any_json_reads_back(text: str) -> None:
    assert not HARM.search(terminal.shown(text))
    assert not HARM.search(terminal.as_json({text: [text]}))
    assert json.loads(terminal.as_json({text: [text]})) == {text: [text]}


@pytest.mark.parametrize(
    "text",
    [
        "Президент України",
        "مقتل ٣ في غزة",
        "می‌خواهم",  # Persian, parted by U+200C
        "👩‍👩‍👧 family",  # joined by U+200D
        "क्‍ष",
        "a\tb\nc",
        "10\xa0000",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert terminal.shown(text) == text
    assert terminal.as_json(text) == json.dumps(text, ensure_ascii=False)


def test_all_format_characters_without_a_shape_are_left_out() -> None:
    """Those of Unicode's category Cf, but what joins letters, and the signs around numbers and stems."""
    seen = {0x200C, 0x200D, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    seen |= set(range(0x13430, 0x13460))  # hieroglyphs' frames
    stay = {
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) == "Cf" and terminal.shown(chr(code))
    }
    assert stay <= seen


def test_colours_pass_and_what_stands_in_them_does_not() -> None:
    written = io.StringIO()
    console = terminal.screen(file=written, force_terminal=True, color_system="standard", width=60)
    table = Table("title")
    table.add_row(f"[red]{HOSTILE}one[/red]")
    console.print(table)
    console.print(f"two{HOSTILE}", markup=False)
    text = written.getvalue()
    assert "\x1b[31m" in text
    assert "one" in text
    assert "two" in text
    assert not HARM.search(re.sub(r"\x1b\[[0-9;]*m", "", text))


def test_the_command_has_no_other_door() -> None:
    """Nobody prints past it."""
    for path in sorted(Path(terminal.__file__).parent.glob("*.py")):
        if path.name in ("terminal.py", "__init__.py"):  # __init__ says "interrupted"
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("print", "Console", "sys.stdout.write", "sys.stderr.write"), path.name


# ------------------------------------------------------------------------- the commands
@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with serving() as its, open_loopback("bad.example", its.port):
        media = "Content-Type: application/feed+json"
        its.says("/feed", reply(200, feed().encode(), media, 'ETag: "\x9b"'))
        its.says("/broken", reply(200, b"{" + HOSTILE.encode(), media))
        its.says("/", reply(200, PAGE.encode(), "Content-Type: text/html; charset=utf-8"))
        yield its


PAGE = f"""<html><head>
<link rel="alternate" type="application/rss+xml" title="one{HOSTILE}" href="/feed">
<link rel="alternate" type="application/rss+xml" title="two{HOSTILE}" href="/two?{HOSTILE}">
</head><body></body></html>"""
NAMED = "Vladimir Putin met Sergei Lavrov in Moscow"


def feed() -> str:
    item = {
        "id": f"1{HOSTILE}",
        "url": f"http://bad.example/1?{HOSTILE}",
        "title": f"{NAMED} {HOSTILE}",
        "content_text": f"{NAMED}{HOSTILE}. Grigory Unknownov{HOSTILE} of Nowhereland spoke.",
        "authors": [{"name": f"Ann{HOSTILE}"}],
    }
    broken = {"id": "2", "title": f"{HOSTILE}", "url": f"javascript:{HOSTILE}"}
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": f"Feed{HOSTILE}",
            "description": HOSTILE,
            "items": [item, broken],
        }
    )


def test_no_command_lets_a_publishers_text_at_the_terminal(
    publisher: Publisher, tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, broken, data = (
        "http://bad.example/feed",
        "http://bad.example/broken",
        ["--data", str(tmp_path / "data")],
    )
    monkeypatch.setattr("newscast.cli.found.time.sleep", lambda _: None)
    saved, page, text = tmp_path / "feed.json", tmp_path / "page.html", tmp_path / "text.txt"
    saved.write_text(feed(), encoding="utf-8")
    page.write_text(
        f"<title>{NAMED}{HOSTILE}</title><p>{(NAMED + HOSTILE + '. ') * 40}</p>", encoding="utf-8"
    )
    text.write_text(f"{NAMED}{HOSTILE}, said Grigory Unknownov{HOSTILE}.", encoding="utf-8")
    actors = tmp_path / "beat.csv"
    actors.write_text(f"kind,name,country\nperson,Ann{HOSTILE},FR{HOSTILE}\n", encoding="utf-8")
    run: list[tuple[list[str], int]] = [
        (["run", "--feed", url, "--feed", broken, *data], 0),
        (["feeds", "add", "http://bad.example/", *data], 1),
        (["feeds", "add", "--all", "--title", HOSTILE, "http://bad.example/", *data], 0),
        (["feeds", "list", *data], 0),
        (["feeds", "list", "--json", *data], 0),
        (["feeds", "export", *data], 0),
        (["feeds", "coverage", *data], 0),
        (["feeds", "disable", url, "--reason", f"bad{HOSTILE}", *data], 0),
        (["feeds", "list", *data], 0),
        (["feeds", "enable", f"http://bad.example/{HOSTILE}", *data], 1),
        (["feeds", "remove", url, *data], 0),
        (["articles", *data], 0),
        (["articles", "--json", *data], 0),
        (["probe", url], 0),
        (["probe", url, "--json"], 0),
        (["probe", broken], 1),
        (["probe", "http://bad.example/"], 1),
        (["parse", str(saved)], 0),
        (["normalise", str(page)], 0),
        (["explain", str(text)], 0),
        (["explain", "--json", str(text)], 0),
        (["actors", "check", str(actors)], 1),
        (["actors", "import", str(actors), *data], 1),
    ]
    told = {}
    for words, status in run:
        assert main(words) == status, (words, capsys.readouterr())
        told[" ".join(words[:3])] = harmless(capsys)
    assert main(["articles", "--json", *data]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    record = next(each for each in records if NAMED in each["title"])
    assert main(["articles", record["article_id"], "--history", *data]) == 0
    assert NAMED in harmless(capsys)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert main(["erase", record["article_id"], *data]) == 1
    assert NAMED in harmless(capsys)


def test_dead_letters_and_the_end_of_a_run_are_cleaned_too(capsys: Out) -> None:
    about = About("fetch", f"ValueError: {HOSTILE}", "2026-11-25T12:00:00Z", f"c{HOSTILE}")
    letter = Letter("1", about, f"an entry: {HOSTILE}", f'{{"a": "{HOSTILE}"}}', "q", "h")
    for plain in (False, True):
        dlq._list([letter], plain)
        harmless(capsys)
    told: Any = Failure(f"http://bad.example/{HOSTILE}", f"why{HOSTILE}")
    nothing: Any = type("Cost", (), {"lines": (), "usd": 0.0, "per_thousand": lambda *_: 0.0})()
    summary.show(
        summary.Summary(1, (told,), (told,), (told,), 0, 0, 1.0, nothing, 0, ((HOSTILE, 2),)), screen.out()
    )
    assert "why" in harmless(capsys)
    with screen.working() as working:
        working.step(f"asking {HOSTILE} [/red]", HOSTILE)
        working.say(HOSTILE)
    harmless(capsys)
