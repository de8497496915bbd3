"""Key values as bytes that SQLite compares as DynamoDB compares the values.

Strings go by their UTF-8 bytes, binary by its own, numbers by their value. A hash value stands behind a
digest of it, so that a scan goes in hashed order: code that trusts a scan's order is found out here as on
AWS.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal

from newscast.local.engine.items import Scalar

_BIAS = 200
"""Exponents are at least -130."""


def ordered(value: Scalar) -> bytes:
    """A key value; the bytes of two values of one type stand as the values do."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes):
        return value
    return _number(value)


def hashed(value: Scalar) -> bytes:
    """A hash value."""
    return hashlib.blake2b(repr(value).encode(), digest_size=8).digest() + ordered(value)


def after_prefix(prefix: bytes) -> bytes | None:
    """The first bytes behind all that begin with a prefix; None if nothing is."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else None


def _number(value: Decimal) -> bytes:
    if not value:
        return b"\x80"
    digits = "".join(map(str, value.as_tuple().digits)).rstrip("0")
    magnitude = (value.adjusted() + _BIAS).to_bytes(2, "big") + digits.encode()
    if value > 0:
        return b"\x81" + magnitude
    # The larger its magnitude, the earlier it stands; the end stands behind any further digit.
    return b"\x7f" + bytes(255 - each for each in magnitude) + b"\xff"
