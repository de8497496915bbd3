"""Author fields as feeds give them in, the names of people and the agency they credit out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscast.normalise import agencies
from newscast.normalise.text import line
from newscast.records import Markup

MAX_AUTHORS = 20
MAX_NAME = 80
"""Characters; what is longer is a biography."""
MAX_FIELD = 500
"""Characters of one author field; what is beyond is cut off, for patterns over it take time."""

_ADDRESS = re.compile(
    r"\S+@\S+\s*\(([^()]*)\)|([^<>]*)<\s*\S+@[^<>]*>|mailto:\S+|\S+@\S+\.\w+"
    r"|(?:https?://|www\.)\S+"
)
_BY = re.compile(
    r"^(?:(?:written|story|report|reported|text|words|analysis|opinion|posted|published|interview)\s+)?"
    r"(?:by|von|par|por|door|av|af|autor(?:in|e|a)?|author|автор|от|текст|yazan|oleh)\b\s*:?\s+|^-+\s*|^@",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:[,;|•·/]|\s(?:and|und|et|y|e|og|och|en|i|и|та|ve|with|mit|&)\s|\s[-–—]\s)\s*")
_PLACE = re.compile(r"\s(?:in|for|à|dans)\s[^,;|]*$", re.IGNORECASE)
"""Where it was written or for whom: "J. Smith in Moscow"; Spanish and German particles are left alone."""
_NO_PERSON = re.compile(
    r"(?:.*\b(?:editors?|editorial|correspondent|reporters?|writers?|staff|desk|bureau|team|newsroom|admin(?:istrator)?"
    r"|webmaster|newsdesk|web|online|press|news|agenc(?:y|ies)|service|guest|contributor|author|columnist|producer"
    r"|redaktion|redaktionen|redazione|rédaction|redacción|redação|redakcja|redakce|редакция|редакція|unknown|anonymous"
    r"|none|null|n/a|chief|analyst|photographs?|photos?|updated|published|newspaper|magazine|media|tv|radio|times|post)\b.*"
    r"|.*[\d@#<>{}=].*|.*\.(?:com|org|net|ru|in|co|uk|de)\b.*|https?:.*|[^\w]*)",
    re.IGNORECASE,
)
"""Roles, desks, dates and addresses: no names of people."""


def read(written: Iterable[str]) -> tuple[tuple[str, ...], str | None]:
    """(the people, each once · the agency) of author fields such as "By A. Smith and B. Lee, AFP"."""
    people: dict[str, str] = {}
    agency = None
    for credit in written:
        bare = _ADDRESS.sub(r" \1\2 ", line(Markup(value=credit[: 4 * MAX_FIELD]))[:MAX_FIELD]).strip()
        if name := agencies.agency(bare):
            agency = agency or name
            continue
        bare = _PLACE.sub("", re.sub(r"\(([^()]*)\)", r", \1", bare))
        for part in _PARTS.split(_BY.sub("", bare)):
            bare = _BY.sub("", part.strip(" .,;:-–—\"'*_[]()")).strip()
            if not bare:
                continue
            if name := agencies.agency(bare):
                agency = agency or name
            elif len(bare) <= MAX_NAME and not _NO_PERSON.fullmatch(bare):
                people.setdefault(bare.casefold(), bare)
    return tuple(people.values())[:MAX_AUTHORS], agency
