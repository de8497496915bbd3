"""Which feeds a page vouches for: what its site wrote in its head, and nothing that anyone else wrote."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.feeds import discover, head

EVIL = '<link rel=alternate type="application/rss+xml" href="https://evil.example/feed">'
OWN = '<link rel="alternate" type="application/rss+xml" href="/feed">'
FEED = "https://site.example/feed"

HOSTILE = {
    "a comment": f"<!-- {EVIL} -->",
    "a comment that is never closed": f"<!-- {EVIL}",
    "a comment with > in it": f"<!-- > {EVIL} -->",
    "a comment whose end is like one": f"<!-- -- > {EVIL} -->",
    "a comment whose beginning is like its end": f"<!--!> {EVIL} -->",
    "a comment in dashes": f"<!------ {EVIL} ------>",
    "a title": f"<title>{EVIL}</title>",
    "a title without an end": f"<title>{EVIL}",
    "a title whose end is like one": f"<title></titles>{EVIL}</title>",
    "a title of a title": f"<title><title></title ></title>x{EVIL}",
    "a script": f"<script>document.write('{EVIL}')</script>",
    "a script without an end": f"<script>{EVIL}",
    "a script in a script": f"<script><!-- <script></script>{EVIL} --></script>",
    "a script in a script, never closed": f"<script><!-- <script></script>{EVIL}",
    "JSON-LD": f'<script type="application/ld+json">{{"headline": "{EVIL}"}}</script>',
    "a style": f"<style>{EVIL}</style>",
    "noscript": f"<noscript>{EVIL}</noscript>",
    "noscript with a comment": f"<noscript><!-- </noscript> -->{EVIL}",
    "noframes": f"<noframes>{EVIL}</noframes>",
    "a template": f"<template>{EVIL}</template>",
    "what follows a template": f"<template></template>{EVIL}",
    "CDATA": f"<![CDATA[{EVIL}]]>",
    "what follows CDATA": f"<![CDATA[ > ]]>{EVIL}",
    "a processing instruction": f"<?php echo '{EVIL[1:]}",
    "an attribute": f"<meta name=description content='{EVIL}'>",
    "an attribute without its quote": f'<meta name=description content="{EVIL.replace(chr(34), "")}',
    "an attribute in an end tag": f"<title></title x='{EVIL}'>",
    "an attribute of an unknown end tag": f"</x y='{EVIL}'>",
    "the body": f"</head><body>{EVIL}",
    "after the head": f"</head>{EVIL}",
    "after the body's end": f"</body>{EVIL}",
    "after the page's end": f"</html>{EVIL}",
    "after a line break's end": f"</br>{EVIL}",
    "the body without a tag": f"Hello {EVIL}",
    "a body that begins with an element": f"<div>{EVIL}",
    "a body that begins with a link": f'<a href="/">{EVIL}',
    "after an image": f"<img>{EVIL}",
    "in an svg": f"<svg>{EVIL}</svg>",
    "a textarea": f"<textarea>{EVIL}</textarea>",
    "an iframe's srcdoc": f"<iframe srcdoc='{EVIL}'></iframe>",
    "plaintext": f"<plaintext>{EVIL}",
    "an open sign": f"< {EVIL}",
    "a null": f"\0{EVIL}",
    "a link of users' own": f"<a rel=alternate type=application/rss+xml href={FEED}>",
    "a link in the attribute of a link": f"<link rel=icon href='{EVIL}'>",
    "another kind of link": EVIL.replace("alternate", "me"),
    "another type": EVIL.replace("rss+xml", "xml"),
    "no type": EVIL.replace("type=", "data-type="),
    "a second href": EVIL.replace("href=", f'href="{FEED}" href='),
    "a second rel": EVIL.replace("rel=", "rel=icon rel="),
    "a name that begins alike": EVIL.replace("<link", "<linked"),
    "Japanese in 7 bits": f"<title>\x1b$B{EVIL}\x1b(B</title>{EVIL}",
    "Japanese that closes the title": f"<title>\x1b$B</title>{EVIL}\x1b(B</title>",
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_strangers_write_vouches_for_nothing(markup: str) -> None:
    page = f"<!doctype html><html><head>{OWN}{markup}</head><body>{EVIL}</body></html>"
    assert discover.vouched(page.encode(), "https://site.example/") == (FEED,)


OTHER_BYTES = [
    EVIL.encode("utf-16-le"),
    b"\xff\xfe" + EVIL.encode("utf-16-le"),
    b"\x89PNG\r\n\x1a\n" + EVIL.encode(),
    b"%PDF-1.7 " + EVIL.encode(),
    b'{"html": "' + EVIL.encode(),
    b"\x00" * 100 + EVIL.encode(),
    b" " * discover.HEAD_BYTES + EVIL.encode(),
    b"",
]


@pytest.mark.parametrize("page", OTHER_BYTES)
def test_what_is_no_page_vouches_for_nothing(page: bytes) -> None:
    assert discover.vouched(page, "https://site.example/") == ()


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (OWN, [FEED]),
        (
            f"\ufeff\n <!DOCTYPE html>\n<HTML lang=en>\n<HEAD prefix='og: x'>\n{OWN.upper()}",
            [FEED[:-4] + "FEED"],
        ),
        (f"<meta charset=utf-8><title>A</title><style>a>b</style><script src=x></script>{OWN}", [FEED]),
        (f"<script><!-- if (a<b) --></script><!--x--><!-->{OWN}", [FEED]),
        (f"<!--->{OWN}", [FEED]),
        (f"<!-- a --!>{OWN}", [FEED]),
        (f"<script><!--><script></script>{OWN}", [FEED]),
        (f"<noscript><img src=x></noscript>{OWN}", [FEED]),
        (f"<?xml version='1.0'?><!-- conditional --><!--[if IE]>{EVIL}<![endif]-->{OWN}", [FEED]),
        (
            "<link rel=icon href=/i><LINK Rel='Alternate Home' TYPE='application/atom+xml' href='/feed'/>",
            [FEED],
        ),
        (OWN.replace("rss+xml", "rss+xml; charset=utf-8"), [FEED]),
        (OWN + OWN + EVIL, [FEED, "https://evil.example/feed"]),  # the site's own words
        (f"{OWN}<base href='/es/'>", [FEED]),
        (
            "<base target=_top><base href='/es/'><base href='/fr/'>" + OWN.replace("/feed", "feed"),
            ["https://site.example/es/feed"],
        ),
        (OWN.replace("/feed", "/f?a=1&amp;b=2"), ["https://site.example/f?a=1&b=2"]),
        (OWN.replace("/feed", "javascript:alert(1)"), []),
        (OWN.replace('"/feed"', ""), ["https://site.example/"]),
    ],
)
def test_what_a_site_writes_in_its_head_vouches(page: str, found: list[str]) -> None:
    assert list(discover.vouched(page.encode(), "https://site.example/")) == found


LONG = [
    "<!--" * 200_000,
    "<!-- --" * 100_000,
    "<script>" + "<!--<script>" * 60_000,
    "<script>" + "<!--" + "-" * 500_000,
    "<meta " + "a " * 250_000,
    "<meta " + "a=" * 250_000,
    "<meta " + "a='" * 200_000,
    "<meta " + " " * 500_000 + "a" + " " * 100,
    "<title>" + "</title" * 80_000,
    "<title></title>" * 40_000,
    "</x>" * 150_000,
    "<!>" * 200_000,
    "<link>" * 100_000,
    OWN * 10_000,
    "<meta content='" + "&" * 500_000 + "'>",
]


@pytest.mark.parametrize("page", LONG, ids=[page[:20] for page in LONG])
def test_a_long_page_is_read_once(page: str) -> None:
    started = time.process_time()
    discover.vouched(page.encode(), "https://site.example/")
    assert time.process_time() - started < 3


@given(st.text(alphabet="<>!-/ a='\"lscripthead\n", max_size=200))
def test_any_text_is_a_page_and_tags_are_its_own(page: str) -> None:
    assert all(tag.name in {*head.PASSED, *head.TEXTS, "script"} for tag in head.tags(page))
