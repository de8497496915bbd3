"""Which articles ask for their page: an article and its subscriber's wish in, yes or no out. Pure.

`auto` asks where the feed gives less than the article: nothing, a text that is cut off, or a few
sentences. A page is a hundred times the bytes of an entry, so whoever gave its text is not asked again.
"""

from __future__ import annotations

import re

from newscast.records import Article, Entry, FullTextWish
from newscast.urls import host

SHORT = 80
"""Words. Teasers have 15 to 60; the shortest wire reports that are whole have about 100."""
LETTERS_A_WORD = 6
"""Of a text without spaces between its words (Chinese, Japanese, Thai), two letters count for a word."""
CUT_WITHIN = 400
"""Words. A longer text that ends in an ellipsis ends in a quotation that was cut, not in a teaser."""

_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[\+\d+ chars\])[\s\"'”’»)\]]*$")
_INVITATION = re.compile(
    r"(?:read (?:more|on|the full|the rest)|continue reading|keep reading|full (?:story|article)"
    r"|lire la suite|leer más|seguir leyendo|weiterlesen|leia mais|continue lendo|leggi tutto"
    r"|continua a leggere|lees verder|läs mer|les mer|læs mere|lue lisää|czytaj (?:więcej|dalej)"
    r"|devamını oku|читать (?:далее|дальше|полностью)|читати далі|اقرأ المزيد"
    r"|続きを読む|阅读更多|阅读全文|더 보기)"
    r"[^.!?\n]{0,60}(?:</[a-z]{1,10}>\s*)*[\s.…:»›→&;a-z#0-9\])]{0,20}$",
    re.IGNORECASE,
)
"""At the end of a feed's markup; the clean text has lost it."""


def wants_page(article: Article, entry: Entry, default: FullTextWish) -> bool:
    """Whether an article's page is to be read before the article goes on."""
    wish = entry.full_text or default
    if wish == "never" or article.url is None or host(article.url) is None:
        return False
    return wish == "always" or is_teaser(article, entry)


def is_teaser(article: Article, entry: Entry) -> bool:
    """Whether the feed gave less than the article."""
    count = length(article.text)
    if count < SHORT:
        return True
    if count > CUT_WITHIN:
        return False
    body = entry.content or entry.summary
    invited = body is not None and _INVITATION.search(body.value.rstrip()[-400:]) is not None
    return invited or _CUT_OFF.search(article.text) is not None


def length(text: str) -> int:
    """Words, or what would be as many in a script that does not part them."""
    return max(len(text.split()), len(text) // (2 * LETTERS_A_WORD))
