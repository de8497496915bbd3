"""A teaser becomes the whole article; a wall changes nothing."""

from newscast.normalise.article import article
from newscast.normalise.full import completed
from newscast.normalise.page import page
from newscast.records import Article, Entry, Markup, utc
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
    assert (made.title, made.url, made.published) == (teaser().title, teaser().url, teaser().published)


def test_a_wall_changes_nothing() -> None:
    for name in ("page-paywall", "page-cookie-wall", "page-not-found", "page-robot-check", "page-empty"):
        assert completed(teaser(), page((GOLDEN / f"{name}.html").read_bytes())) == teaser()


def test_completing_twice_completes_once() -> None:
    found = page((GOLDEN / "page-json-ld.html").read_bytes(), PAGE_URL)
    once = completed(teaser(), found)
    assert completed(once, found) == once
