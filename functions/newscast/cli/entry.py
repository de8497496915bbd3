"""A saved page and the feed that leads to it: the article that the pipeline would store of both."""

from __future__ import annotations

from datetime import UTC, datetime

from newscast import urls
from newscast.cli.problem import LIST, CommandError, read_bytes
from newscast.feeds import guarded, parsed
from newscast.feeds.feed import Feed, State
from newscast.normalise.article import article
from newscast.normalise.full import completed
from newscast.normalise.page import Page
from newscast.normalise.teaser import is_teaser
from newscast.records import Article, Entry

NOWHERE = "https://feed.example/"
"""The address of a feed that doesn't say its own; relative links in it lead nowhere."""


def entry_of(file: str, page: Page, url: str | None) -> Entry:
    """The entry of a feed that leads to a page: the one with its address, or the only one.

    Raises CommandError.
    """
    document = guarded.read(read_bytes(file, LIST))
    if document.refused:
        raise CommandError(f"{file}: {document.problem}")
    where, now = document.self_url or document.link or NOWHERE, datetime.now(UTC)
    about = Feed(feed_id="saved", url=where, source="saved", added_at=now, state=State(next_due=now))
    entries = [parsed.entry(each, about, document, now) for each in document.entries]
    wanted = {urls.canonical(address) for address in (url, page.url) if address}
    found = [each for each in entries if each.link and urls.canonical(each.link, each.feed_url) in wanted]
    if not found and len(entries) > 1:
        leads = f"leads to {' or '.join(sorted(filter(None, wanted)))}" if wanted else "is chosen: give --url"
        raise CommandError(f"{file}: none of its {len(entries)} entries {leads}")
    if not entries:
        raise CommandError(f"{file}: no entries in it")
    return (found or entries)[0]


def together(entry: Entry, page: Page) -> tuple[Article, bool]:
    """The article of an entry and its page, and whether `auto` would ask for the page."""
    made = article(entry)
    return completed(made, page), made.url is not None and is_teaser(made, entry)
