"""What a response means: state, response and time in, a verdict out. Pure.

The verdict says whether there is a document to read, and if there is none, what class of failure it is;
`settle` turns it into the next state.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from newscast.feeds import manners
from newscast.feeds.feed import State
from newscast.web.exchange import Response, Validators, http_date

Kind = Literal["document", "unchanged", "failed"]


class Verdict(Struct, frozen=True, kw_only=True):
    """What is done with a response."""

    kind: Kind
    reason: str
    """A word that is counted: how it is unchanged, or what failed."""
    words: str = ""
    """For a person."""
    backoff: str = "soft"
    """Of a failure: a key of `manners.BACKOFFS`."""
    body_sha256: str | None = None


class _Status(Struct, frozen=True):
    reason: str
    backoff: str
    words: str


STATUSES = {
    # 2xx without a document
    204: _Status("empty", "soft", "the server sent nothing (204)"),
    205: _Status("empty", "soft", "the server sent nothing (205)"),
    206: _Status("partial", "soft", "a part of a document (206), though the whole was asked for"),
    226: _Status("partial", "soft", "a delta (226), though none was asked for"),
    # not for us
    401: _Status("denied", "denied", "the feed wants a password (401)"),
    402: _Status("denied", "denied", "the feed wants payment (402)"),
    403: _Status("denied", "denied", "the server refuses to give the feed (403)"),
    407: _Status("denied", "denied", "a proxy wants a password (407)"),
    451: _Status("denied", "denied", "withheld for legal reasons (451)"),
    # not there: active feeds do answer 404 and come back, and 410 is asked about once more
    404: _Status("missing", "soft", "nothing is at this URL (404)"),
    410: _Status("gone", "gone", "the server says that the feed is gone for good (410)"),
    # too much
    429: _Status("quiet", "quiet", "the server asks for fewer requests (429)"),
    503: _Status("quiet", "quiet", "the server is busy (503)"),
}
"""Statuses with a meaning of their own; others go by their hundred."""
HUNDREDS = {
    1: _Status("protocol", "soft", "an answer that is none ({status})"),
    2: _Status("status", "soft", "an answer without a meaning for feeds ({status})"),
    3: _Status("redirects", "soft", "a redirect that leads nowhere ({status})"),
    4: _Status("rejected", "soft", "the server rejects the request ({status})"),
    5: _Status("server", "soft", "the server failed ({status})"),
}
REFUSED = {"url", "scheme", "port", "private", "credentials", "secret"}
"""Problems of the guard, and of a secret that can't be read: only a person can help."""


def validators(state: State, now: datetime) -> Validators | None:
    """What to send with the next request; nothing when a whole document is overdue."""
    if not state.validated_url or (state.etag is None and state.last_modified is None):
        return None
    if state.last_full is None or now - state.last_full >= manners.FULL_EVERY:
        return None
    return Validators(state.validated_url, state.etag, state.last_modified)


def judge(state: State, response: Response) -> Verdict:
    """What is done with this response to a feed's poll."""
    if response.problem:
        backoff = "refused" if response.problem.reason in REFUSED else _status_backoff(response.status)
        return Verdict(
            kind="failed", reason=response.problem.reason, words=response.problem.words, backoff=backoff
        )
    status = response.status or 0
    if status == 304:
        if response.conditional:
            return Verdict(kind="unchanged", reason="304")
        words = "not modified (304), though no validator was sent"
        return Verdict(kind="failed", reason="unasked_304", words=words)
    if status in (200, 203):
        return _document(state, response)
    meaning = STATUSES.get(status) or HUNDREDS.get(status // 100) or HUNDREDS[1]
    words = meaning.words.format(status=status)
    return Verdict(kind="failed", reason=meaning.reason, words=words, backoff=meaning.backoff)


def _status_backoff(status: int | None) -> str:
    meaning = STATUSES.get(status or 0)
    return meaning.backoff if meaning else "soft"


def _document(state: State, response: Response) -> Verdict:
    if not response.body.strip():
        return Verdict(kind="failed", reason="empty", words="the body is empty")
    body_sha256 = hashlib.sha256(response.body).hexdigest()
    if body_sha256 == state.body_sha256:
        return Verdict(kind="unchanged", reason="same_body", body_sha256=body_sha256)
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media.partition("/")[0] in ("video", "audio", "image", "font"):
        return Verdict(kind="failed", reason="not_a_feed", words=f"the URL leads to {media}, not to a feed")
    if is_stale(state, response) and state.stale_count + 1 < manners.STALE_SIGHTINGS:
        return Verdict(kind="unchanged", reason="stale", words="an older copy than one served before")
    return Verdict(kind="document", reason="200", body_sha256=body_sha256)


def is_stale(state: State, response: Response) -> bool:
    """Whether this copy is older than one served before, by its Last-Modified: a cache that fell behind,
    or a restored backup. Read, it would bring old versions of entries as news."""
    before = http_date(state.last_modified or "")
    now = http_date(response.headers.get("last-modified", ""))
    return bool(before and now and before - now > manners.STALE_BY)


# ------------------------------------------------------------------------- what headers ask for
def fresh_for(response: Response, now: datetime) -> timedelta:
    """How long the response may be reused by its own word: max-age less Age, else Expires; at most a day."""
    control = response.headers.get("cache-control", "").lower()
    if found := re.search(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,12})", control):
        age = re.fullmatch(r"[0-9]{1,9}", response.headers.get("age", "").strip())
        fresh = timedelta(seconds=min(int(found[1]), 10**9) - (int(age[0]) if age else 0))
    elif expires := http_date(response.headers.get("expires", "")):
        fresh = expires - (response.date or now)
    else:
        fresh = timedelta(0)
    return min(max(fresh, timedelta(0)), manners.FRESH_CAP)


def new_validators(response: Response) -> tuple[str | None, str | None]:
    """ETag and Last-Modified byte for byte, quotes and W/ kept; what can't be sent back is dropped."""
    return _sendable(response.headers.get("etag")), _sendable(response.headers.get("last-modified"))


def _sendable(value: str | None) -> str | None:
    # Longer ones would fill the row; a control character can't stand in a request.
    return value if value and len(value) <= 1000 and value.isprintable() else None
