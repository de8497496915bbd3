"""A host name in, a connected socket to a public address out: checked in the connection, once.

The name is resolved once, every answer must be public, and the socket is opened to the very address
that was checked, so that a name that changes its answer between check and use gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newscast.web.loopback import opened
from newscast.web.target import PORTS, RefusedError

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port → addresses as text. Raises OSError if there are none."""
Dial = Callable[[str, int, float], socket.socket]
"""Address, port and seconds → a connected socket. Raises OSError."""

CONNECT_SECONDS = 5.0
"""For one address of several; a host that takes longer to accept is down or far overloaded."""
MAX_ADDRESSES = 3
"""Tried of those that a name resolves to."""

NOT_PUBLIC_4 = {
    "0.0.0.0/8": "this network (RFC 791)",
    "10.0.0.0/8": "private (RFC 1918)",
    "100.64.0.0/10": "shared by carriers (RFC 6598); a cloud's metadata service at 100.100.100.200",
    "127.0.0.0/8": "this machine (RFC 1122)",
    "169.254.0.0/16": "link-local (RFC 3927); cloud metadata services",
    "172.16.0.0/12": "private (RFC 1918)",
    "192.0.0.0/24": "protocol assignments (RFC 6890); a cloud's metadata service at 192.0.0.192",
    "192.0.2.0/24": "documentation (RFC 5737)",
    "192.88.99.0/24": "6to4 relays, withdrawn (RFC 7526)",
    "192.168.0.0/16": "private (RFC 1918)",
    "198.18.0.0/15": "benchmarks (RFC 2544)",
    "198.51.100.0/24": "documentation (RFC 5737)",
    "203.0.113.0/24": "documentation (RFC 5737)",
    "224.0.0.0/4": "multicast (RFC 1112)",
    "240.0.0.0/4": "reserved (RFC 1112), with broadcast",
}
PUBLIC_6 = "2000::/3"
"""The only block of IPv6 that is given out; all others (mapped and translated IPv4, unique local,
link-local, site-local, multicast) are refused whole."""
NOT_PUBLIC_6 = {
    "2001::/23": "protocol assignments (RFC 2928), Teredo among them, which wraps an IPv4 address",
    "2001:db8::/32": "documentation (RFC 3849)",
    "2002::/16": "6to4 (RFC 3056), which wraps an IPv4 address",
    "3fff::/20": "documentation (RFC 9637)",
}
# Tables of our own, since `ipaddress.is_global` differs between Python releases and calls some of
# these global (64:ff9b::/96, 2002::/16, fec0::/10, multicast).
_BLOCKS_4 = [(ipaddress.IPv4Network(block), why) for block, why in NOT_PUBLIC_4.items()]
_BLOCKS_6 = [(ipaddress.IPv6Network(block), why) for block, why in NOT_PUBLIC_6.items()]
_PUBLIC_6 = ipaddress.IPv6Network(PUBLIC_6)


NO_ADDRESS = "not an address"


class UnknownHostError(OSError):
    """A name that doesn't resolve."""


def why_not_public(address: str) -> str | None:
    """Null for an address that anyone on the internet can reach; else what it is."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return NO_ADDRESS
    if isinstance(ip, ipaddress.IPv4Address):
        return next((why for block, why in _BLOCKS_4 if ip in block), None)
    if ip.scope_id or ip not in _PUBLIC_6:
        return "not in the public part of IPv6"
    return next((why for block, why in _BLOCKS_6 if ip in block), None)


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


def _dial(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


def check(scheme: str, host: str, port: int) -> None:
    """What needs no resolver: the port, and a host that is an address. Raises RefusedError."""
    if port != PORTS[scheme]:
        raise RefusedError("port", f"port {port} is not fetched, only {PORTS[scheme]} for {scheme}")
    why = why_not_public(host)
    if why and why != NO_ADDRESS:
        raise RefusedError("private", f"{host} is not public: {why}")


@dataclass(frozen=True)
class Network:
    """How names are resolved and sockets opened; tests pass their own, so that none leaves loopback."""

    resolve: Resolve = _resolve
    dial: Dial = _dial

    def connect(self, scheme: str, host: str, port: int, seconds: float) -> socket.socket:
        """A socket to a public address of `host`. Raises RefusedError, OSError, TimeoutError."""
        if own := opened(scheme, host, port):
            return self.dial(*own, seconds)
        check(scheme, host, port)
        until = time.monotonic() + seconds
        addresses = self._addresses(host, port, seconds)
        for address in addresses:
            if why := why_not_public(address):
                raise RefusedError("private", f"{host} is at {address}, which is not public: {why}")
        failure: OSError = OSError(f"{host} has no address")
        for address in addresses[:MAX_ADDRESSES]:
            remaining = until - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            try:
                return self.dial(address, port, min(remaining, CONNECT_SECONDS))
            except OSError as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int, seconds: float) -> list[str]:
        # The system's resolver takes no time limit, so it waits in a thread of its own.
        answer: list[list[str] | Exception] = []

        def ask() -> None:
            try:
                answer.append([str(found).split("%")[0] for found in self.resolve(host, port)])
            except (OSError, UnicodeError) as error:
                answer.append(error)

        thread = threading.Thread(target=ask, name="resolve", daemon=True)
        thread.start()
        thread.join(seconds)
        if not answer:
            raise TimeoutError
        if isinstance(answer[0], Exception):
            raise UnknownHostError(host) from answer[0]
        return answer[0]
