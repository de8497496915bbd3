"""An Article from a feed and its own page in, the fuller Article out. Pure: fetching is somebody else's."""

from __future__ import annotations

import msgspec

from newscast.normalise import fingerprint, times, walls
from newscast.normalise.guarded_page import kept
from newscast.normalise.page import Page
from newscast.records import Article, FullText

TEASER = 1.2
"""The page's text is taken only if it is longer than the feed's by this; else the feed gave it all."""
ABOUT = 0.3
"""Of the longer words of title and teaser, the share that a page must hold to be this article's: sites
lead dead links to their front page, or to another story. Of 300 news texts the begin of one passes with 6 in
100 others; with the rest of its own text, without that begin, with 82."""
LONG_WORD = 4
"""Letters; shorter ones stand on every page."""
MAX_TEXT = 400_000
"""Characters, as of a feed's text; a long read has 100,000."""
FEW = 5
"""Different long words below which nothing is said about the page."""
UNPARTED = 14
"""Letters of a mean word from which a script does not part its words (Chinese, Thai): no word is shared."""

TAKEN = FullText(outcome="taken")


def completed(article: Article, page: Page) -> Article:
    """The article with its page's text and what the feed did not say of it, and with what became of that.

    A page with a problem (paywall, cookie wall, error page), or about something else, changes nothing: the
    feed's own text is kept. What the feed said stays: title, link, time and identity never come from the
    page, but a time where the feed gave none.
    """
    if page.problem is not None:
        return kept(article, walls.WORDS.get(page.problem, "not_a_page"), page.problem)
    if len(page.text) > MAX_TEXT:
        return kept(article, "too_large", f"the page has more than {MAX_TEXT:,} characters of text")
    if not is_about(article, page):
        return kept(article, "another", "the page is about something else")
    fuller = len(page.text) > TEASER * len(article.text)
    taken = fuller or article.full_text == TAKEN
    text = page.text if fuller else article.text
    title = article.title or page.title or ""
    said = fingerprint.words(text)
    published = article.published
    if published.basis == "missing" and page.published:
        published = times.published(page.published, None, article.observed_at)
    return msgspec.structs.replace(
        article,
        title=title,
        text=text,
        published=published if published.basis != "clamped" else article.published,
        updated=article.updated or times.updated(page.updated, article.observed_at),
        language=(page.language if fuller else None) or article.language,
        text_language=(page.text_language if fuller else None) or article.text_language,
        authors=article.authors or page.authors,
        agency=article.agency or page.agency,
        publisher=article.publisher or page.publisher,
        section=article.section or page.section,
        categories=article.categories or page.tags,
        dateline=article.dateline or page.dateline,
        full_text=TAKEN if taken else FullText(outcome="same"),
        # Above a page's text the feed's teaser is no part of what is said: teasers are tried out.
        content_hash=fingerprint.content_hash(title, said, "" if taken else article.summary),
        signature=fingerprint.signature(said),
    )


def is_about(article: Article, page: Page) -> bool:
    """Whether a page can be this article's: it says what title and teaser say."""
    given = {word for word in fingerprint.words(article.reading()) if len(word) >= LONG_WORD}
    if len(given) < FEW or sum(map(len, given)) > UNPARTED * len(given):
        return True
    found = set(fingerprint.words(f"{page.title or ''} {page.text}"))
    return len(given & found) >= ABOUT * len(given)
