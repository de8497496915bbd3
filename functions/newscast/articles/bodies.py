"""Records as they are kept, packed: in a revision's row or, if they are too large for that, in the bucket."""

from __future__ import annotations

import zlib

import msgspec

from newscast import tolerant
from newscast.records import TaggedArticle

INLINE_BYTES = 200_000
"""Of a compressed body in a row; a larger one goes to the bucket. A row may be 400 KB, but a read of one
costs a unit each 4 KB."""
BODIES = "bodies/"
"""Prefix of bodies in the bucket. Nothing but erasure removes them."""
MAX_BODY_BYTES = 64 * 1024 * 1024
"""Of a body once unpacked; no message holds more."""


def pack(record: TaggedArticle) -> bytes:
    """A record as it is kept: JSON, compressed."""
    return zlib.compress(msgspec.json.encode(record), 6)


def unpack(body: bytes) -> TaggedArticle:
    """What `pack` packed. Raises ValueError if it is something else."""
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(body, MAX_BODY_BYTES)
    except zlib.error as error:
        raise ValueError(f"a body that can't be unpacked: {error}") from error
    if not stream.eof:
        raise ValueError(f"a body cut short, or of more than {MAX_BODY_BYTES} bytes")
    return tolerant.decode(raw, TaggedArticle)
