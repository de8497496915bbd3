"""An Article from a feed and its own page in, the fuller Article out. Pure: fetching is somebody else's."""

from __future__ import annotations

import msgspec

from newscast.normalise import fingerprint
from newscast.normalise.page import Page
from newscast.records import Article

TEASER = 1.2
"""The page's text is taken only if it is longer than the feed's by this; else the feed gave it all."""


def completed(article: Article, page: Page) -> Article:
    """The article with its page's text and what the feed did not say of it.

    A page with a problem (paywall, cookie wall, error page) changes nothing: the feed's own text is kept.
    What the feed said stays: title, link, time and identity never come from the page.
    """
    if page.problem is not None:
        return article
    fuller = len(page.text) > TEASER * len(article.text)
    text = page.text if fuller else article.text
    said = fingerprint.words(text)
    return msgspec.structs.replace(
        article,
        text=text,
        language=(page.language if fuller else None) or article.language,
        text_language=page.text_language if fuller else article.text_language,
        authors=article.authors or page.authors,
        agency=article.agency or page.agency,
        publisher=article.publisher or page.publisher,
        section=article.section or page.section,
        categories=article.categories or page.tags,
        dateline=article.dateline or page.dateline,
        content_hash=fingerprint.content_hash(article.title, said),
        signature=fingerprint.signature(said),
    )
