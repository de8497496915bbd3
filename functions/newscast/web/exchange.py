"""One conditional GET under limits: a URL and what is known of it in, a Response out.

What a publisher's server does is data, never an exception: a refusal, a failure or a lie comes back as
the response's `problem`, with a word that is counted and words for a person that hold no secret.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import urllib3
from urllib3.exceptions import DecodeError, HTTPError

from newscast.web.address import Network, UnknownHostError
from newscast.web.connection import Deadline, TooMuchError, connection_to
from newscast.web.loopback import LITERALS, opened
from newscast.web.target import RefusedError, Target, target

MAX_HOPS = 5
"""Redirects followed; a chain that is longer is a loop or a tracker."""
REDIRECTS = {301, 302, 303, 307, 308}
CHUNK = 64 * 1024
HEAD = 256 * 1024
"""Bytes that are received beside a body: headers above all, and what is read ahead."""
OTHER_CODINGS = {"br", "compress", "deflate", "x-compress", "zstd"}
"""Codings that were not asked for: 506 bytes of brotli can hold 300 MB, and each is one more decoder."""


@dataclass(frozen=True)
class Limits:
    """Of one exchange, redirects included. `seconds` covers names, TLS, headers and body."""

    seconds: float = 20.0
    body_bytes: int = 8 * 1024 * 1024
    """After decoding."""
    cut: bool = False
    """A longer body is cut there, not refused: its beginning is of use (robots.txt, RFC 9309, 2.5)."""

    @property
    def received(self) -> int:
        """Bytes from the server of one answer, of which no more than `body_bytes` may be body: packed it is
        hardly ever longer (stored blocks), chunks and headers need some."""
        return self.body_bytes + self.body_bytes // 16 + HEAD


@dataclass(frozen=True)
class Validators:
    """What a server gave with the last full response of `url`, to be sent back byte for byte."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Problem:
    """Why there is no usable response: `reason` is a word that is counted, `words` a sentence."""

    reason: str
    words: str


@dataclass(frozen=True)
class Hop:
    """A redirect that was followed."""

    url: str
    status: int
    to: str


@dataclass(frozen=True)
class Response:
    """What came back. Without `problem`, `status` and `body` are whole and can be believed."""

    final_url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; a repeated one joined by commas."""
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    date: datetime | None = None
    """The server's own clock (its Date header)."""
    elapsed: float = 0.0
    """Seconds."""
    conditional: bool = False
    """Whether validators were sent to `final_url`."""
    problem: Problem | None = None


def get(
    url: str,
    *,
    agent: str,
    accept: str,
    limits: Limits,
    validators: Validators | None = None,
    secret_headers: Mapping[str, str] | None = None,
    network: Network | None = None,
    admit: Callable[[str], None] = lambda _: None,
    permit: Callable[[Target], None] = lambda _: None,
    inside: bool = True,
) -> Response:
    """Fetch `url`, following redirects. Validators go only to the URL that gave them, and secret headers
    only to the origin that is asked first, and only over https.

    `admit` is called with each host before it is first connected to; what it raises ends the exchange.
    `permit` is called before that with each address of the chain; the RefusedError that it raises comes
    back as the response's problem. `inside`: whether what was opened of this machine (loopback) may be asked;
    where a public address leads never may.
    """
    started = time.monotonic()
    request = _Request(
        *(agent, accept, limits, validators, secret_headers or {}, network or Network(), admit, permit),
        *(inside, started),
    )
    response = request.follow(url)
    return _timed(response, time.monotonic() - started)


def _timed(response: Response, elapsed: float) -> Response:
    return Response(**{**response.__dict__, "elapsed": elapsed})


