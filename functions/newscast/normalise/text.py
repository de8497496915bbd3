"""Markup in, plain text out: NFC, entities resolved, paragraphs parted by a blank line.

Inside a paragraph a single newline is a line break that the publisher set; all other white space is one
space. No word is split by inline markup and none glued by block markup.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from resiliparse.extract.html2text import extract_plain_text

from newscast.records import Markup

MAX_CHARACTERS = 400_000
"""Of markup; a long read has 100,000. What is beyond is cut off."""
MAX_ROUNDS = 3
"""How often escaped markup inside text is unpacked; publishers escape two times, rarely three."""


def plain(markup: Markup) -> str:
    """The text of a piece of a feed. Plain again is unchanged: `plain(Markup(value=x, html=False)) == x`."""
    text = markup.value[:MAX_CHARACTERS]
    if markup.html:
        text = text.replace("<![CDATA[", "").replace("]]>", "")  # left over by who wrapped it twice
        for _ in range(MAX_ROUNDS):
            text = _unescaped(_rendered(text) if _TAG.search(text) else text)
            if not _TAG.search(text):
                break
    return tidy(_unescaped(text))


def line(markup: Markup) -> str:
    """The text of a title or a name: one line."""
    return " ".join(plain(markup).split())


# ------------------------------------------------------------------------- markup
_TAG = re.compile(
    r"<(?=[a-z/!])(?:/?(?:a|abbr|article|aside|b|blockquote|body|br|center|cite|code|dd|del|details|div|dl|dt|em|embed"
    r"|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|ins|li|link|main|meta|nav"
    r"|object|ol|p|picture|pre|q|s|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg"
    r"|table|tbody|td|th|thead|time|title|tr|u|ul|video|audio|noscript|wbr)(?:[\s/][^<>]*)?>"
    r"|!--|(?:script|style|iframe|img|svg|math|object|embed|form|input|base|link|meta)\b)",
    re.IGNORECASE,
)
"""What is taken for markup; "a < b" and "<person@host>" are not."""

_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(
    r"(?=</?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figure|footer|form|h[1-6]"
    r"|header|hr|li|main|nav|ol|option|p|pre|section|summary|ul)\b)",
    re.IGNORECASE,
)
"""Tables are left to the parser: text between a table's rows would be moved out of it."""
_CELL = re.compile(r"(?=<t[dh]\b)", re.IGNORECASE)
_LIST = re.compile(r"<(/?)([uo])l(?=[\s/>])", re.IGNORECASE)
MOST_LISTS = 50
"""Beginnings and ends of lists that an entry may have as they are."""
LINE, PARAGRAPH = "\u2028", "\u2029"
"""Unicode's own separators stand for breaks while HTML is read, since HTML folds newlines into spaces."""

NOT_BODY = [
    "[hidden]",
    "[aria-hidden=true]",
    "figcaption",  # captions and photo credits
    "nav",
    "aside",
    "form",
    ".sharedaddy",  # WordPress: sharing buttons
    ".jp-relatedposts",  # WordPress: related posts
    ".feedflare",  # FeedBurner: buttons
    ".screen-reader-text",
    ".wp-caption-text",
]
"""Elements of a feed's markup that are not the text; scripts and the like are left out by the parser."""


def _rendered(markup: str) -> str:
    marked = _CELL.sub(" ", _BLOCK.sub(PARAGRAPH, _BREAK.sub(LINE, markup)))
    text: str = extract_plain_text(
        whole(_not_indented(marked)),
        preserve_formatting=True,
        list_bullets=False,
        alt_texts=False,
        skip_elements=NOT_BODY,
    )
    return text.replace("\n", PARAGRAPH)


def _not_indented(markup: str) -> str:
    """The markup with other names for its lists, where it has very many.

    The parser indents each line of a list by its depth: of 100 KB of lists in each other it made 1.5 GB of
    spaces. `dir` and `menu` are lists too, and are not indented.
    """
    several = next(islice(_LIST.finditer(markup), MOST_LISTS, None), None)
    return _LIST.sub(_renamed, markup) if several else markup


