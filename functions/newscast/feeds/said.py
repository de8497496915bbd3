"""What an entry's elements say in, the entry out: which of several titles, summaries and times counts.

Both readers fill this in: the quick one of well-formed documents, and feedparser for all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from newscast import dates
from newscast.feeds import fields, texts
from newscast.feeds.parsed import ParsedEntry
from newscast.feeds.vocabulary import SUMMARIES, TITLES
from newscast.records import Markup, Stamp

LINKED = {"text/html", texts.XHTML}
"""Types of an alternate link that leads to a page."""
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")


class Text(NamedTuple):
    """A text of an entry, and the language that it declares."""

    value: str
    html: bool
    language: str | None = None


class Links:
    """The links of a feed or an entry."""

    __slots__ = ("link", "rels", "stated_links")

    def __init__(self) -> None:
        self.link: str | None = None
        self.rels: dict[str, str] = {}
        """The first link of each kind but the alternate."""
        self.stated_links: list[str] = []

    def stated(self, attributes: Mapping[str, str], resolved: Callable[[str], str]) -> bool:
        """Note what a link's attributes say; whether its text is the address."""
        plain = lowered(attributes)
        where, rel = address(plain), plain.get("rel", "alternate").lower()
        if where is None:
            return True
        where = resolved(where)
        if not where:
            return False
        kind = plain.get("type", "").lower()
        if rel != "alternate":
            self.rels.setdefault(rel, where)
        elif texts.media_type(kind or "text/html") in LINKED:
            self.link = where
        self.stated_links.append(where)
        self.related(rel, where, plain)
        return False

    def related(self, rel: str, where: str, plain: Mapping[str, str]) -> None:
        """Note what else a link leads to."""

    def linked(self, where: str, resolved: Callable[[str], str]) -> None:
        """Note an address that was an element's text."""
        if where:
            # "?a=1&amp;b=2" was escaped twice, or its "&b" was taken for a character by somebody.
            self.link = _REFERENCE.sub(r"&\1", resolved(where).replace("&amp;", "&"))
            self.stated_links.append(self.link)


class SaidOfFeed(Links):
    """What the elements of a feed itself say."""

    __slots__ = ("language", "numbers", "titles")

    def __init__(self) -> None:
        super().__init__()
        self.titles: dict[str, Text] = {}
        self.language: str | None = None
        self.numbers: dict[str, str] = {}
        """How often it changes, as written: ttl and the elements of sy:."""

    def title(self) -> str | None:
        """Its title in one line."""
        found = self.titles.get("title") or self.titles.get("dc:title")
        return fields.title(found.value, found.html) if found else None

    def base(self, url: str | None) -> str | None:
        """What its entries' links are relative to: its URL, or else the site's link rather than nothing."""
        site = fields.link(self.link, None)
        return url or (site if site and re.match(r"https?:", site, re.IGNORECASE) else None)


