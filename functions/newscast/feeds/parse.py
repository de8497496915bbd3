"""A feed's bytes in, its entries out, whatever the bytes are. Pure, and never raises."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from newscast import dates
from newscast.feeds import broken, discover, encoding, jsonfeed, order, sitemap, syndication, wellformed
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.scan import (
    BrokenParserError,
    RefusedDocumentError,
    Scan,
    escaped,
    has_entities,
    resolved,
    scan,
    without,
)

MAX_BYTES = 8 * 1024 * 1024
"""Of a document, decompressed. The largest honest feeds have a few megabytes."""
MAX_PARSED = 2_000
"""Entries that are parsed of one document, unless asked for fewer: 0.75 ms each."""
MAX_ENTRIES = 10_000
"""Entries of one document that are looked at: the newest, or without times those at both ends. Marks of
twice as many fit into a row; beyond that, entries would be forgotten while they still stand there, and
sent again for ever."""
MAX_BROKEN = 1_000
"""The same of one that isn't well-formed: 2 ms each."""
MAX_TAGS = 40_000
"""Elements that are parsed of one document, at 20 to 75 µs each; the entries beyond wait. An
entry that alone has more is left out."""
RAW = 5
"""Bytes of the hash by which an entry's bytes are known again."""

Read = Callable[[bytes, str | None, Collection[str], bytes], ParsedFeed]
"""As `syndication.read`."""


class Skip(Struct, frozen=True):
    """What needs no parsing: entries whose bytes were seen before, and more than are wanted at once."""

    known: Collection[bytes] | None = None
    """Raw hashes of entries that were sent on before; null where nobody keeps any."""
    most: int = MAX_PARSED


class PageError(RefusedDocumentError):
    """A document that is no feed, but may name some."""

    def __init__(self, words: str, offers: tuple[discover.Offer, ...]) -> None:
        super().__init__("not_a_feed", words)
        self.offers = offers


def parse_document(
    data: bytes,
    content_type: str | None = None,
    url: str | None = None,
    skip: Skip | None = None,
    read: Read = syndication.read,
) -> ParsedFeed:
    """Entries of a feed in any format. `url` is where it was fetched, the base of relative links; `read`
    is what reads documents that aren't well-formed (`child.read` does so in a process with limits).

    Without a feed in it, `refused` is a word and `problem` says why; a damaged feed keeps its entries and
    has a `problem`. Raises BrokenParserError only.
    """
    try:
        return _parse(data, content_type, url, skip or Skip(), read)
    except PageError as page:
        return ParsedFeed(refused=page.reason, problem=f"not read: {page}", offers=page.offers)
    except RefusedDocumentError as refusal:
        return ParsedFeed(refused=refusal.reason, problem=f"not read: {refusal}")
    except BrokenParserError:  # no word on the document
        raise
    except MemoryError:
        return ParsedFeed(refused="memory", problem="not read: it takes too much memory")
    except Exception as error:  # feedparser raises whatever its codecs and regexes raise
        return ParsedFeed(refused="unreadable", problem=f"can't be read ({type(error).__name__})")


def _parse(data: bytes, content_type: str | None, url: str | None, skip: Skip, read: Read) -> ParsedFeed:
    data = _gunzipped(data)
    if len(data) > MAX_BYTES:
        raise RefusedDocumentError("too_large", f"it is larger than {MAX_BYTES:,} bytes")
    decoded = encoding.to_utf8(data, content_type)
    body = decoded.data.strip()
    if not body:
        return ParsedFeed(refused="empty", problem="the document is empty")
    if body[:1] in b"{[":
        return _noting(_first(jsonfeed.read(body, url)), decoded.problem)
    body, junk = _from_first_element(body)
    return _noting(_xml(body, url, skip, read), decoded.problem, junk)


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


class _Document(Struct, frozen=True):
    """XML that was scanned, and made as readable as it can be."""

    body: bytes
    seen: Scan
    notes: tuple[str | None, ...]
    """What was wrong, in words."""


