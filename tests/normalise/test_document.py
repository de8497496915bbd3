"""Pages that nobody can have written are refused before they cost anything; what people write is read."""

import pytest

from newscast.normalise import document
from newscast.normalise.document import MAX_ATTRIBUTES, MAX_PARAGRAPHS, RefusedError, parse
from newscast.normalise.page import page

HEAD = "<!DOCTYPE html><html><head><title>t</title></head><body>"


def _attributes(count: int, form: str) -> str:
    return f"<p {''.join(form.format(n) for n in range(count))}>text</p>"


FORMS = {
    "with values": "a{}=1 ",
    "without": "a{} ",
    "quoted": 'a{}="x y" ',
    "quoted, with a sign that ends": 'a{}=">" ',
    "in a row": "a{}='<b>'",
    "by slashes": "a{}/",
    "on lines": "a{}\n=\n1\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_element_has_not_more_attributes_than_anybody_writes(form: str) -> None:
    assert parse(HEAD + _attributes(MAX_ATTRIBUTES, form)).root is not None
    with pytest.raises(RefusedError, match="too many attributes"):
        parse(HEAD + _attributes(MAX_ATTRIBUTES + 1, form))


@pytest.mark.parametrize(
    "markup",
    [
        f"<script>for(i=0;i<n ;i++)x={' + y ' * 3000}</script>",
        f"<style>a <b {'c ' * 3000} </style>",
        f"<!-- a <b {'c ' * 3000} -->",
        f"<p>if a < b {'c ' * 3000}",
        f"<p class='{'c ' * 3000}'>",
        "<p a=1>" * 1000,
    ],
)
def test_what_only_looks_like_attributes_is_none(markup: str) -> None:
    assert parse(HEAD + markup).root is not None


OPENED = [
    "div",
    "x",
    "x-y",
    "b",
    "font",
    "details",
    "select",
    "span",
    "label",
    "ul><li",
    "table><tr><td",
    "svg><g",
]


@pytest.mark.parametrize("opened", OPENED)
@pytest.mark.parametrize("head", [HEAD, "", "<p>a</p>"])
def test_nesting_is_told_by_the_tree_whatever_the_elements(opened: str, head: str) -> None:
    assert page(f"{head}{f'<{opened}>' * 50}text".encode()).problem != "elements nested too deeply"
    assert page(f"{head}{f'<{opened}>' * 400}text".encode()).problem == "elements nested too deeply"


def test_unclosed_paragraphs_and_items_nest_nothing() -> None:
    inside = "".join(f"<p>Paragraph {n} of a page by hand.<li>Item {n}" for n in range(1000))
    assert page(f"{HEAD}{inside}".encode()).problem is None


def test_a_page_has_not_more_paragraphs_than_a_shelf_of_books() -> None:
    assert parse(HEAD + "<p>a" * MAX_PARAGRAPHS).root is not None
    with pytest.raises(RefusedError, match="too many paragraphs"):
        parse(HEAD + "<p>a" * (MAX_PARAGRAPHS + 1))


@pytest.mark.parametrize("markup", ["", " ", "<!-- a -->", "text", "<p>text", "<html/>", "\ufffd"])
def test_a_scrap_has_a_root(markup: str) -> None:
    assert document.parse(markup).root.tag == "html"
