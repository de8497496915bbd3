"""Where the entries of a document stand that isn't well-formed: a scan in, a scan with the rest out.

From the place where expat gives up, entries are found by their tags alone. It is enough to count them, to
leave harmful ones out, and to know again those whose bytes were seen before.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from newscast.feeds.scan import AUTHOR_NAMES, MAX_AUTHOR, Scan

_NAME = rb"(?:[\w-]{1,40}:)?"
_ENTRY = re.compile(rb"<(" + _NAME + rb"(?:item|entry))[\s>/]", re.IGNORECASE)
_AUTHOR = re.compile(
    rb"<(" + _NAME + rb"(?:" + "|".join(sorted(AUTHOR_NAMES)).encode() + rb"))(?:\s[^<>]{0,2000})?>",
    re.IGNORECASE,
)
_CDATA = re.compile(rb"<!\[CDATA\[(?:.*?\]\]>|.*)", re.DOTALL)


def with_rest(data: bytes, seen: Scan) -> Scan:
    """The scan of a document with an `error`, and the entries behind that place."""
    at = seen.entries[-1][1] if seen.entries else 0
    starts = [(found.start(), found[1]) for found in _ENTRY.finditer(data, at)]
    entries, weights, bad = list(seen.entries), list(seen.weights), dict(seen.bad)
    for number, (begin, name) in enumerate(starts):
        limit = starts[number + 1][0] if number + 1 < len(starts) else len(data)
        closing = data.find(b"</" + name, begin, limit)
        end = limit if closing < 0 else min(data.find(b">", closing, limit) + 1 or limit, limit)
        if words := _harm(data, begin, end):
            bad[len(entries)] = words
        entries.append((begin, end))
        weights.append(weight(data[begin:end]))
    outside = (len(data) - sum(end - begin for begin, end in entries)) > 0
    head = weight(_outside(data, entries)) if outside else 0
    return replace(seen, entries=tuple(entries), weights=tuple(weights), bad=bad, head_weight=head)


def weight(piece: bytes) -> int:
    """About how many tags a forgiving parser sees in it: it looks at each `<`, in quadratic company."""
    return _CDATA.sub(b"", piece).count(b"<")


def _outside(data: bytes, entries: list[tuple[int, int]]) -> bytes:
    pieces, at = [], 0
    for begin, end in entries:
        pieces.append(data[at:begin])
        at = end
    return b"".join([*pieces, data[at:]])


def _harm(data: bytes, begin: int, end: int) -> str | None:
    for found in _AUTHOR.finditer(data, begin, end):
        closing = data.find(b"</" + found[1], found.end(), end)
        if (end if closing < 0 else closing) - found.end() > MAX_AUTHOR:
            return f"an author of more than {MAX_AUTHOR:,} characters"
    return None
