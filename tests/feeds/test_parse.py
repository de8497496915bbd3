"""A feed's bytes → its entries: formats, what isn't said stays null, damaged and hostile documents."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.feeds import guarded, syndication
from newscast.feeds.encoding import to_utf8
from newscast.feeds.parse import Skip, parse_document
from newscast.feeds.parsed import ParsedEntry, ParsedFeed
from newscast.feeds.scan import scan
from newscast.records import Markup
from tests.feeds.world import HOUR, NOON, item, rss

BASE = "http://site.example/feeds/news.xml"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Desk</title>
<link rel="self" href="/self"/><link rel="hub" href="https://hub.example/"/>
<entry><id>tag:site.example,2024:1</id><title type="html">A &amp;lt;b&amp;gt; c</title>
<link href="../a"/><link rel="enclosure" href="a.mp3" type="audio/mpeg" length="123"/>
<published>2024-07-12T12:00:00+02:00</published><updated>2024-07-12T13:00:00Z</updated>
<author><name>Jane Doe</name><email>jane@site.example</email></author><category term="World"/>
<summary>Short</summary><content type="html">&lt;p&gt;Long&lt;/p&gt;</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://site.example/"><title>Wire</title></channel>
<item rdf:about="http://site.example/a"><title>T</title><link>http://site.example/a</link>
<description>D</description><dc:date>2024-07-12T12:00:00Z</dc:date><dc:creator>Jo</dc:creator></item></rdf:RDF>"""
CDF = """<CHANNEL HREF="http://site.example/"><TITLE>Old</TITLE><ITEM HREF="http://site.example/a">
<TITLE>T</TITLE><ABSTRACT>D</ABSTRACT></ITEM></CHANNEL>"""
ATOM03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old</title><entry><title>T</title>
<link rel="alternate" type="text/html" href="http://site.example/a"/><id>x:1</id>
<issued>2024-07-12T12:00:00Z</issued><modified>2024-07-12T13:00:00Z</modified></entry></feed>"""
RSS091 = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old</title><item><title>Caf&eacute;</title><link>http://site.example/a</link>
</item></channel></rss>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>http://site.example/a</loc><lastmod>2024-07-12</lastmod><image:image><image:loc>http://i.example/x</image:loc>
<image:title>Picture</image:title></image:image><news:news><news:publication><news:name>Site</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2024-07-12T12:00:00Z</news:publication_date>
<news:title>T &amp; U</news:title><news:keywords>a, b</news:keywords></news:news></url>
<url><loc>http://site.example/page</loc></url></urlset>"""
JSON11 = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Desk",
    "language": "en",
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    "items": [
        {
            "id": 7,
            "url": "/a",
            "title": "T",
            "content_html": "<p>Long</p>",
            "summary": "Short",
            "date_published": "2024-07-12T12:00:00Z",
            "authors": [{"name": "Jo"}, {"name": 5}],
            "tags": ["x", None, "x"],
            "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 123}, "no"],
        },
        "no item",
    ],
}


def one(text: str | bytes, url: str | None = BASE) -> tuple[ParsedFeed, ParsedEntry]:
    document = parse_document(text if isinstance(text, bytes) else text.encode(), url=url)
    assert not document.refused, document.problem
    assert document.entries
    return document, document.entries[0]


FORMATS = [
    # document, format, title, (guid, link, title, published, updated)
    (
        ATOM,
        "atom10",
        "Desk",
        ("tag:site.example,2024:1", "http://site.example/a", "A &lt;b&gt; c", "10", "13"),
    ),
    (ATOM03, "atom03", "Old", ("x:1", "http://site.example/a", "T", "12", "13")),
    (RDF, "rss10", "Wire", (None, "http://site.example/a", "T", "12", None)),
    (CDF, "cdf", "Old", (None, "http://site.example/a", "T", None, None)),
    (RSS091, "rss091u", "Old", (None, "http://site.example/a", "Café", None, None)),
    (SITEMAP, "sitemap", "Site", (None, "http://site.example/a", "T & U", "12", "00")),
    (json.dumps(JSON11), "json11", "Desk", ("7", "http://site.example/a", "T", "12", None)),
    (rss(item(1)).decode(), "rss20", "Site", ("id-1", "http://site.example/1", "Title 1", "12", None)),
]


