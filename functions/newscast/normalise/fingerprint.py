"""What an article says, as numbers: an exact hash, and a signature that is near for near-duplicates.

Both are stored and compared for years, so both have a version: a change to what goes into them, or a new
rensa whose numbers differ (a test holds them), gets the next one.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import unicodedata

from rensa import RMinHash

HASH_VERSION = "content-1"
SIGNATURE_VERSION = "m1"
PERMUTATIONS = 64
"""Numbers in a signature: the estimate of a Jaccard index is within ±0.12 (two standard errors)."""
SHINGLE = 3
"""Words; two wire copies share most triples even after an editor's hand, two stories share few."""
MAX_WORDS = 5000
SEED = 20240712
"""Any number, but always this one."""

_WORDS = re.compile(r"\w+")
_VOLATILE = re.compile(
    r"\b\d{1,2}[:.]\d\d(?: ?[ap]\.?m\b\.?)?(?: ?(?:GMT|UTC|[A-Z]{2,4}T))?"  # a clock in a live story's title
    r"|\b\d+ (?:seconds?|minutes?|mins?|hours?|hrs?|days?) ago\b"
    r"|^(?:updated?|live|breaking|exclusive|correction|corrected|watch|video|update \d+)\s*[:|–—-]+\s*",
    re.IGNORECASE,
)
"""What publishers change in a title without saying anything new."""


def words(text: str) -> list[str]:
    """The words that count: case, punctuation and width do not."""
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def content_hash(title: str, body: list[str]) -> str:
    """Hex SHA-256 over the words of a title and a body (as `words` gives them)."""
    said = "\n".join((HASH_VERSION, " ".join(words(_VOLATILE.sub(" ", title))), " ".join(body)))
    return hashlib.sha256(said.encode()).hexdigest()


def signature(body: list[str]) -> str | None:
    """MinHash over three-word shingles as `m1:` and base64; null for fewer words than one shingle has."""
    said = body[:MAX_WORDS]
    if len(said) < SHINGLE:
        return None
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update([" ".join(said[start : start + SHINGLE]) for start in range(len(said) - SHINGLE + 1)])
    packed = struct.pack(f"<{PERMUTATIONS}I", *sketch.digest())
    return f"{SIGNATURE_VERSION}:{base64.b64encode(packed).decode().rstrip('=')}"


def likeness(one: str, other: str) -> float:
    """The estimated Jaccard index (0 to 1) of two signatures. Raises ValueError across versions."""
    return sum(a == b for a, b in zip(_numbers(one), _numbers(other), strict=True)) / PERMUTATIONS


def _numbers(written: str) -> tuple[int, ...]:
    version, _, packed = written.partition(":")
    if version != SIGNATURE_VERSION:
        raise ValueError(f"a signature of version {version!r}, not {SIGNATURE_VERSION!r}")
    return struct.unpack(f"<{PERMUTATIONS}I", base64.b64decode(packed + "=" * (-len(packed) % 4)))
