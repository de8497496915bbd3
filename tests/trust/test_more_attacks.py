"""More of what one feed may try against another's articles, by the command.

V is the publisher, E a feed that its reader subscribes to as well, and that means harm.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from newscast.feeds import manners
from tests.trust.publishers import Archive, Publisher, entry

VICTIM = "Zelenskyy visits Kharkiv"
JUNK = "Peru ousts Jeri"


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A permanent redirect is adopted when it is seen, not after three sightings over two days."""
    monkeypatch.setattr(manners, "MOVE_SIGHTINGS", 1)
    monkeypatch.setattr(manners, "MOVE_AFTER", timedelta(0))


def told(record: dict[str, Any]) -> tuple[Any, ...]:
    return record["source"], record["feed"], record["title"], record["article"]["text"], record["article_id"]


def at(url: str, records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [told(record) for record in records if record["url"] == url]


def front(publisher: Publisher, feed: str) -> None:
    """Its front page names one of its own feeds."""
    link = f'<link rel="alternate" type="application/rss+xml" href="{feed}">'
    publisher.answers["/"] = f"<!doctype html><html><head>{link}</head><body></body></html>"


# ------------------------------------------------------------------------- feeds that move
def test_what_it_said_before_it_moved_to_a_feed_that_the_victim_names_stays_its_own(
    archive: Archive, victim: Publisher, evil: Publisher, soon: None
) -> None:
    """V's front page names its feed of politics, which nobody watches: E moves there, V is asked, and names
    "E". What E said of V's articles until then must not become V's by that. So that nobody is asked before,
    E repeats what stands in V's feed, among enough of its own."""
    page = victim.page("/kharkiv")
    v = victim.says("/world", entry(VICTIM, page, "v1"))
    front(victim, victim.page("/politics"))
    politics = entry("Rada votes on the budget", victim.page("/budget"), "p1")
    victim.says("/politics", politics)
    own = (entry(f"E's own number {n}", evil.page(f"/own{n}"), f"o{n}") for n in range(5))
    e = evil.says("/feed", entry(JUNK, page, "e1"), politics, *own)
    archive.run(v)
    (before,) = at(page, archive.articles())
    archive.run(v, e)
    evil.answers["/feed"] = victim.page("/politics")
    archive.run(v, e)
    victim.says("/politics", entry("Rada votes again", victim.page("/again"), "p2"))
    archive.run(v, e)
    _, said = archive.command("feeds", "list")
    assert at(page, archive.articles()) == [before], said


def test_who_subscribes_to_the_victim_where_another_feed_moved_gets_the_victim(
    archive: Archive, victim: Publisher, evil: Publisher, soon: None
) -> None:
    """E moves to V's feed before its reader subscribes to V. The reader gets V's articles, filed under V, and
    not what E said of them."""
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    other = victim.says("/other", entry("The weather", None, "w1"))  # so that this port is open
    e = evil.says("/feed", entry(JUNK, page, "e1"))
    archive.run(e, other)
    evil.answers["/feed"] = v
    archive.run(e, other)
    archive.run(v)
    assert [each[:3] for each in at(page, archive.articles())] == [("127.0.0.1", v, VICTIM)]


def test_a_victim_that_moves_where_another_feed_moved_first_is_watched_on(
    archive: Archive, victim: Publisher, evil: Publisher, soon: None
) -> None:
    """E guesses (or sees, as V redirects for two days before it is believed) where V's feed will be, and is
    there first: V's subscription must not end by that, for E's has no say at V."""
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", entry(JUNK, None, "e1"))
    archive.run(v, e)
    new = victim.says("/new", entry(VICTIM, page, "v1"))
    evil.answers["/feed"] = new
    archive.run(v, e)
    victim.answers["/feed"] = new
    archive.run(v, e)
    victim.says("/new", entry(f"{VICTIM} and Odesa", page, "v1"))
    archive.run()
    _, said = archive.command("feeds", "list")
    assert [each[2] for each in at(page, archive.articles())] == [f"{VICTIM} and Odesa"], said


# ------------------------------------------------------------------------- erasing
def test_to_erase_what_a_stranger_said_does_not_erase_the_owners_article(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    """The reader notes the id of E's junk to erase it; meanwhile V is polled, and the id leads to V's."""
    page = victim.page("/kharkiv")
    e = evil.says("/feed", entry(JUNK, page, "e1"))
    archive.run(e)
    (junk,) = archive.articles()
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    archive.run(v)
    archive.command("erase", junk["article_id"], "--yes")
    assert [record["title"] for record in archive.articles()] == [VICTIM]
    victim.says("/feed", entry(f"{VICTIM} again", page, "v1"))
    archive.run(v)
    assert [record["title"] for record in archive.articles()] == [f"{VICTIM} again"]


@pytest.mark.parametrize("order", ["erased before the owner came", "erased after"])
def test_an_erased_feed_is_named_nowhere(
    archive: Archive, victim: Publisher, evil: Publisher, order: str
) -> None:
    page = victim.page("/kharkiv")
    e = evil.says("/feed", entry(JUNK, page, "e1"))
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    archive.run(e)
    if order == "erased after":
        archive.run(v)
    assert archive.command("erase", "--feed", e, "--yes")[0] == 0
    archive.run(v)
    (record,) = archive.articles()
    assert (record["title"], record["observed_by"]) == (VICTIM, [v])


def test_to_erase_a_feed_or_its_source_leaves_the_victim(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", entry(VICTIM, page, "v1"), entry("E's own", evil.page("/own"), "e2"),
                  *(entry(f"Junk number {n}", page, f"j{n}") for n in range(6)))  # fmt: skip
    archive.run(e, v)
    before = at(page, archive.articles())
    assert archive.command("erase", "--feed", e, "--yes")[0] == 0
    after = archive.articles()
    assert [told(record) for record in after] == [each for each in before if each[1] == v]
    archive.run(e, v)
    assert [told(record) for record in archive.articles()] == [told(record) for record in after]


def test_removed_and_watched_again_it_gains_nothing(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", entry(JUNK, page, "e1"))
    archive.run(e, v)
    (before,) = at(page, archive.articles())
    for turn in range(2):
        assert archive.command("feeds", "remove", e)[0] == 0
        evil.says("/feed", entry(f"{JUNK} {turn}", page, "e1"))
        archive.run(e)
        assert at(page, archive.articles()) == [before]


# ------------------------------------------------------------------------- pages and hosts
def read(archive: Archive, *urls: str) -> list[dict[str, Any]]:
    """Poll with the articles read on their pages."""
    feeds = [word for url in urls for word in ("--feed", url)]
    status, said = archive.command("run", "--quiet", "--full-text", "always", *feeds)
    assert status == 0, said
    return archive.articles()


def story(title: str) -> str:
    """A page with the whole text."""
    said = f"<p>{title}, it was said in Moscow. " + "The president met ministers and spoke of the war. " * 12
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        + (said + "</p>") * 3
        + "</article></body></html>"
    )


def test_who_asks_for_the_victims_page_first_leaves_it_its_whole_text(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    """E and V are of one host and no one owner (here by the port; elsewhere by ~users, or a suffix that
    nobody lists): E's entry has V's page read, and a quarter of an hour later V's own is refused it."""
    page = victim.page("/kharkiv")
    victim.answers["/kharkiv"] = story(VICTIM)
    victim.answers["/robots.txt"] = "User-agent: *\nAllow: /\n"
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    other = victim.says("/other", entry("The weather", None, "w1"))
    e = evil.says("/feed", entry(VICTIM, page, "e1"))
    read(archive, other, e)
    (record,) = (record for record in read(archive, other, v) if record["url"] == page)
    assert record["feed"] == v
    assert record["article"]["full_text"]["outcome"] == "taken", record["article"]["full_text"]


def test_a_page_that_says_that_it_is_the_victims_is_not(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    """Its <link rel=canonical>, og:url and JSON-LD name V's article; another link redirects to it."""
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    says = (
        f'<link rel="canonical" href="{page}"><meta property="og:url" content="{page}">'
        f'<script type="application/ld+json">{{"@type":"NewsArticle","url":"{page}",'
        f'"mainEntityOfPage":"{page}","headline":"{JUNK}"}}</script></head>'
    )
    evil.answers["/copy"] = story(JUNK).replace("</head>", says)
    evil.answers["/away"] = page
    for its in (victim, evil):
        its.answers["/robots.txt"] = "User-agent: *\nAllow: /\n"
    victim.answers["/kharkiv"] = story(VICTIM)
    e = evil.says(
        "/feed",
        entry(JUNK, evil.page("/copy"), page),
        entry(VICTIM, evil.page("/away"), "e2"),
        entry(JUNK, page, "e3"),
    )
    read(archive, v)
    (before,) = at(page, archive.articles())
    records = read(archive, v, e)
    assert at(page, records) == [before]
    assert {record["url"] for record in records if record["feed"] == e} == {
        evil.page("/copy"),
        evil.page("/away"),
    }


@pytest.mark.parametrize(
    "link",
    [
        "{page}#comments",
        "{page}?utm_source=x&fbclid=1",
        "https://www.google.com/url?q={page}",
        "https://www.google.com/url?q=https://www.google.com/url?q={page}",
        "http://user:password@{rest}",
        "{upper}",
        "{page}/amp",
        "{host}./kharkiv",
        "{host}:{port}/%6Bharkiv",
        "{host}:{port}/x/../kharkiv",
        "{host}:{port}\\kharkiv",
        "//{rest}",
        "&#8203;{page}",
        "javascript:{page}",
    ],
)
def test_no_spelling_of_the_victims_address_is_another(
    archive: Archive, victim: Publisher, evil: Publisher, link: str
) -> None:
    page = victim.page("/kharkiv")
    host, _, port = victim.url.rpartition(":")
    spelt = link.format(
        page=page, rest=page.partition("://")[2], upper=page.upper().replace("KHARKIV", "kharkiv"), host=host,
        port=port,
    )  # fmt: skip
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", entry(JUNK, spelt, "v1"), entry(JUNK, spelt, page))
    archive.run(e)
    early = [record["article_id"] for record in archive.articles()]
    archive.run(v)
    (owned,) = (record for record in archive.articles() if record["feed"] == v)
    assert told(owned)[:3] == ("127.0.0.1", v, VICTIM)
    assert all(record["title"] == JUNK for record in archive.articles() if record is not owned
               and record["article_id"] != owned["article_id"])  # fmt: skip
    leads = {record["article_id"] for record in archive.articles(*early)}
    assert all(record["feed"] in (v, e) for record in archive.articles(*leads))