@pytest.mark.parametrize(("text", "kind", "title", "expected"), FORMATS, ids=[row[1] for row in FORMATS])
def test_formats(text: str, kind: str, title: str, expected: tuple[str | None, ...]) -> None:
    document, entry = one(text)
    assert (document.format, document.title) == (kind, title)
    hours = [f"{stamp.at:%H}" if stamp else None for stamp in (entry.published, entry.updated)]
    assert (entry.guid, entry.link, entry.title.value if entry.title else None, *hours) == expected


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ('<title type="html">safe &lt;script&gt;alert(1)&lt;/script&gt;words</title>', "safe words"),
        ('<title type="html">safe &lt;style&gt;p {}</title>', "safe"),
        ('<title type="html">sa&lt;!-- no --&gt;fe &lt;!-- never ends</title>', "safe"),
        ('<title type="html">A &lt;b&gt;bold&lt;/b&gt; one</title>', "A bold one"),
        ("<title>The &lt;blink&gt; tag</title>", "The <blink> tag"),
        ('<title type="application/octet-stream">RXhhbXBsZSA8Yj5BdG9tPC9iPg==</title>', "Example Atom"),
    ],
)
def test_a_feeds_title_is_what_a_reader_sees(title: str, shown: str) -> None:
    document, _ = one(f'<feed xmlns="http://www.w3.org/2005/Atom">{title}<entry><id>a</id></entry></feed>')
    assert document.title == shown


def test_one_date_is_said_once_and_two_stay_two() -> None:
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    both = "<pubDate>Fri, 12 Jul 2024 12:00:00 GMT</pubDate><dc:date>2024-07-12T13:00:00Z</dc:date>"
    for fields, expected in ((both, ("12", "13")), (both.partition("</pubDate>")[2], ("13", None))):
        _, entry = one(
            f'<rss version="2.0" {dc}><channel><item><title>T</title>{fields}</item></channel></rss>'
        )
        hours = tuple(f"{stamp.at:%H}" if stamp else None for stamp in (entry.published, entry.updated))
        assert hours == expected


def test_an_atom_entry_whole() -> None:
    document, entry = one(ATOM)
    assert (document.hub, document.self_url) == ("https://hub.example/", "http://site.example/self")
    assert (entry.authors, entry.categories, entry.language) == (("Jane Doe",), ("World",), "en-GB")
    assert entry.summary == Markup(value="Short", html=False)
    assert entry.content == Markup(value="<p>Long</p>")
    assert [(file.url, file.media_type, file.length) for file in entry.enclosures] == [
        ("http://site.example/feeds/a.mp3", "audio/mpeg", 123)
    ]


def test_a_json_entry_whole() -> None:
    document, entry = one(json.dumps(JSON11))
    assert document.problem == "left out: 1 items that are no objects"
    assert (entry.authors, entry.categories) == (("Jo",), ("x",))
    assert (entry.content, entry.summary) == (Markup(value="<p>Long</p>"), Markup(value="Short", html=False))
    assert [file.length for file in entry.enclosures] == [123]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "<title>T</title>",
            {"guid": None, "link": None, "summary": None, "published": None, "updated": None},
        ),
        (
            "<guid>http://site.example/g</guid>",
            {"guid": "http://site.example/g", "link": "http://site.example/g"},
        ),
        ("<guid>123</guid>", {"guid": "123", "link": None}),
        ('<guid isPermaLink="false">http://site.example/g</guid>', {"link": None}),
        ("<link>/a</link>", {"link": "http://site.example/a", "guid": None}),
        ("<link>javascript:alert(1)</link>", {"link": None}),
        ("<link>data:text/html,x</link>", {"link": None}),
        ("<link>http://site.example/?a=1&amp;b=2</link>", {"link": "http://site.example/?a=1&b=2"}),
        ("<pubDate>Fri, 12 Jul 2024 12:00:00 GMT</pubDate>", {"updated": None}),
        ("<pubDate>yesterday</pubDate>", {"published": None}),
        ("<content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded>", {"summary": None}),
        ("<media:title>No</media:title><itunes:author>Jo</itunes:author>", {"link": None, "guid": None}),
    ],
)
def test_what_a_feed_does_not_say_is_null(fields: str, expected: dict[str, object]) -> None:
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    )
    text = f'<rss version="2.0" {spaces}><channel><title>S</title><item>{fields}</item></channel></rss>'
    _, entry = one(text)
    assert {name: getattr(entry, name) for name in expected} == expected


