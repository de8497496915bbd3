"""Articles as a whole: normalising twice changes nothing, and no entry is too broken."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.normalise.article import article, in_capitals
from newscast.records import Article, Entry, Markup, utc
from tests.normalise import golden_cases

SEEN = utc("2024-07-12T20:00:00Z")


def entry(title: str = "", content: str = "", link: str | None = None, author: str = "") -> Entry:
    return Entry(
        feed_id="f",
        source="s",
        feed_url="https://example.com/rss",
        observed_at=SEEN,
        link=link,
        title=Markup(value=title),
        content=Markup(value=content),
        authors=(author,) if author else (),
    )


def again(made: Article) -> Article:
    """What becomes of an article that comes in as an entry's plain text."""
    return article(
        Entry(
            feed_id=made.feed_id,
            source=made.source,
            feed_url="https://example.com/rss",
            observed_at=made.observed_at,
            link=made.url,
            title=Markup(value=made.title, html=False),
            summary=Markup(value=made.summary, html=False),
            content=Markup(value=made.text, html=False),
            authors=made.authors,
        )
    )


@pytest.mark.parametrize("name", golden_cases.names(".entry.json"))
def test_normalising_twice_changes_nothing(name: str) -> None:
    raw = (golden_cases.GOLDEN / f"{name}.entry.json").read_bytes()
    once = article(msgspec.json.decode(raw, type=Entry))
    twice = again(once)
    assert (twice.title, twice.text, twice.url, twice.authors) == (
        once.title,
        once.text,
        once.url,
        once.authors,
    )
    assert (twice.content_hash, twice.signature) == (once.content_hash, once.signature)


def test_a_correction_above_an_unchanged_body_is_a_revision() -> None:
    def hashed(title: str, summary: str) -> str:
        found = entry(title, "<p>The minister of ports left office on Friday. He gave no reason.</p>")
        return article(msgspec.structs.replace(found, summary=Markup(value=summary))).content_hash

    first = hashed("Minister quits", "The minister of ports left office")
    assert hashed("UPDATED: Minister quits", "The minister of ports left…") == first
    assert hashed("UPDATED: Minister quits", "") == first
    assert hashed("UPDATED: Minister quits", "CORRECTION: an earlier version named another port.") != first


PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<br>",
            "&amp;",
            "&lt;p&gt;",
            "MOSCOW, July 12 (AP) — ",
            "KYIV: ",
            "Read more",
            "Said so. ",
        ),
        *(
            "\n\n",
            "He ",
            "(Editing by A. B.)",
            "[…]",
            "Share",
            "\u200d",
            "\u2028",
            "12 July 2024",
            "é",
            "e\u0301",
        ),
    ]
)


@given(
    st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)),
    st.lists(PIECES, max_size=5).map("".join),
)
def test_any_entry_is_survived_and_settled(content: str, title: str) -> None:
    once = article(entry(title, content, link=content[:50], author=title))
    twice = again(once)
    assert (twice.title, twice.text, twice.url) == (once.title, once.text, once.url)
    assert msgspec.json.decode(msgspec.json.encode(once), type=Article) == once


def test_the_same_entry_gives_the_same_article() -> None:
    one = entry("Talks resume", "<p>They met on Friday.</p>", "https://example.com/a?utm_source=x")
    assert article(one) == article(one)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("PUTIN AND MODI MEET", True),
        ("Putin and Modi meet", False),
        ("NATO", False),
        ("ПУТИН ВСТРЕТИЛ МОДИ", True),
        ("习近平会见普京习近平会见普京", False),
    ],
)
def test_capitals(title: str, expected: bool) -> None:
    assert in_capitals(title) is expected


def test_the_body_does_not_begin_with_the_headline() -> None:
    made = article(
        entry("Talks resume in Geneva", "<h1>Talks resume in Geneva</h1><p>They met on Friday.</p>")
    )
    assert made.text == "They met on Friday."


def test_the_publishers_name_is_no_part_of_the_title() -> None:
    given_entry = msgspec.structs.replace(entry("Talks resume | Example Times"), feed_title="Example Times")
    assert article(given_entry).title == "Talks resume"


def test_a_long_title_is_cut_between_words() -> None:
    made = article(entry("word " * 200))
    assert made.title.endswith("word…")
    assert len(made.title) <= 500
