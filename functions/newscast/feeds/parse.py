"""A feed's bytes in, its entries out, whatever the bytes are. Pure, and never raises."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from newscast import dates
from newscast.feeds import encoding, jsonfeed, sitemap
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.scan import RefusedDocumentError, Scan, has_entities, resolved, scan, without

MAX_BYTES = 8 * 1024 * 1024
"""Of a document, decompressed. The largest honest feeds have a few megabytes."""
MAX_PARSED = 2_000
"""Entries that are parsed of one document, unless asked for fewer: 0.75 ms each."""
RAW = 5
"""Bytes of the hash by which an entry's bytes are known again."""


class Skip(Struct, frozen=True):
    """What needs no parsing: entries whose bytes were seen before, and more than are wanted at once."""

    known: Collection[bytes] = ()
    """Raw hashes of entries that were sent on before."""
    most: int = MAX_PARSED


def parse_document(
    data: bytes, content_type: str | None = None, url: str | None = None, skip: Skip | None = None
) -> ParsedFeed:
    """Entries of a feed in any format. `url` is where it was fetched, the base of relative links.

    Without a feed in it, `refused` is a word and `problem` says why; a damaged feed keeps its entries and
    has a `problem`.
    """
    try:
        return _parse(data, content_type, url, skip or Skip())
    except RefusedDocumentError as refusal:
        return ParsedFeed(refused=refusal.reason, problem=f"not read: {refusal}")
    except MemoryError:
        return ParsedFeed(refused="memory", problem="not read: it takes too much memory")
    except Exception as error:  # feedparser raises whatever its codecs and regexes raise
        return ParsedFeed(refused="unreadable", problem=f"can't be read ({type(error).__name__})")


def _parse(data: bytes, content_type: str | None, url: str | None, skip: Skip) -> ParsedFeed:
    data = _gunzipped(data)
    if len(data) > MAX_BYTES:
        raise RefusedDocumentError("too_large", f"it is larger than {MAX_BYTES:,} bytes")
    decoded = encoding.to_utf8(data, content_type)
    body = decoded.data.strip()
    if not body:
        return ParsedFeed(refused="empty", problem="the document is empty")
    if body[:1] in b"{[":
        return _noting(jsonfeed.read(body, url), decoded.problem)
    body, junk = _from_first_element(body)
    return _noting(_xml(body, url, skip), decoded.problem, junk)


def _gunzipped(data: bytes) -> bytes:
    """A file that is gzip by itself (a sitemap.xml.gz), unpacked as far as the limit goes."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(31).decompress(data, MAX_BYTES + 1)
    except zlib.error:
        raise RefusedDocumentError("encoding", "it looks like gzip and is not") from None


ROOTS = {"rss", "rdf", "feed", "channel"}
"""Outermost elements of feeds, the last of CDF: without entries there is no other sign of it."""
_FIRST = re.compile(rb"<(?:\?xml|!DOCTYPE|!--|[A-Za-z])")


def _from_first_element(body: bytes) -> tuple[bytes, str | None]:
    """The document without what a failing script printed before it."""
    if body.startswith(b"<"):
        return body, None
    found = _FIRST.search(body, 0, 8192)
    if found is None:
        raise RefusedDocumentError("not_a_feed", "it is neither XML nor JSON")
    return re.sub(rb"^<\?xml[^>]*\?>", b"", body[found.start() :]), "text before the first element"


def _xml(body: bytes, url: str | None, skip: Skip) -> ParsedFeed:
    seen = scan(body)
    if seen.root == "html" or (not seen.root and re.match(rb"\s*<!doctype html", body, re.IGNORECASE)):
        raise RefusedDocumentError("not_a_feed", "it is a web page, not a feed")
    if seen.root in sitemap.ROOTS and not seen.error:
        return sitemap.read(body, url)
    if has_entities(body, seen) and (changed := resolved(body, seen)) != body:
        body, seen = changed, scan(changed)
    trailing = None
    if seen.error and seen.end < len(body):
        body, trailing = body[: seen.end], "text after the last element"
        seen = replace(seen, error=None)
    if seen.unfinished is not None:
        body = body[: seen.unfinished]  # half an entry would be stored, and then changed
    from newscast.feeds import syndication  # feedparser takes 75 ms to import, and JSON needs none

    raws = tuple(raw_hash(body[begin:end]) for begin, end in seen.entries)
    chosen = _chosen(body, seen, raws, skip)
    left_out = set(range(len(raws))) - set(chosen)
    head = without(body, seen.entries, range(len(raws)))
    document = syndication.read(without(body, seen.entries, left_out), url, seen.names, head)
    if not document.entries and not document.format and not raws and seen.root not in ROOTS:
        words = seen.error or f"its outermost element is <{seen.root[:40]}>"
        raise RefusedDocumentError("not_a_feed", f"it is no feed: {words}")
    if len(document.entries) == len(chosen):
        document = replace(document, raws=tuple(raws[number] for number in chosen))
    known = tuple(raw for raw in raws if raw in skip.known)
    document = replace(document, known=known, left=len(left_out) - len(known) - len(seen.bad), cut=seen.cut)
    harmful = [f"entry {number + 1} left out: {words}" for number, words in list(seen.bad.items())[:5]]
    return _noting(document, seen.error, trailing, *harmful)


def raw_hash(entry: bytes) -> bytes:
    """By what an entry's bytes are known again."""
    return hashlib.blake2b(entry, digest_size=RAW).digest()


def _chosen(body: bytes, seen: Scan, raws: tuple[bytes, ...], skip: Skip) -> list[int]:
    """Numbers of the entries to parse: unknown ones, the newest first where there are too many."""
    unknown = [number for number, raw in enumerate(raws) if raw not in skip.known and number not in seen.bad]
    if len(unknown) <= skip.most:
        return unknown
    if _oldest_first(body, seen):
        return unknown[-skip.most :]
    return unknown[: skip.most]


_DATE = re.compile(rb"<(?:\w+:)?(?:pubDate|date|published|updated|issued|modified)[^<>]*>([^<]{6,80})<")


def _oldest_first(body: bytes, seen: Scan) -> bool:
    """Whether a feed is appended to: its last entry is newer than its first."""
    found = [_DATE.search(body, *seen.entries[at]) for at in (0, -1)]
    stamps = [dates.read(match[1].decode().strip()) if match else None for match in found]
    return bool(stamps[0] and stamps[1] and stamps[0].at < stamps[1].at)


def _noting(document: ParsedFeed, *words: str | None) -> ParsedFeed:
    said = [word for word in (*words, document.problem) if word]
    return replace(document, problem="; ".join(said) or None)
