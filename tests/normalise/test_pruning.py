"""What stands around an article on its page: what goes, and what stays."""

import string
from html import escape as html_escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.etree import XPath, tostring
from trafilatura.htmlprocessing import prune_unwanted_nodes

from newscast.normalise.headline import below_headline
from newscast.normalise.page import page
from newscast.normalise.pruning import CONTROLS, NAMES, SMALL, WHOLE_NAMES, WHOLE_PAGE, prune

PROSE = (
    "The council decided on Tuesday that the bridge will be closed for repairs until the end of the year. "
)
BODY = "\n\n".join(PROSE + word for word in ("One.", "Two.", "Three."))


@pytest.mark.parametrize(
    ("above", "title", "headline"),
    [
        ("Bridge to close", "Bridge to close", "Bridge to close"),
        ("Bridge to close", "Bridge to close - Lake Gazette", "Bridge to close"),
        ("News\n\nSport\n\nBridge to close\n\nBy Ann Example", "Bridge to close", "Bridge to close"),
        ("Interview: Ann Example", "Bridge to close", "Bridge to close"),
        ("By Ann Example and Bob Sample", None, None),
    ],
)
def test_what_stands_above_goes(above: str, title: str | None, headline: str | None) -> None:
    assert below_headline(f"{above}\n\n{BODY}", title) == (BODY, headline)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (BODY, "Bridge to close"),
        (BODY, None),
        ("By noon the bridge was closed.\n\n" + BODY, "Bridge to close"),  # a sentence
        (BODY + "\n\nBridge to close\n\n" + PROSE, "Bridge to close"),  # a subheading, late in the text
        ("Bridge to close", "Bridge to close"),
        ("", "Bridge to close"),
    ],
)
def test_what_belongs_to_the_text_stays(text: str, title: str | None) -> None:
    assert below_headline(text, title) == (text, title)


PARAGRAPHS = "".join(f"<p>{PROSE}{word}</p>" for word in ("One.", "Two.", "Three."))
BOXES = {
    "related": "<ul><li>Boats collide in the harbour</li><li>Mayor opens market hall</li></ul>",
    "c-newsletter-box": "<p>All that happens on the lake, each Friday in your inbox.</p>",
    "article__signup": "<h3>The morning letter</h3><p>What happened overnight.</p>",
    "tags": "<a>bridge</a> <a>council</a>",
}


@pytest.mark.parametrize("name", BOXES)
def test_a_box_inside_the_article_goes_by_its_name(name: str) -> None:
    inside = PARAGRAPHS + f'<div class="{name}">{BOXES[name]}</div>' + PARAGRAPHS
    found = page(f"<html><body><article><h1>Bridge to close</h1>{inside}</article></body></html>".encode())
    assert found.text.split("\n\n") == [*BODY.split("\n\n"), *BODY.split("\n\n")]


@pytest.mark.parametrize(("paragraphs", "gone"), [(1, 1), (10, 0)])
def test_only_a_small_element_goes_by_its_name(paragraphs: int, gone: int) -> None:
    inside = f"<p>{PROSE}</p>" * paragraphs
    tree = html.fromstring(f'<body class=feedback><div class="topics">{inside}</div><p>{PROSE}</p></body>')
    prune(tree)
    assert len(tree.find_class("topics")) == 1 - gone


# ------------------------------------------------------------------------- beside XPath
def _rule() -> str:
    """The rule as one XPath 1.0 expression: short to read, but libxml2 takes 70 steps for each element."""
    lower = f"translate(concat(@class, ' ', @id), '{string.ascii_uppercase}', '{string.ascii_lowercase}')"
    named = [f"contains({lower}, '{name}')" for name in NAMES]
    named += [f"contains(concat(' ', {lower}, ' '), ' {name} ')" for name in WHOLE_NAMES]
    whole_page = " or ".join(f"self::{name}" for name in sorted(WHOLE_PAGE))
    small = f"string-length(normalize-space(.)) <= {SMALL}"
    return f".//*[(@class or @id) and not({whole_page}) and ({' or '.join(named)}) and {small}]"


ORACLE = [XPath(_rule()), *(XPath(f".//{control}") for control in CONTROLS)]


def prune_by_xpath(tree: Any) -> None:
    prune_unwanted_nodes(tree, ORACLE)


def _agree(markup: str) -> None:
    """Pruning leaves what trafilatura leaves by the XPath, to the last byte, tails and blanks."""
    ours, theirs = html.document_fromstring(markup), html.document_fromstring(markup)
    prune(ours)
    prune_by_xpath(theirs)
    assert tostring(ours) == tostring(theirs)