def test_hints() -> None:
    head = (
        "<ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>Someday</day></skipDays>"
    )
    hints = one(rss(item(1), head=head))[0].hints
    assert (hints.ttl_minutes, hints.skip_hours, hints.skip_days) == (90, (0, 7), (5,))
    period = (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        "<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
        "<item/></channel></rss>"
    )
    assert one(period)[0].hints.ttl_minutes == 360


# ------------------------------------------------------------------------- encodings
DECLARED = '<?xml version="1.0" encoding="{}"?><rss><channel><item><title>{}</title></item></channel></rss>'
ENCODINGS = [
    # declared, charset of the Content-Type, sent as, text, said
    ("utf-8", None, "utf-8", "Zürich – 東京", None),
    ("iso-8859-1", None, "utf-8", "Zürich", "declared as iso-8859-1, but it is UTF-8"),
    ("iso-8859-1", None, "cp1252", "Zürich – “x”", None),
    ("utf-8", None, "cp1252", "Zürich", "declared as utf-8, which it is not; read as Windows-1252"),
    ("utf-8", "koi8-r", "koi8-r", "Москва", None),
    ("windows-1251", None, "windows-1251", "Москва", None),
    ("ms-cyrl", None, "windows-1251", "Москва", None),
    ("mac", None, "mac-roman", "Zürich", None),
    ("gb2312", None, "gb18030", "北京", None),
    ("shift_jis", None, "cp932", "東京", None),
    ("iso-2022-jp", None, "iso-2022-jp", "東京", None),
    ("euc-kr", None, "cp949", "서울", None),
    ("big5", None, "big5", "台北", None),
    ("utf-16", None, "utf-16", "東京", None),
    ("utf-8", None, "utf-16-be", "東京", None),
    ("utf-8", None, "utf-8-sig", "東京", None),
    ("cp500", None, "cp500", "Zurich", None),
    ("punycode", None, "utf-8", "Zürich", None),
    ("undefined", None, "ascii", "Zurich", None),
    ("base64", None, "utf-8", "Zürich", None),
    ("no-such-thing", None, "utf-8", "Zürich", None),
]


@pytest.mark.parametrize(("declared", "charset", "sent", "text", "said"), ENCODINGS)
def test_encodings(declared: str, charset: str | None, sent: str, text: str, said: str | None) -> None:
    body = DECLARED.format(declared, text).encode(sent)
    document = parse_document(body, f"text/xml; charset={charset}" if charset else "text/xml")
    assert [entry.title.value for entry in document.entries if entry.title] == [text]
    assert document.problem == said


@given(st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_any_bytes_become_utf8_without_controls(data: bytes, content_type: str | None) -> None:
    found = to_utf8(data, content_type).data
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in found.decode("utf-8"))


# ------------------------------------------------------------------------- damage
GOOD = rss(item(1), item(2), item(3)).decode()
DAMAGE = [
    # what is wrong, document, titles that are left, words of the problem
    (
        "html entities",
        GOOD.replace("Title 2", "Caf&eacute;&nbsp;&mdash;"),
        ["Title 1", "Café\xa0—", "Title 3"],
        None,
    ),
    ("bare ampersand", GOOD.replace("Title 2", "A & B"), ["Title 1", "A & B", "Title 3"], "well-formed"),
    ("unclosed tag", GOOD.replace("Title 2", "A <b>B"), ["Title 1", "A <b>B", "Title 3"], "well-formed"),
    ("control characters", GOOD.replace("Title 2", "A\x0b\x00B"), ["Title 1", "AB", "Title 3"], None),
    (
        "impossible reference",
        GOOD.replace("Title 2", "A&#1114112;&#0;&#xd800;B"),
        ["Title 1", "AB", "Title 3"],
        None,
    ),
    (
        "undeclared prefix",
        GOOD.replace("<guid>id-2", "<x:y>z</x:y><guid>id-2"),
        ["Title 1", "Title 2", "Title 3"],
        None,
    ),
    ("text before", "Warning: mysql\n" + GOOD, ["Title 1", "Title 2", "Title 3"], "text before"),
    ("empty lines before", "\n\n  " + GOOD, ["Title 1", "Title 2", "Title 3"], None),
    ("text after", GOOD + "<!-- ok --> junk <b>", ["Title 1", "Title 2", "Title 3"], "text after"),
    ("cut in an entry", GOOD[: GOOD.index("id-3")], ["Title 1", "Title 2"], "no element found"),
    (
        "many attributes",
        GOOD.replace("<guid>id-2", "<x " + " ".join(f'a{n}="1"' for n in range(200)) + "/><guid>id-2"),
        ["Title 1", "Title 3"],
        "entry 2 left out: an element with 200 attributes",
    ),
    (
        "depth",
        GOOD.replace("<guid>id-2", "<i>" * 300 + "</i>" * 300 + "<guid>id-2"),
        ["Title 1", "Title 3"],
        "entry 2",
    ),
    (
        "author",
        GOOD.replace("<guid>id-2", "<author>" + "a@" * 9000 + "</author><guid>id-2"),
        ["Title 1", "Title 3"],
        "entry 2 left out: an author of more than 4,000 characters",
    ),
    (
        "author in a broken feed",
        GOOD.replace("Title 1", "A & B").replace(
            "<guid>id-2", "<author>" + "a@" * 9000 + "</author><guid>id-2"
        ),
        ["A & B", "Title 3"],
        "entry 2 left out",
    ),
    (
        "own entities",
        '<!DOCTYPE rss [<!ENTITY corp "ACME &#8482;">]>'
        + GOOD.partition("?>")[2].replace("Title 2", "&corp;"),
        ["Title 1", "ACME ™", "Title 3"],
        None,
    ),
]


