"""RSS, RDF and Atom that are well-formed XML: UTF-8 bytes in, entries out, by expat and in one go.

Only what stands directly in an entry speaks for it: the title of a picture or of a quoted feed inside is
theirs. Linear in the document's bytes, whatever is in it; a scan has refused what no parser should see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pyexpat import ParserCreate
from xml.sax.saxutils import escape

from newscast.feeds import fields, texts
from newscast.feeds.hints import hints
from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.feeds.said import Said, SaidOfFeed, Text, lowered
from newscast.feeds.scopes import Scopes
from newscast.feeds.vocabulary import ENTRIES, FEED, FEEDS, MEANINGS, PLAIN

ROOTS = {"rss", "rdf", "feed"}
"""Outermost elements of what is read here; the rest is left to feedparser."""
_RSS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}


def read(data: bytes, url: str | None, names: Collection[str], hints_from: bytes) -> ParsedFeed:
    """As `syndication.read`, for a document that a scan found well-formed. Raises ExpatError for another."""
    watch = _Watch()
    watch.parse(data)
    version = watch.version or None
    feed = watch.feed
    base = feed.base(url)
    entries: list[ParsedEntry] = []
    broken: list[str] = []
    for number, said in enumerate(watch.entries, 1):
        try:
            entries.append(said.entry(base, version))
        except Exception as error:  # one entry that can't be read costs that entry
            broken.append(f"entry {number}: {type(error).__name__}")
    return ParsedFeed(
        entries=tuple(entries),
        format=version,
        title=feed.title(),
        language=fields.plain(feed.language, 35),
        link=fields.link(feed.link, url),
        self_url=fields.link(feed.rels.get("self"), base),
        hub=fields.link(feed.rels.get("hub"), base),
        hints=hints(hints_from, feed.numbers),
        problem="left out: " + "; ".join(broken[:5]) if broken else None,
    )


class _Watch:
    """Where we are in the document, and what it has said so far. Depths count open elements; 0 is nowhere."""

    def __init__(self) -> None:
        self.version = ""
        self.feed = SaidOfFeed()
        self.entries: list[Said] = []
        self.said: Said | None = None
        self.depth = self.feed_depth = self.entry_depth = self.person_depth = self.media_depth = 0
        self.scopes = Scopes()
        # The text that is being read: where its element stands, of what type it is, its pieces.
        self.text_depth = 0
        self.kind = self.mode = ""
        self.inline = False
        self.pieces: list[str] = []
        self.nested: list[str] = []
        """Of an element that should hold no others: what they hold."""
        self.done: Callable[[], object] = list
        self.person: dict[str, str] = {}
        self.person_pieces: list[str] = []

    def parse(self, data: bytes) -> None:
        parser = ParserCreate("utf-8")
        parser.UseForeignDTD(True)
        parser.ExternalEntityRefHandler = lambda *_: 1
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.SkippedEntityHandler = self.skipped
        parser.Parse(data, True)

    # --------------------------------------------------------------------- what expat calls
    def start(self, written: str, attributes: dict[str, str]) -> None:
        self.depth = depth = self.depth + 1
        if attributes:
            self.scopes.enter(depth, attributes)
        if self.text_depth:
            self._inline_start(written, attributes)
            return
        name = self.scopes.names.get(written) or self.scopes.name(written)
        if self.said is not None:
            if depth == self.entry_depth + 1:
                self._in_entry(self.said, name, attributes)
            elif depth == self.person_depth + 1:
                self._in_person(name)
            elif depth == self.media_depth + 1 and name.startswith("media:"):
                self._in_media(self.said, name, attributes)
        elif name in ENTRIES:
            self._entry(attributes)
        elif self.feed_depth:
            if depth == self.feed_depth + 1 and name in FEED:
                self._in_feed(name, attributes)
        elif name in FEEDS or depth == 1:
            self._outer(name, attributes)

    def end(self, written: str) -> None:
        depth = self.depth
        self.depth = depth - 1
        if self.text_depth:
            if depth == self.text_depth:
                self.text_depth = 0
                self.done()
                self.pieces.clear()
                if self.inline:
                    self.nested.clear()
            else:
                self._inline_end(written)
        elif depth == self.entry_depth:
            self.said, self.entry_depth = None, 0
        elif depth == self.person_depth:
            self._person_end()
        elif depth == self.media_depth:
            self.media_depth = depth - 1 if depth - 1 > self.entry_depth else 0
        elif depth == self.feed_depth:
            self.feed_depth = 0
        if depth == self.scopes.depth:
            self.scopes.leave()

    def text(self, text: str) -> None:
        if self.text_depth:
            if not self.inline:
                self.pieces.append(text)
            elif self.kind:
                self.pieces.append(escape(text))
            else:
                (self.pieces if self.depth == self.text_depth else self.nested).append(text)
        elif self.person_depth == self.depth:
            self.person_pieces.append(text)

    def skipped(self, name: str, is_parameter: bool) -> None:
        self.text(f"&{name};")

    # --------------------------------------------------------------------- what an element is
    def _outer(self, name: str, attributes: dict[str, str]) -> None:
        if self.scopes.language and name in ("feed", "rss", "rdf:rdf"):
            self.feed.language = self.scopes.language
        if name in FEEDS:
            self.feed_depth = self.depth
        written = attributes.get("version", "")
        self.version = self.version or self.scopes.version
        if name == "rss" and not self.version.startswith("rss"):
            self.version = _RSS.get(written) or ("rss20" if written.startswith("2.") else "rss")
        elif name == "feed" and not self.version:
            self.version = _ATOM.get(written, "atom")

    def _in_feed(self, name: str, attributes: dict[str, str]) -> None:
        feed, what = self.feed, FEED[name]
        if what == "title":
            self._take_typed(attributes, "text/plain", lambda text: feed.titles.setdefault(name, text))
        elif what == "link":
            if feed.stated(attributes, self.scopes.resolved):
                self._take(lambda: feed.linked(self._plain(), self.scopes.resolved))
        elif what == "language":
            self._take(lambda: setattr(feed, "language", self._plain()))
        else:
            self._take(lambda: feed.numbers.update({what: self._plain()}))

    def _entry(self, attributes: dict[str, str]) -> None:
        self.said = Said()
        self.entry_depth = self.depth
        for key, value in attributes.items():
            if key.endswith("about") and self.scopes.name(key) == "rdf:about":
                self.said.guid = value
        self.entries.append(self.said)

    def _in_entry(self, said: Said, name: str, attributes: dict[str, str]) -> None:
        if name in MEANINGS:
            place, kind = MEANINGS[name]
            self._take_typed(attributes, kind, lambda text: said.says(place, text))
            return
        what = PLAIN.get(name)
        if what is None:
            return
        if what == "link":
            if said.stated(attributes, self.scopes.resolved):
                self._take(lambda: said.linked(self._plain(), self.scopes.resolved))
        elif what == "guid":
            permalink = said.permalinks(attributes)
            self._take(lambda: said.guided(self._plain(), self.scopes.resolved if permalink else str))
        elif what == "person":
            self.person_depth, self.person = self.depth, {}
        elif what == "category":
            label = said.labels(attributes)
            self._take(lambda: said.categorised(self._plain(), label))
        elif what == "enclosure":
            said.encloses(attributes)
        elif what == "media":
            self._in_media(said, name, attributes)
        else:
            self._take(lambda: said.notes(what, self._plain()))

    def _in_media(self, said: Said, name: str, attributes: dict[str, str]) -> None:
        if name in MEANINGS:
            place, kind = MEANINGS[name]
            self._take_typed(attributes, kind, lambda text: said.says(place, text))
        elif PLAIN.get(name) == "media":
            if name != "media:group":
                said.shows(attributes)
            self.media_depth = self.depth

    def _in_person(self, name: str) -> None:
        part = name.rpartition(":")[2]
        if part in ("name", "email"):
            self._take(lambda: self.person.setdefault(part, self._plain()))

    def _person_end(self) -> None:
        self.person_depth = 0
        written = texts.mended("".join(self.person_pieces).strip())
        self.person_pieces.clear()
        if self.said is not None:
            self.said.people.append(
                self.person.get("name") or self.person.get("email") or fields.person(written)
            )

    # --------------------------------------------------------------------- texts
    def _take(self, done: Callable[[], object]) -> None:
        """Read the text of this element, then call `done`."""
        self.text_depth, self.kind, self.mode, self.inline = self.depth, "", "", False
        self.done = done

    def _take_typed(self, attributes: dict[str, str], kind: str, done: Callable[[Text], object]) -> None:
        self._take(lambda: self._typed(done))
        plain = lowered(attributes) if attributes else attributes
        self.kind, self.mode = texts.media_type(plain.get("type", kind)), plain.get("mode", "")
        self.inline = self.kind == texts.XHTML

    def _plain(self) -> str:
        return texts.mended("".join(self.pieces).strip() or "".join(self.nested).strip())

    def _typed(self, done: Callable[[Text], object]) -> None:
        is_atom = self.version.startswith("atom")
        pieces: Sequence[str] = self.pieces
        if self.kind == texts.XHTML and self.version == "atom10":
            pieces = texts.unwrapped(pieces)
        text = "".join(pieces).strip()
        if texts.is_base64(self.kind, self.mode):
            text = texts.decoded(text)
        if not is_atom and self.kind == "text/plain" and texts.looks_like_html(text):
            self.kind = "text/html"
        text = texts.mended(text)
        if text.strip():
            done(Text(text, self.kind in texts.HTML_TYPES, self.scopes.language))

    def _inline_start(self, written: str, attributes: dict[str, str]) -> None:
        # Markup that should have been escaped, or is XHTML: written out again.
        self.inline = True
        if not self.kind:
            return
        if not self.kind.endswith("xml"):
            if written.rpartition(":")[2] == "div":
                self.inline = False
                return
            self.kind = texts.XHTML
        self.pieces.append(texts.tag(written, attributes))

    def _inline_end(self, written: str) -> None:
        if self.inline and self.kind:
            self.pieces.append(f"</{written.rpartition(':')[2].lower()}>")
