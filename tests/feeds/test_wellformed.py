"""Both readers on the same feeds: the quick one of well-formed documents says what feedparser says."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.feeds import fields, syndication, texts, vocabulary, wellformed
from newscast.feeds.encoding import to_utf8
from newscast.feeds.parse import parse_document
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.scan import resolved, scan
from tests.feeds import publishers

DIFFERENT = {
    "broken_times": "is no XML",
    "undeclared_prefixes": "feedparser's strict parser stops at an undeclared prefix",
    "odd_prefixes": "feedparser looks a prefix up twice: <c:encoded> becomes content:encoded, and then"
    " whatever the document means by content:",
    "item_images": "feedparser's strict path is not told of wrappers that nobody knows (<item2>)",
}


def both(data: bytes) -> tuple[ParsedFeed, ParsedFeed]:
    body = to_utf8(data).data.strip()
    body = resolved(body, scan(body))
    return wellformed.read(body, None, (), b""), syndication.read(body, None, (), b"")


@pytest.mark.parametrize(
    "name",
    [n for n in publishers.names() if n not in DIFFERENT and n not in ("json_feed", "news_sitemap")],
)
def test_publishers_are_read_the_same_way_by_both(name: str) -> None:
    quick, slow = both(publishers.document(name))
    assert quick == slow


# ------------------------------------------------------------------------- feeds made up
WORDS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\u2028\u2029"
    ),
    max_size=12,
)
MARKUP = st.sampled_from(
    ["A <b>bold</b> word", "a < b", "R&D", "&amp;amp;", "<p>One.</p><p>Two.</p>", "&#8217;", "<nota> t"]
)  # fmt: skip
TEXT = st.one_of(WORDS, MARKUP)
DATES = st.sampled_from(["Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00Z", "yesterday", ""])
LINKS = st.sampled_from(["https://site.example/a", "/a?b=1&c=2", "a b", "", "javascript:x", "urn:x:1"])


@st.composite
def text_element(draw: st.DrawFn, name: str, types: tuple[str, ...] = ()) -> str:
    text = draw(TEXT)
    kind = draw(st.sampled_from(types)) if types else ""
    attributes = f" type={quoteattr(kind)}" if kind else ""
    if kind == "xhtml":
        inner = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(text)} <b>b</b></p></div>'
    elif draw(st.booleans()) and "]]>" not in text:
        inner = f"<![CDATA[{text}]]>"
    else:
        inner = escape(text)
    return f"<{name}{attributes}>{inner}</{name}>"


def element(name: str, texts: st.SearchStrategy[str], attributes: str = "") -> st.SearchStrategy[str]:
    return texts.map(lambda text: f"<{name}{attributes}>{escape(text)}</{name}>")


def media(name: str, attributes: str, *inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*inside).map(lambda parts: f"<{name} {attributes}>{''.join(parts)}</{name}>")


CAPTION = st.one_of(text_element("media:description", ("", "plain", "html")), text_element("media:title"))
SHOWN = st.one_of(
    CAPTION,
    media("media:content", 'url="u.jpg" medium="image"', CAPTION),
    media("media:content", 'url="u.mp4" type="video/mp4"', CAPTION),
    media("media:group", "", media("media:content", 'url="u"'), CAPTION),
    media("media:thumbnail", 'url="t.jpg"'),
)
RSS = st.one_of(
    text_element("title"),
    text_element("description"),
    element("link", LINKS),
    element("guid", LINKS),
    element("guid", LINKS, ' isPermaLink="false"'),
    element("pubDate", DATES),
    element("author", TEXT.filter(lambda text: "@" not in text)),
    element("category", WORDS),
    text_element("content:encoded"),
    text_element("dc:title"),
    text_element("dc:description"),
    element("dc:creator", WORDS.filter(lambda text: "@" not in text)),
    element("dc:date", DATES),
    element("dc:subject", WORDS),
    element("dc:language", st.sampled_from(["en", "fr-FR"])),
    text_element("itunes:summary"),
    text_element("itunes:subtitle"),
    element("itunes:keywords", WORDS),
    SHOWN,
    st.just('<enclosure url="/a.mp3" type="audio/mpeg" length="12"/>'),
    st.just('<atom:link rel="enclosure" href="/b.mp3"/>'),
    element("slash:comments", WORDS),
)
ATOM = st.one_of(
    text_element("title", ("", "text", "html", "xhtml")),
    text_element("summary", ("", "text", "html", "xhtml")),
    text_element("content", ("", "text", "html", "xhtml", "text/html")),
    element("id", LINKS),
    LINKS.map(lambda link: f"<link href={quoteattr(link)}/>"),
    LINKS.map(lambda link: f'<link rel="enclosure" type="audio/mpeg" href={quoteattr(link)}/>'),
    element("published", DATES),
    element("updated", DATES),
    WORDS.map(lambda name: f"<author><name>{escape(name)}</name></author>"),
    WORDS.map(lambda term: f"<category term={quoteattr(term)}/>"),
    SHOWN,
)
SPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


def once(parts: list[str]) -> str:
    """An entry with each element at most once: of two, the readers may take another."""
    by_name = {part.split(">")[0].split()[0].rstrip("/"): part for part in parts}
    return "".join(by_name.values())


@given(st.lists(st.lists(RSS, max_size=9).map(once), max_size=3), st.sampled_from(["", ' xml:lang="de"']))
def test_any_rss_is_read_the_same_way_by_both(items: list[str], attributes: str) -> None:
    body = "".join(f"<item{attributes}>{item}</item>" for item in items)
    head = "<title>T</title><link>https://site.example/</link><language>en</language><ttl>5</ttl>"
    quick, slow = both(f'<rss version="2.0" {SPACES}><channel>{head}{body}</channel></rss>'.encode())
    assert quick == slow


@given(
    st.lists(st.lists(ATOM, max_size=9).map(once), max_size=3),
    st.sampled_from(["", ' xml:lang="de"', ' xml:base="https://base.example/x/"']),
)
def test_any_atom_is_read_the_same_way_by_both(entries: list[str], attributes: str) -> None:
    body = "".join(f"<entry{attributes}>{entry}</entry>" for entry in entries)
    head = '<title>T</title><link href="https://site.example/"/><id>urn:x</id>'
    spaces = f'xmlns="http://www.w3.org/2005/Atom" {SPACES}'
    quick, slow = both(f'<feed {spaces} xml:lang="en">{head}{body}</feed>'.encode())
    assert quick == slow


# ------------------------------------------------------------------------- what a name means
@pytest.mark.parametrize(
    ("prefix", "uri", "meant"),
    [
        ("media", "http://search.yahoo.com/mrss", "media"),
        ("m", "HTTPS://search.yahoo.com/mrss/", "media"),
        ("media", "http://video.search.yahoo.com/mrss", "media"),
        ("media", "http://press.example/media-tent/ns", "media"),
        ("media", "http://press.example/ns", vocabulary.FOREIGN),
        ("content", "http://shop.example/price", vocabulary.FOREIGN),
        ("a10", "http://www.w3.org/2005/Atom", ""),
        ("atom", None, ""),
        ("dc", None, "dc"),
        ("x", None, vocabulary.FOREIGN),
        ("x", "http://x.example/", vocabulary.FOREIGN),
    ],
)
def test_a_namespace_counts_and_not_its_prefix(prefix: str, uri: str | None, meant: str) -> None:
    assert vocabulary.usual(prefix, uri) == meant


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("jo@site.example (Jo Doe)", "Jo Doe"),
        ("Jo Doe <jo@site.example>", "Jo Doe"),
        ("Jo Doe (jo@news.site.media)", "Jo Doe"),
        ("jo@site.example", "jo@site.example"),
        ("Jo Doe", "Jo Doe"),
        ("@jo", "@jo"),
        ("Jo @ home", "Jo @ home"),
        ("", None),
    ],
)
def test_a_person_is_named_without_the_address(written: str, name: str | None) -> None:
    assert fields.person(written) == name


def test_captions_never_become_the_text_of_a_broken_feed_either() -> None:
    item = (
        "<item><title>A & B <i></title><media:content url='x'><media:title>P</media:title>"
        "<media:description>A photo</media:description><description>The text</description>"
        "<dc:description>Other</dc:description></item>"
    )
    found = parse_document(f"<rss {SPACES}><channel>{item}</channel></rss>".encode())
    assert found.problem
    (entry,) = found.entries
    assert entry.summary
    assert (entry.summary.value, entry.content) == ("The text", None)


def test_a_feed_with_bare_ampersands_alone_is_read_as_xml() -> None:
    body = b"<rss><channel><item><title>A&B &amp; R&D &copy; &x</title><guid>1</guid></item></channel></rss>"
    found = parse_document(body, read=_never)
    assert [entry.title.value for entry in found.entries if entry.title] == ["A&B & R&D © &x"]
    assert found.problem
    assert "not well-formed" in found.problem


def _never(*_: object) -> ParsedFeed:
    raise AssertionError("read by feedparser")


def test_what_looks_like_html() -> None:
    for text, is_html in (
        ("A <b>bold</b> word", True),
        ("Caf&eacute;", True),
        ("a < b", False),
        ("<p>no end", False),
        ("the <blink>old</blink> tag", False),
        ("&nosuchthing;", False),
    ):
        assert texts.looks_like_html(text) is is_html


PICTURE = '<media:content url="u.jpg" medium="image">{}</media:content>'
FILM = '<media:content url="u.mp4" type="video/mp4">{}</media:content>'
SAID = "<media:description>Said of it</media:description>"


@pytest.mark.parametrize(
    ("parts", "summary"),
    [
        (SAID, "Said of it"),  # of no medium, so of the entry
        (f"<media:group>{SAID}</media:group>", "Said of it"),
        (FILM.format(SAID), "Said of it"),
        (f"<media:group>{FILM.format('')}{SAID}</media:group>", "Said of it"),
        (PICTURE.format(SAID), None),
        (PICTURE.format("") + SAID, None),
        (FILM.format(SAID) + PICTURE.format(""), None),
        ('<media:content url="u"/>' + SAID, None),
        ('<media:thumbnail url="u"/>' + SAID, None),
        ('<enclosure url="http://u.example/"/>' + SAID, None),
        (FILM.format(SAID) + "<description>Own</description>", "Own"),
        (FILM.format(SAID) + "<content:encoded>Own</content:encoded>", None),
    ],
)
@pytest.mark.parametrize("damage", ["", "<x></y>"])
def test_what_is_said_of_a_picture_is_no_summary_and_of_a_film_may_be(
    parts: str, summary: str | None, damage: str
) -> None:
    body = f"<rss {SPACES}><channel><item>{parts}</item></channel>{damage}</rss>"
    (entry,) = parse_document(body.encode()).entries
    assert (entry.summary.value if entry.summary else None) == summary


@pytest.mark.parametrize("damage", ["", "<x></y>"])
def test_a_picture_and_somebody_elses_elements_say_nothing_of_an_entry(damage: str) -> None:
    own = 'xmlns:content="http://shop.example/price" xmlns:c="http://purl.org/rss/1.0/modules/content/"'
    item = (
        "<image><title>Picture</title><description>Shown</description></image><title>T</title>"
        "<content:encoded>EUR 12, and much longer</content:encoded><c:encoded>Body</c:encoded>"
    )
    body = f'<rss version="2.0" {own}><channel><item>{item}</item></channel>{damage}</rss>'
    (entry,) = parse_document(body.encode()).entries
    values = [text.value if text else None for text in (entry.title, entry.summary, entry.content)]
    assert values == ["T", None, "Body"]
