"""Who asks for a page first gains nothing by it: its publisher has its full text all the same.

V publishes teasers, E links to V's page before V does. Both want the page.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.trust.publishers import Archive, Publisher, entry

TITLE = "Zelenskyy visits Kharkiv region after another night of shelling"
TEASER = f"{TITLE}, his office said on Friday…"
TEXT = " ".join(
    f"The president met commander number {number} in Kharkiv after the shelling." for number in range(60)
)
HEAD = f"<!doctype html><html><head><title>{TITLE}</title></head>"
PAGE = f"{HEAD}<body><article><p>{TEXT}</p></article></body></html>"


def polled(archive: Archive, *feeds: str) -> None:
    named = [word for feed in feeds for word in ("--feed", feed)]
    status, said = archive.command("run", "--quiet", "--full-text", "auto", *named)
    assert status == 0, said


def said_by(archive: Archive, feed: str) -> dict[str, Any]:
    (record,) = [record for record in archive.articles() if record["feed"] == feed]
    return record


@pytest.mark.parametrize(
    ("variant", "title"),
    [
        ("{page}", TITLE),
        ("{page}", "Live"),
        ("{page}", "Peru ousts Jeri in Congress after night of votes"),
        ("{page}?utm_source=e", TITLE),
        ("{page}?x=1", TITLE),
        ("{page}#comments", TITLE),
        ("{host}//kharkiv", TITLE),
        ("{e}/go", TITLE),
    ],
)
def test_who_asks_first_takes_no_page_from_its_publisher(
    archive: Archive, victim: Publisher, evil: Publisher, variant: str, title: str
) -> None:
    page = victim.page("/kharkiv")
    for path in ("/kharkiv", "/kharkiv/", "/kharkiv?utm_source=e", "/kharkiv?x=1", "//kharkiv"):
        victim.answers[path] = PAGE
    evil.answers["/go"] = page
    link = variant.format(page=page, e=evil.url, host=victim.url)
    e = evil.says("/feed", entry(title, link, "e1", "Read all of it there…"))
    v = victim.says("/feed", entry(TITLE, page, "v1", TEASER))
    polled(archive, e, v)
    record = said_by(archive, v)
    assert (record["title"], record["url"], record["article"]["full_text"]["outcome"]) == (
        TITLE,
        page,
        "taken",
    )
    assert "commander number 59" in record["article"]["text"]
    # Polled again, in the other order, V's stays as it is.
    polled(archive, v, e)
    assert said_by(archive, v)["revision"] == record["revision"]


def test_a_feed_that_says_that_it_is_the_victims_does_not_ask_as_the_victim(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    """Its channel links to V's front page and V's feed: what it says of itself is no one's scope."""
    page = victim.page("/kharkiv")
    victim.answers["/kharkiv"] = PAGE
    e = evil.says("/feed", entry(TITLE, page, "v1", TEASER), link=victim.url)
    v = victim.says("/feed", entry(TITLE, page, "v1", TEASER))
    polled(archive, e)
    polled(archive, v)
    record = said_by(archive, v)
    assert (record["observed_by"][0], record["article"]["full_text"]["outcome"]) == (v, "taken")


def test_one_who_moves_to_the_victims_feed_does_not_ask_as_the_victim(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    page = victim.page("/kharkiv")
    victim.answers["/kharkiv"] = PAGE
    v = victim.says("/feed", entry(TITLE, page, "v1", TEASER))
    evil.answers["/feed"] = v
    polled(archive, evil.page("/feed"), v)
    assert said_by(archive, v)["article"]["full_text"]["outcome"] == "taken"
