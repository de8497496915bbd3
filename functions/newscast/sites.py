"""Who speaks at a web address: its site, or one customer of a host that many share.

A feed may change articles of its own scope only, so where it is not certain that one owner has it all, the
scope is the narrower one or none. Two lists say what an owner has: the public suffix list (domains under
which anyone registers a name) and the table of shared hosts that it lacks. Addresses are parsed as in
urls.py, by the WHATWG standard (ada).

Not known: hosts with many users that neither list has, unless their paths say so (/~ann, /@ann).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import can_ada

from newscast.shared_hosts import ODD, customer, listed
from newscast.urls import MAX_LENGTH

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

LONGEST_HOST = 253
"""Characters of a host's name; DNS takes no more."""


def scope(url: str) -> str | None:
    """The part of the web whose owner speaks at this address; null where that is nobody for certain.

    A site ("bbc.co.uk"), a customer of a shared host ("ann.substack.com", "medium.com/@ann"), a user's pages
    on a site ("uni.example/~ann", "social.example/@ann"), or an address with its port ("127.0.0.1:8001",
    "localhost:8001"; so also "example.com:8080"). Ports 80 and 443 are not written. Null as well for what is
    no http(s) address and for a public suffix itself ("https://github.io/").
    """
    place = _place(url)
    return None if place is None else _owner(place)


def covers(scope: str, url: str) -> bool:
    """Whether an address lies within a scope, as `scope` or `page_scope` wrote it.

    A site has its subdomains, but not its users' pages nor subdomains that belong to others. http and https
    are alike. Paths are compared by whole segments and case.
    """
    place = _place(url)
    if place is None:
        return False
    authority, slash, path = scope.partition("/")
    if _is_plain(place):  # mostly known without the public suffix list
        if scope == place.authority or (scope == place.name and place.port is None):
            return True
        if not place.authority.endswith(authority):
            return False
    owner = _owner(place)
    if owner is None or owner == scope:
        return owner is not None
    if not slash or authority != place.authority or ODD.search(place.path):
        return False
    if not f"{place.path}/".startswith(f"/{path}/"):
        return False
    page = _place(f"https://{scope}")
    return page is not None and _owner(page) == owner


def page_scope(url: str) -> str | None:
    """What a page at this address can vouch for when it names a feed: no more than `scope` has.

    The front page of a scope speaks for all of it, another page for its own host and the path below it
    ("www.bbc.co.uk/news"). Null where the path alone doesn't name the page: a query, an empty segment.
    """
    place = _place(url)
    owner = None if place is None else _owner(place)
    if place is None or owner is None or place.query:
        return None
    if place.path == "/":
        return owner
    if "//" in place.path or ODD.search(place.path):
        return None
    here = place.authority + place.path.removesuffix("/")
    return owner if here in (owner, f"www.{owner}") else here


def same_site(a: str, b: str) -> bool:
    """Whether one owner speaks at both addresses: `covers(scope(a), b)`.

    Two addresses at one www. host need no public suffix list for that, so a cold start may do without it. A
    host that is itself a public suffix has no scope: s3.eu-west-1.amazonaws.com holds anybody's buckets.
    """
    first, second = _place(a), _place(b)
    if first is None or second is None:
        return False
    with_www = first.name != first.host
    if with_www and first.authority == second.authority and _is_plain(first) and _is_plain(second):
        return True
    owner = _owner(first)
    return owner is not None and owner == _owner(second)


# ------------------------------------------------------------------------- addresses
class _Place(NamedTuple):
    """Where an address leads: `host` in lower case and IDNA, `port` null for 80 and 443."""

    host: str
    port: str | None
    path: str
    query: bool

    @property
    def authority(self) -> str:
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def name(self) -> str:
        """The host without www."""
        rest = self.host.removeprefix("www.")
        return rest if "." in rest else self.host


_ADDRESS = re.compile(r"\[.*\]|\d+\.\d+\.\d+\.\d+|localhost")
_HEX = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9._~@-]")


def _place(url: str) -> _Place | None:
    if len(url) > MAX_LENGTH:
        return None
    try:
        parsed = can_ada.parse(url)
    except (ValueError, TypeError):  # TypeError: a lone surrogate, which no UTF-8 can carry
        return None
    host = parsed.hostname.removesuffix(".")
    if parsed.protocol not in ("http:", "https:") or len(host) > LONGEST_HOST or "" in host.split("."):
        return None
    port = None if parsed.port in ("", "80", "443") else parsed.port
    return _Place(host, port, _HEX.sub(_unescaped, parsed.pathname), bool(parsed.search))


def _unescaped(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if _PLAIN.match(character) else found[0].upper()


# ------------------------------------------------------------------------- owners
_USER = re.compile(r"/([~@][A-Za-z0-9._@-]+?)(?:/.*|\.rss)?", re.DOTALL)
"""A user's pages on any host: /~ann of universities; /@ann of Mastodon and its kin, with /@ann.rss."""


def _owner(place: _Place) -> str | None:
    if (shared := listed(place.name)) is not None:
        return customer(shared, place.path) if place.port is None else None
    if _ADDRESS.fullmatch(place.host):
        site: str | None = place.authority
    else:
        site = _registrable(place.host)
        if site is not None and place.port is not None:
            site = place.authority
    if site is None or not _has_user(place):
        return site
    user = _USER.fullmatch(place.path)
    if user is None or ODD.search(place.path):
        return None
    host = place.host if site == place.host else place.name
    return f"{place._replace(host=host).authority}/{user[1]}"


def _has_user(place: _Place) -> bool:
    return place.path.startswith(("/~", "/@")) and place.path[2:3] not in ("", "/")


def _is_plain(place: _Place) -> bool:
    """Neither on a shared host nor among a user's pages: all of the host is one owner's."""
    return not _has_user(place) and listed(place.name) is None


@lru_cache(maxsize=1024)
def _registrable(host: str) -> str | None:
    """The name that its owner registered; null for a public suffix.

    Under an ending that the list doesn't know, names are registered right below it, as the list's own rule
    says (nas.local, www.site.test); a name of one label (intranet) is its own.
    """
    name = can_ada.idna_decode(host.encode())  # type: ignore[arg-type]  # its stub says str
    suffix = _suffixes().publicsuffix(name)
    labels = host.split(".")
    if suffix is None:
        return ".".join(labels[-2:])
    own = len(suffix.split(".")) + 1
    return ".".join(labels[-own:]) if len(labels) >= own and len(name.split(".")) == len(labels) else None


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    # Names are looked up in Unicode: to encode each rule would triple the time that this takes.
    return PublicSuffixList(accept_unknown=False, accept_encoded_idn=False)
