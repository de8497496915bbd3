"""A page's feeds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.feeds import discover
from newscast.feeds.parse import parse_document

RSS = 'type="application/rss+xml"'
CASES = [
    (f'<link rel="alternate" {RSS} href="/feed">', ("http://site.example/feed",)),
    (f"<LINK REL='Alternate' {RSS.upper()} HREF='/feed'/>", ("http://site.example/feed",)),
    ("<link rel=alternate type=application/atom+xml href=atom.xml>", ("http://site.example/news/atom.xml",)),
    (f'<link rel="alternate home" {RSS} href="/f?a=1&amp;b=2">', ("http://site.example/f?a=1&b=2",)),
    (
        f'<link rel="alternate" {RSS} title="Comments" href="/c"><link rel="alternate" {RSS} href="/f">',
        ("http://site.example/f", "http://site.example/c"),
    ),
    ('<link rel="alternate" type="application/json" href="/wp-json">', ()),
    ('<link rel="alternate" hreflang="de" href="/de">', ()),
    (f'<link rel="stylesheet" {RSS} href="/x">', ()),
    (f'<link rel="alternate" {RSS} href="javascript:alert(1)">', ()),
    (f'<link rel="alternate" {RSS}>', ()),
]


@pytest.mark.parametrize(("markup", "found"), CASES)
def test_feeds_that_a_page_names(markup: str, found: tuple[str, ...]) -> None:
    page = f"<!doctype html><html><head>{markup}</head><body></body></html>".encode()
    assert discover.feeds(page, "http://site.example/news/") == found
    problem = parse_document(page, url="http://site.example/news/").problem or ""
    assert ("its feed may be" in problem) == bool(found)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(page: bytes) -> None:
    assert discover.feeds(b"<link " + page, None) is not None
