"""OPML in and out: subscriptions with their folders, which become tags ("World/Europe")."""

from __future__ import annotations

from collections.abc import Iterable
from pyexpat import ExpatError, ParserCreate
from xml.sax.saxutils import quoteattr

from msgspec import Struct

from newscast.feeds import encoding
from newscast.feeds.feed import Feed
from newscast.feeds.fields import plain
from newscast.feeds.scan import RefusedDocumentError, scan
from newscast.records import FullTextWish

MAX_OUTLINES = 100_000
"""Subscriptions taken from one file; more is no file of a person's."""


NAMESPACE = "urn:newscast:opml"
FULL_TEXT = "newscast:fullText"
"""Attribute of an outline, in a namespace as the format wants of what it doesn't know."""
WISHES: dict[str, FullTextWish] = {"auto": "auto", "always": "always", "never": "never"}


class OpmlError(ValueError):
    """A file that is no OPML; the message says where it stops."""


class Outline(Struct, frozen=True):
    """One subscription of an OPML file."""

    url: str
    title: str | None
    tags: tuple[str, ...]
    full_text: FullTextWish | None = None
    """Of an attribute of ours, which other programs pass over."""


def read(data: bytes) -> list[Outline]:
    """Subscriptions of an OPML file; one that stands in several folders comes once, with all of them.

    Raises OpmlError.
    """
    text = encoding.to_utf8(data).data.strip()
    try:
        found = scan(text)
    except RefusedDocumentError as refusal:
        raise OpmlError(f"not read: {refusal}") from refusal
    if found.root != "opml":
        raise OpmlError("this is no OPML file" + (f": {found.error}" if found.error else ""))
    if found.error:
        raise OpmlError(found.error)
    reader = _Reader()
    parser = ParserCreate("utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(text, True)
    except ExpatError as error:  # an undeclared entity, which the scan lets pass
        raise OpmlError(f"not well-formed: {error}") from error
    return list(reader.found.values())


class _Reader:
    def __init__(self) -> None:
        self.found: dict[str, Outline] = {}
        self.folders: list[str | None] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.lower() != "outline":
            return
        of = {key.lower(): value.strip() for key, value in attributes.items()}
        title = plain(of.get("title")) or plain(of.get("text"))
        url = of.get("xmlurl")
        if not url:
            self.folders.append(title.replace("/", "∕") if title else None)
            return
        self.folders.append(None)
        if len(self.found) >= MAX_OUTLINES:
            raise OpmlError(f"more than {MAX_OUTLINES:,} subscriptions")
        folder = "/".join(folder for folder in self.folders if folder)
        # Some programs write tags into `category` ("/News/World,/Daily") instead of nesting.
        categories = [part.strip().strip("/") for part in of.get("category", "").split(",")]
        tags = [tag for tag in (folder, *categories) if tag]
        before = self.found.get(url)
        if before:
            tags = [*before.tags, *tags]
            title = before.title or title
        wish = WISHES.get(of.get(FULL_TEXT.lower(), "").lower()) or (before.full_text if before else None)
        self.found[url] = Outline(url, title, tuple(dict.fromkeys(tags)), wish)

    def end(self, name: str) -> None:
        if name.lower() == "outline":
            self.folders.pop()


def write(feeds: Iterable[Feed], title: str = "Newscast") -> str:
    """An OPML 2.0 file of these feeds, in nested folders as their tags say, sorted; read back by `read`."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:newscast="{NAMESPACE}">',
        f"  <head><title>{_text(title)}</title></head>",
        "  <body>",
    ]
    lines += _folder(_tree(feeds), "    ")
    return "\n".join([*lines, "  </body>", "</opml>", ""]).translate(_ESCAPES)


# Also what turns a line's direction, or hides in it, where somebody looks at the file.
_ESCAPES = {
    **{code: "\ufffd" for code in range(0x20) if chr(code) not in "\t\n\r"},  # no XML can have these
    **{
        code: f"&#x{code:X};"
        for code in (
            *(*range(0x7F, 0xA0), 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F)),
            *(*range(0x2060, 0x2070), 0xFEFF),
        )
    },
}


class _Folder(Struct):
    folders: dict[str, _Folder]
    feeds: list[Feed]


def _tree(feeds: Iterable[Feed]) -> _Folder:
    root = _Folder({}, [])
    for feed in sorted(feeds, key=lambda feed: (_shown(feed).casefold(), feed.url)):
        for tag in feed.tags or ("",):
            folder = root
            for name in tag.split("/") if tag else ():
                folder = folder.folders.setdefault(name, _Folder({}, []))
            folder.feeds.append(feed)
    return root


def _folder(folder: _Folder, indent: str) -> list[str]:
    lines = []
    for name, inner in sorted(folder.folders.items()):
        lines.append(f"{indent}<outline text={quoteattr(name)}>")
        lines += [*_folder(inner, indent + "  "), f"{indent}</outline>"]
    for feed in folder.feeds:
        shown, url = quoteattr(_shown(feed)), quoteattr(feed.url)
        wish = f" {FULL_TEXT}={quoteattr(feed.full_text)}" if feed.full_text else ""
        lines.append(f'{indent}<outline type="rss" text={shown} title={shown} xmlUrl={url}{wish}/>')
    return lines


def _shown(feed: Feed) -> str:
    return feed.title or feed.state.feed_title or feed.url


def _text(text: str) -> str:
    return quoteattr(text)[1:-1]
