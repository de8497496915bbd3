"""What stands around an article on its page: what goes, and what stays."""

import pytest
from lxml import html

from newscast.normalise.headline import below_headline
from newscast.normalise.page import page
from newscast.normalise.pruning import prune

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
