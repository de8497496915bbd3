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
WITH_SUMMARY = "content-2"
"""Of an article whose summary says something that the begin of its text doesn't. All others keep the numbers
that they have always had, so that nothing stored becomes a revision of itself."""
SIGNATURE_VERSION = "m2"
"""m1 had triples of neighbours in 64 numbers and no size, so that a copy cut short was no copy."""
PERMUTATIONS = 256
"""Numbers of a byte in a signature: the estimate of a Jaccard index is within ±0.06 (two standard errors)."""
REACH = (0, 2, 4)
"""The words of a shingle, counted from its first. It reaches over five words, so that two newsrooms' pieces
share few, and holds three, so that a word replaced by an editor spoils three of them and not five."""
MAX_WORDS = 5000
SEED = 20240712
"""Any number, but always this one."""

SHORTEST = 1 / 3
"""A text counts as at least so much of the other one's size: a sentence found in a long read is no copy."""
NEAR = 0.5
"""Likeness from which two texts are copies of one: see the bench `near_duplicates` for what it finds."""

_WORDS = re.compile(r"\w+")
_CLOCK = (
    r"\b\d{1,2}[:.]\d\d(?: ?[ap]\.?m\b\.?)?(?: ?(?:GMT|UTC|[A-Z]{2,4}T))?"  # a clock in a live story's title
    r"|\b\d+ (?:seconds?|minutes?|mins?|hours?|hrs?|days?) ago\b"
)
_VOLATILE = re.compile(
    _CLOCK
    + r"|^(?:updated?|live|breaking|exclusive|correction|corrected|watch|video|update \d+)\s*[:|–—-]+\s*",
    re.IGNORECASE,
)
"""What publishers change in a title without saying anything new."""
_COUNTS = re.compile(
    _CLOCK + r"|\b\d[\d.,]*k? (?:comments?|replies|views?|reads?|shares?|likes?|votes?|points?)\b"
    r"|\b\d+ ?-?min(?:ute)?s?\.? read\b",
    re.IGNORECASE,
)
"""The same in a summary. "CORRECTION:" counts there, for its words are what was corrected."""


def words(text: str) -> list[str]:
    """The words that count: case, punctuation and width do not."""
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def content_hash(title: str, body: list[str], summary: str = "") -> str:
    """Hex SHA-256 over the words of all that is shown of an article: its title, its body (as `words` gives
    them), and its summary where that is no copy of the others."""
    parts = [HASH_VERSION, " ".join(words(_VOLATILE.sub(" ", title))), " ".join(body)]
    told = words(_COUNTS.sub(" ", summary))
    if told and not _begins(body, told) and told != words(title):
        parts = [WITH_SUMMARY, *parts[1:], " ".join(told)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _begins(body: list[str], told: list[str]) -> bool:
    """Whether a body begins with these words; the last of them may be cut off."""
    whole = told[:-1]
    return (
        body[: len(whole)] == whole and body[len(whole) :][:1] != [] and body[len(whole)].startswith(told[-1])
    )


def signature(body: list[str]) -> str | None:
    """`m2:` and base64 of a text's number of shingles (two bytes) and its MinHash; null for a short text."""
    said: list[str] = []
    for word in body[:MAX_WORDS]:
        said.extend(word if _UNPARTED.match(word) else (word,))
    del said[MAX_WORDS:]
    columns = zip(*(said[start:] for start in REACH), strict=False)
    shingles = {" ".join(shingle) for shingle in columns}
    if not shingles:
        return None
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list(shingles))
    packed = struct.pack(">H", len(shingles)) + bytes(number & 0xFF for number in sketch.digest())
    return f"{SIGNATURE_VERSION}:{base64.b64encode(packed).decode().rstrip('=')}"


_UNPARTED = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
"""Chinese and Japanese part no words: each sign is one."""


def likeness(one: str, other: str) -> float:
    """How much of the shorter of two texts stands in the longer, estimated (0 to 1), by their signatures.

    Raises ValueError for a signature of another version.
    """
    (size, numbers), (other_size, other_numbers) = _unpacked(one), _unpacked(other)
    equal = sum(a == b for a, b in zip(numbers, other_numbers, strict=True)) / PERMUTATIONS
    jaccard = max(0.0, (equal - 1 / 256) / (1 - 1 / 256))  # bytes are equal by chance once in 256
    shared = jaccard / (1 + jaccard) * (size + other_size)
    return min(1.0, shared / max(min(size, other_size), SHORTEST * max(size, other_size)))


def _unpacked(written: str) -> tuple[int, bytes]:
    """(number of shingles, numbers) of a signature."""
    version, _, packed = written.partition(":")
    if version != SIGNATURE_VERSION:
        raise ValueError(f"a signature of version {version!r}, not {SIGNATURE_VERSION!r}")
    raw = base64.b64decode(packed + "=" * (-len(packed) % 4))
    return struct.unpack(">H", raw[:2])[0], raw[2:]
