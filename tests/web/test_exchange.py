"""One conditional GET under limits, against servers that lie, stall and send too much."""

from __future__ import annotations

import datetime
import gzip
import random
import ssl
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from newscast.web.exchange import Limits, Response, Validators, get, http_date
from tests.web.publisher import Answer, Piece, Publisher, Request, network, reply, serving

FEED = b"<rss><channel><title>News</title></channel></rss>"


def ask(
    publisher: Publisher,
    path: str = "/feed",
    *,
    validators: Validators | None = None,
    seconds: float = 5.0,
    secret: dict[str, str] | None = None,
    most: int = 100_000,
) -> Response:
    return get(
        "http://site.example" + path,
        agent="Newscast/0 (+mailto:desk@example.org)",
        accept="application/rss+xml",
        limits=Limits(seconds, most),
        validators=validators,
        secret_headers=secret,
        network=network({80: publisher.port}),
    )


def drip(first: bytes, byte: bytes) -> Answer:
    def answer(_: Request) -> Iterable[Piece]:
        yield first
        while True:
            yield 0.05
            yield byte

    return answer


def chunked(*chunks: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


BOMB = gzip.compress(bytes(50_000_000), 9)
RAW_DEFLATE = zlib.compress(FEED)

PROBLEMS: list[tuple[str, bytes | Answer, str]] = [
    # what the server does, its answer, the reason that is counted
    ("promises more bytes", reply(200, FEED, length=len(FEED) + 10), "cut"),
    ("stops inside a chunk", chunked(FEED) + b"100\r\nonly this", "cut"),
    ("ends before the last chunk", chunked(FEED), "cut"),
    ("sends nonsense as chunks", chunked() + b"zz\r\nxx\r\n", "cut"),
    ("closes without a word", b"", "cut"),
    ("speaks another protocol", b"220 mail.example ESMTP ready\r\n", "protocol"),
    ("sends 200 headers", reply(200, FEED, *(f"X-{n}: 1" for n in range(200))), "protocol"),
    ("sends a header of 100 KB", reply(200, FEED, "X: " + "a" * 100_000), "protocol"),
    ("sends a gzip bomb", reply(200, BOMB, "Content-Encoding: gzip"), "too_large"),
    ("sends a large body", reply(200, bytes(200_000)), "too_large"),
    ("sends brotli", reply(200, FEED, "Content-Encoding: br"), "encoding"),
    ("sends deflate", reply(200, RAW_DEFLATE, "Content-Encoding: deflate"), "encoding"),
    ("sends gzip in gzip", reply(200, FEED, "Content-Encoding: gzip, gzip"), "encoding"),
    ("says gzip and sends none", reply(200, FEED, "Content-Encoding: gzip"), "encoding"),
    ("redirects in a circle", reply(301, b"", "Location: /feed"), "redirects"),
    ("redirects to a file", reply(302, b"", "Location: file:///etc/passwd"), "scheme"),
]


@pytest.mark.parametrize(("what", "answer", "reason"), PROBLEMS, ids=[row[0] for row in PROBLEMS])
def test_a_bad_answer_is_a_problem_and_never_raises(what: str, answer: bytes | Answer, reason: str) -> None:
    with serving() as publisher:
        publisher.says("/feed", answer)
        response = ask(publisher, "/feed?token=hush")
    assert response.problem
    assert response.problem.reason == reason
    assert "hush" not in response.problem.words


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        drip(b"HTTP/1.1 2", b"0"),
        drip(b"", b""),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n", b"x"),
    ],
    ids=["body", "headers", "status line", "silence", "chunks", "continue for ever", "no length", "close"],
)
def test_a_server_that_drips_is_cut_at_the_deadline(answer: Answer) -> None:
    with serving() as publisher:
        publisher.says("/feed", answer)
        response = ask(publisher, seconds=0.3)
    assert response.problem
    assert response.problem.reason == "timeout"
    assert response.body == b""


def test_names_that_never_resolve_end_at_the_deadline_or_at_once() -> None:
    unknown = network({}, everywhere=False)
    answer = get("http://nowhere.example/", agent="T", accept="*", limits=Limits(), network=unknown)
    assert answer.problem
    assert answer.problem.reason == "dns"