class Said(Links):
    """One entry's elements by what they mean. Of several of a kind the first that says anything counts."""

    __slots__ = (
        "categories", "contents", "enclosures", "film", "guid", "illustrated", "language", "people",
        "permalink", "pictured", "summaries", "times", "titles",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.titles: dict[str, Text] = {}
        self.summaries: dict[str, Text] = {}
        self.contents: list[Text] = []
        self.guid: str | None = None
        self.permalink = False
        """The guid claims to be a link too."""
        self.times: dict[str, str] = {}
        """As written: published, updated, created, and Dublin Core's date, which doesn't tell them apart."""
        self.people: list[str | None] = []
        self.categories: list[str | None] = []
        self.language: str | None = None
        self.enclosures: list[tuple[object, object, object]] = []
        self.film = self.pictured = self.illustrated = False
        """It has media that are films or recordings; pictures; any at all."""

    def says(self, place: str, text: Text) -> None:
        """Note a text that belongs in this place."""
        if place == "content":
            self.contents.append(text)
        elif place in TITLES:
            self.titles.setdefault(place, text)
        elif place == "description" and place in self.summaries:
            self.contents.append(text)  # a teaser, then the text: both called description
        else:
            self.summaries.setdefault(place, text)

    def notes(self, what: str, text: str) -> None:
        """Note a time, the language or keywords."""
        if what == "keywords":
            self.categories += text.split(",", fields.NAMES)[: fields.NAMES]
        elif what == "language":
            self.language = text or self.language
        elif text:
            self.times[what] = text

    def permalinks(self, attributes: Mapping[str, str]) -> bool:
        """Whether a guid with these attributes claims to be a link."""
        self.permalink = lowered(attributes).get("ispermalink", "true") == "true"
        return self.permalink

    def guided(self, guid: str, resolved: Callable[[str], str]) -> None:
        """Note a guid."""
        self.guid = resolved(guid) if guid else self.guid

    def labels(self, attributes: Mapping[str, str]) -> str | None:
        """Note a category's term; its label, if that is all it has as yet."""
        plain = lowered(attributes)
        if term := plain.get("term") or plain.get("text"):
            self.categories.append(term)
            return None
        return plain.get("label")

    def categorised(self, text: str, label: str | None) -> None:
        """Note a category's text, or its label."""
        self.categories.append(text or label)

    def encloses(self, attributes: Mapping[str, str]) -> None:
        """Note an enclosure."""
        plain = lowered(attributes)
        if where := address(plain):
            kind = plain.get("type", "").lower() or None
            self.enclosures.append((where, kind, plain.get("length")))

    def related(self, rel: str, where: str, plain: Mapping[str, str]) -> None:
        """Note Atom's enclosures, which are links."""
        if rel == "enclosure":
            self.encloses({**plain, "url": where})

    def shows(self, attributes: Mapping[str, str]) -> None:
        """Note what a media:content, a player or a thumbnail is."""
        self.illustrated = True
        kind = f"{attributes.get('medium', '')} {attributes.get('type', '')}".lower()
        self.film = self.film or any(word in kind for word in ("video", "audio", "flash"))
        self.pictured = self.pictured or "image" in kind

    def entry(self, base: str | None, version: str | None) -> ParsedEntry:
        """The entry. `version` is feedparser's word for the format."""
        is_atom = bool(version and version.startswith("atom"))
        times = self.times
        published, updated = (
            stamp(times.get("published") or times.get("created")),
            stamp(times.get("updated")),
        )
        if published is None and not is_atom:
            published = stamp(times.get("date"))  # one date, said once
        elif updated is None:
            updated = stamp(times.get("date"))
        title = self._chosen(self.titles, TITLES)
        summary = self._chosen(self.summaries, SUMMARIES)
        # Of several contents the longest: the others are teasers and alternatives.
        content = max(self.contents, key=lambda text: len(text.value), default=None)
        texts = [*self.contents, title, summary]
        language = self.language or next((text.language for text in texts if text and text.language), None)
        return ParsedEntry(
            guid=self._guid(version),
            link=self._link(base, is_atom),
            title=markup(title, fields.TITLE),
            summary=markup(summary),
            content=markup(content),
            published=published,
            updated=updated,
            authors=fields.plain_all(self.people),
            categories=fields.plain_all(self.categories),
            language=fields.plain(language, 35),
            enclosures=fields.enclosures(self.enclosures, base),
        )

    def _chosen(self, found: Mapping[str, Text], order: tuple[str, ...]) -> Text | None:
        for name in order:
            if name.startswith("media:"):
                # A caption says what a picture shows. A film's own words are the entry's if it has no others.
                film = self.film and not self.pictured
                if not (film or not (self.illustrated or self.enclosures)):
                    continue
                if name == "media:description" and self.contents:
                    continue
            if name in found:
                return found[name]
        return None

    def _guid(self, version: str | None) -> str | None:
        # RDF wants each item's rdf:about to repeat its link: then it is the link, and no id besides.
        if version in ("rss10", "rss090") and self.guid == self.link:
            return None
        return fields.guid(self.guid)

    def _link(self, base: str | None, is_atom: bool) -> str | None:
        if self.link and self.link != self.guid:
            return fields.link(self.link, base)
        # A guid is taken for a link if it claims to be one, as any does by default, numbers too. An Atom id
        # is a link only where a link says the same.
        link = self.link or (self.guid if self.permalink else None)
        absolute = link and re.match(r"https?:", link, re.IGNORECASE)
        if not absolute or (is_atom and link not in self.stated_links):
            return None
        return fields.link(link, base)


def markup(text: Text | None, most: int = fields.TEXT) -> Markup | None:
    """A text as records hold it; null for none."""
    return fields.markup(text.value, text.html, most) if text else None


def stamp(written: object) -> Stamp | None:
    """A written date; null for none and for one that can't be read."""
    return dates.read(written) if isinstance(written, str) and written.strip() else None


def lowered(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Attributes by their names in lower case."""
    return {name.lower(): value for name, value in attributes.items()}


def address(attributes: Mapping[str, str]) -> str | None:
    """Where an element points to."""
    return attributes.get("url", attributes.get("uri", attributes.get("href")))
