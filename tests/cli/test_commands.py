"""The command as a person meets it: what it prints, how it ends, what it says of bad input."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from newscast.articles.stored import Stored
from newscast.cli import explained, found, main, place, sample
from newscast.cli.command import COMMANDS
from newscast.gazetteer import packaged
from newscast.settings import Settings
from newscast.tag import explain
from newscast.web.loopback import open_loopback
from tests.feeds.world import item, rss
from tests.web.publisher import Publisher, reply, serving

EVENTS = place.ROOT / "events"
SITE = sorted(path for path in place.SITE.iterdir() if path.suffix in sample.TYPES)

Out = pytest.CaptureFixture[str]


def printed(out: Out) -> list[dict[str, Any]]:
    """The JSON objects that were printed, a line each."""
    return [json.loads(line) for line in out.readouterr().out.splitlines()]


# ------------------------------------------------------------------------------- what a person reads
@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str, capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"newscast {command}" in capsys.readouterr().out.partition("example")[2]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["parse", "missing.xml"], None),
        (["explain", "missing.txt"], "missing.txt: No such file or directory"),
        (["explain", __file__, "--recogniser", "no.such:load"], "recogniser no.such:load can't be loaded"),
        (["explain", "--language", "qq"], "--language: the gazetteer has no name in 'qq'"),
        (["invoke", "fetch", "missing.json"], "missing.json: No such file or directory"),
        (["run", "--opml", "missing.opml"], "missing.opml: No such file or directory"),
        (["run", "--feed", "ftp://example.org/feed"], "ftp://example.org/feed: ftp: is not fetched"),
        (["run", "--out", "no/such/folder/out.jsonl"], "no/such/folder/out.jsonl: No such file"),
        (
            ["normalise", "a.html", "--url", "not a url"],
            "--url is no address of a page (https://…): 'not a url'",
        ),
        (["normalise", "a.html", "--url", "ftp://example.org/a"], "--url is no address of a page"),
        (["normalise", "missing.html"], None),
        *(
            ([*words, "--data", "missing"], "nothing is kept in missing: there is no such directory")
            for words in (
                ["feeds", "list"],
                ["feeds", "export"],
                ["actors", "list"],
                ["actors", "remove", "x"],
                ["dlq", "replay", "--all"],
            )
        ),
    ],
)
def test_bad_input_gets_one_clear_line_and_status_1(
    words: list[str], complaint: str | None, capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("newscast: ")]
    if complaint is None:
        assert said == []
    else:
        (line,) = said
        assert line.startswith(f"newscast {words[0]}: ")
        assert complaint in line


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["run", "--feed"],
        ["explain", "--date", "12 July"],
        ["feeds"],
        ["invoke", "tag"],
        ["normalise", "a.html", "b.html", "--url", "http://example.org/"],
    ],
)
def test_bad_usage_is_status_2(words: list[str], capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: newscast" in capsys.readouterr().err


def test_input_that_is_nested_for_ever_is_a_problem_of_its_line(tmp_path: Path, capsys: Out) -> None:
    deep = tmp_path / "deep.jsonl"
    deep.write_text("[" * 100_000 + '\n{"id":2,"text":"NATO met."}\n', encoding="utf-8")
    assert main(["explain", "--jsonl", str(deep)]) == 1
    first, second = printed(capsys)
    assert first == {"id": None, "problem": "line 1: nested too deeply"}
    assert second["actors"]
    assert main(["invoke", "tag", str(deep)]) == 1
    assert "nested too deeply" in capsys.readouterr().err


def test_a_description_is_wrapped_and_examples_are_not(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    with pytest.raises(SystemExit):
        main(["actors", "--help"])
    about, _, examples = capsys.readouterr().out.partition("examples:\n")
    assert max(map(len, about.splitlines())) <= 60
    assert '  newscast actors add --kind person --name "Ann Example" --country FRA --aliases' in examples


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id":2,"text":"\xff"}', "line 2: not UTF-8 at byte 17"),
        (b"\xff\xfe{\0}\0", "line 2: not UTF-8 at byte 1"),
        (b"{\0}\0", "line 2: not JSON at character 2"),
        (b'{"id":2,"text":"NATO' + b"\xed\xa0\x80" + b'"}', "line 2: not UTF-8 at byte 21"),
        (b'\xef\xbb\xbf{"id":2,"text":"NATO met."}', None),
        (b'{"id":2,"x":' + b"9" * 9000 + b',"text":"NATO met."}', None),
    ],
)
def test_a_line_of_bytes_that_are_no_text_is_told_by_its_place(
    line: bytes, said: str | None, tmp_path: Path, capsys: Out
) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"id":1,"text":"NATO met."}\n' + line + b"\n")
    assert main(["explain", "--jsonl", str(tmp_path / "in.jsonl")]) == (1 if said else 0)
    first, second = printed(capsys)
    assert first["actors"]
    assert second.get("problem") == said
    assert bool(second.get("actors")) is (said is None)


def test_words_that_are_not_utf8_are_refused(capsys: Out) -> None:
    assert main(["run", "--feed", "http://example.org/\udcff"]) == 1
    assert capsys.readouterr().err == "newscast run: argument 3 is not UTF-8\n"


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--data", ""],
        ["run", "--opml", ""],
        ["run", "--out", ""],
        ["up", "--rate", ""],
        ["actors", "list", "--stack", ""],
        ["explain", "--html", ""],
        ["explain", "--language", ""],
        ["run", "--feed", ""],
        ["probe", ""],
        ["feeds", "add", ""],
        ["feeds", "add", "http://example.org/", "--secret", ""],
        ["feeds", "disable", "http://example.org/", "--reason", ""],
        ["feeds", "export", ""],
        ["dlq", "list", "--stage", ""],
    ],
)
def test_an_empty_value_is_an_unset_variable(words: list[str], capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "it is empty" in capsys.readouterr().err


RAISES = """
import importlib.abc, sys
class Interrupted(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == sys.argv[1]:
            raise {what}
sys.meta_path.insert(0, Interrupted())
from newscast.cli import main
sys.exit(main(["explain"]))
"""


@pytest.mark.parametrize("module", ["newscast.cli.command", "argparse", "newscast.gazetteer.packaged"])
def test_ctrl_c_is_heard_while_the_command_is_still_being_read(module: str) -> None:
    assert _explain(module, "KeyboardInterrupt") == (130, "newscast explain: interrupted\n")


def test_a_package_that_is_not_installed_is_named() -> None:
    said = _explain("rich", "ModuleNotFoundError(name=name)")
    assert said == (1, "newscast explain: rich is not installed: make setup does it\n")
    assert "Traceback" in _explain("newscast.tag", "ModuleNotFoundError(name=name)")[1]


def _explain(module: str, what: str) -> tuple[int, str]:
    """How the command ends, and what it says, when importing a module raises."""
    code = RAISES.format(what=what)
    done = subprocess.run(
        [sys.executable, "-c", code, module], capture_output=True, text=True, check=False, input="x"
    )
    return done.returncode, done.stderr


def test_a_closed_output_is_no_crash(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert main(["parse", str(SITE[0])]) == 0
    sys.stdout.close()
    assert capsys.readouterr().err == ""


def test_an_event_that_is_no_text_is_told_in_our_words(tmp_path: Path, capsys: Out) -> None:
    event = tmp_path / "event.json"
    for data, said in ((b"", "it is empty"), (b'{"a": "\xff"}', "not UTF-8 at byte 7")):
        event.write_bytes(data)
        assert main(["invoke", "tag", str(event)]) == 1
        assert capsys.readouterr().err == f"newscast invoke: {event}: {said}\n"


# ------------------------------------------------------------------------------------------- parse
def test_parse_prints_an_object_a_file_as_the_contract_names_it(capsys: Out) -> None:
    assert main(["parse", *map(str, SITE), "nothing.xml"]) == 0
    found = printed(capsys)
    assert [each["file"] for each in found] == [*map(str, SITE), "nothing.xml"]
    assert [len(each["entries"]) for each in found] == [3, 2, 6, 3, 3, 3, 0]
    assert [each["problem"] for each in found] == [None] * 6 + ["No such file or directory"]
    names = ["id", "title", "link", "published", "updated", "summary", "content", "authors", "categories"]
    assert all(list(entry) == names for each in found for entry in each["entries"])
    world = next(each for each in found if each["file"].endswith("world.xml"))["entries"][0]
    assert world["published"] == "2024-07-12T19:42:00Z"
    assert world["updated"] is None
    assert world["content"].startswith("WASHINGTON — U.S. Defense Secretary Lloyd Austin spoke")


# ------------------------------------------------------------------------------------------- probe
def test_a_refused_probe_ends_with_1_and_says_why(capsys: Out) -> None:
    assert main(["probe", "http://169.254.169.254/latest/meta-data", "--json"]) == 1
    (found,) = printed(capsys)
    names = ["url", "outcome", "status", "validators", "format", "entries", "next_poll", "problem"]
    assert list(found) == names
    assert found["outcome"] == "refused"
    assert "link-local" in found["problem"]


MAIN, COMMENTS = "http://page.example/feed", "http://page.example/comments/feed"


@contextmanager
def page(*hrefs: str) -> Iterator[Publisher]:
    """http://page.example: a page that names these feeds, which are there."""
    links = "".join(f'<link rel=alternate type="application/rss+xml" href="{href}">' for href in hrefs)
    with serving() as publisher, open_loopback("page.example", publisher.port):
        body = f"<!doctype html><html><head>{links}</head></html>".encode()
        publisher.says("/", reply(200, body, "Content-Type: text/html"))
        publisher.says("/feed", reply(200, rss(item(1))))
        yield publisher


def test_a_probe_of_a_page_names_its_feeds_and_how_to_add_them(capsys: Out) -> None:
    with page("/feed", "/comments/feed"):
        assert main(["probe", "http://page.example/"]) == 1
        said = capsys.readouterr().out
        assert main(["probe", "http://page.example/", "--json"]) == 1
    assert said.splitlines() == [
        "this is a page, not a feed; it names these feeds:",
        f"  {MAIN}",
        f"  {COMMENTS}",
        f"to watch one: newscast feeds add {MAIN}",
    ]
    (found,) = printed(capsys)
    assert (found["outcome"], found["entries"]) == ("failed", 0)
    assert found["problem"].endswith(f"; it names these feeds: {MAIN}, {COMMENTS}")
    assert found["offers"] == [{"url": MAIN, "title": None}, {"url": COMMENTS, "title": None}]


@pytest.mark.parametrize(
    ("hrefs", "words", "added"),
    [
        (["/feed"], [], [MAIN]),
        (["/feed", "/comments/feed"], [], [MAIN]),
        (["/feed", "/europe"], [], None),
        (["/feed", "/europe"], ["--all"], [MAIN, "http://page.example/europe"]),
        ([], [], None),
        ([], ["--offline"], ["http://page.example/"]),
        (["http://10.0.0.1/feed"], [], None),
    ],
)
def test_a_page_stands_for_the_one_feed_that_it_names(
    hrefs: list[str], words: list[str], added: list[str] | None, tmp_path: Path, capsys: Out
) -> None:
    where = ["--data", str(tmp_path / "data")]
    with page(*hrefs) as publisher:
        status = main(["feeds", "add", "http://page.example/", *words, *where])
        said = capsys.readouterr()
        assert [request.path for request in publisher.requests] == ["/"] * ("--offline" not in words)
    assert status == (added is None)
    assert main(["feeds", "list", "--json", *where]) == 0
    assert [each["url"] for each in printed(capsys)] == sorted(added or [])
    if len(hrefs) > 1 and added is None:
        assert said.out.splitlines() == [MAIN, "http://page.example/europe"]
        assert "names 2 feeds; add the one that you want, or all with --all" in said.err


def test_a_feed_that_does_not_answer_is_added_with_a_word_and_never_asked_again(
    tmp_path: Path, capsys: Out
) -> None:
    where = ["--data", str(tmp_path / "data")]
    with page() as publisher:
        assert main(["feeds", "add", "http://page.example/none", *where]) == 0
        assert "does not answer as a feed now: nothing is at this URL (404)" in capsys.readouterr().err
        assert main(["feeds", "add", "http://page.example/none", *where]) == 0
        assert len(publisher.requests) == 1
    assert capsys.readouterr().out.startswith("already there: ")


def test_two_urls_of_one_host_are_asked_with_its_gap_between() -> None:
    waited: list[float] = []
    with page("/feed"):
        meant = found.feeds([MAIN, "http://page.example/"], False, waited.append)
    assert meant == [found.Meant(MAIN), found.Meant(MAIN, "http://page.example/", (MAIN,))]
    assert waited == [Settings().host_gap_seconds]


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://10.0.0.1/f", "http://10.0.0.1/f: 10.0.0.1 is not public: private (RFC 1918)"),
        ("http://0x7f.1.1/f", "http://0x7f.1.1/f: 127.1.0.1 is not public: this machine (RFC 1122)"),
        ("https://a.example:8443/", "https://a.example:8443/: port 8443 is not fetched, only 443 for https"),
        ("gopher://a.example/", "gopher://a.example/: gopher: is not fetched, only http and https"),
        ("://notaurl", "://notaurl: this is not a URL: it does not begin with http:// or https://"),
        ("foo bar", "foo bar: this is not a URL: it does not begin with http:// or https://"),
        ("a.example/feed", "a.example/feed: this is not a URL: it does not begin with http:// or https://"),
        ("http://", "http://: the URL names no host"),
    ],
)
def test_a_url_that_is_never_fetched_is_not_added(url: str, line: str, tmp_path: Path, capsys: Out) -> None:
    assert main(["feeds", "add", url, "--data", str(tmp_path / "data")]) == 1
    said = [each for each in capsys.readouterr().err.splitlines() if each.startswith("newscast feeds: ")]
    assert said == [f"newscast feeds: {line}"]


