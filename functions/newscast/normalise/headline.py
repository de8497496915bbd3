"""A page's text in, the article's own out: without headline, what stands above it, bylines below it."""

from __future__ import annotations

import re

from newscast.normalise import fingerprint

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
