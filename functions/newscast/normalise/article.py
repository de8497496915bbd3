"""An Entry in, an Article out: text cleaned, address canonical, time and language settled. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscast import urls
from newscast.normalise import byline, fingerprint, times
from newscast.normalise.body import Body, clean
from newscast.normalise.language import of_article
from newscast.normalise.text import line, plain
from newscast.records import Article, Enclosure, Entry, Markup

MAX_TITLE = 500
"""Characters; a longer title is a body in the wrong field."""
MAX_SUMMARY = 2000
MAX_CATEGORIES = 50
MAX_CATEGORY = 100
MAX_MEDIA = 20
CAPITALS_FROM = 12
"""Letters from which a title in capitals is somebody's style; "NATO" is not."""


def article(entry: Entry) -> Article:
    """The Article of an Entry. Nothing is guessed in silence: what was not given is null or marked."""
    title = _title(entry.title, entry.feed_title)
    summary, content = _body(entry.summary, title), _body(entry.content, title)
    body = content if content.text else summary
    said, told = fingerprint.words(body.text), _cut(summary.text, MAX_SUMMARY)
    authors, agency = byline.read(entry.authors)
    languages = of_article(title, body.text, entry.language)
    link = urls.resolve(entry.link, entry.feed_url) if entry.link else None
    return Article(
        feed_id=entry.feed_id,
        source=entry.source,
        feed_url=entry.feed_url,
        guid=entry.guid,
        url=urls.canonical(entry.link, entry.feed_url) if entry.link else None,
        link=link or entry.link,
        title=title,
        title_in_capitals=in_capitals(title),
        summary=told,
        text=body.text,
        published=times.published(entry.published, entry.updated, entry.observed_at),
        updated=times.updated(entry.updated, entry.observed_at),
        observed_at=entry.observed_at,
        language=languages.article,
        title_language=languages.title,
        text_language=languages.text,
        authors=authors,
        agency=agency or body.agency or summary.agency,
        publisher=line(Markup(value=entry.feed_title)) or None if entry.feed_title else None,
        categories=_categories(entry.categories),
        dateline=body.dateline or summary.dateline,
        media=_media(entry.enclosures, entry.feed_url),
        content_hash=fingerprint.content_hash(title, said, told),
        signature=fingerprint.signature(said),
    )


def in_capitals(title: str) -> bool:
    """Whether a title is all capitals, so that letter case says nothing about the names in it."""
    letters = [sign for sign in title if sign.isalpha()]
    return len(letters) >= CAPITALS_FROM and title.isupper()


def _title(title: Markup | None, publisher: str | None) -> str:
    if title is None:
        return ""
    written = _cut(line(title), MAX_TITLE)
    if publisher and (name := line(Markup(value=publisher))):
        # "Talks resume - Example News" in the feed of Example News.
        ending = re.search(rf"\s+[|–—·-]\s+{re.escape(name)}$", written, re.IGNORECASE)
        written = written[: ending.start()] if ending and ending.start() else written
    return written


def _body(markup: Markup | None, title: str) -> Body:
    return clean(plain(markup), title) if markup else Body()


def _cut(text: str, most: int) -> str:
    """At most so many characters, cut between words and marked."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(None, 1)[0].rstrip() + "…"


def _categories(written: Iterable[str]) -> tuple[str, ...]:
    names = (line(Markup(value=name)) for name in written)
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= MAX_CATEGORY))[:MAX_CATEGORIES]


def _media(enclosures: Iterable[Enclosure], base: str) -> tuple[Enclosure, ...]:
    found = {
        url: Enclosure(url=url, media_type=item.media_type, length=item.length)
        for item in enclosures
        if (url := urls.resolve(item.url, base))
    }
    return tuple(found.values())[:MAX_MEDIA]