def _xml(body: bytes, url: str | None, skip: Skip, read: Read) -> ParsedFeed:
    seen = scan(body)
    if seen.root == "html" or (not seen.root and re.match(rb"\s*<!doctype html", body, re.IGNORECASE)):
        raise PageError("it is a web page, not a feed", discover.feeds(body, url))
    if seen.root in sitemap.ROOTS and not seen.error:
        return _first(sitemap.read(body, url))
    return _entries(_mended(body, seen), url, skip, read)


def _mended(body: bytes, seen: Scan) -> _Document:
    if has_entities(body, seen) and (changed := resolved(body, seen)) != body:
        body, seen = changed, scan(changed)
    notes: list[str | None] = []
    if seen.error and (changed := escaped(body)) != body:
        notes.append(seen.error)
        body, seen = changed, scan(changed)
    if seen.error and seen.end < len(body):
        body, seen = body[: seen.end], replace(seen, error=None)
        notes.append("text after the last element")
    if seen.unfinished is not None:
        body = body[: seen.unfinished]  # half an entry would be stored, and then changed
    if seen.error:
        seen = broken.with_rest(body, seen)
        notes[:] = [seen.error]
    heavy = f"more than {MAX_TAGS:,} elements"
    if seen.head_weight > MAX_TAGS:
        raise RefusedDocumentError("elements", f"{heavy} outside entries")
    too_heavy = {at: heavy for at, weight in enumerate(seen.weights) if weight > MAX_TAGS}
    seen = replace(seen, bad=seen.bad | too_heavy)
    if len(seen.entries) > MAX_ENTRIES:
        which = _direction(body, seen)
        notes.append(_only(len(seen.entries), which))
        body, seen = _outermost(body, seen, which)
    return _Document(body, seen, tuple(notes))


def _entries(xml: _Document, url: str | None, skip: Skip, read: Read) -> ParsedFeed:
    body, seen = xml.body, xml.seen
    raws = tuple(raw_hash(body[begin:end]) for begin, end in seen.entries)
    chosen = _chosen(body, seen, raws, skip)
    reading = _Reading(body, url, seen, without(body, seen.entries, range(len(raws))), read)
    document, unread = reading.entries(chosen)
    if not document.entries and not document.format and not raws and seen.root not in ROOTS:
        words = seen.error or f"its outermost element is <{seen.root[:40]}>"
        raise PageError(f"it is no feed: {words}", discover.feeds(body, url))
    if document.format is None and seen.root == "channel":
        document = replace(document, format="cdf")
    parsed = [number for number in chosen if number not in unread]
    if len(document.entries) == len(parsed):
        document = replace(document, raws=tuple(raws[number] for number in parsed))
    known = tuple(raw for raw in raws if raw in (skip.known or ()))
    bad = seen.bad | unread
    left = len(raws) - len(parsed) - len(known) - len(bad)
    document = replace(document, known=known, left=left, cut=seen.cut)
    notes = [f"entry {number + 1} left out: {words}" for number, words in sorted(bad.items())[:5]]
    if left and skip.known is None:
        notes.append(f"{left:,} more entries are not read at once")
    return _noting(document, *xml.notes, *notes)


def _only(count: int, which: order.Direction) -> str:
    if which is None:
        return f"only the first and the last {MAX_ENTRIES // 2:,} of {count:,} entries are looked at"
    return f"only the newest {MAX_ENTRIES:,} of {count:,} entries are looked at"


