"""A teaser becomes the whole article; a wall changes nothing."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from newscast.normalise.article import article
from newscast.normalise.full import completed
from newscast.normalise.guarded_page import kept
from newscast.normalise.page import Page, page
from newscast.records import Article, ArticleTime, Entry, FullText, Markup, Stamp, utc
from tests.normalise.golden_cases import GOLDEN, PAGE_URL


def teaser() -> Article:
    return article(
        Entry(
            feed_id="f",
            source="s",
            feed_url="https://times.example/rss",
            observed_at=utc("2024-07-12T20:00:00Z"),
            link="https://times.example/world/2024/jul/12/defence-chiefs",
            title=Markup(value="Defence chiefs speak again"),
            summary=Markup(value="The defence ministers spoke by telephone on Friday."),
        )
    )


def test_a_teaser_is_completed() -> None:
    made = completed(teaser(), page((GOLDEN / "page-json-ld.html").read_bytes(), PAGE_URL))
    assert "lines of communication had to stay open" in made.text
    assert made.authors == ("Anna Example", "Bob Sample")
    assert made.section == "World"
    assert made.content_hash != teaser().content_hash
    assert (made.title, made.url, made.link) == (teaser().title, teaser().url, teaser().link)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("page-paywall", "paywall"),
        ("page-cookie-wall", "cookie_wall"),
        ("page-not-found", "error_page"),
        ("page-robot-check", "robot_check"),
        ("page-empty", "not_a_page"),
        ("page-german-latin1", "another"),
    ],
)
def test_a_wall_or_another_page_changes_nothing_and_is_noted(name: str, reason: str) -> None:
    made = completed(teaser(), page((GOLDEN / f"{name}.html").read_bytes()))
    assert made.full_text is not None
    assert (made.full_text.outcome, made.full_text.reason, bool(made.full_text.words)) == (
        "kept",
        reason,
        True,
    )
    assert replace(made, full_text=None) == teaser()


def whole(text: str, **fields: Any) -> Page:
    """A page with this text and nothing else but the fields given."""
    return page(b"<p>")._replace(text=text, problem=None, **fields)


SAID = "The defence ministers spoke by telephone on Friday. "


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (SAID * 5, "taken", None),
        (SAID + "They will speak again.", "taken", None),
        (SAID + "So it is.", "same", None),  # hardly more
        (SAID, "same", None),
        ("The defence ministers spoke.", "same", None),
        ("Ten places to see this summer, and what to eat there. " * 9, "kept", "another"),
        (SAID * 9000, "kept", "too_large"),
    ],
)
def test_the_longer_text_is_taken(text: str, outcome: str, reason: str | None) -> None:
    made = completed(teaser(), whole(text))
    assert made.full_text is not None
    assert (made.full_text.outcome, made.full_text.reason) == (outcome, reason)
    assert made.text == (text if outcome == "taken" else teaser().text)
    assert (made.content_hash == teaser().content_hash) is (outcome != "taken")


def test_a_text_whose_words_are_not_parted_is_taken_for_the_same_article() -> None:
    chinese = replace(
        teaser(), title="国防部长再次通话", text="国防部长星期五通电话讨论战争问题并同意再次会晤。"
    )
    made = completed(chinese, whole("双方国防部长周五就战争问题进行了通话，并同意再次举行会晤。" * 5))
    assert made.full_text == FullText(outcome="taken")


def test_a_time_is_taken_from_the_page_only_where_the_feed_gave_none() -> None:
    said = Stamp(at=utc("2024-07-12T18:00:00Z"), zone="given", raw="2024-07-12T18:00:00Z")
    assert teaser().published.basis == "missing"
    assert completed(teaser(), whole(SAID * 5, published=said)).published == ArticleTime(
        at=said.at, basis="given", raw=said.raw
    )
    later = Stamp(at=utc("2024-08-12T18:00:00Z"), zone="given", raw="2024-08-12T18:00:00Z")
    assert completed(teaser(), whole(SAID * 5, published=later)).published == teaser().published
    timed = replace(
        teaser(), published=ArticleTime(at=utc("2024-07-12T17:00:00Z"), basis="given", raw="then")
    )
    assert completed(timed, whole(SAID * 5, published=said)).published == timed.published


def test_what_was_noted_travels_with_the_article() -> None:
    noted = kept(teaser(), "robots", "its robots.txt forbids it")
    assert msgspec.json.decode(msgspec.json.encode(noted), type=Article) == noted


def test_completing_twice_completes_once() -> None:
    found = page((GOLDEN / "page-json-ld.html").read_bytes(), PAGE_URL)
    once = completed(teaser(), found)
    assert completed(once, found) == once