# --------------------------------------------------------------------------------------- normalise
def test_normalise_prints_what_would_be_stored(tmp_path: Path, capsys: Out) -> None:
    body = "<p>" + "The minister answered the question at length, and then left the hall. " * 12 + "</p>"
    head = "<html lang=en><head><title>Minister answers</title></head>"
    page = f"{head}<body><article>{body * 3}</article></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    address = "http://example.org/a?utm_source=x"
    assert main(["normalise", str(tmp_path / "page.html"), "--url", address]) == 0
    (found,) = printed(capsys)
    assert list(found) == ["file", "title", "text", "url", "published", "language", "problem", "languages"]
    assert found["title"] == "Minister answers"
    assert found["text"].count("The minister answered") >= 12
    assert found["url"] == "http://example.org/a"
    assert (found["published"], found["language"]) == (None, "en")
    assert [found["languages"][part]["code"] for part in ("title", "text")] == ["en", "en"]
    assert 0 < found["languages"]["title"]["confidence"] <= 1


# ----------------------------------------------------------------------------------------- explain
CALL = "Moscow said that Lloyd Austin had called Indian Foreign Minister Ajit Doval."


def test_explain_json_is_the_contracts_object(tmp_path: Path, capsys: Out) -> None:
    text = tmp_path / "call.txt"
    text.write_text(CALL, encoding="utf-8")
    assert main(["explain", str(text), "--date", "2024-07-12", "--json"]) == 0
    (found,) = printed(capsys)
    assert list(found) == ["actors", "unknown", "places", "gazetteer_version"]
    actors = {actor["actor_id"]: actor for actor in found["actors"]}
    for actor in actors.values():
        names = ["actor_id", "name", "kind", "country", "codes", "qid", "roles", "involvement", "mentions"]
        assert list(actor) == names
        for mention in actor["mentions"]:
            assert CALL[mention["start"] : mention["end"]] == mention["surface"]
    doval = actors["person:ajit-doval"]["roles"]
    assert [(role["stated"], role["agrees"]) for role in doval] == [("Foreign Minister", False)]
    assert actors["country:RUS"]["mentions"][0]["form"] == "metonym"


