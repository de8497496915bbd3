"""Which entries of a document are new or changed: what was sent before in, what to send out. Pure.

A seen set is a string of fixed-length marks, the oldest first. A mark says who an entry is, what it says,
what it says together with when, and which bytes it was: feeds exist that give every entry a new guid on
each request, and others that give all entries one guid. Marks are kept for twice the entries of the
document, and more for short ones, so that an old copy of a feed that is served once brings nothing twice.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from newscast.feeds import order
from newscast.feeds.parsed import ParsedEntry, ParsedFeed

WHO, WHAT, TWIN, RAW = 7, 3, 4, 5
MARK = WHO + WHAT + TWIN + RAW
"""Bytes of a mark. For the longest feeds (20,000 marks) a new entry is taken for an old one by chance once
in 2e5 (TWIN, asked only for a new identity), in 5e7 (RAW) and in 4e12 (WHO); one change in 2e7 goes
unnoticed (WHAT). For a feed of 50 entries all that is 200 times less."""
MAX_MARKS = 20_000
"""380 KB, with room for the row's other attributes within DynamoDB's 400 KB."""
MIN_SHARING = 3
"""Entries that must share guids before a feed's guids are given up; two may be a slip."""
FEW_MARKS, SOME_MARKS = 48, 200
"""Twice a short document is soon gone. So one of up to 12 entries keeps 48 marks, which is a write unit, and
one of up to 100 entries four times as many as it has, up to 200. What an older copy brings again is a
duplicate to the store."""


class Mark(Struct, frozen=True):
    """What is remembered of one entry."""

    who: bytes
    what: bytes
    twin: bytes
    raw: bytes = bytes(RAW)
    """Hash of the entry's bytes in the document; zeros where there is none."""

    def packed(self) -> bytes:
        return self.who + self.what + self.twin + self.raw


class Selection(Struct, frozen=True, kw_only=True):
    """What a poll sends, and the seen set once that is sent."""

    entries: tuple[ParsedEntry, ...]
    seen: bytes
    waiting: int
    """New entries beyond the bound, for later polls."""


def select(document: ParsedFeed, seen: bytes, most: int) -> Selection:
    """New and changed entries, the newest first, at most `most` of them; the rest wait. Without times, they
    are taken from both ends of the document."""
    old = unpack(seen)
    what_of = {mark.who: mark.what for mark in old}
    twins = {mark.twin for mark in old}
    known = set(document.known)
    unparsed = {its.who: its for its in old if its.raw in known}
    # An entry that stands there twice, once as it was: the other copy is no news of it.
    marked = [(entry, its) for entry, its in _marked(document) if its.who not in unparsed]
    fresh = [
        (entry, its)
        for entry, its in marked
        if what_of.get(its.who) != its.what and (its.who in what_of or its.twin not in twins)
    ]
    if any(entry.when for entry, _ in fresh):
        fresh.sort(key=lambda pair: pair[0].when or _NEVER, reverse=True)
    elif len(fresh) > most:
        fresh = order.taken(fresh, None)
    sent, left = fresh[:most], fresh[most:]
    unsent = {its.who for _, its in left}
    present = unparsed | {its.who: its for _, its in marked if its.who not in unsent}
    kept = [its for its in old if its.who not in present] + list(present.values())
    entries = len(marked) + len(known) + document.left
    room = min(max(2 * entries, min(max(4 * entries, FEW_MARKS), SOME_MARKS)), MAX_MARKS)
    return Selection(
        entries=tuple(entry for entry, _ in sent),
        seen=b"".join(its.packed() for its in kept[-room:]),
        waiting=len(left) + document.left,
    )


def known_raws(seen: bytes) -> frozenset[bytes]:
    """Hashes of entries whose bytes need not be parsed again."""
    return frozenset(its.raw for its in unpack(seen)) - {bytes(RAW)}


def _marked(document: ParsedFeed) -> list[tuple[ParsedEntry, Mark]]:
    raws = document.raws or [bytes(RAW)] * len(document.entries)
    return [(entry, mark(entry, raw)) for entry, raw in zip(document.entries, raws, strict=True)]


def distinct(document: ParsedFeed, guids_useless: bool = False) -> tuple[ParsedFeed, bool]:
    """The document with entries that can be told apart, and whether its guids are of no use at all.

    A guid that entries with different links share is none; where most are shared, none is believed, now
    and at later polls, which see single entries only. Of repeated entries the first stays.
    """
    links: dict[str, set[str | None]] = {}
    for entry in document.entries:
        if entry.guid:
            links.setdefault(entry.guid, set()).add(entry.link or _value(entry.title))
    shared = {guid for guid, named in links.items() if len(named) > 1}
    sharing = sum(1 for entry in document.entries if entry.guid in shared)
    useless = guids_useless or (sharing >= MIN_SHARING and 2 * sharing > len(document.entries))
    raws = document.raws or [bytes(RAW)] * len(document.entries)
    kept: dict[bytes, tuple[ParsedEntry, bytes]] = {}
    for entry, raw in zip(document.entries, raws, strict=True):
        unique = replace(entry, guid=None) if useless or entry.guid in shared else entry
        kept.setdefault(mark(unique).who, (unique, raw))
    odd = {
        f"{len(shared)} guids stand for several entries": shared,
        f"{len(document.entries) - len(kept)} entries stand there twice": len(kept) < len(document.entries),
    }
    words = [document.problem or "", *(text for text, is_so in odd.items() if is_so)]
    document = replace(
        document,
        entries=tuple(entry for entry, _ in kept.values()),
        raws=tuple(raw for _, raw in kept.values()) if document.raws else (),
        problem="; ".join(word for word in words if word) or None,
    )
    return document, useless


def mark(entry: ParsedEntry, raw: bytes = bytes(RAW)) -> Mark:
    """What is remembered of an entry. Markup, tracking pixels and dates don't count as content."""
    title, text = _text(_value(entry.title)), _text(_value(entry.content) or _value(entry.summary))
    stamp = entry.published or entry.updated
    written = stamp.raw if stamp else ""
    if entry.guid:
        who: tuple[str, ...] = ("guid", entry.guid)
    elif entry.link:
        who = ("link", entry.link)
    else:
        who = ("text", title, "" if title else text + written)
    what = (entry.link or "", title, text)
    return Mark(_hash(WHO, *who), _hash(WHAT, *what), _hash(TWIN, *what, written), raw)


def unpack(seen: bytes) -> list[Mark]:
    """The marks of a seen set; a cut last one is dropped."""
    cuts = (0, WHO, WHO + WHAT, WHO + WHAT + TWIN, MARK)
    return [
        Mark(*(seen[at + begin : at + end] for begin, end in pairwise(cuts)))
        for at in range(0, len(seen) - MARK + 1, MARK)
    ]


def _hash(size: int, *parts: str) -> bytes:
    # Joined by a character that no XML text can hold, so that parts can't run into each other.
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=size).digest()


def _value(markup: object) -> str | None:
    return getattr(markup, "value", None)


_TAG = re.compile(r"<[^<>]*>")


def _text(markup: str | None) -> str:
    return " ".join(_TAG.sub(" ", markup or "").split())


_NEVER = datetime.min.replace(tzinfo=UTC)