def test_a_plain_and_a_packed_body_come_out_the_same() -> None:
    with serving() as publisher:
        publisher.says("/feed", reply(200, FEED, "Date: Fri, 12 Jul 2024 12:00:00 GMT", "X-A: 1", "X-A: 2"))
        publisher.says("/packed", reply(200, gzip.compress(FEED), "Content-Encoding: gzip"))
        publisher.says("/odd", reply(200, FEED, "Content-Encoding: utf-8"))  # seen in the wild
        plain, packed, odd = ask(publisher), ask(publisher, "/packed"), ask(publisher, "/odd")
    assert plain.body == packed.body == odd.body == FEED
    assert plain.date == datetime.datetime(2024, 7, 12, 12, tzinfo=datetime.UTC)
    assert plain.headers["x-a"] == "1, 2"


def test_what_a_request_says() -> None:
    with serving() as publisher:
        publisher.says("/feed", reply(200, FEED, "Set-Cookie: a=b"))
        ask(publisher, "/feed?b=2&a=1")
        ask(publisher)
    assert publisher.requests[0].path == "/feed?b=2&a=1"
    assert publisher.requests[1].headers == {
        "host": "site.example",
        "user-agent": "Newscast/0 (+mailto:desk@example.org)",
        "accept": "application/rss+xml",
        "accept-encoding": "gzip",
    }


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "abc", '""', '"ab,c"', "\xe9\xff"])
def test_validators_go_back_byte_for_byte(etag: str) -> None:
    date = "Friday, 12-Jul-24 12:00:00 GMT"

    def answer(request: Request) -> bytes:
        same = (request.headers.get("if-none-match"), request.headers.get("if-modified-since")) == (
            etag,
            date,
        )
        return reply(304 if same else 200)

    with serving() as publisher:
        publisher.says("/feed", answer)
        response = ask(publisher, validators=Validators("http://site.example/feed", etag, date))
    assert (response.status, response.conditional, response.problem) == (304, True, None)


def test_validators_and_secrets_stay_with_whom_they_belong_to() -> None:
    with serving() as publisher:
        publisher.says("/feed", reply(302, b"", "Location: http://other.example/feed"))
        publisher.says("other.example/feed", reply(200, FEED))
        mine = Validators("http://site.example/feed", '"mine"', None)
        response = ask(publisher, validators=mine, secret={"Authorization": "Bearer hush"})
        theirs = Validators("http://other.example/feed", '"theirs"', None)
        ask(publisher, validators=theirs)
    sent = [request.headers.get("if-none-match") for request in publisher.requests]
    assert sent == ['"mine"', None, None, '"theirs"']
    # Over plain http nobody gets a secret.
    assert not any("authorization" in request.headers for request in publisher.requests)
    assert (response.conditional, response.final_url) == (False, "http://other.example/feed")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/next", "/next"),
        ("next?a=1#part", "/next?a=1"),
        ("//site.example/next", "/next"),
        ("http://site.example/n%C3%A9xt", "/n%C3%A9xt"),
        ("/n\xc3\xa9xt", "/n%C3%A9xt"),  # UTF-8 in a header
    ],
)
def test_redirects_are_followed_as_browsers_do(location: str, path: str) -> None:
    with serving() as publisher:
        publisher.says("/feed", reply(301, b"moved", f"Location: {location}"))
        publisher.says(path.partition("?")[0], reply(200, FEED))
        response = ask(publisher)
    assert response.final_url == f"http://site.example{path}"
    assert [(hop.status, hop.to) for hop in response.hops] == [(301, response.final_url)]
    assert response.body == FEED


def test_five_redirects_are_followed_and_no_sixth() -> None:
    with serving() as publisher:
        for number in range(7):
            publisher.says(f"/{number}", reply(302, b"", f"Location: /{number + 1}"))
        publisher.says("/7", reply(200, FEED))
        assert ask(publisher, "/2").status == 200
        response = ask(publisher, "/1")
    assert response.problem
    assert (response.problem.reason, len(response.hops)) == ("redirects", 5)


