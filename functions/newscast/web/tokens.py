"""What in a URL opens something that not everybody may have: found, so that it is not shown. Pure.

Private feeds have their key in the URL itself: as a parameter (`?token=...`), or as a part of the path that
nobody can guess. Names of parameters and the look of such parts tell; ids that only look like keys (a topic
of Google News) are taken for some.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

HIDDEN = "…"

NAMED = re.compile(
    r"token|secret|password|passwd|pwd|pass|signature|sig|jwt|bearer|credentials?|sessionid|sid"
    r"|\w*(?:token|secret|password|apikey|authkey|accesskey|privatekey|secretkey|feedkey|rsskey|signature)"
)
"""Parameters that are keys whatever they look like, in lower case and without `-`, `_`, `.`."""
OFTEN = {
    *("key", "k", "auth", "authorization", "hash", "user", "uid", "userid", "login"),
    *("private", "access", "subscriber", "member"),
}
"""Parameters that are keys if they look like one."""
BEFORE = {
    *("private", "premium", "member", "members", "subscriber", "subscribers", "patron", "patrons"),
    *("personal", "secret", "token", "auth"),
}
"""Parts of a path after which a key comes."""
SHORTEST, LONG, LONGER = 4, 16, 32
IN_PATH = 20
"""Letters and digits in one run that a key in a path has at least."""
GROUPS = 3
"""Groups of digits that are between the letters of a random text of 20: words with a year or a number have
one or two."""

_URL = re.compile(r"([^/?#]*//)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""Ids of shows and articles have that form, too; so it is a key only where a name says so."""
_RUN = re.compile(r"[A-Za-z0-9]+")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{17,}")


def masked(url: str) -> str:
    """A URL with its keys as `…`; without any it is the same."""
    found = _URL.fullmatch(url)
    if found is None:
        return url
    scheme, authority, path, query, fragment = (part or "" for part in found.groups())
    if "@" in authority:
        authority = f"{HIDDEN}@{authority.rpartition('@')[2]}"
    return scheme + authority + _path(path) + _query(query) + _query(fragment)


def holds_key(url: str) -> bool:
    """Whether something in it would be hidden."""
    return masked(url) != url


def _path(path: str) -> str:
    parts = path.split("/")
    for number, part in enumerate(parts):
        name, dot, ending = part.rpartition(".")
        name, ending = (name, dot + ending) if dot and len(ending) <= 5 else (part, "")
        after = number > 0 and parts[number - 1].lower() in BEFORE
        if _is_key(name, IN_PATH) or (after and (_random(name, 8, 1) or _UUID.fullmatch(name))):
            parts[number] = HIDDEN + ending
    return "/".join(parts)


def _query(query: str) -> str:
    if not query:
        return ""
    pieces = re.split(r"([&;])", query[1:])
    return query[0] + "".join(_parameter(piece) for piece in pieces)


def _parameter(piece: str) -> str:
    written, equals, value = piece.partition("=")
    name = re.sub(r"[-_.\[\]]", "", unquote_plus(written).lower())
    if not equals or len(value) < SHORTEST:
        return piece
    random = _random(value, LONG, 2) or _UUID.fullmatch(value)
    if NAMED.fullmatch(name) or (name in OFTEN and random) or _is_key(value, LONGER):
        return f"{written}={HIDDEN}"
    return piece


def _is_key(text: str, least: int) -> bool:
    if _JWT.match(text):
        return True
    return not _UUID.fullmatch(text) and _random(text, least, GROUPS)


def _random(text: str, least: int, groups: int) -> bool:
    """Whether letters and digits are mixed in it, without a break, as nobody writes."""
    return any(
        len(run) >= least and not run.isdigit() and len(re.findall(r"\d+", run)) >= groups
        for run in _RUN.findall(text)
    )
