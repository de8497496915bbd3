"""What stands around and inside an article on its page and is no part of it: by class or id, by its place.

Beside what trafilatura leaves out itself. An element goes only if it is small, so that a page whose whole
body is called "newsletter" keeps it.
"""

from __future__ import annotations

import re

from newscast.normalise import fingerprint

SMALL = 600
"""Characters of an element that may go by its name alone."""
_NAMES = """
newsletter signup sign-up subscri inread in-read inline-link readmore read-more also-read alsoread
read-also related recommend most-read mostread popular trending promo teaser taboola outbrain advert
ad-slot ad-container sponsor share social follow-us byline author-bio author-box dateline-meta post-meta
entry-meta caption image-credit photo-credit copyright contact correction-form feedback tag-list topics
stock-ticker ticker breadcrumb toolbar video-teaser more-stories factbox fact-box
"""
NAMES = tuple(_NAMES.split())
"""Parts of class names and ids, in lower case, as content systems use them."""
_WHOLE_NAMES = "ad ads bio credit tags cta tools follow editor promo rel count"
WHOLE_NAMES = tuple(_WHOLE_NAMES.split())
"""The same, where they are the whole name."""


def _xpath() -> str:
    lower = "translate(concat(@class, ' ', @id), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
    parts = [f"contains({lower}, '{name}')" for name in NAMES]
    whole = [f"contains(concat(' ', {lower}, ' '), ' {name} ')" for name in WHOLE_NAMES]
    small = f"string-length(normalize-space(.)) <= {SMALL}"
    whole_page = "self::html or self::body or self::main or self::article"
    return f".//*[(@class or @id) and not({whole_page}) and ({' or '.join(parts + whole)}) and {small}]"


PRUNED = (_xpath(), ".//form", ".//button")
"""XPath of the elements that are taken out before the main text is looked for."""

FIRST = 20
"""Paragraphs among which a page's headline is looked for."""
ABOVE = 0.25
"""Of a page's characters at most so much is dropped for standing above the headline."""
_BYLINE = re.compile(
    r"(?:(?:written|compiled|reported|posted|interview|story|text)\s*:?\s+)?"
    r"(?:by|von|par|por|di|door|av|от)\s+\w.{1,70}"
    r"|(?:interview|text|story|words|editor|reporter)\s*:\s*.{2,60}"
    r"|(?:our )?staff (?:reporter|writer|correspondent)",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?:…。！？”\"»]$")


_SITE = re.compile(r"\s+[|–—·-]\s+[^|–—·]{2,60}$")


def below_headline(text: str, title: str | None) -> tuple[str, str | None]:
    """(a page's text without its headline, what stands above that and bylines right below it · the headline).

    The title may end in a site's name that nothing else on the page told apart: a paragraph that is all of
    the title but this is the headline.
    """
    parts = text.split("\n\n")
    for headline in filter(None, dict.fromkeys((title, _SITE.sub("", title or "")))):
        said = fingerprint.words(headline)
        start = next((n for n, part in enumerate(parts[:FIRST], 1) if fingerprint.words(part) == said), 0)
        if start and said and len("".join(parts[: start - 1])) <= ABOVE * len(text):
            title = headline
            break
    else:
        start = 0
    while start < len(parts) - 1 and _BYLINE.fullmatch(parts[start]) and not _ENDED.search(parts[start]):
        start += 1
    return ("\n\n".join(parts[start:]) if start < len(parts) else text), title
