"""URLs: one table a rule, and the properties that identity rests on."""

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscast import urls

SAME = "https://example.com/news/2024/talks"

CANONICAL = [
    # WHATWG parsing
    ("HTTPS://Example.COM:443/news/2024/talks", SAME),
    ("https://example.com/news/./x/../2024/talks", SAME),
    ("  https://example.com/news/2024\n/talks ", SAME),
    ("https:\\\\example.com\\news/2024/talks", SAME),
    ("https://example.com./news/2024/talks", SAME),
    ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
    ("http://example.com:8080", "http://example.com:8080/"),
    # credentials, fragments
    ("https://reader:secret@example.com/news/2024/talks#comments", SAME),
    ("https://example.com/#!/story/7", "https://example.com/#!/story/7"),
    ("https://example.com/app#/story/7", "https://example.com/app#/story/7"),
    ("https://example.com/news/2024/talks#xtor=RSS-1", SAME),
    # tracking
    ("https://example.com/news/2024/talks?utm_source=rss&UTM_Medium=feed", SAME),
    ("https://example.com/news/2024/talks?utm_source=rss&amp;amp;utm_medium=feed", SAME),
    ("https://example.com/news/2024/talks?%75tm_source=rss", SAME),
    ("https://example.com/a?id=3&fbclid=x&page=2", "https://example.com/a?id=3&page=2"),
    ("https://example.com/news/2024/talks?ref=rss", SAME),
    ("https://example.com/news/2024/talks?ref=example.com", SAME),
    ("https://example.com/a?ref=chapter-2", "https://example.com/a?ref=chapter-2"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
    ("https://example.com/a?&&", "https://example.com/a"),
    # percent-encoding in one form
    ("https://example.com/%7ejane/%e4%bd?q=%5c", "https://example.com/~jane/%E4%BD?q=%5C"),
    ("https://example.com/100%", "https://example.com/100%25"),
    # AMP and redirectors
    ("https://example.com/news/2024/talks/amp", SAME),
    ("https://example.com/news/2024/talks?outputType=amp", SAME),
    ("https://example-com.cdn.ampproject.org/c/s/example.com/news/2024/talks", SAME),
    ("https://www.google.com/url?rct=j&url=https%3A%2F%2Fexample.com%2Fnews%2F2024%2Ftalks&ct=ga", SAME),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fnews%2F2024%2Ftalks&h=1", SAME),
    ("https://example.com/amp", "https://example.com/amp"),
    # no web address
    ("javascript:alert(1)", None),
    ("mailto:desk@example.com", None),
    ("urn:uuid:1234", None),
    ("news/2024", None),
    ("", None),
    ("http://", None),
    ("https://exa mple.com/", None),
    ("https://example.com/" + "a" * 5000, None),
    ("http://\ud800.example/", None),
]


@pytest.mark.parametrize(("written", "expected"), CANONICAL)
def test_canonical(written: str, expected: str | None) -> None:
    assert urls.canonical(written) == expected


def test_redirectors_inside_redirectors() -> None:
    wrapped = SAME
    for _ in range(4):
        wrapped = f"https://www.google.com/url?q={quote(wrapped, safe='')}"
    assert urls.canonical(wrapped) == SAME


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        ("../2024/talks?utm_source=x", "https://example.com/news/feeds/world.xml", SAME),
        ("//example.com/news/2024/talks", "https://other.example/", SAME),
        (SAME, "not a base", None),
        ("javascript:alert(1)", "https://example.com/", None),
    ],
)
def test_canonical_against_a_base(link: str, base: str, expected: str | None) -> None:
    assert urls.canonical(link, base) == expected


def test_resolve_takes_nothing_off() -> None:
    assert (
        urls.resolve("/a?utm_source=x#b", "http://u:p@example.com/")
        == "http://u:p@example.com/a?utm_source=x#b"
    )
    assert urls.resolve("data:text/html,x", "https://example.com/") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://User@News.Example.COM.:8443/x", "news.example.com"),
        ("http://127.1/", "127.0.0.1"),
        ("mailto:a@b.example", None),
    ],
)
def test_host(url: str, expected: str | None) -> None:
    assert urls.host(url) == expected


PIECES = st.sampled_from(
    [
        *("http://", "https://", "example.com", "www.google.com", "/url?q=", "?url=", "https%3A%2F%2F"),
        *(
            "/amp",
            "/amp/",
            "%",
            "%2",
            "%41",
            "%252e",
            "..",
            "/",
            "?",
            "#",
            "#!",
            "&",
            "&amp;",
            "utm_a=",
            "ref=",
        ),
        *(
            ":80",
            ":443",
            "@",
            "x",
            "é",
            "\u200b",
            "cdn.ampproject.org/c/s/",
            "l.facebook.com/l.php?u=",
            "[::1]",
        ),
    ]
)


@given(
    st.one_of(
        st.text(),
        st.lists(PIECES, max_size=12).map("".join),
        st.lists(PIECES).map("https://".__add__("").join),
    )
)
@example("https://example.com/x/amp/amp/")
@example("https://www.google.com/%75rl?q=https://example.com/")
@example("https://example.com/%%34%31")
def test_canonical_is_idempotent_and_never_raises(url: str) -> None:
    once = urls.canonical(url)
    if once is not None:
        assert urls.canonical(once) == once
        assert once.startswith(("http://", "https://"))
        assert urls.host(once)
