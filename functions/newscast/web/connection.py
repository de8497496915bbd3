"""A connection to a public address, and the deadline that ends it whatever its server does."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from functools import cache

from urllib3.connection import HTTPConnection, HTTPSConnection

from newscast.web.address import Network
from newscast.web.target import Target


def connection_to(to: Target, network: Network, seconds: float) -> _Http | _Https:
    """Not yet opened. When it is, `network` resolves the name and refuses what is not public."""
    seconds = max(seconds, 0.001)
    if to.scheme == "https":
        https = _Https(to.host, to.port, timeout=seconds, ssl_context=_tls())
        https.network = network
        return https
    http = _Http(to.host, to.port, timeout=seconds)
    http.network = network
    return http


class _Http(HTTPConnection):
    network: Network
    opened: socket.socket | None = None
    """As `sock`, which is none once an answer without a length is read: then the answer has the socket."""

    def connect(self) -> None:
        super().connect()
        self.opened = self.sock

    def _new_conn(self) -> socket.socket:
        return self.network.connect("http", self.host, self.port, _seconds(self.timeout))


class _Https(HTTPSConnection):
    network: Network
    opened: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.opened = self.sock

    def _new_conn(self) -> socket.socket:
        return self.network.connect("https", self.host, self.port, _seconds(self.timeout))


def _seconds(timeout: object) -> float:
    if not isinstance(timeout, int | float):  # `connection_to` gives it a number
        raise TypeError("a connection without a time limit")
    return timeout


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class Deadline:
    """Closes a connection's socket at the deadline: a time limit on each read lets a server that drips
    one byte a second go on for ever."""

    def __init__(self, connection: _Http | _Https, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="deadline", daemon=True)
        self.fired = False

    def _watch(self) -> None:
        # Again and again: at the deadline the socket may be about to be opened.
        while not self._done.wait(0.1 if self.fired else max(self._seconds, 0)):
            self.fired = True
            opened = self._connection.sock or self._connection.opened
            if opened is not None:
                with contextlib.suppress(OSError):  # already closed
                    # The plain socket's own method: TLS's would wait for its peer.
                    socket.socket.shutdown(opened, socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