def _renamed(found: re.Match[str]) -> str:
    return f"<{found[1]}{'dir' if found[2] in 'uU' else 'menu'}"


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def _unescaped(text: str) -> str:
    """Entities resolved until none is left; only those with a semicolon, so that "R&D" stays."""
    for _ in range(MAX_NESTING):
        once = _ENTITY.sub(_entity, _AMPERSAND.sub("&", text))
        if once == text:
            break
        text = once
    return text


_AMPERSAND = re.compile("&(?:amp;|#0{0,5}38;|#[xX]0{0,4}26;)+")
"""Escaped again and again: "&amp;amp;amp;"."""
MAX_NESTING = 50
"""Rounds; honest text needs two or three."""


def _entity(found: re.Match[str]) -> str:
    sign = html.unescape(found[0])
    return " " if sign in {LINE, PARAGRAPH} else sign


# ------------------------------------------------------------------------- characters
_SURROGATE = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """The text with U+FFFD for each half of a character, which no UTF-8 and no queue can carry."""
    return _SURROGATE.sub("\ufffd", text)


_CONTROL = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f]")
_INVISIBLE = re.compile(
    "[\u00ad"  # soft hyphen
    "\u200b\u2060-\u2064\ufeff"  # zero-width space, joiners that show nothing, byte order mark
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction marks and overrides: text can lie with them
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # annotation marks, tags
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
    "\u200c\u200d]+"  # joiners: see _shown
)
_JOINING = re.compile("[\u0600-\u109f\u1780-\u18af\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
"""Scripts and emoji in which a joiner or non-joiner changes what is read."""


def tidy(text: str) -> str:
    """NFC; invisible and control characters gone; white space folded. Idempotent."""
    text = whole(text).replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub(_shown, _CONTROL.sub(_windows_1252, text))
    text = _few_marks(text)
    text = _SENTENCE_BREAK.sub(PARAGRAPH, text).replace(PARAGRAPH, "\n\n").replace(LINE, "\n")
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return unicodedata.normalize("NFC", _BLANK_LINES.sub("\n\n", lines).strip("\n"))


_SENTENCE_BREAK = re.compile(r"(?<=[.!?…”»\"。！？])\s*\u2028")
"""A line break after a whole sentence: how many feeds part paragraphs. Elsewhere it is only a line break."""
_BLANK_LINES = re.compile(r"\n{3,}")


MOST_MARKS = 30
"""Combining marks on one letter, as in Unicode's Stream-Safe Text Format (UAX #15); no language has ten.

To put marks into their order takes the square of their number.
"""
_MARKS = re.compile(rf"[^\w\s!-~\u2010-\u205e]{{{MOST_MARKS + 1},}}")
"""Where so many may stand: `\\w` has letters and digits, and no marks that combine."""
_TWO_MARKS = "\u0f73\u0f75\u0f81"
"""Vowels of Tibetan that are taken apart into two marks and are none by their own class."""


def _few_marks(text: str) -> str:
    """The text without the marks on a letter beyond MOST_MARKS."""
    return _MARKS.sub(lambda found: "".join(_without_more(found[0])), text)


def _without_more(signs: str) -> Iterator[str]:
    marks = 0
    for sign in signs:
        marks = marks + 1 if unicodedata.combining(sign) or sign in _TWO_MARKS else 0
        if marks <= MOST_MARKS:
            yield sign


def _shown(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    joiners = [sign for sign in found[0] if sign in "\u200c\u200d"]
    return joiners[0] if joiners and _JOINING.match(before) else ""


def _windows_1252(found: re.Match[str]) -> str:
    # Bytes of Windows-1252 that somebody read as Latin-1: \x92 is an apostrophe. The rest says nothing.
    sign = found[0]
    return bytes([ord(sign)]).decode("cp1252", "ignore") if sign >= "\u0080" else ""