def test_explain_tries_a_recogniser_and_tells_what_it_could_not_use(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "in.txt").write_text("Moscow denied it. Yolanda waved.")
    chosen = ["--recogniser", "tests.tag.test_recogniser:failing"]
    assert main(["explain", str(tmp_path / "in.txt"), "--json", *chosen]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["actors"][0]["actor_id"] == "country:RUS"
    assert said.err == "newscast: recogniser: fixed 2.0 failed: RuntimeError: out of memory\n"


def test_explain_jsonl_keeps_order_and_says_which_line_is_bad(tmp_path: Path, capsys: Out) -> None:
    lines = ['{"id":1,"text":"NATO met."}', "{oops", '{"id":3}', '{"id":4,"text":"","date":"2024-13-01"}']
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert main(["explain", str(tmp_path / "in.jsonl"), "--jsonl"]) == 1
    found = printed(capsys)
    assert [each["id"] for each in found] == [1, None, 3, 4]
    assert found[0]["actors"][0]["actor_id"] == "org:NATO"
    assert [each.get("problem") for each in found] == [
        None,
        "line 2: not JSON at character 2",
        "line 3: no text, or it is not a string",
        "line 4: not a date such as 2024-07-12: 2024-13-01",
    ]
    assert main(["explain", str(tmp_path / "in.jsonl"), "--json"]) == 0
    assert capsys.readouterr().out.startswith('{"actors": [{"actor_id": "')


def test_explain_for_people_shows_rules_rows_and_rejections(tmp_path: Path, capsys: Out) -> None:
    text = tmp_path / "call.txt"
    text.write_text(CALL + " <b>", encoding="utf-8")
    assert main(["explain", str(text), "--date", "2024-07-12"]) == 0
    said = capsys.readouterr().out
    assert "DISAGREES" in said
    assert "metonym" in said
    assert main(["explain", str(text), "--html", str(tmp_path / "call.html")]) == 0
    page = (tmp_path / "call.html").read_text(encoding="utf-8")
    assert '<a class="k person" href="#a2" title="Lloyd Austin, participant">Lloyd Austin</a>' in page
    assert "&lt;b&gt;" in page
    assert "<b> " not in page
    assert "roles of any time" in page


@pytest.mark.parametrize("width", [30, 60, 200])
def test_an_explanation_wraps_at_any_width_and_loses_nothing(width: int) -> None:
    told = explain(CALL, packaged.load(), date(2024, 7, 12))
    console = Console(width=width, force_terminal=True, no_color=True, file=io.StringIO(), highlight=False)
    explained.show(told, console)
    lines = cast(io.StringIO, console.file).getvalue().splitlines()
    assert max(map(len, lines)) <= width + len("\x1b[1m\x1b[0m") * 4
    said = re.sub(r"\x1b\[[0-9;]*m|\s", "", "".join(lines))
    for words in (
        "person:ajit-doval",
        "CAMEO,PLOVERINDGOV",
        "stated“ForeignMinister”,knownNationalSecurityAdviserfrom2014-05-30,DISAGREESroles/officials.csv:7",
        "“Moscow”0–6metonym:itacts(said)actors/countries.csv:194",
    ):
        assert words in said


def test_control_characters_of_a_text_are_only_shown(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "in.txt").write_text("NATO \x1b]0;title\x07 \x9b2J denied it.\n", encoding="utf-8")
    assert main(["explain", str(tmp_path / "in.txt")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("NATO ␛]0;title␇ ␡2J denied it.\n\nActors\n")


def test_mentions_of_one_kind_stand_together_and_a_text_of_nobody_says_so(
    tmp_path: Path, capsys: Out
) -> None:
    text = tmp_path / "in.txt"
    text.write_text("NATO met. Later NATO denied it.", encoding="utf-8")
    assert main(["explain", str(text)]) == 0
    assert "\n  “NATO” 0–4, “NATO” 16–20  name: gazetteer  actors/" in capsys.readouterr().out
    assert main(["explain", str(text), "--html", str(tmp_path / "out.html")]) == 0
    assert "“<bdi>NATO</bdi>” (×2) <small>name: " in (tmp_path / "out.html").read_text(encoding="utf-8")
    text.write_text("", encoding="utf-8")
    assert main(["explain", str(text), "--html", str(tmp_path / "out.html")]) == 0
    assert "Nobody is named in it." in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert main(["explain", str(text)]) == 0
    assert "Nobody is named in it." in capsys.readouterr().out


def test_explain_with_own_actors(tmp_path: Path, capsys: Out) -> None:
    text, beat = tmp_path / "in.txt", tmp_path / "beat.csv"
    text.write_text("The Sample Front denied it.", encoding="utf-8")
    beat.write_text("kind,name\nspy,Rupert\ngroup,Sample Front\n", encoding="utf-8")
    assert main(["explain", str(text), "--json", "--actors", str(beat)]) == 0
    said = capsys.readouterr()
    assert [actor["actor_id"] for actor in json.loads(said.out)["actors"]] == ["group:sample-front"]
    assert said.err.startswith(f"{beat}:2: error: kind is one of ")


# --------------------------------------------------------------------------------- invoke, run, feeds
GONE = {"correlation_id": "c", "first_seen": "2024-07-12T20:00:00Z", "stored_at": "claim/gone.gz"}
"""A message whose body is no longer in the bucket."""


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("schedule", {"due": 6, "sent": 6}),
        *((stage, {"batchItemFailures": []}) for stage in ("fetch", "normalise", "page", "tag", "store")),
    ],
)
def test_each_function_takes_its_sample_event(function: str, answer: dict[str, Any], capsys: Out) -> None:
    assert main(["invoke", function, str(EVENTS / f"{function}.json")]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == answer
    assert "REPORT RequestId" in said.err


@pytest.mark.parametrize(
    ("function", "happened", "complaint"),
    [
        ("tag", {"Records": [{}]}, "Object missing required field `messageId` - at `$.Records[0]`"),
        ("schedule", [], "schedule takes an object"),
        (
            "tag",
            {"Records": [{"messageId": "m", "body": "{"}]},
            "tag gave up a message: UndecodableError: not",
        ),
        (
            "tag",
            {"Records": [{"messageId": "m", "body": json.dumps(GONE)}]},
            "message m failed, the log says why; it would be tried again",
        ),
    ],
)
def test_an_event_that_cannot_be_worked_on_is_told_of(
    function: str, happened: Any, complaint: str, tmp_path: Path, capsys: Out
) -> None:
    (tmp_path / "event.json").write_text(json.dumps(happened), encoding="utf-8")
    assert main(["invoke", function, str(tmp_path / "event.json")]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("newscast invoke: ")
    assert complaint in said


def test_run_on_the_sample_site_then_again_on_the_kept_state(tmp_path: Path, capsys: Out) -> None:
    data, out = str(tmp_path / "data"), tmp_path / "out.jsonl"
    assert main(["run", "--data", data, "--out", str(out), "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "US and Russian defense chiefs speak by phone" in said
    assert "18 articles with" in said
    assert "Full text of 2 articles taken from their pages; 4 kept their feed's text: " in said
    for why in ("a paywall", "its robots.txt forbids it", "an error page", "a cookie wall"):
        assert why in said
    assert "On AWS this run would have cost $0.0" in said
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    # Two of a digest may be articles until the publishers of their pages speak, and are told as such then.
    assert 18 <= len(records) <= 20
    assert len({record["article_id"] for record in records}) == len(records)
    assert main(["articles", "--data", data, "--json"]) == 0
    stand = {json.loads(line)["article_id"] for line in capsys.readouterr().out.splitlines()}
    assert len(stand) == 18
    assert stand <= {record["article_id"] for record in records}
    assert all(list(record) == list(Stored.__struct_fields__) for record in records)
    assert main(["run", "--data", data, "--out", str(out), "--quiet"]) == 0
    assert "Nothing new from 6 feeds" in capsys.readouterr().out
    again = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert again == records, "added to, and nothing was new"


def test_one_bad_url_in_an_opml_file_costs_only_itself(tmp_path: Path, capsys: Out) -> None:
    good, bad = "http://site.example/world.xml", "gopher://example.org/feed"
    outlines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in (bad, good))
    file = tmp_path / "mine.opml"
    file.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")
    assert main(["run", "--opml", str(file), "--quiet"]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"newscast: {file}: left out: {bad}: gopher: is not fetched, only http and https"
    ]
    assert "3 articles with" in said.out


def test_run_ends_with_1_when_every_feed_failed(tmp_path: Path, capsys: Out) -> None:
    assert main(["run", "--feed", "http://site.example/no-such-feed.xml", "--quiet"]) == 1
    said = capsys.readouterr().out
    assert "http://site.example/no-such-feed.xml: " in said
    assert "404" in said


def test_ones_own_server_can_be_named_as_localhost(tmp_path: Path, capsys: Out) -> None:
    where = ["--data", str(tmp_path / "data")]
    with serving() as publisher:
        publisher.says("/feed", reply(200, rss(item(1))))
        url = f"http://localhost:{publisher.port}/feed"
        assert main(["feeds", "add", url, *where]) == 0
        assert capsys.readouterr().err.startswith(f"newscast: localhost:{publisher.port} is this machine; ")
        assert main(["run", "--quiet", *where]) == 0
        assert "1 article with " in capsys.readouterr().out
        assert main(["run", "--quiet", "--feed", f"http://127.0.0.1:{publisher.port}/feed"]) == 0
    assert main(["probe", url]) == 1  # nobody opened it
    assert "this machine" in capsys.readouterr().out


def test_feeds_come_and_go(tmp_path: Path, capsys: Out) -> None:
    where = ["--data", str(tmp_path / "data")]
    url = "https://example.org/rss.xml"
    both = [url, "http://example.org/rss.xml", "--tag", "World/Europe", "--offline"]
    assert main(["feeds", "add", *both, *where]) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["added", "already there"]
    assert main(["feeds", "disable", url, "--reason", "too loud", *where]) == 0
    capsys.readouterr()
    assert main(["feeds", "list", "--json", *where]) == 0
    (listed,) = printed(capsys)
    assert (listed["url"], listed["status"], listed["last_problem"]) == (url, "disabled", "too loud")
    assert main(["feeds", "enable", listed["feed_id"], *where]) == 0
    assert main(["feeds", "export", str(tmp_path / "out.opml"), *where]) == 0
    capsys.readouterr()
    assert main(["feeds", "import", str(tmp_path / "out.opml"), "--data", str(tmp_path / "other")]) == 0
    assert "1 feed added, 0 there already" in capsys.readouterr().out
    assert main(["feeds", "disable", "https://example.org/unknown", *where]) == 1
    assert "no such feed: https://example.org/unknown" in capsys.readouterr().err


def test_own_actors_are_checked_kept_and_listed(tmp_path: Path, capsys: Out) -> None:
    where = ["--data", str(tmp_path / "data")]
    beat = tmp_path / "beat.csv"
    beat.write_text(
        "kind,name,country\nperson,Ann Exampleova,FRA\nperson,Bob Sampleman,XXZ\n", encoding="utf-8"
    )
    assert main(["actors", "check", str(beat)]) == 1
    said = capsys.readouterr()
    assert (
        said.err
        == f"{beat}:3: error: no country is 'XXZ': its code has three letters (ISO 3166), such as FRA\n"
    )
    assert said.out == f"{beat}: 1 of 2 lines count\n"
    assert main(["actors", "import", str(beat), *where]) == 1
    assert main(["actors", "add", "--kind", "group", "--name", "Example Brigade", *where]) == 0
    assert main(["actors", "add", "--kind", "group", "--name", "Example Brigade", *where]) == 0
    assert main(["actors", "add", "--kind", "person", *where]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[1:] == [
        "imported as actors/beat.csv; it counts within ten minutes",
        "added to actors/mine.csv: group:example-brigade Example Brigade",
        "already in actors/mine.csv: Example Brigade",
    ]
    assert main(["actors", "list", *where]) == 1
    listed = capsys.readouterr().out.splitlines()
    assert listed == ["actors/beat.csv: 1 of 2 lines count", "actors/mine.csv: 1 of 1 lines count"]


def test_own_actors_in_the_bucket_are_tagged_and_a_bad_line_stops_nothing(
    tmp_path: Path, capsys: Out
) -> None:
    where = ["--data", str(tmp_path / "data")]
    beat, out = tmp_path / "beat.csv", tmp_path / "out.jsonl"
    beat.write_text(
        "kind,name,country,aliases\nspy,Rupert,,\norganisation,Hodeidah Port Company,YEM,Hodeidah\n",
        encoding="utf-8",
    )
    assert main(["actors", "import", str(beat), *where]) == 1
    capsys.readouterr()
    assert main(["run", "--out", str(out), "--quiet", *where]) == 0
    said = capsys.readouterr().out
    assert "  actors/beat.csv:2: error: kind is one of country, body" in said
    assert "18 articles with" in said
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    tagged = {record["article"]["title"]: record["tags"] for record in records}
    strike = tagged["Israeli warplanes strike Hodeidah a day after drone attack on Tel Aviv"]
    assert "org:hodeidah-port-company" in {actor["actor_id"] for actor in strike["actors"]}
    versions = {tags["gazetteer_version"] for tags in tagged.values()}
    assert ["+" in version for version in versions] == [True]


def test_own_actors_are_removed_by_file_or_by_actor(tmp_path: Path, capsys: Out) -> None:
    where = ["--data", str(tmp_path / "data")]
    beat = tmp_path / "beat.csv"
    beat.write_text("kind,name,country\nperson,Ann Exampleova,FRA\n", encoding="utf-8")
    assert main(["actors", "import", str(beat), *where]) == 0
    for name in ("Example Brigade", "Sample Front"):
        assert main(["actors", "add", "--kind", "group", "--name", name, *where]) == 0
    assert main(["actors", "add", "--id", "group:sample-front", "--aliases", "SF", *where]) == 0
    capsys.readouterr()
    assert main(["actors", "remove", "group:sample-front", *where]) == 0
    assert capsys.readouterr().out.startswith("removed group:sample-front from actors/mine.csv: 2 lines;")
    assert main(["actors", "remove", "actors/beat.csv", *where]) == 0
    for gone in ("beat.csv", "group:sample-front", "person:ann-exampleova"):
        assert main(["actors", "remove", gone, *where]) == 1
        assert f"no file and no actor of actors/mine.csv is {gone} " in capsys.readouterr().err
    assert main(["actors", "list", *where]) == 0
    assert capsys.readouterr().out == "actors/mine.csv: 1 of 1 lines count\n"


def test_a_role_is_added_to_an_actor_that_was_added_before(tmp_path: Path, capsys: Out) -> None:
    where = ["--data", str(tmp_path / "data")]
    role = ["--id", "person:ann-exampleova", "--country", "FRA", "--office", "spokesperson"]
    assert main(["actors", "add", *role, *where]) == 1
    said = capsys.readouterr().err
    assert said == "newscast actors: no actor is person:ann-exampleova: a new one needs a kind and a name\n"
    assert main(["actors", "add", "--kind", "person", "--name", "Ann Exampleova", *where]) == 0
    assert main(["actors", "add", *role, *where]) == 0
    for end in ("\n", "\r"):
        assert main(["actors", "add", "--kind", "person", "--name", f"Bob{end}Sampleman", *where]) == 1
        assert "line break" in capsys.readouterr().err


def test_a_file_with_columns_of_its_own_is_not_added_to(tmp_path: Path, capsys: Out) -> None:
    where = ["--data", str(tmp_path / "data")]
    mine = tmp_path / "mine.csv"
    mine.write_text("kind,name\nperson,Ann Exampleova", encoding="utf-8")
    assert main(["actors", "import", str(mine), *where]) == 0
    assert main(["actors", "import", str(mine), *where]) == 0
    assert main(["actors", "add", "--kind", "group", "--name", "Example Brigade", *where]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[-1].startswith("replaced actors/mine.csv")
    assert "columns of its own" in said.err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "nothing below its first line, which names the columns"),
        (b"name,kind\n", "nothing below its first line, which names the columns"),
        (b"who\nAnn\n", "no line in it counts"),
        (b"\xff\xfek\0i\0n\0d\0", "no line in it counts"),
        ("kind,name\nperson,Ann Exampleová\nperson,Bob Sampleman\n".encode("cp1250"), "1 of 2 lines count"),
        (b"kind,name\nperson," + b"x" * 200_000 + b"\nperson,Bob Sampleman\n", "1 of 2 lines count"),
    ],
)
def test_a_file_of_no_use_is_said_to_be_none_and_not_imported(
    data: bytes, said: str, tmp_path: Path, capsys: Out
) -> None:
    file = tmp_path / "beat.csv"
    file.write_bytes(data)
    assert main(["actors", "check", str(file)]) == 1
    assert capsys.readouterr().out == f"{file}: {said}\n"
    where = ["--data", str(tmp_path / "data")]
    assert main(["actors", "import", str(file), *where]) == 1
    capsys.readouterr()
    assert main(["actors", "list", *where]) == (0 if said.startswith("no") else 1)
