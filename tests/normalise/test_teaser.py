"""Which articles ask for their page: a feed's wish, and whether it gives a teaser."""

from __future__ import annotations

import pytest

from newscast.normalise.article import article
from newscast.normalise.teaser import wants_page
from newscast.records import Entry, FullTextWish, Markup, utc

SENTENCE = "The ministers spoke by telephone on Friday about the war and agreed to meet again. "  # 15 words


def entry(summary: str | None = None, content: str | None = None, link: str | None = "a") -> Entry:
    return Entry(
        feed_id="f",
        source="site.example",
        feed_url="https://site.example/rss",
        observed_at=utc("2024-07-12T20:00:00Z"),
        link=link and f"https://site.example/{link}",
        title=Markup(value="Ministers speak"),
        summary=Markup(value=summary) if summary else None,
        content=Markup(value=content) if content else None,
    )


def asks(of: Entry, wish: FullTextWish, default: FullTextWish = "never") -> bool:
    wished = Entry(**{name: getattr(of, name) for name in of.__struct_fields__} | {"full_text": wish})
    return wants_page(article(wished), wished, default)


PARAGRAPHS = f"<p>{SENTENCE * 4}</p><p>{SENTENCE * 4}</p>"

TEASERS = {
    "nothing but a title": entry(),
    "a sentence": entry(SENTENCE),
    "three sentences": entry(SENTENCE * 3),
    "cut off": entry(SENTENCE * 8 + "They will…"),
    "cut off with three dots": entry(SENTENCE * 8 + "They will..."),
    "cut off with a bracket": entry(f"<p>{SENTENCE * 8} They will [&#8230;]</p>"),
    "cut off by an aggregator": entry(SENTENCE * 8 + "They will… [+2301 chars]"),
    "an invitation": entry(f"<p>{SENTENCE * 8}</p><p><a href='/a'>Read more</a></p>"),
    "an invitation with an arrow": entry(
        f"{SENTENCE * 8}<a href='/a' class='more'>Continue reading &raquo;</a>"
    ),
    "an invitation in German": entry(f"{SENTENCE * 8} Weiterlesen »"),
    "an invitation in Russian": entry(f"{SENTENCE * 8} <a href='/a'>Читать далее</a>"),
    "an invitation that names the story": entry(
        f"{SENTENCE * 8} Continue reading Ministers speak at Site News"
    ),
    "an empty body beside a teaser": entry(SENTENCE, "<p></p>"),
    "Chinese": entry("国防部长星期五通电话讨论战争问题并同意再次会晤。"),
}
WHOLE = {
    "two paragraphs": entry(content=PARAGRAPHS),
    "a teaser beside the body": entry(SENTENCE, PARAGRAPHS),
    "paragraphs in the summary": entry(PARAGRAPHS),
    "a long text that ends in an ellipsis": entry(content=SENTENCE * 40 + "“And then…”"),
    "an invitation in the middle": entry(content=f"<p>{SENTENCE}</p><p>Read more: others</p>{PARAGRAPHS}"),
    "a sentence that ends so": entry(content=f"{PARAGRAPHS}<p>He told them to read on. They did not.</p>"),
    "Chinese": entry(content="国防部长星期五通电话讨论战争问题并同意再次会晤。" * 50),
}


@pytest.mark.parametrize("name", TEASERS)
def test_a_teaser_asks_for_its_page(name: str) -> None:
    assert asks(TEASERS[name], "auto")


@pytest.mark.parametrize("name", WHOLE)
def test_a_text_that_the_feed_gives_does_not(name: str) -> None:
    assert not asks(WHOLE[name], "auto")


@pytest.mark.parametrize(
    ("wish", "default", "link", "teaser", "whole"),
    [
        (None, "never", "a", False, False),
        (None, "auto", "a", True, False),
        (None, "always", "a", True, True),
        ("never", "always", "a", False, False),
        ("auto", "never", "a", True, False),
        ("always", "never", "a", True, True),
        ("always", "always", None, False, False),  # no page to ask for
    ],
)
def test_the_feeds_wish_goes_before_the_stacks(
    wish: FullTextWish, default: FullTextWish, link: str | None, teaser: bool, whole: bool
) -> None:
    assert asks(entry(SENTENCE, link=link), wish, default) is teaser
    assert asks(entry(content=PARAGRAPHS, link=link), wish, default) is whole
