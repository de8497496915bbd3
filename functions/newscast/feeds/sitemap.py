"""Google's news sitemaps: UTF-8 bytes in, entries out. Pages without a news:news element are no news."""

from __future__ import annotations

from pyexpat import ParserCreate

from newscast.feeds import fields
from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.feeds.said import stamp

ROOTS = {"urlset", "sitemapindex"}


def read(data: bytes, url: str | None) -> ParsedFeed:
    """A sitemap's news, after a scan found it harmless. Raises what expat raises for broken XML."""
    found = _Found()
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    parser.Parse(data, True)
    if found.root == "sitemapindex":
        words = "an index of sitemaps; subscribe to the news sitemap that it names"
        return ParsedFeed(refused="not_a_feed", problem=words)
    entries = tuple(_entry(page, url) for page in found.pages if "title" in page)
    others = len(found.pages) - len(entries)
    if not entries and others:
        return ParsedFeed(refused="not_a_feed", problem="a sitemap of pages, without any news in it")
    title = next((name for page in found.pages if (name := page.get("name"))), None)
    return ParsedFeed(
        entries=entries,
        format="sitemap",
        title=fields.plain(title),
        problem=f"left out: {others} pages without news" if others else None,
    )


class _Found:
    def __init__(self) -> None:
        self.root = ""
        self.pages: list[dict[str, str]] = []
        self.pieces: list[str] = []
        self.page: dict[str, str] | None = None
        self.inside: list[str] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        self.root = self.root or local
        if local == "url" and len(self.inside) == 1:
            self.page = {}
        self.inside.append(local)
        self.pieces = []

    def text(self, text: str) -> None:
        self.pieces.append(text)

    def end(self, _: str) -> None:
        local = self.inside.pop()
        if self.page is None:
            return
        if local == "url" and len(self.inside) == 1:
            self.pages.append(self.page)
            self.page = None
        elif not {"image", "video"} & set(self.inside):  # their titles and locations are of pictures
            value = "".join(self.pieces).strip()
            if value:
                self.page.setdefault(local, value)
        self.pieces = []


def _entry(page: dict[str, str], base: str | None) -> ParsedEntry:
    keywords = page.get("keywords", "").split(",")
    return ParsedEntry(
        link=fields.link(page.get("loc"), base),
        title=fields.markup(page.get("title"), False, fields.TITLE),
        published=stamp(page.get("publication_date")),
        updated=stamp(page.get("lastmod")),
        categories=fields.plain_all(keywords),
        language=fields.plain(page.get("language"), 35),
    )