@dataclass(frozen=True)
class _Request:
    agent: str
    accept: str
    limits: Limits
    validators: Validators | None
    secret_headers: Mapping[str, str]
    network: Network
    admit: Callable[[str], None]
    permit: Callable[[Target], None]
    inside: bool
    started: float

    @property
    def remaining(self) -> float:
        return self.started + self.limits.seconds - time.monotonic()

    def follow(self, url: str) -> Response:
        hops: list[Hop] = []
        admitted: set[str] = set()
        base: str | None = None
        first: Target | None = None
        here: Target | None = None
        inside = self.inside
        while True:
            try:
                here = target(url, base)
                first = first or here
                inside = _inside(here, inside)
                self.permit(here)
                if here.host not in admitted:
                    self.admit(here.host)
                    admitted.add(here.host)
                response = self._one(here, tuple(hops), secret=here.origin == first.origin)
            except RefusedError as error:
                # A refused hop: what the chain had reached is named, not where it wanted to go.
                reached = here.url if here else url
                return Response(reached, hops=tuple(hops), problem=Problem(error.reason, str(error)))
            location = response.headers.get("location")
            if response.problem or response.status not in REDIRECTS or not location:
                return response
            if len(hops) == MAX_HOPS:
                problem = Problem("redirects", f"more than {MAX_HOPS} redirects")
                return Response(here.url, response.status, hops=tuple(hops), problem=problem)
            url, base = _as_sent(location), here.url
            try:
                hops.append(Hop(here.url, response.status, target(url, base).url))
            except RefusedError as error:
                words = f"redirected to where nothing is fetched: {error}"
                return Response(
                    here.url, response.status, hops=tuple(hops), problem=Problem(error.reason, words)
                )

    def _one(self, to: Target, hops: tuple[Hop, ...], secret: bool) -> Response:
        headers, conditional = self._headers(to, secret)
        connection = connection_to(to, self.network, self.remaining, self.limits.received)
        deadline = Deadline(connection, self.remaining)
        status: int | None = None
        try:
            with deadline:
                connection.request("GET", to.path, headers=headers, preload_content=False)
                answer = connection.getresponse()
                status = answer.status
                received = {name.lower(): ", ".join(answer.headers.getlist(name)) for name in answer.headers}
                body, problem = b"", None
                if not (status in REDIRECTS and "location" in received):
                    body, problem = self._body(answer, received.get("content-encoding", ""))
            if deadline.fired:  # a header block or a body that was cut by the deadline looks complete
                raise TimeoutError
            return Response(
                to.url,
                status,
                received,
                body,
                hops,
                _date(received),
                conditional=conditional,
                problem=problem,
            )
        except RefusedError:
            raise
        except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
            problem = Problem("timeout", self._late()) if deadline.fired else self._problem(error, to)
            return Response(to.url, status, hops=hops, conditional=conditional, problem=problem)
        finally:
            connection.close()

    def _headers(self, to: Target, secret: bool) -> tuple[dict[str, str], bool]:
        headers = {"User-Agent": self.agent, "Accept": self.accept, "Accept-Encoding": "gzip"}
        conditional = False
        if self.validators and self.validators.url == to.url:
            if self.validators.etag is not None:
                headers["If-None-Match"] = self.validators.etag
            if self.validators.last_modified is not None:
                headers["If-Modified-Since"] = self.validators.last_modified
            conditional = len(headers) > 3
        if secret and to.scheme == "https":
            headers.update(self.secret_headers)
        return headers, conditional

    def _body(self, answer: urllib3.BaseHTTPResponse, coding: str) -> tuple[bytes, Problem | None]:
        codings = {word.strip().lower() for word in coding.split(",")}
        if codings & OTHER_CODINGS or coding.lower().count("gzip") > 1:
            return b"", Problem("encoding", f"sent as {coding[:40]}, though only gzip was asked for")
        body = bytearray()
        while chunk := answer.read(CHUNK):
            body += chunk
            if len(body) > self.limits.body_bytes:
                if self.limits.cut:
                    return bytes(body[: self.limits.body_bytes]), None
                return b"", Problem("too_large", f"the body is larger than {self.limits.body_bytes:,} bytes")
        return bytes(body), None

    def _late(self) -> str:
        return f"no complete answer within {self.limits.seconds:g} s"

    def _problem(self, error: Exception, to: Target) -> Problem:
        """The reason and words of an exception; its own text may quote a URL with a token."""
        for kinds, reason, words in _FAILURES:
            if isinstance(error, kinds) or isinstance(error.__cause__, kinds):
                most = f"{self.limits.received:,}"
                return Problem(reason, words.format(host=to.host, late=self._late(), most=most))
        return Problem("connect", f"no connection to {to.host}")


_FAILURES: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((UnknownHostError,), "dns", "{host} is not known to DNS"),
    ((TooMuchError,), "too_large", "{host} sent more than {most} bytes without an end"),
    ((ssl.SSLCertVerificationError,), "tls", "the certificate of {host} is not valid"),
    ((ssl.SSLError, urllib3.exceptions.SSLError), "tls", "no TLS connection to {host}"),
    ((TimeoutError, urllib3.exceptions.TimeoutError), "timeout", "{late}"),
    ((DecodeError,), "encoding", "the body is not the gzip that its header promises"),
    (
        (
            urllib3.exceptions.IncompleteRead,
            urllib3.exceptions.InvalidChunkLength,
            http.client.IncompleteRead,
        ),
        "cut",
        "the body ended before its stated length",
    ),
    ((ConnectionResetError, BrokenPipeError), "cut", "{host} closed the connection"),
    ((http.client.HTTPException, urllib3.exceptions.InvalidHeader), "protocol", "{host} does not speak HTTP"),
    ((urllib3.exceptions.ProtocolError,), "cut", "{host} closed the connection early"),
    ((ValueError,), "protocol", "{host} sent a header that can't be used"),
)
"""Exception → reason and words; the first that fits."""


def _inside(to: Target, inside: bool) -> bool:
    """Whether this is this machine, opened, which only those may ask who have not been elsewhere. Raises
    RefusedError."""
    if to.host not in LITERALS or not opened(to.scheme, to.host, to.port):
        return False
    if not inside:
        raise RefusedError("private", f"{to.host} is this machine, and no place for others to lead to")
    return True


def _date(headers: Mapping[str, str]) -> datetime | None:
    return http_date(headers.get("date", ""))


def http_date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110) as UTC; null for anything else."""
    try:
        value = parsedate_to_datetime(text)
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # overflow: a year or an offset of 11 digits
        return None


def _as_sent(header: str) -> str:
    """A header's text: its bytes arrive as Latin-1, but a Location is mostly UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
