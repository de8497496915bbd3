"""A URL in, where a request would really go out; or why no request is made.

One parser (WHATWG's, by can_ada) gives the host that is checked and the host that is connected to, so
that no two readings of an address can differ. What follows is refused before any name is resolved; the
addresses behind a name are checked in `address`, in the connection itself.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

import can_ada

from newscast.web.loopback import opened
from newscast.web.tokens import masked

PORTS = {"http": 80, "https": 443}
"""Schemes that are fetched, and the only port of each: feeds live there, internal services elsewhere."""
MAX_URL = 2048
"""Characters, as given and as it is sent; longer ones are refused by many servers and by indexes of ours."""

SPECIAL_NAMES = {
    "localhost": "this machine (RFC 6761)",
    "local": "multicast DNS (RFC 6762)",
    "internal": "private networks (reserved by ICANN in 2024), and cloud metadata services",
    "home.arpa": "home networks (RFC 8375)",
    "intranet": "private networks (RFC 6762, appendix G)",
    "private": "private networks (RFC 6762, appendix G)",
    "corp": "private networks (RFC 6762, appendix G)",
    "home": "private networks (RFC 6762, appendix G)",
    "lan": "private networks (RFC 6762, appendix G)",
    "onion": "Tor (RFC 7686)",
    "test": "testing (RFC 6761)",
    "invalid": "never a name (RFC 6761)",
    "arpa": "infrastructure, not sites",
}
"""Endings that never name a public site, whatever a resolver inside a network may answer."""


UNREADABLE = "(a URL that can't be read)"
TOO_LONG = f"the URL is longer than {MAX_URL} characters"


class RefusedError(Exception):
    """No request is made. `reason` is a word that is counted, the message a sentence for a person."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words)
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """A request's address. `host` is lower case, punycode or an address without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    """With its query; what stands in the request line."""
    url: str
    """The whole, normalised, without fragment."""

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def target(url: str, base: str | None = None) -> Target:
    """Where `url` (relative to `base`, if given) leads. Raises RefusedError; ports are not judged here."""
    if len(url) > MAX_URL:
        raise RefusedError("url", TOO_LONG)
    if "\\" in url.split("?", maxsplit=1)[0]:
        raise RefusedError("url", "a backslash in a URL, which programs read in different ways")
    try:
        parsed = can_ada.parse(base) + url.strip() if base else can_ada.parse(url.strip())
    except ValueError:
        raise RefusedError("url", _why_no_url(url.strip())) from None
    scheme = parsed.protocol.rstrip(":")
    if scheme not in PORTS:
        raise RefusedError("scheme", f"{scheme}: is not fetched, only http and https")
    if parsed.has_credentials():
        raise RefusedError(
            "credentials",
            "a user name or password in the URL would be stored and logged; keep it as a secret instead"
            " (newscast feeds add URL --secret NAME)",
        )
    host = parsed.hostname.strip("[]").rstrip(".")
    port = int(parsed.port) if parsed.port else PORTS[scheme]
    if not opened(scheme, host, port):
        _check_name(host)
    parsed.hash = ""
    address = str(parsed.href)
    if len(address) > MAX_URL:
        raise RefusedError("url", TOO_LONG)
    return Target(scheme, host, port, parsed.pathname + parsed.search, address)


def _why_no_url(text: str) -> str:
    scheme, rest = text.partition("://")[::2]
    if scheme.lower() not in PORTS:
        return "this is not a URL: it does not begin with http:// or https://"
    return "this is not a URL that can be fetched" if rest.strip("/") else "the URL names no host"


def _check_name(host: str) -> None:
    if not host:
        raise RefusedError("url", "the URL names no host")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        for start in range(len(labels)):
            ending = ".".join(labels[start:])
            if ending in SPECIAL_NAMES:
                raise RefusedError("private", f".{ending} is for {SPECIAL_NAMES[ending]}") from None
        if len(labels) == 1:
            raise RefusedError("private", f"{host} is a name of a private network: it has no dot") from None


def redacted(url: str) -> str:
    """A URL that can be shown and logged: no user, password, query or fragment, no key in its path, and of a
    fair length."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return UNREADABLE
    if not host:  # no URL at all: as it stands, unless there is room in it for a secret
        return UNREADABLE if set(url) & set("@?#=") else url[:200]
    query = "?…" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{masked(parts.path)}{query}"[:200]
