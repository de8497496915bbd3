"""What a robots.txt allows, what its server's answer means, and that no file costs much (RFC 9309)."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime, timedelta

import pytest

from newscast.web import robots
from newscast.web.exchange import Problem, Response
from newscast.web.robots import Robots, RobotsTable
from newscast.web.target import target
from tests.web.table import empty_table

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def found(text: str | bytes, status: int = 200) -> Robots:
    body = text if isinstance(text, bytes) else text.encode()
    return robots.read(Response("http://site.example/robots.txt", status, body=body), NOON)


ALL = "User-agent: *\n"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        (ALL + "Disallow:", "/a", True),
        (ALL + "Disallow: /", "/a", False),
        (ALL + "Disallow: /b", "/a", True),
        (ALL + "Disallow: /a", "/abc?d", False),
        (ALL + "Disallow: /A", "/a", True),
        # The longest rule wins, and of two as long the one that allows.
        (ALL + "Disallow: /\nAllow: /news/", "/news/a", True),
        (ALL + "Allow: /news/\nDisallow: /news/print/", "/news/print/a", False),
        (ALL + "Disallow: /news\nAllow: /news", "/news", True),
        # Wildcards and ends.
        (ALL + "Disallow: /*/print", "/2024/print", False),
        (ALL + "Disallow: /*.pdf$", "/a.pdf", False),
        (ALL + "Disallow: /*.pdf$", "/a.pdf?x", True),
        (ALL + "Disallow: /*?", "/a?x=1", False),
        # Escapes are the same as what they stand for.
        (ALL + "Disallow: /caf%C3%A9", "/caf%c3%a9/menu", False),
        (ALL + "Disallow: /café", "/caf%C3%A9/menu", False),
        # A group of our own, in any case and with a version, stands alone.
        (ALL + "Disallow: /\n\nUser-agent: Newscast\nDisallow: /private", "/a", True),
        (ALL + "Allow: /\n\nUser-agent: NEWSCAST\nDisallow: /a", "/a", False),
        (ALL + "Allow: /\n\nUser-agent: newscast/1.0\nDisallow: /a", "/a", False),
        ("User-agent: Other\nUser-agent: Newscast\nDisallow: /a", "/a", False),
        ("User-agent: Newscast\nDisallow: /b\nUser-agent: Newscast\nDisallow: /a", "/a", False),
        # Groups of others say nothing to us, whatever their name begins with.
        ("User-agent: GPTBot\nDisallow: /", "/a", True),
        ("User-agent: News\nAllow: /\n\n" + ALL + "Disallow: /a", "/a", False),
        ("User-agent: Newscast-Image\nDisallow: /", "/a", True),
        # As they are found: a byte order mark, other line ends, comments, misspelt, no group before a rule.
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\r\nDisallow: /a # not this\r\n", "/a", False),
        ("user-agent:*\rdisallow:/a", "/a", False),
        ("USER-AGENT : *\nDISALLOW : /a", "/a", False),
        ("Disallow: /a\n\nUser-agent: *\nDisallow: /b", "/a", True),
        ("<html><body>User-agent: who knows</body></html>", "/a", True),
        (b"\xff\xfeU\x00s\x00e\x00r\x00", "/a", True),
    ],
)
def test_what_a_file_allows(text: str | bytes, path: str, allowed: bool) -> None:
    assert found(text).allows(path) is allowed


@pytest.mark.parametrize(
    ("status", "problem", "allowed", "kept"),
    [
        (200, None, True, 24),
        (204, None, True, 24),
        (301, None, True, 24),  # to nowhere
        (401, None, True, 24),
        (403, None, True, 24),
        (404, None, True, 24),
        (410, None, True, 24),
        (429, None, False, 1),
        (500, None, False, 1),
        (503, None, False, 1),
        (None, "timeout", False, 1),
        (None, "dns", False, 1),
        (None, "tls", False, 1),
        (None, "private", False, 1),
        (302, "redirects", True, 24),
    ],
)
def test_what_an_answer_means(status: int | None, problem: str | None, allowed: bool, kept: int) -> None:
    why = Problem(problem, "words") if problem else None
    rules = robots.read(Response("http://site.example/robots.txt", status, problem=why), NOON)
    assert (rules.allows("/a"), rules.until) == (allowed, NOON + kept * HOUR)
    assert bool(rules.words) is not allowed


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [("10", 10), ("0.5", 0.5), ("86400", 120), ("soon", 0), ("-3", 0), ("1e300", 120), ("nan", 0)],
)
def test_a_delay_between_requests_is_kept_within_reason(delay: str, seconds: float) -> None:
    assert found(f"{ALL}Crawl-delay: {delay}\nDisallow: /b").delay == timedelta(seconds=seconds)


def agents(count: int) -> str:
    return "".join(f"User-agent: a{number:x}\n" for number in range(count))


def test_rules_of_very_many_agents_are_not_read_and_all_is_closed() -> None:
    for text in (
        agents(2000) + "Disallow: /a\n" * 2000,
        agents(12_000) + "Disallow: /a\n" * 20_000,
        # What Protego passes over parts no groups.
        "".join(f"User-agent: a{number}\nnonsense\nSitemap: /x\n" for number in range(4000))
        + "Disallow: /a\n" * 2000,
    ):
        before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rules = found(text)
        assert (rules.kind, rules.allows("/b")) == ("closed", False)
        assert time.process_time() - before[0] < 2
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before[1] < 50_000


@pytest.mark.parametrize(
    "text",
    [
        ALL + "Disallow: /" + "*a" * 200_000,
        ALL + ("Disallow: /" + "*a" * 900 + "\n") * 300,
        ALL + "Disallow: /a*b\n" * 40_000,
        agents(26_000),
        agents(200) + "Disallow: /a\n" * 300,
    ],
)
def test_honest_and_hostile_files_are_read_in_no_time(text: str) -> None:
    before = time.process_time()
    assert found(text).kind == "rules"
    found(text).allows("/" + "a" * 1900)
    assert time.process_time() - before < 2


def test_what_lies_beyond_the_first_500_kib_counts_as_absent() -> None:
    filler = "# " + "x" * 100 + "\n"
    beyond = ALL + filler * (robots.MAX_BYTES // len(filler) + 1) + "Disallow: /a"
    assert found(beyond).allows("/a")


def test_rules_are_kept_for_all_until_they_are_old() -> None:
    origin, other = target("https://site.example/news/a"), target("http://site.example/news/a")
    with empty_table() as dynamodb:
        table = RobotsTable(dynamodb, "t")
        assert table.get(origin, NOON) is None
        for rules in (found(ALL + "Disallow: /é"), found("", 404), found("", 503)):
            table.put(origin, rules)
            assert table.get(origin, rules.until - timedelta(seconds=1)) == rules
            assert table.get(origin, rules.until) is None
        assert table.get(other, NOON) is None
        row = dynamodb.scan(TableName="t")["Items"][0]
        assert int(row["expires_at"]["N"]) > (NOON + HOUR).timestamp()
