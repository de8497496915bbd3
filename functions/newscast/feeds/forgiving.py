"""feedparser with the words right: captions, quoted feeds and Dublin Core are kept apart from an entry's own.

feedparser lets a photo's `media:description` take the place of an entry's description, and so on. Here each
such element gets a name of its own, and `said.Said` chooses. Its readers are used without `feedparser.parse`:
they get clean UTF-8, and never a URL or a path. Imported only for a document that isn't well-formed.
"""

from __future__ import annotations

import io
import xml.sax
from collections import Counter
from collections.abc import Callable
from typing import Any

from feedparser import api

from newscast.feeds import fields
from newscast.feeds.vocabulary import FOREIGN, USUAL, usual

ASIDE = {
    "dc_title": "text/plain",
    "dc_description": "text/html",
    "itunes_title": "text/plain",
    "itunes_summary": "text/plain",
    "itunes_subtitle": "text/plain",
    "media_title": "text/plain",
    "media_description": "text/plain",
}
"""Elements that feedparser takes for an entry's own, and the type of their text; kept as `x_dc_title` …"""
CLOSED = {"image", "textinput", "textInput", "thumbnail", "related"}
"""Elements of an entry whose parts speak of something else."""
IGNORED = "x-ignored"


class _Mended:
    """Before feedparser's own classes: what is said elsewhere than directly in an entry isn't heard."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.opened: list[tuple[str, str]] = []
        """Elements open in an entry, as written and as they were handed on to feedparser."""
        self.counts: Counter[str] = Counter()
        self.namespacemap: dict[str | None, str] = {"atom": "", "a10": "", "atom10": ""}

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        super().track_namespace(prefix, uri)  # type: ignore[misc]
        if prefix:
            meaning = usual(prefix, uri)
            if meaning != FOREIGN:
                self.namespacemap[prefix] = meaning
            elif prefix in USUAL:  # somebody else's "content"
                self.namespacemap[prefix] = f"x-{prefix}"

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        if tag in ("item", "entry"):
            self.opened.clear()
            self.counts.clear()
        elif self.inentry and not self.incontent:  # type: ignore[attr-defined]
            name = self._placed(tag)
            self.opened.append((tag, name))
            self.counts[tag] += 1
            tag, attrs = name, [] if name == IGNORED else attrs
        super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def unknown_endtag(self, tag: str) -> None:
        if self.counts[tag] > 0:
            written = ""
            while written != tag:
                written, name = self.opened.pop()
                self.counts[written] -= 1
            tag = name
        super().unknown_endtag(tag)  # type: ignore[misc]

    def _placed(self, tag: str) -> str:
        prefix, _, local = tag.rpartition(":")
        prefix = self.namespacemap.get(prefix, prefix)
        if tag in CLOSED:
            return IGNORED
        if self.opened:
            outside = self.opened[-1][1]
            around = outside.rpartition(":")[0]
            in_media = self.namespacemap.get(around, around) == "media"
            if in_media and prefix != "media":
                self.opened.clear()  # a <media:content> without an end: nothing of an entry stands in one
                self.counts.clear()
            elif outside == IGNORED or (in_media and local in ("category", "keywords")):
                return IGNORED
        if (prefix, local) == ("yandex", "full-text"):
            return "fullitem"
        return tag

    def _start_dc_date(self, attrs: dict[str, str]) -> None:
        self.push("x_date", 1)  # type: ignore[attr-defined]

    def _end_dc_date(self) -> None:
        self.pop("x_date")  # type: ignore[attr-defined]

    def _start_body(self, attrs: dict[str, str]) -> None:
        self.hasContent = 1
        super()._start_body(attrs)  # type: ignore[misc]

    _start_xhtml_body = _start_body

    def _start_link(self, attrs: dict[str, str]) -> None:
        typed = "type" in attrs
        super()._start_link(attrs)  # type: ignore[misc]
        if not typed and attrs.get("rel") == "enclosure":
            self._get_context()["links"][-1].pop("type", None)  # type: ignore[attr-defined]

    def _end_link(self) -> None:
        before = self._get_context().get("link")  # type: ignore[attr-defined]
        super()._end_link()  # type: ignore[misc]
        context = self._get_context()  # type: ignore[attr-defined]
        if context.get("link") == "":
            context.pop("link")
            if before:
                context["link"] = before

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()  # type: ignore[attr-defined]
        people = context.get(f"{key}s") or [{}]
        written = context.get(key)
        if not people[-1] and isinstance(written, str) and (name := fields.person(written)):
            people[-1]["name"] = name


def _start(name: str, kind: str) -> Callable[[Any, dict[str, str]], None]:
    def start(self: Any, attrs: dict[str, str]) -> None:
        self.push_content(f"x_{name}", attrs, kind, 1)

    return start


def _end(name: str) -> Callable[[Any], None]:
    def end(self: Any) -> None:
        context, key = self._get_context(), f"x_{name}_detail"
        before = context.get(key)
        self.pop_content(f"x_{name}")
        if before and before.get("value"):
            context[key] = before  # the first that says anything counts

    return end


for _name, _kind in ASIDE.items():
    setattr(_Mended, f"_start_{_name}", _start(_name, _kind))
    setattr(_Mended, f"_end_{_name}", _end(_name))


class _Strict(_Mended, api.StrictFeedParser):  # type: ignore[misc]
    pass


class _Loose(_Mended, api.LooseFeedParser):  # type: ignore[misc]
    pass


def parse(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """(feed, entries, format) of UTF-8 bytes, in feedparser's words. May raise anything that it raises."""
    found = _made(_Strict)
    reader = xml.sax.make_parser()  # noqa: S317 # a scan has refused what entities can do
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(found)
    reader.setErrorHandler(found)
    try:
        reader.parse(io.BytesIO(data))
    except xml.sax.SAXException:
        found = _made(_Loose)
        found.feed(data.decode("utf-8", "replace"))
    return found.feeddata, found.entries, found.version


def _made(kind: type) -> Any:
    reader = kind("", None, "utf-8")
    # Both take minutes on hostile input, and whoever keeps HTML cleans it better.
    reader.sanitize_html = reader.resolve_relative_uris = False
    return reader
