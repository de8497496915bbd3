"""A connection to a public address, and the deadline and the count of bytes that end it whatever its server
does."""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import ssl
import threading
from functools import cache, partial
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from newscast.web.address import Network
from newscast.web.target import Target


class TooMuchError(OSError):
    """More bytes came than were wanted."""


def connection_to(to: Target, network: Network, seconds: float, received: int) -> _Http | _Https:
    """Not yet opened. When it is, `network` resolves the name and refuses what is not public. Reading an
    answer raises TooMuchError once more than so many bytes were received: also headers, chunks' framing and
    packed blocks with nothing in them, which a server can send for ever while the body gets no longer."""
    connection = _connection_to(to, network, max(seconds, 0.001))
    connection.response_class = partial(_Answer, most=received)  # type: ignore[assignment]
    return connection


def _connection_to(to: Target, network: Network, seconds: float) -> _Http | _Https:
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


class _Answer(http.client.HTTPResponse):
    """An answer whose bytes are counted as they come from the socket, TLS taken off."""

    def __init__(self, sock: socket.socket, *words: Any, most: int, **more: Any) -> None:
        super().__init__(sock, *words, **more)
        self.fp.close()
        self.fp = io.BufferedReader(_Counted(sock.makefile("rb", buffering=0), most))


class _Counted(io.RawIOBase):
    def __init__(self, of: io.RawIOBase, most: int) -> None:
        super().__init__()
        self._of = of
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._of.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise TooMuchError
        return count

    def close(self) -> None:
        self._of.close()
        super().close()


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