class _Reading(Struct, frozen=True):
    """One document, read as a whole or around the entries that can't be read."""

    body: bytes
    url: str | None
    seen: Scan
    head: bytes
    read: Read

    def entries(self, chosen: Sequence[int]) -> tuple[ParsedFeed, dict[int, str]]:
        """The document with these entries, and those of them that made the parser fail, with the reason.

        Raises what the parser raises if it can't even read the document without any entries.
        """
        left_out = set(range(len(self.seen.entries))) - set(chosen)
        try:
            piece = without(self.body, self.seen.entries, left_out)
            quick = self.seen.error is None and self.seen.root in wellformed.ROOTS
            read = wellformed.read if quick else self.read
            return read(piece, self.url, self.seen.names, self.head), {}
        except (RefusedDocumentError, BrokenParserError):
            raise  # limits, or our fault: a search for the entry to blame would meet them again
        except Exception as error:
            if not chosen:
                raise
            if len(chosen) == 1:
                nothing, _ = self.entries(())
                return nothing, {chosen[0]: f"it can't be read ({type(error).__name__})"}
        # Halves, and halves of those: a few more runs for one bad entry among hundreds.
        first, bad = self.entries(chosen[: len(chosen) // 2])
        second, worse = self.entries(chosen[len(chosen) // 2 :])
        return replace(first, entries=first.entries + second.entries), bad | worse


def _outermost(body: bytes, seen: Scan, which: order.Direction) -> tuple[bytes, Scan]:
    """The document with the MAX_ENTRIES entries alone among which new ones stand."""
    count = len(seen.entries)
    chosen = set(order.taken(range(count), which)[:MAX_ENTRIES])
    kept = sorted(chosen)
    left_out = [number for number in range(count) if number not in chosen]
    entries, cut = [], 0
    for number, (begin, end) in enumerate(seen.entries):
        if number in chosen:
            entries.append((begin - cut, end - cut))
        else:
            cut += end - begin
    return without(body, seen.entries, left_out), replace(
        seen,
        entries=tuple(entries),
        weights=tuple(seen.weights[number] for number in kept),
        bad={at: seen.bad[number] for at, number in enumerate(kept) if number in seen.bad},
    )


def raw_hash(entry: bytes) -> bytes:
    """By what an entry's bytes are known again."""
    return hashlib.blake2b(entry, digest_size=RAW).digest()


def _chosen(body: bytes, seen: Scan, raws: tuple[bytes, ...], skip: Skip) -> list[int]:
    """Numbers of the entries to parse: unknown ones, the likeliest new ones where there are too many."""
    known = skip.known or ()
    unknown = [number for number, raw in enumerate(raws) if raw not in known and number not in seen.bad]
    # A forgiving parser comes after a strict one that failed, and is slower.
    most = min(skip.most, MAX_BROKEN) if seen.error else skip.most
    if _too_many(seen, unknown, most):
        unknown = order.taken(unknown, _direction(body, seen))
    chosen: list[int] = []
    room = MAX_TAGS
    for number in unknown:
        room -= seen.weights[number]
        if room < 0 or len(chosen) == most:
            break
        chosen.append(number)
    return sorted(chosen)


def _too_many(seen: Scan, unknown: Sequence[int], most: int) -> bool:
    return len(unknown) > most or sum(seen.weights[number] for number in unknown) > MAX_TAGS


_DATE = re.compile(rb"<(?:\w+:)?(?:pubDate|date|published|updated|issued|modified)[^<>]*>([^<]{6,80})<")


def _direction(body: bytes, seen: Scan) -> order.Direction:
    found = [_DATE.search(body, *seen.entries[at]) for at in order.samples(len(seen.entries))]
    stamps = [dates.read(match[1].decode().strip()) if match else None for match in found]
    return order.direction([stamp.at if stamp else None for stamp in stamps])


def _first(document: ParsedFeed) -> ParsedFeed:
    """The document with MAX_ENTRIES entries at most, those among which new ones stand."""
    count = len(document.entries)
    if count <= MAX_ENTRIES:
        return document
    which = order.direction([document.entries[at].when for at in order.samples(count)])
    kept = sorted(order.taken(range(count), which)[:MAX_ENTRIES])
    entries = tuple(document.entries[number] for number in kept)
    return _noting(replace(document, entries=entries), _only(count, which))


def _noting(document: ParsedFeed, *words: str | None) -> ParsedFeed:
    said = [word for word in (*words, document.problem) if word]
    return replace(document, problem="; ".join(said) or None)
