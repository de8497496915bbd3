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
    (f'<base href="/es/"><link rel="alternate" {RSS} href="feed">', ("http://site.example/es/feed",)),
    (
        f'<!-- <link rel="alternate" {RSS} href="/old"> --><link rel="alternate" {RSS} href="/f">',
        ("http://site.example/f",),
    ),
    (f'<!-- never ends <link rel="alternate" {RSS} href="/old">', ()),
]


@pytest.mark.parametrize(("markup", "found"), CASES)
def test_feeds_that_a_page_names(markup: str, found: tuple[str, ...]) -> None:
    page = f"<!doctype html><html><head>{markup}</head><body></body></html>".encode()
    offers = discover.feeds(page, "http://site.example/news/")
    assert tuple(offer.url for offer in offers) == found
    document = parse_document(page, url="http://site.example/news/")
    assert (document.refused, document.offers) == ("not_a_feed", offers)
    assert all(url in document.why_refused for url in found)


def test_what_is_shown_holds_no_control_characters() -> None:
    hostile = f'<link rel=alternate {RSS} href="http://a.example/\x1b[2J">'
    page = hostile + f'<link rel=alternate {RSS} title="\x1b[2J" href=/>'
    offers = discover.feeds(page.encode(), "http://site.example/")
    assert offers == (discover.Offer("http://site.example/", "[2J"),)


def test_many_feeds_are_counted_and_long_urls_are_not_quoted() -> None:
    offers = [discover.Offer(f"http://site.example/{'x' * (number * 200)}") for number in range(5)]
    words = discover.words(offers)
    assert words.endswith(" and 3 more")
    assert len(words) < 600


def test_comments_without_an_end_are_read_once() -> None:
    # By a pattern that looks for the end from each beginning, this takes minutes.
    assert discover.feeds(b"<!--" * 200_000, None) == ()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page(page: bytes) -> None:
    assert discover.feeds(b"<link " + page, None) is not None
