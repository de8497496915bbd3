"""A record as the bytes that are kept of it."""

from __future__ import annotations

import zlib

import msgspec

from newscast import tolerant
from newscast.records import TaggedArticle

BODIES = "bodies/"
"""Prefix of the large bodies that 0.1.0 kept in the bucket."""
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
