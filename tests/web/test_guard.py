"""Where requests may go: addresses, names, ports and schemes, on every hop and at the moment of use."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.web import address
from newscast.web.exchange import Limits, Response, get
from newscast.web.loopback import open_loopback
from newscast.web.target import RefusedError, redacted, target
from tests.web.publisher import PUBLIC, Publisher, network, reply, serving

NOT_PUBLIC = """
    0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 169.254.170.2
    172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7
    203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1
    2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1::1 3fff::1 fc00::1 fd00:ec2::254 fe80::1
    fec0::1 ff02::1 5f00::1 4000::1 fe80::1%eth0 example.org
    """


@pytest.mark.parametrize("written", NOT_PUBLIC.split())
def test_addresses_that_are_not_public(written: str) -> None:
    assert address.why_not_public(written)


@pytest.mark.parametrize(
    "written", ["8.8.8.8", "1.1.1.1", PUBLIC, "172.32.0.1", "2606:4700::1111", "2a00::1"]
)
def test_addresses_that_are_public(written: str) -> None:
    assert address.why_not_public(written) is None


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        assert address.why_not_public(str(ip)) or str(ip).startswith(("192.0.0.", "2001:", "100:"))


REFUSED = [
    # (URL, reason): what never gets as far as a connection, or is refused in it
    ("ftp://site.example/", "scheme"),
    ("file:///etc/passwd", "scheme"),
    ("gopher://site.example:25/x", "scheme"),
    ("data:text/xml,<rss/>", "scheme"),
    ("javascript:alert(1)", "scheme"),
    ("jar:http://site.example!/", "scheme"),
    ("//site.example/feed", "url"),
    ("site.example/feed", "url"),
    ("http://", "url"),
    ("http://[::1", "url"),
    ("http://999.999.999.999/", "url"),
    ("http://site.example\\@10.0.0.1/", "url"),
    ("http://10.0.0.1\\.site.example/", "url"),
    ("http://site.example/" + "a" * 3000, "url"),
    ("http://site.example/" + "я" * 900, "url"),  # 5,400 characters once it is sent
    ("http://user@site.example/", "credentials"),
    ("http://user:secret@site.example/feed", "credentials"),
    ("http://site.example@127.0.0.1/", "credentials"),
    ("http://site.example:8080/", "port"),
    ("https://site.example:80/", "port"),
    ("http://site.example:443/", "port"),
    ("http://site.example:22/", "port"),
    ("http://localhost/", "private"),
    ("http://LOCALHOST./", "private"),
    ("http://a.localhost/", "private"),
    ("http://router/", "private"),
    ("http://metadata.google.internal/", "private"),
    ("http://printer.local/", "private"),
    ("http://1.0.0.127.in-addr.arpa/", "private"),
    ("http://127.0.0.1/", "private"),
    ("http://127.1/", "private"),
    ("http://2130706433/", "private"),
    ("http://0x7f.1/", "private"),
    ("http://0x7f000001/", "private"),
    ("http://0177.0.0.1/", "private"),
    ("http://0251.00376.000251.0000376/", "private"),
    ("http://①②⑦.⓪.⓪.①/", "private"),
    ("http://127.0.0.1./", "private"),
    ("http://%31%32%37.0.0.1/", "private"),
    ("http://127。0。0。1/", "private"),
    ("http://0/", "private"),
    ("http://[::]/", "private"),
    ("http://[::1]/", "private"),
    ("http://[::ffff:127.0.0.1]/", "private"),
    ("http://[::ffff:a9fe:a9fe]/", "private"),
    ("http://[64:ff9b::a9fe:a9fe]/", "private"),
    ("http://[fd00:ec2::254]/", "private"),
    ("http://169.254.169.254/latest/meta-data/", "private"),
    ("http://inside.example/", "private"),
    ("http://mixed.example/", "private"),
    ("http://six.example/", "private"),
]
NAMES = {
    "inside.example": ["10.1.2.3"],
    "mixed.example": [PUBLIC, "169.254.169.254"],  # one bad answer spoils all
    "six.example": ["fe80::1%eth0"],
}


def fetch(url: str, publisher: Publisher | None = None, seconds: float = 5.0) -> Response:
    ports = {80: publisher.port} if publisher else {}
    return get(
        url, agent="Test/1", accept="*/*", limits=Limits(seconds, 10_000), network=network(ports, NAMES)
    )


@pytest.mark.parametrize(("url", "reason"), REFUSED)
def test_refused_before_anything_is_sent(url: str, reason: str) -> None:
    problem = fetch(url).problem
    assert problem is not None
    assert problem.reason == reason


@pytest.mark.parametrize(("url", "reason"), REFUSED)
def test_refused_as_the_target_of_a_redirect(url: str, reason: str) -> None:
    if url in ("//site.example/feed", "site.example/feed", "http://"):
        return  # relative to the page that redirects, these are good or its own
    with serving() as publisher:
        location = url.encode().decode("latin-1")
        publisher.says("/start", reply(302, b"", f"Location: {location}"))
        answer = fetch("http://site.example/start", publisher)
        assert answer.problem
        assert answer.problem.reason == reason
        assert [request.path for request in publisher.requests] == ["/start"]


def test_a_name_that_changes_its_answer_is_connected_to_what_was_checked() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["169.254.169.254"]

    with serving() as publisher:
        publisher.says("/", reply(200, b"once"))
        rebinding = address.Network(resolve, network({80: publisher.port}).dial)
        first = get("http://rebind.example/", agent="T", accept="*", limits=Limits(), network=rebinding)
        again = get("http://rebind.example/", agent="T", accept="*", limits=Limits(), network=rebinding)
    assert (first.body, asked) == (b"once", ["rebind.example"] * 2)
    assert again.problem
    assert again.problem.reason == "private"


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as publisher, serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        publisher.says("/", reply(200, b"direct"))
        assert fetch("http://site.example/", publisher).body == b"direct"
        assert not proxy.requests


def test_loopback_is_open_only_where_and_while_it_was_opened() -> None:
    plain = address.Network(network({}).resolve)  # the real dial
    with serving() as publisher:
        publisher.says("/feed", reply(200, b"local"))
        own = f"http://127.0.0.1:{publisher.port}/feed"

        def body(url: str) -> bytes:
            return get(url, agent="T", accept="*", limits=Limits(), network=plain).body

        with open_loopback("127.0.0.1", publisher.port), open_loopback("site.example", publisher.port):
            assert body(own) == body("http://site.example/feed") == b"local"
            for elsewhere in (
                "http://127.0.0.1/feed",
                own.replace("http:", "https:"),
                own.replace(".1:", ".2:"),
            ):
                assert body(elsewhere) == b""
        assert body(own) == b""
        assert len(publisher.requests) == 2


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pass@Site.example/feed?token=abc#x", "https://site.example/feed?…"),
        ("http://site.example:8080/a", "http://site.example:8080/a"),
        ("http://[::1", "(a URL that can't be read)"),
    ],
)
def test_what_is_shown_of_a_url_holds_no_secret(url: str, shown: str) -> None:
    assert redacted(url) == shown


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    try:
        found = target("http://" + text)
    except RefusedError as refusal:
        reason = refusal.reason
    else:
        reason = "none"
        assert found.path.startswith("/")
        assert target(found.url) == found
    assert reason in {"none", "url", "scheme", "credentials", "private"}
