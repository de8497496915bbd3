"""Pages: characters, titles, walls, and that no bytes are too broken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscast.normalise import metadata, walls
from newscast.normalise.document import parse
from newscast.normalise.page import decode, page


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        ("Zürich".encode(), None, "Zürich"),
        ("Zürich".encode(), "iso-8859-1", "Zürich"),  # valid UTF-8 is UTF-8, whatever was said
        ("Zürich".encode("latin-1"), "iso-8859-1", "Zürich"),
        ('<meta charset="windows-1251">Москва'.encode("cp1251"), None, '<meta charset="windows-1251">Москва'),
        ("\ufeffZürich".encode(), None, "Zürich"),
        ("Zürich".encode("utf-16"), None, "Zürich"),
        ("“Zürich”".encode("cp1252"), "latin1", "“Zürich”"),
        ("東京".encode("iso-2022-jp"), "iso-2022-jp", "東京"),
        ("東京".encode("shift_jis"), "shift_jis", "東京"),
        ("Zürich".encode() * 50 + b"\xff", None, "Zürich" * 50 + "\ufffd"),
        (b"abc", "no-such-charset", "abc"),
        ("Zürich".encode(), "hz", "Zürich"),
        ("Zürich".encode("latin-1") * 9, "no-such-charset", "Zürich" * 9),
        ("Zürich".encode("latin-1") * 9, "utf-8", "Zürich" * 9),  # declared, but it isn't
    ],
)
def test_decode(body: bytes, charset: str | None, expected: str) -> None:
    assert decode(body, charset) == expected


@pytest.mark.parametrize(
    ("head", "heading", "expected"),
    [
        ("<title>Talks resume | World | Example Times</title>", "", "Talks resume"),
        (
            "<title>Talks resume - Example</title><meta property=og:site_name content=Example>",
            "",
            "Talks resume",
        ),
        ("<title>Talks resume - a look back</title>", "", "Talks resume - a look back"),
        ("<title>Talks to resume in Ge…</title>", "Talks to resume in Geneva", "Talks to resume in Geneva"),
        ("<title>Talks resume</title>", "Example Times", "Talks resume"),
        ('<meta property="og:title" content="A &amp; B agree">', "", "A & B agree"),
        ("<title>三省启动台风应急响应_晨报网</title>", "三省启动台风应急响应", "三省启动台风应急响应"),
        ("", "Only a heading", "Only a heading"),
        ("", "", None),
    ],
)
def test_title(head: str, heading: str, expected: str | None) -> None:
    tree = parse(f"<html><head>{head}</head><body><h1>{heading}</h1></body></html>").root
    assert metadata.read(tree).title == expected


@pytest.mark.parametrize(
    ("script", "field", "expected"),
    [
        ('{"@type":"NewsArticle","headline":"A"}', "title", "A"),
        ('{"@type":["Article","NewsArticle"],"headline":"A"}', "title", "A"),
        ('{"@graph":[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"A"}]}', "title", "A"),
        ('[{"@type":"https://schema.org/NewsArticle","headline":"A"}]', "title", "A"),
        (
            '{"@type":"NewsArticle","author":[{"name":"Jane Doe"},"John Roe"]}',
            "authors",
            ("Jane Doe", "John Roe"),
        ),
        ('{"@type":"NewsArticle","author":{"name":["Jane Doe"]}}', "authors", ("Jane Doe",)),
        ('{"@type":"NewsArticle","isAccessibleForFree":"False"}', "free", False),
        ('{"@type":"NewsArticle","articleBody":"One.\nTwo."}', "body", "One.\nTwo."),
        ('{"@type":"Product","headline":"A"}', "title", None),
        ('{"@type":"NewsArticle","headline":', "title", None),
        ("[" * 5000, "title", None),
    ],
)
def test_json_ld(script: str, field: str, expected: object) -> None:
    found = metadata.read(parse(f'<script type="application/ld+json">{script}</script>').root)
    assert getattr(found, field) == expected


def _many(piece: str, count: int, last: str) -> metadata.Metadata:
    inside = "".join(piece.replace("{n}", str(n)) for n in range(count))
    return metadata.read(parse(f"<html><head><title>Talks resume</title></head>{inside}{last}").root)


def test_only_as_much_of_a_head_is_read_as_anybody_writes() -> None:
    """What stands after hundreds of its kind is not looked at, so that a page costs what its size does."""
    meta = '<meta name="x{n}" content="y">'
    author = '<meta name="author" content="Jane Doe">'
    assert _many(meta, metadata.MAX_META - 1, author).authors == ("Jane Doe",)
    assert _many(meta, metadata.MAX_META, author).authors == ()
    heading = "<h1>Talks resume in Geneva</h1>"
    assert (
        _many("<h1>Other things {n}</h1>", metadata.MAX_HEADINGS - 1, heading).title
        == "Talks resume in Geneva"
    )
    assert _many("<h1>Other things {n}</h1>", metadata.MAX_HEADINGS, heading).title == "Talks resume"
    names = ",".join(f'"A {n}"' for n in range(500))
    script = f'<script type="application/ld+json">{{"@type":"Article","author":[{names}]}}</script>'
    assert len(_many("", 0, script).authors) == metadata.MAX_NAMES
    assert len(metadata.read(parse(f"<html><title>{'a - b | ' * 9000}</title>").root).title or "") <= 1000


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<time datetime="2024-06-03">', "2024-06-03"),
        ('<time datetime="2024-06-01"></time><article><time datetime="2024-06-02">', "2024-06-02"),
        ('<time datetime="2024-06-01"></time><i itemprop=datePublished content="2024-06-02">', "2024-06-02"),
        ('<time datetime="soon"></time><p class="x post-date">3 June 2024</p>', "3 June 2024"),
        ("<p class=no-entry-date>1 June 2024</p><p class='entry-date'>3 June 2024</p>", "3 June 2024"),
        ('<abbr class="x published" title="2024-06-03">Monday</abbr>', "2024-06-03"),
        ('<span class="post-date" title="Posted on">3 June 2024</span>', "3 June 2024"),
        ("<time datetime=soon>", None),
    ],
)
def test_time_elements(body: str, expected: str | None) -> None:
    found = metadata.read(parse(f"<html><head><title>t</title></head><body>{body}").root).published
    assert (found.raw.strip() if found else None) == expected


PROSE = "<p>" + "The ministers met on Friday and spoke about the talks that are to come. " * 20 + "</p>"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "an empty file"),
        ("<html></html>", walls.NO_TEXT),
        ("<title>404 Not Found</title><h1>Not Found</h1>", walls.ERROR_PAGE),
        ("<title>Seite nicht gefunden</title><p>Leider gibt es diese Seite nicht.</p>", walls.ERROR_PAGE),
        ("<title>Attention Required! | Cloudflare</title>", walls.ROBOT_CHECK),
        ("<title>Example</title><h1>We value your privacy</h1><p>Accept all cookies</p>", walls.COOKIE_WALL),
        ("<article><p>The ministers met.</p><p>Subscribe to continue reading.</p></article>", walls.PAYWALL),
        (f"<title>Talks</title><article>{PROSE}</article>", None),
        (f"<title>Error 404: the story of a number</title><article>{PROSE}</article>", None),
        (f"<article>{PROSE}</article><div>We use cookies. Accept all cookies</div>", None),
    ],
)
def test_walls(body: str, problem: str | None) -> None:
    found = page(body.encode())
    assert found.problem == problem
    assert (found.text == "") == (problem in walls.NO_ARTICLE or problem == "an empty file")


@pytest.mark.parametrize(
    "sentence",
    [
        "県は十五日、図書館の開館時間を来年四月から試験的に午後十時まで延ばすと発表した。",
        "三座城市周日签署协议，决定在下游湿地共同建立候鸟保护区，并统一管理水位。",
        "รัฐมนตรีกล่าวเมื่อวันจันทร์ว่าจะสร้างสะพานใหม่ข้ามแม่น้ำภายในสองปี",
    ],
)
def test_a_text_without_spaces_is_no_short_text(sentence: str) -> None:
    paragraphs = [f"{sentence * 4}{n}" for n in range(4)]
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    figure = "<figure><img src=a.jpg><figcaption>写真</figcaption></figure>"
    found = page(f"<html><body><article><h1>A</h1>{figure}{inside}</article></body></html>".encode())
    assert (found.text.split("\n\n"), found.problem) == (paragraphs, None)


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["市は十五日、中央図書館の開館時間を延ばすと発表した。平日の夜に使えないという声が多かった。"] * 2,
        ["시는 월요일 중앙 도서관의 운영 시간을 밤 열 시까지 늘린다고 발표했다. 직장인들의 요청이 많았다."]
        * 2,
        ["市政府周一宣布，中心图书馆的开放时间将延长到晚上十点。许多上班族此前提出过这一要求。"] * 2,
    ],
)
def test_a_short_article_in_a_dense_script_has_its_paragraphs_and_no_caption(paragraphs: list[str]) -> None:
    paragraphs = [f"{paragraph}{n}" for n, paragraph in enumerate(paragraphs)]
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    body = (
        f"<article><h1>図書館</h1><figure><figcaption>写真</figcaption></figure><div>{inside}</div></article>"
    )
    found = page(f"<html><head></head><body>{body}<p>© 2024</p></body></html>".encode())
    assert found.text.split("\n\n") == paragraphs


def test_an_article_without_spaces_about_captcha_is_an_article() -> None:
    text = "新しいcaptchaの仕組みを市が導入すると発表した。窓口の混雑を減らすためだという。" * 20
    assert page(f"<html><body><article><p>{text}</p></article></body></html>".encode()).problem is None


def test_hostile_nesting_is_refused_at_once() -> None:
    assert page(b"<div>" * 50_000).problem == "elements nested too deeply"


PIECES = st.sampled_from(
    [
        *(
            b"<html>",
            b"<p>",
            b"</p>",
            b"<article>",
            b"<script type='application/ld+json'>",
            b"{",
            b'"@type":"Article"',
        ),
        *(
            b"</script>",
            b"\xff\xfe",
            b"\x00",
            b"<meta charset=",
            b"utf-16",
            b"hz",
            b"&#0;",
            b"<!--",
            b"words and words ",
        ),
    ]
)


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES).map(b"".join)))
def test_any_bytes_are_survived(body: bytes) -> None:
    found = page(body, "https://example.com/a")
    assert isinstance(found.text, str)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "not a web page: binary data"),
        (b"<p>Ministers\x00met</p>", "not a web page: binary data"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>', "not a web page: a feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "not a web page: a feed"),
    ],
)
def test_what_is_no_page_is_said_and_nothing_kept(body: bytes, problem: str) -> None:
    found = page(body)
    assert (found.problem, found.text) == (problem, "")
