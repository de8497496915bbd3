"""An Entry in, an Article out: text cleaned, address canonical, time and language settled. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscast import urls
from newscast.normalise import byline, dateline, fingerprint, furniture, times
from newscast.normalise.language import detect
from newscast.normalise.text import line, plain
from newscast.records import Article, Dateline, Enclosure, Entry, Markup

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
    summary, summary_dateline, summary_credit = _body(entry.summary, title)
    text, text_dateline, text_credit = _body(entry.content, title)
    if not text:
        text, text_dateline, text_credit = summary, summary_dateline, summary_credit
    said = fingerprint.words(text)
    written = text_dateline or summary_dateline
    authors, agency = byline.read(entry.authors)
    link = urls.resolve(entry.link, entry.feed_url) if entry.link else None
    return Article(
        feed_id=entry.feed_id,
        source=entry.source,
        guid=entry.guid,
        url=urls.canonical(entry.link, entry.feed_url) if entry.link else None,
        link=link or entry.link,
        title=title,
        title_in_capitals=in_capitals(title),
        summary=_cut(summary, MAX_SUMMARY),
        text=text,
        published=times.published(entry.published, entry.updated, entry.observed_at),
        updated=times.updated(entry.updated, entry.observed_at),
        observed_at=entry.observed_at,
        language=detect(f"{title}\n{text}", entry.language),
        authors=authors,
        agency=agency or (written and written.agency) or _credited(text_credit or summary_credit),
        publisher=line(Markup(value=entry.feed_title)) or None if entry.feed_title else None,
        categories=_categories(entry.categories),
        dateline=written,
        media=_media(entry.enclosures, entry.feed_url),
        content_hash=fingerprint.content_hash(title, said),
        signature=fingerprint.signature(said),
    )


def in_capitals(title: str) -> bool:
    """Whether a title is all capitals, so that letter case says nothing about the names in it."""
    letters = [sign for sign in title if sign.isalpha()]
    return len(letters) >= CAPITALS_FROM and title.isupper()


def _title(title: Markup | None, publisher: str | None) -> str:
    if title is None:
        return ""
    written = line(title)
    if publisher and (name := line(Markup(value=publisher))):
        # "Talks resume - Example News" in the feed of Example News.
        ending = re.search(rf"\s+[|–—·-]\s+{re.escape(name)}$", written, re.IGNORECASE)
        written = written[: ending.start()] if ending and ending.start() else written
    return _cut(written, MAX_TITLE)


def _body(markup: Markup | None, title: str) -> tuple[str, Dateline | None, str | None]:
    """A clean text, its dateline and the wire's closing credit."""
    if markup is None:
        return "", None, None
    text, credit = furniture.strip(plain(markup))
    first, _, rest = text.partition("\n\n")
    if rest and title and fingerprint.words(first) == fingerprint.words(title):
        text = rest  # the headline once more, above the body
    text, found = dateline.take(text)
    return text, found, credit


def _credited(credit: str | None) -> str | None:
    return byline.read([credit])[1] if credit else None


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
