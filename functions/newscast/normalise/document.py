"""A page's characters in, its tree out, unless nobody can have written it.

The tree is libxml2's, as trafilatura reads it; it is read once, for all that is asked of a page. Its time
grows with a page's size, but for the attributes of one element: with their square. Importing takes 0.4 s.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import lxml.html
import trafilatura
from lxml.etree import XPath

MAX_ATTRIBUTES = 500
"""Of one element; news pages have up to 50."""
MAX_NESTING = 250
"""Elements inside each other; news pages stay below 60, and libxml2 reads no deeper than 256."""

MAX_PARAGRAPHS = 20_000
"""p elements of a page; a long book has 5,000. trafilatura asks for the text in all of them by one XPath, and
libxml2's time for that grows with their square."""


class Document(NamedTuple):
    """A page's tree. `root` is its html element, an empty one if there is nothing to read."""

    root: Any
    main: Any | None
    """What the main text is looked for in: all, or where there is no head, the body; null for scraps."""


class RefusedError(ValueError):
    """A page that nobody can have written, and why, in words."""


def parse(markup: str) -> Document:
    """The tree of a page. Raises RefusedError."""
    if _CROWDED.search(markup) and _CROWDED.search(_SCRIPT.sub("", markup)):
        raise RefusedError("an element with too many attributes")
    main = trafilatura.load_html(markup)
    # Scraps without an html element are refused there, and have their say in the head nevertheless.
    tree = main if main is not None else trafilatura.load_html(f"<html>{markup}")
    root = lxml.html.Element("html") if tree is None else tree.getroottree().getroot()
    if _DEEP(root):
        raise RefusedError("elements nested too deeply")
    if _PARAGRAPHS(root) > MAX_PARAGRAPHS:
        raise RefusedError("too many paragraphs")
    return Document(root, main)


_DEEP = XPath(f"boolean({'/'.join('*' * MAX_NESTING)})")
_ATTRIBUTE = r"""[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_PARAGRAPHS = XPath("count(descendant::p)")
_CROWDED = re.compile(f"<[a-zA-Z][^\\s/>]*+(?:{_ATTRIBUTE}){{{MAX_ATTRIBUTES + 1}}}")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1|<!--.*?-->", re.IGNORECASE | re.DOTALL)
"""Programs are full of signs that look like elements and attributes."""
