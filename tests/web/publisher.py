"""A scripted publisher on loopback, and a network on which every public name leads to it and nowhere else."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from newscast.web.address import Network

PUBLIC = "93.184.215.14"
"""An address that the guard takes for public; the network below connects it to loopback."""


@dataclass(frozen=True)
class Request:
    """What the publisher saw. Header names are in lower case."""

    path: str
    headers: Mapping[str, str]


Piece = bytes | float
"""Bytes to send, or seconds to wait."""
Answer = Callable[[Request], bytes | Iterable[Piece]]


def reply(
    status: int = 200, body: bytes = b"", *lines: str, length: int | None = None, reason: str = "Said"
) -> bytes:
    """A whole HTTP/1.1 response, closed after it; `length` may lie."""
    head = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join([*head, "Connection: close", *lines, "", ""]).encode("latin-1") + body


@dataclass
class Publisher:
    """Answers by host and path, and remembers what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    """By "host/path", or by "/path" for any host."""
    requests: list[Request] = field(default_factory=list)
    port: int = 0

    def says(self, path: str, answer: bytes | Answer) -> None:
        self.answers[path] = answer if callable(answer) else lambda _: answer

    def answer(self, request: Request) -> bytes | Iterable[Piece]:
        self.requests.append(request)
        path = request.path.partition("?")[0]
        host = request.headers.get("host", "").partition(":")[0]
        found = self.answers.get(host + path) or self.answers.get(path)
        return found(request) if found else reply(404)


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Publisher]:
    """A publisher that listens on a free port of 127.0.0.1."""
    publisher = Publisher()
    listener = socket.create_server(("127.0.0.1", 0))
    publisher.port = listener.getsockname()[1]
    ending = threading.Event()

    def talk(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(5)
            talking = tls.wrap_socket(connection, server_side=True) if tls else connection
            with talking:
                request = _read(talking)
                if request is None:
                    return
                answer = publisher.answer(request)
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    if isinstance(piece, float):
                        if ending.wait(piece):
                            return
                    else:
                        talking.sendall(piece)

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=talk, args=(connection,), daemon=True))
                threads[-1].start()

    threads = [threading.Thread(target=listen, daemon=True)]
    threads[0].start()
    try:
        yield publisher
    finally:
        ending.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        until = time.monotonic() + 5
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0.01))


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(4096)
        if not chunk:
            return None
        data += chunk
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(first.split(" ")[1], headers)


def network(
    ports: Mapping[int, int], names: Mapping[str, Sequence[str]] | None = None, everywhere: bool = True
) -> Network:
    """A network whose names and addresses are made up.

    `ports` maps 80 and 443 to publishers on loopback; `names` maps hosts to what a resolver answers, in
    turns for a list of lists. Other names are at PUBLIC if `everywhere`, else unknown. Any other
    connection fails the test.
    """
    names = names or {}

    def resolve(host: str, port: int) -> Sequence[str]:
        try:
            socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
            return [host]
        except OSError:
            pass
        if host in names:
            return names[host]
        if not everywhere:
            raise socket.gaierror(-2, "Name or service not known")
        return [PUBLIC]

    def dial(address: str, port: int, seconds: float) -> socket.socket:
        if address != PUBLIC or port not in ports:
            raise AssertionError(f"would have connected to {address}:{port}")
        return socket.create_connection(("127.0.0.1", ports[port]), timeout=seconds)

    return Network(resolve, dial)
