"""What holds for every entry and page: its words come out, all of them, in order, and no others."""

from __future__ import annotations

import html

from hypothesis import given, settings
from hypothesis import strategies as st

from newscast.normalise.article import article
from newscast.normalise.body import clean
from newscast.normalise.dateline import take
from newscast.normalise.fingerprint import likeness, signature, words
from newscast.normalise.language import of_article
from newscast.normalise.page import page
from newscast.records import Entry, Markup, utc

VOCABULARY = """
    the minister said on Friday that talks with Kyiv would go on despite a strike which more than 300
    workers in Geneva have called for, he added; “We read about it in the news” (and share the view).
    Reuters reported follow-ups; see page 12, more or less, U.S. R&D at 5:30 a.m. Élysée Москва
    переговоры 会談 محادثات
"""
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCE = st.lists(WORDS, min_size=8, max_size=25).map(lambda found: f"They {' '.join(found)} today.")
PARAGRAPHS = st.lists(SENTENCE, min_size=1, max_size=6, unique=True)
ELEMENTS = st.sampled_from(["<p>{}</p>", "<div>{}</div>", "<p><b>{}</b></p>", "{}<br><br>", "<li>{}</li>"])


def entry(content: str) -> Entry:
    return Entry(
        feed_id="f",
        source="s",
        feed_url="https://example.com/rss",
        observed_at=utc("2024-07-12T20:00:00Z"),
        title=Markup(value="Talks resume"),
        content=Markup(value=content),
    )


@given(PARAGRAPHS, ELEMENTS)
def test_prose_of_an_entry_comes_out_word_for_word(paragraphs: list[str], element: str) -> None:
    made = article(entry("".join(element.format(html.escape(part)) for part in paragraphs)))
    assert made.text.split("\n\n") == paragraphs


@settings(max_examples=30)
@given(st.lists(SENTENCE, min_size=4, max_size=8, unique=True))
def test_prose_of_a_page_comes_out_word_for_word(paragraphs: list[str]) -> None:
    inside = "".join(f"<p>{html.escape(part)}</p>" for part in paragraphs)
    markup = f"<html><body><nav>Home</nav><article><h1>Talks resume</h1>{inside}</article></body></html>"
    assert page(markup.encode()).text.split() == " ".join(paragraphs).split()


PIECES = st.sampled_from(
    [
        *("MOSCOW", "Geneva", "Ukraine", "Kyiv (Ukraine) – ", "Goma, DR Congo — ", ", 3 May", " (3 May) – "),
        *(" (AP) ", " (PTI) ", "(ANSA) - ", "SANA- ", "/ritzau/ - ", " (EFE).- ", "Trend – ", "JOHN SMITH: "),
        *(
            "\n\n",
            "He ",
            "Read more",
            "Key points",
            "Advertisement - x",
            "2024年4月3日",
            "编辑：王",
            "By A. B.",
        ),
        *("Subscribe to continue reading", "met ...", " …", "[…]", "(Editing by A. B.)", "Share", "The "),
    ]
)


@given(st.lists(PIECES, max_size=10).map("".join))
def test_cleaning_twice_cleans_once(text: str) -> None:
    once = clean(text, "Key points").text
    assert clean(once, "Key points").text == once
    rest, _ = take(text)
    assert take(rest) == (rest, None)


@given(st.lists(WORDS, max_size=60), st.lists(WORDS, max_size=40), st.integers(0, 60))
def test_likeness_is_a_share_and_the_same_both_ways(one: list[str], other: list[str], shared: int) -> None:
    signed = signature(words(" ".join(one))), signature(words(" ".join([*one[:shared], *other])))
    if signed[0] is not None and signed[1] is not None:
        assert 0 <= likeness(signed[0], signed[1]) == likeness(signed[1], signed[0]) <= 1
        assert likeness(signed[0], signed[0]) == 1


@given(st.text(max_size=200), st.text(max_size=200), st.one_of(st.none(), st.text(max_size=10)))
def test_languages_of_any_text_are_sure_by_a_share(title: str, text: str, declared: str | None) -> None:
    for found in of_article(title, text, declared):
        assert found is None or (0 < found.confidence <= 1 and found.code.isascii() and found.code)