@pytest.mark.parametrize(("what", "text", "titles", "words"), DAMAGE, ids=[row[0] for row in DAMAGE])
def test_a_damaged_feed_keeps_its_good_entries(
    what: str, text: str, titles: list[str], words: str | None
) -> None:
    for document in (parse_document(text.encode()), guarded.read(text.encode())):
        assert [entry.title.value for entry in document.entries if entry.title] == titles
        assert (words in (document.problem or "")) if words else document.problem is None


def test_an_entry_that_makes_the_parser_fail_is_left_out_alone() -> None:
    def read(data: bytes, *rest: object) -> ParsedFeed:
        if b"Title 3" in data:
            raise ZeroDivisionError
        return syndication.read(data, *rest)  # type: ignore[arg-type]

    broken = rss(*(item(number) for number in range(8))).replace(b"Title 7", b"A <b>B")
    document = parse_document(broken, read=read)
    assert [entry.guid for entry in document.entries] == [f"id-{n}" for n in (0, 1, 2, 4, 5, 6, 7)]
    assert document.problem
    assert document.problem.endswith("; entry 4 left out: it can't be read (ZeroDivisionError)")
    assert len(document.raws) == 7


REFUSED = [
    (b"", "empty"),
    (b" \n\t", "empty"),
    (b"\0\0\0", "empty"),
    (b"plain words", "not_a_feed"),
    (b"<!DOCTYPE html><html><head><title>x</title></head></html>", "not_a_feed"),
    (b"<html><body><p>unclosed", "not_a_feed"),
    (b"<catalog><book/></catalog>", "not_a_feed"),
    (b"<opml><body/></opml>", "not_a_feed"),
    (b"{}", "not_a_feed"),
    (b'{"items": [', "not_a_feed"),
    (b"[" * 100_000, "not_a_feed"),
    (b'{"items": [' + b"{}," * 200_000 + b"{}]}", "elements"),
    (b"<sitemapindex><sitemap/></sitemapindex>", "not_a_feed"),
    (b'<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss/>', "entities"),
    (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss/>', "entities"),
    (b'<!DOCTYPE r [<!ENTITY % x "y">]><rss/>', "entities"),
    (b'<!-- <x --><!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;">]><rss/>', "entities"),
    (b'<rss><b></rss><!DOCTYPE r [<!ENTITY a "b">]>', "entities"),
    ('<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;">]><rss/>'.encode("utf-16"), "entities"),
    (b"<rss " + b" ".join(b'a%d="1"' % n for n in range(500)) + b"/>", "attributes"),
    (b"<rss><channel>" + b"<a>" * 500, "depth"),
    (b"<rss><channel><item><title>" + b"&" * 300_000, "entities"),
    (b"<rss><channel>" + b"<a/>" * 50_000 + b"</channel></rss>", "elements"),
    (b"\x1f\x8bnonsense", "encoding"),
    (gzip.compress(bytes(9_000_000)), "too_large"),
    (b"<rss>" + bytes(9_000_000), "too_large"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED, ids=[f"{n}-{row[1]}" for n, row in enumerate(REFUSED)])
def test_what_is_no_feed_is_refused_with_a_word_and_a_sentence(data: bytes, reason: str) -> None:
    document = parse_document(data)
    assert document.refused == reason
    assert document.problem
    assert document.entries == ()


def test_a_gzip_file_is_unpacked() -> None:
    assert len(parse_document(gzip.compress(GOOD.encode())).entries) == 3


def test_a_harmless_entity_used_too_often_is_refused() -> None:
    text = '<!DOCTYPE rss [<!ENTITY a "' + "A" * 300 + '">]><rss><channel><item><title>' + "&a;" * 2000
    document = parse_document((text + "</title></item></channel></rss>").encode())
    assert document.refused == "entities"


def test_sections_without_an_end_are_read_once() -> None:
    # Each of them looks for its end: hours, if one after the other reads up to the end of the document.
    sections = b"<![CDATA[" * 100_000
    for document in (b"<rss><channel>&nbsp;<item><title>" + sections, b"<rss><item>&nbsp;</b>" + sections):
        assert parse_document(document).problem


WELL_FORMED = """
import sys
from newscast.feeds.parse import parse_document
assert len(parse_document(sys.stdin.buffer.read()).entries) == 1
print("feedparser" in sys.modules)
"""


@pytest.mark.parametrize(
    ("text", "needed"), [(RDF, False), (ATOM, False), (rss(item(1)).decode(), False), (CDF, True)]
)
def test_feedparser_is_not_imported_for_a_well_formed_feed(text: str, needed: bool) -> None:
    command = [sys.executable, "-c", WELL_FORMED]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode().strip() == str(needed)


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    parse_document(data)
    parse_document(b"<rss><channel><item><title>" + data)


@given(
    st.lists(
        st.sampled_from(
            [
                "<item>",
                "</item>",
                "<title>",
                "</title>",
                "<![CDATA[",
                "]]>",
                "&",
                "x",
                "<",
                "</channel>",
                "<author>",
                "&nbsp;",
                "<entry ",
                "/>",
                "<!--",
                "<!DOCTYPE a>",
            ]
        ),
        max_size=30,
    )
)
def test_no_mixture_of_markup_raises(pieces: list[str]) -> None:
    document = parse_document(("<rss><channel>" + "".join(pieces)).encode())
    assert document.refused != "unreadable"


@given(st.sets(st.integers(0, 7)), st.integers(1, 8))
def test_entries_whose_bytes_are_known_are_not_parsed(known: set[int], most: int) -> None:
    whole = rss(*(item(number, when=NOON - number * HOUR) for number in range(8)))
    raws = parse_document(whole).raws
    document = parse_document(whole, skip=Skip({raws[number] for number in known}, most))
    fresh = [number for number in range(8) if number not in known]
    assert [entry.guid for entry in document.entries] == [f"id-{number}" for number in fresh[:most]]
    assert document.raws == tuple(raws[number] for number in fresh[:most])
    assert len(document.known) == len(known)
    assert document.left == max(len(fresh) - most, 0)
    assert document.title == "Site"


@pytest.mark.parametrize("rising", [True, False])
def test_of_an_endless_feed_the_newest_are_looked_at(rising: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from newscast.feeds import parse

    monkeypatch.setattr(parse, "MAX_ENTRIES", 4)
    items = [item(number, when=NOON + number * HOUR) for number in range(7)]
    titles = []
    as_json = [
        {"id": n, "title": f"Title {n}", "date_published": f"2024-07-12T0{n}:00:00Z"} for n in range(7)
    ]
    if not rising:
        items.reverse()
        as_json.reverse()
    for body in (
        rss(*items),
        json.dumps({"version": "https://jsonfeed.org/version/1", "items": as_json}).encode(),
    ):
        document = parse_document(body)
        assert document.problem == "only the newest 4 of 7 entries are looked at"
        titles.append({entry.title.value for entry in document.entries if entry.title})
    assert titles == [{"Title 3", "Title 4", "Title 5", "Title 6"}] * 2


def test_where_entries_stand() -> None:
    data = b"<rss><channel><item><a/></item><item/></channel><x:item><item>1</item></x:item></rss>"
    found = scan(data)
    assert [data[begin:end] for begin, end in found.entries] == [
        b"<item><a/></item>",
        b"<item/>",
        b"<x:item><item>1</item></x:item>",
    ]
    assert found.weights == (2, 1, 2)