WORDS_599 = "word " * 119 + "word"
CRAFTED = {
    "a tail after a box": "<p>a<b class=share>s</b>tail<i>b</i></p>",
    "a tail first in its parent": "<p><b class=share>s</b>tail</p>",
    "boxes in a row": "<p>a<b class=share>s</b>1<b class=social>s</b>2<form>f</form>3<button>b</button>4</p>",
    "a box in a box": "<div class=share>a<div class=social>b</div>c</div>d",
    "a small box in a large one": f"<div class=share>{WORDS_599}<b class=social>words</b>{WORDS_599}</div>d",
    "600 characters and a blank, inside": f"<p id=cta>{WORDS_599}<b id=ad> {WORDS_599}s</b>{WORDS_599}</p>",
    "a form in a form's tail": "<form>a</form>b<form>c<button>d</button>e</form>f",
    "a button in a large box": f"<div class=share>{WORDS_599}{WORDS_599}<button>b</button>tail</div>",
    "599 characters": f"<div class=share>{WORDS_599}</div>",
    "600 characters": f"<div class=share>{WORDS_599}s</div>",
    "601 characters": f"<div class=share>{WORDS_599}s.</div>",
    "600 characters and blanks": f"<div class=share> \n\t {WORDS_599}s \n </div>",
    "600 characters in many pieces": f"<div class=share><b> {WORDS_599}</b> <i> </i><b>s</b> <i> </i></div>",
    "a no-break space is a character": f"<div class=share>{WORDS_599}s\u00a0</div>",
    "blanks alone": f"<div class=share>{' ' * 2000}</div>",
    "nothing": "<div class=share></div>tail",
    "a script counts": f"<div class=share><script>{'x' * 601}</script></div>",
    "a comment doesn't": f"<div class=share>a<!--{'x' * 601}-->b<?php {'x' * 601}?>c</div>",
    "capitals": "<div class=SHARE>s</div><div id=Most-Read>m</div>",
    "a sign whose small letter is a k": "<p class='tic\u212aer'>s</p><p class='\u017fhare'>s</p>",
    "a whole name": "<p class='a ad b'>s</p><p class=adverb>s</p><p class=bad>s</p><p id=ad>s</p>",
    "a whole name by a tab": "<div class='a\tad'>s</div><div class='ad\n'>s</div>",
    "the id is looked at apart": "<div class=sha id=re>s</div><div class=new id=sletter>s</div>",
    "the whole page": "<main class=share>m</main><article id=promo>a</article>",
    "the body": "</div><body class=share>text",
}  # fmt: skip


@pytest.mark.parametrize("name", CRAFTED)
def test_pruning_does_what_the_rule_says(name: str) -> None:
    _agree(f"<html><head><title>t</title></head><body>x{CRAFTED[name]}</body></html>")


TAGS = st.sampled_from(["div", "p", "b", "form", "button", "main", "article", "ul", "li", "table", "section"])
LABELS = st.lists(
    st.one_of(
        st.sampled_from([*NAMES, *WHOLE_NAMES, "Share", "c-share__x", "story", "x ad", "ADS", "body"]),
        st.text("adsbhre -\tADİK", max_size=6),
    ),
    max_size=2,
).map(" ".join)
TEXTS = st.one_of(
    st.sampled_from(["", " ", "\n ", "a", " a ", "\u00a0", WORDS_599[:300], WORDS_599, "x" * 598 + " y"]),
    st.text("ab \n", max_size=4),
)
LEAVES = TEXTS.map(html_escape) | st.just("<!-- c -->")


def _element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.tuples(st.sampled_from(["", "class", "id"]), LABELS).map(
        lambda pair: f' {pair[0]}="{html_escape(pair[1])}"' if pair[0] else ""
    )
    return st.tuples(TAGS, attributes, st.lists(inside, max_size=4), TEXTS).map(
        lambda parts: f"<{parts[0]}{parts[1]}>{''.join(parts[2])}</{parts[0]}>{html_escape(parts[3])}"
    )


@settings(max_examples=300)
@given(st.lists(st.recursive(LEAVES, _element, max_leaves=25), min_size=1, max_size=4).map("".join))
def test_pruning_does_what_the_rule_says_of_any_tree(inside: str) -> None:
    _agree(f"<html><head><title>t</title></head><body>{inside}</body></html>")
