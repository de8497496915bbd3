"""A web page's text in, the tags of its head out as a browser finds them; nothing of its body.

The head is its site's own, the body holds what anyone wrote there. A browser ends the head at the first
thing that can't stand in it, whatever tags say; so does this, and at a <template> besides. What stands in
comments, titles, scripts, styles and <noscript> is no tag. One way through the text, in linear time.
https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inhead
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from msgspec import Struct

PASSED = {"html", "head", "meta", "link", "base", "basefont", "bgsound"}
"""Tags that leave us in the head."""
TEXTS = {"title", "style", "noscript", "noframes"}
"""Elements of the head whose content is passed over up to their end tag."""
ENDS = {"head", "body", "html", "br"}
"""End tags after which comes the body, or what a browser moves there."""

_SPACE = re.compile(r"[ \t\n\f\r]*")
_NAME = re.compile(r"[A-Za-z][^ \t\n\f\r/>]*")
_BETWEEN = re.compile(r"[ \t\n\f\r/]*")
_ATTRIBUTE = re.compile(r"=?[^ \t\n\f\r/>=]*")
_EQUALS = re.compile(r"[ \t\n\f\r]*=[ \t\n\f\r]*")
_UNQUOTED = re.compile(r"[^ \t\n\f\r>]*")
_COMMENT_END = re.compile(r"--!?>")
_AFTER_NAME = r"(?=[ \t\n\f\r/>])"
_END_OF = {name: re.compile(f"</{name}{_AFTER_NAME}", re.IGNORECASE) for name in TEXTS}
_IN_SCRIPT = re.compile(rf"<!--(?:-*>)?|-->|</?script{_AFTER_NAME}", re.IGNORECASE)


class Tag(Struct, frozen=True):
    """A start tag of the head. Of an attribute that is given twice the first counts."""

    name: str
    attributes: dict[str, str]


def tags(text: str) -> Iterator[Tag]:
    """The start tags of a page's head, in their order."""
    at = _end_of_space(text, 1 if text.startswith("\ufeff") else 0)
    while text.startswith("<", at):
        name = _NAME.match(text, at + 1)
        if name is None:
            end = _end_of_other(text, at)
        else:
            tag = name[0].lower()
            if tag not in PASSED and tag not in TEXTS and tag != "script":
                return
            attributes, end = _attributes(text, name.end())
            if end is None:
                return
            yield Tag(tag, attributes)
            if tag == "script":
                end = _end_of_script(text, end)
            elif tag in TEXTS:
                end = _end_of_text(text, end, tag)
        if end is None:
            return
        at = _end_of_space(text, end)


# ------------------------------------------------------------------------- where each thing ends; null: never
def _end_of_other(text: str, at: int) -> int | None:
    """Of a comment, a doctype or an end tag; null as well for what ends the head."""
    if text.startswith("<!--", at):
        return _end_of_comment(text, at + 4)
    if text.startswith("</", at) and (name := _NAME.match(text, at + 2)):
        return None if name[0].lower() in ENDS else _attributes(text, name.end())[1]
    if text.startswith(("<!", "<?", "</"), at):  # browsers read all of these as a comment up to the next >
        return text.find(">", at) + 1 or None
    return None


def _end_of_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _end_of_comment(text: str, at: int) -> int | None:
    for abrupt in (">", "->"):
        if text.startswith(abrupt, at):
            return at + len(abrupt)
    found = _COMMENT_END.search(text, at)
    return found.end() if found else None


def _end_of_text(text: str, at: int, name: str) -> int | None:
    found = _END_OF[name].search(text, at)
    return _attributes(text, found.end())[1] if found else None


def _end_of_script(text: str, at: int) -> int | None:
    # In a comment of a script, <script> opens one in which </script> closes only that.
    commented = double = False
    for found in _IN_SCRIPT.finditer(text, at):
        sign = found[0].lower()
        if sign.startswith("<!--"):
            commented = commented or not sign.endswith(">")
        elif sign == "-->":
            commented = double = False
        elif sign == "<script":
            double = commented
        elif double:
            double = False
        else:
            return _attributes(text, found.end())[1]
    return None


def _attributes(text: str, at: int) -> tuple[dict[str, str], int | None]:
    """A tag's attributes from the end of its name, and where the tag ends; null for one that never does."""
    found: dict[str, str] = {}
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if at >= len(text):
            return found, None
        if text[at] == ">":
            return found, at + 1
        name = _ATTRIBUTE.match(text, at)
        end = name.end() if name else at + 1
        key, value = text[at:end].lower(), ""
        if equals := _EQUALS.match(text, end):
            end = equals.end()
            quote = text[end : end + 1]
            if quote and quote in "\"'":
                close = text.find(quote, end + 1)
                if close < 0:
                    return found, None
                value, end = text[end + 1 : close], close + 1
            elif unquoted := _UNQUOTED.match(text, end):
                value, end = unquoted[0], unquoted.end()
        found.setdefault(key, html.unescape(value))
        at = end
