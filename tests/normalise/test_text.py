"""Markup to plain text: one table, and the properties that every later stage leans on."""

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.normalise.text import line, plain, tidy
from newscast.records import Markup

CASES = [
    # words neither split nor glued
    ("Rus<b>sia</b>n", "Russian"),
    ("<p>a</p><p>b</p>", "a\n\nb"),
    ("<div>a</div><div>b</div>", "a\n\nb"),
    ("<h2>Title</h2>Body", "Title\n\nBody"),
    ("a<br>b", "a\nb"),
    ("a<br/> <br />b", "a\n\nb"),
    ("<ul><li>one<li>two</ul>three", "one\n\ntwo\n\nthree"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
    ("<td>a</td><td>b</td>", "a b"),
    ("a<img src=x alt=photo>b", "ab"),
    ("x<sup>2</sup>", "x2"),
    # entities, once and again
    ("AT&amp;T", "AT&T"),
    ("AT&amp;amp;T", "AT&T"),
    ("&lt;p&gt;Hello &amp;amp; you&lt;/p&gt;", "Hello & you"),
    ("R&D and Q&A", "R&D and Q&A"),
    ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ("caf&eacute; &#8217; &#x2019; &nbsp;x", "café ’ ’ x"),
    ("<![CDATA[<p>a</p>]]>", "a"),
    # nothing that is not text
    ("<script>alert(1)</script>a<style>p{}</style>", "a"),
    ("a&lt;script&gt;alert(1)&lt;/script&gt;b", "ab"),
    ("<p hidden>x</p>a<!-- c -->", "a"),
    ("<figure><img src=x><figcaption>Photo: A</figcaption></figure>a", "a"),
    ('a<iframe src="https://example.com">x</iframe>', "a"),
    # white space
    ("  a \n b\t\u00a0c ", "a\nb c"),
    ("<p>\n  a\n  b\n</p>", "a b"),
    ("plain\n\n\ntext", "plain\n\ntext"),
    ("", ""),
    # characters
    ("e\u0301", "é"),
    ("a\u200bb\u00adc\ufeff", "abc"),
    ("\u202etxt.exe\u202c", "txt.exe"),
    ("می\u200cروم", "می\u200cروم"),
    ("pass\u200dword", "password"),
    ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ("it\x92s \x93so\x94", "it’s “so”"),
    ("a\x00b\x1f", "ab"),
    ("\ud800a", "\ufffda"),
    ("one</h2>two</li>three", "one\n\ntwo\n\nthree"),  # ends of what never began
]


@pytest.mark.parametrize(("markup", "expected"), CASES)
def test_markup(markup: str, expected: str) -> None:
    assert plain(Markup(value=markup)) == expected


def test_plain_text_keeps_what_looks_like_a_tag() -> None:
    assert plain(Markup(value="if a <b> c", html=False)) == "if a <b> c"


def test_a_title_is_one_line() -> None:
    assert line(Markup(value="Talks<br>resume\n in  <i>Geneva</i>")) == "Talks resume in Geneva"


WORDS = st.lists(
    st.text(
        st.characters(categories=["L", "N", "Sc", "Po"], exclude_characters="&<>;"), min_size=1, max_size=8
    )
    .map(lambda word: unicodedata.normalize("NFC", word))
    .filter(lambda word: tidy(word) == word),
    max_size=30,
)


@given(
    WORDS,
    st.sampled_from(["<p>{}</p>", "<div><b>{}</b></div>", "<td>{}</td>", "<li>{}</li>", "{} ", "{}<br>"]),
)
def test_the_same_words_come_out(words: list[str], element: str) -> None:
    markup = "".join(element.format(html.escape(word)) for word in words)
    assert plain(Markup(value=markup)).split() == words


@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                [
                    "<p>",
                    "</p>",
                    "<b>",
                    "&amp;",
                    "&lt;",
                    "&#8232;",
                    "lt;",
                    "#10;",
                    "x",
                    " ",
                    "\n",
                    "<br>",
                    "\u2029",
                ]
            )
        ).map("".join),
    ),
    st.booleans(),
)
def test_plain_again_changes_nothing(text: str, is_html: bool) -> None:
    once = plain(Markup(value=text, html=is_html))
    assert plain(Markup(value=once, html=False)) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(raw: bytes) -> None:
    plain(Markup(value=raw.decode("latin-1")))
    plain(Markup(value=raw.decode("utf-8", "surrogateescape")))


@pytest.mark.parametrize(
    "tags", [("<ul><li>", "</ul>"), ("<OL><LI>", "</OL>"), ("<ul>", ""), ("<ul></ol><li>", "")]
)
def test_words_in_lists_in_each_other_stay(tags: tuple[str, str]) -> None:
    opened, closed = tags
    markup = "".join(f"{opened}word{number} " for number in range(3000)) + closed * 3000 + "<p>after</p>"
    text = plain(Markup(value=markup))
    assert text.split() == [*(f"word{number}" for number in range(3000)), "after"]
    assert len(text) < len(markup)


def test_marks_beyond_thirty_on_one_letter_go() -> None:
    marks = "\u0301\u0327"  # the second belongs before the first
    assert tidy(f"cafe{marks * 5000} au lait") == unicodedata.normalize("NFC", f"cafe{marks * 15} au lait")
    assert tidy("\u0f40" + "\u0f73" * 20_000) == unicodedata.normalize("NFC", "\u0f40" + "\u0f73" * 30)
