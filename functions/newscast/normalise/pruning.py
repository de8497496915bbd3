"""What stands around and inside an article on its page and is no part of it: by element, class or id.

Beside what trafilatura leaves out itself. An element goes only if it is small, so that a page whose whole
body is called "newsletter" keeps it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.etree import XPath, iterwalk

SMALL = 600
"""Characters of an element that may go by its name alone."""
_NAMES = """
newsletter signup sign-up subscri inread in-read inline-link readmore read-more also-read alsoread
read-also related recommend most-read mostread popular trending promo teaser taboola outbrain advert
ad-slot ad-container sponsor share social follow-us byline author-bio author-box dateline-meta post-meta
entry-meta caption image-credit photo-credit copyright contact correction-form feedback tag-list topics
stock-ticker ticker breadcrumb toolbar video-teaser more-stories factbox fact-box infobox info-box
"""
NAMES = tuple(_NAMES.split())
"""Parts of class names and ids, in lower case, as content systems use them."""
_WHOLE_NAMES = "ad ads bio credit tags cta tools follow editor promo rel count"
WHOLE_NAMES = tuple(_WHOLE_NAMES.split())
"""The same, where they are the whole name."""


WHOLE_PAGE = frozenset({"html", "body", "main", "article"})
"""Elements that are never taken out, whatever they are called."""
CONTROLS = ("form", "button")
"""Elements that always are."""


def prune(tree: Any) -> None:
    """Take out of a parsed page (lxml) what stands around and inside its article; the tree is changed.

    What follows an element that goes stays. Whether one is small is asked of the page as it came.
    """
    _remove(_small(list(_named(tree))))
    for control in CONTROLS:
        _remove(list(tree.iterdescendants(control)))


def _remove(elements: list[Any]) -> None:
    """Take elements, given in the page's order, out of the tree; what follows each joins what stood before.

    What follows those of a row is joined once: thousands of buttons in a row would else copy it as often.
    """
    left = dict.fromkeys(elements)
    while left:
        row = [next(iter(left))]
        while (after := row[-1].getnext()) is not None and after in left:
            row.append(after)
        parent, before = row[0].getparent(), row[0].getprevious()
        said = "".join(element.tail or "" for element in row)
        for element in row:
            del left[element]
            parent.remove(element)
        if said and before is None:
            parent.text = (parent.text or "") + said
        elif said:
            before.tail = (before.tail or "") + said


# ------------------------------------------------------------------------- by name
def _trie(words: Iterable[str]) -> str:
    """A regular expression for any of the words that looks at each letter once, not once for each word."""
    following: dict[str, list[str]] = {}
    for word in words:
        following.setdefault(word[:1], []).append(word[1:])
    if "" in following:
        return ""  # a word ends here: what is longer holds it
    parts = [re.escape(letter) + _trie(rest) for letter, rest in following.items()]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


_PART = re.compile(_trie(NAMES))
_WHOLE = frozenset(WHOLE_NAMES)
_WITH_NAMES = XPath("descendant::*[@class or @id]")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _named(tree: Any) -> Iterator[Any]:
    """The elements whose class or id has one of the names, in the page's order."""
    known: dict[str, bool] = {"": False}  # a page says the same few hundred classes again and again
    for element in _WITH_NAMES(tree):
        for written in (element.get("class", ""), element.get("id", "")):
            meant = known.get(written)
            if meant is None:
                meant = known[written] = _is_name(written)
            if meant and element.tag not in WHOLE_PAGE:
                yield element
                break


def _is_name(written: str) -> bool:
    lower = written.lower() if written.isascii() else written.translate(_LOWER)
    return _PART.search(lower) is not None or not _WHOLE.isdisjoint(lower.split(" "))


# ------------------------------------------------------------------------- by size
_BLANKS = re.compile("[ \t\r\n]+")


def _small(named: list[Any]) -> list[Any]:
    """Those of the elements, given in the page's order, that have at most SMALL characters."""
    sizes: dict[Any, int] = {}
    wanted = frozenset(named)
    for element in named:
        if element not in sizes:  # it stands in no other
            _measure(element, wanted, sizes)
    return [element for element in named if sizes[element] <= SMALL]


def _measure(outer: Any, wanted: frozenset[Any], sizes: dict[Any, int]) -> None:
    """Put into `sizes` the characters of an element and of all wanted ones in it, each run of blanks as one.

    One way through the text for all of them: a text that stands in hundreds would else be read as often.
    """
    read, blank = 0, True
    begun: dict[Any, int] = {}
    blanks_at = set()  # where a text begins with a blank
    for event, node in iterwalk(outer, events=("start", "end", "comment", "pi")):
        if event == "start":
            if node in wanted:
                begun[node] = read
            text = node.text
        else:
            if node in begun:
                start = begun.pop(node)
                # Blanks at both ends don't count; a text of one blank has it at both.
                size = read - start - (start in blanks_at and start < read)
                sizes[node] = size - (blank and size > 0)
            if node is outer:
                return
            text = node.tail
        if text:
            text = _BLANKS.sub(" ", text)
            if blank and text[0] == " ":
                text = text[1:]
        if text:
            if text[0] == " ":
                blanks_at.add(read)
            read += len(text)
            blank = text[-1] == " "