# ------------------------------------------------------------------------- TLS
def certificate(folder: Path, name: str, days: int = 1) -> ssl.SSLContext:
    """A server's context with a certificate of its own signing, and the file that trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=3)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3 + days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize(
    ("name", "days", "trusted", "reason"),
    [
        ("site.example", 1, True, None),
        ("site.example", 1, False, "tls"),
        ("site.example", -1, True, "tls"),
        ("other.example", 1, True, "tls"),
    ],
    ids=["good", "self-signed", "expired", "wrong name"],
)
def test_only_a_valid_certificate_is_talked_to(
    name: str, days: int, trusted: bool, reason: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newscast.web import connection

    context = certificate(tmp_path, name, days)
    trust = ssl.create_default_context(cafile=str(tmp_path / f"{name}.pem") if trusted else None)
    monkeypatch.setattr(connection, "_tls", lambda: trust)
    with serving(context) as publisher:
        publisher.says("/feed", reply(302, b"", "Location: https://www.site.example/feed"))
        answer = get(
            "https://site.example/feed",
            agent="T",
            accept="*",
            limits=Limits(),
            secret_headers={"Authorization": "Bearer hush"},
            network=network({443: publisher.port}),
        )
    assert answer.problem
    if reason:
        assert (answer.problem.reason, publisher.requests) == (reason, [])
    else:
        # The first host is good and gets the secret; the second's name isn't in the certificate.
        assert [request.headers.get("authorization") for request in publisher.requests] == ["Bearer hush"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Fri, 12 Jul 2024 12:00:00 GMT", "2024-07-12T12:00:00+00:00"),
        ("Friday, 12-Jul-24 12:00:00 GMT", "2024-07-12T12:00:00+00:00"),
        ("Fri Jul 12 12:00:00 2024", "2024-07-12T12:00:00+00:00"),
        ("Fri, 12 Jul 2024 14:00:00 +0200", "2024-07-12T12:00:00+00:00"),
        ("", None),
        ("0", None),
        ("tomorrow", None),
        ("Fri, 99 Jul 2024 12:00:00 GMT", None),
        ("Fri, 12 Jul 20240 12:00:00 GMT", None),
        ("Fri, 12 Jul 99999999999 12:00:00 GMT", None),
        ("Fri, 99999999999 Jul 2024 12:00:00 GMT", None),
        ("Fri, 12 Jul 2024 12:00:00 +99999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
    ],
)
def test_http_dates(written: str, read: str | None) -> None:
    found = http_date(written)
    assert (found.isoformat() if found else None) == read


# ------------------------------------------------------------------------- bytes that are no body
EMPTY_BLOCKS = b"\x00\x00\x00\xff\xff" * 10_000
"""Of deflate, stored and without a byte in them: packed they have no end, unpacked they are nothing."""
PACKED = gzip.compress(b"", mtime=0)[:10] + EMPTY_BLOCKS


def endless(head: bytes, piece: bytes) -> Answer:
    def answer(_: Request) -> Iterator[Piece]:
        yield head
        while True:
            yield piece

    return answer


def a_chunk(piece: bytes) -> bytes:
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


HEADS = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(
    "answer",
    [
        endless(HEADS + b"Content-Encoding: gzip\r\n\r\n" + PACKED, EMPTY_BLOCKS),
        endless(
            HEADS + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + a_chunk(PACKED),
            a_chunk(EMPTY_BLOCKS),
        ),
        endless(HEADS + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 60_000 + b"\r\n<\r\n"),
        endless(HEADS + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 60_000 + b"1\r\n<\r\n"),
        endless(HEADS + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: " + b"x" * 60_000 + b"\r\n"),
        endless(b"", b"HTTP/1.1 100 Continue\r\nLink: " + b"x" * 60_000 + b"\r\n\r\n"),
    ],
    ids=["packed", "packed in chunks", "extensions", "sizes", "trailers", "continue"],
)
def test_bytes_that_are_no_body_are_counted_too(answer: Answer, cut: bool) -> None:
    """All of these would go on to the deadline, and what is received is paid for."""
    with serving() as publisher:
        publisher.says("/feed", answer)
        net = network({80: publisher.port})
        limits = Limits(30.0, 10_000, cut=cut)
        response = get("http://site.example/feed", agent="T", accept="*", limits=limits, network=net)
    assert len(response.body) <= 10_000
    assert response.problem
    assert response.problem.reason in ("too_large", "cut", "protocol"), response.problem


def test_a_body_as_large_as_may_be_is_read_however_it_is_packed() -> None:
    """Random bytes, which gzip only makes longer, in chunks of one byte's worth and more."""
    body = random.Random(7).randbytes(1_000_000)
    packed = gzip.compress(body, 1)
    assert len(packed) > len(body)
    pieces = b"".join(a_chunk(packed[at : at + 1000]) for at in range(0, len(packed), 1000)) + b"0\r\n\r\n"
    with serving() as publisher:
        head = HEADS + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        publisher.says("/feed", head + pieces)
        net = network({80: publisher.port})
        limits = Limits(10.0, len(body))
        response = get("http://site.example/feed", agent="T", accept="*", limits=limits, network=net)
    assert (response.problem, response.body == body) == (None, True)
