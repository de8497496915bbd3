"""A wire's first words, taken off the body and kept as fields: "MOSCOW, July 12 (Reuters) - ".

Without a credit or a date only capitals make a dateline ("KYIV — "): an ordinary name before a dash or a
colon is part of the sentence.
"""

from __future__ import annotations

import re

from newscast import dates
from newscast.normalise import agencies
from newscast.records import Dateline

MAX_DATELINE = 120
"""Characters; "TEL AVIV, Israel/BEIRUT, Lebanon, July 12, 2024 (Reuters) - " is long already."""

_MONTH = r"[^\W\d_]{3,12}"  # any word: whether it is a month is asked afterwards, which compiles faster
_DATE = rf"\b(?:{_MONTH}\.? \d{{1,2}}(?:, ?\d{{4}})?|\d{{1,2}}\.? {_MONTH}\.?(?:,? \d{{4}})?)"
_WORD = r"[^\W\d_][\w.'’-]*"
_REGION = r"(?: ?\[[^\]]{2,30}\])?"  # New Delhi [India]
_PLACE = rf"{_WORD}(?:[ /]{_WORD}){{0,3}}{_REGION}(?:[,/] ?{_WORD}(?: {_WORD}){{0,2}}{_REGION}){{0,2}}"
_SMALL = "a-zß-öø-ÿа-яёії"
_CAPITALS = rf"[^\W\d_{_SMALL}][^\W\d_{_SMALL}.'’-]+"
_UPPER_PLACE = rf"{_CAPITALS}(?:[ /-]{_CAPITALS}){{0,3}}(?:, {_WORD}(?: {_WORD}){{0,2}})?"
_DASH = r"(?:\s*(?:--+|[–—―])\s*|\s+-\s+|:\s+)"
_CREDIT = r"[(\[](?P<agency>[^()\[\]]{2,40})[)\]]"

_FORMS = [
    # MOSCOW, July 12 (Reuters) - · KYIV, Ukraine (AP) — · New Delhi [India], July 12 (ANI): · (Reuters) -
    re.compile(rf"(?:(?P<place>{_PLACE}),? ?)??(?P<written>{_DATE})?,? ?{_CREDIT}{_DASH}", re.IGNORECASE),
    # PARIS (AFP) Le ministre
    re.compile(rf"(?P<place>{_UPPER_PLACE})(?:, (?P<written>{_DATE}))?,? {_CREDIT}\s+"),
    # МОСКВА, 12 июля. /ТАСС/. · MOSCOW, July 12. /TASS/.
    re.compile(
        rf"(?P<place>{_PLACE}), (?P<written>{_DATE})\.? ?/(?P<agency>[^/]{{2,30}})/\.? ?[-–—]? ?",
        re.IGNORECASE,
    ),
    # МОСКВА, 12 июл - РИА Новости. · Москва. 12 июля. INTERFAX.RU -
    re.compile(
        rf"(?P<place>{_PLACE})[.,] (?P<written>{_DATE})\.?(?: ?[-–—])? "
        rf"(?P<agency>{agencies.ANY})(?:\.| ?[-–—]) ?",
        re.IGNORECASE,
    ),
    # BERLIN, July 12 — · Paris, 12 juillet 2024 -
    re.compile(rf"(?P<place>{_PLACE}), (?P<written>{_DATE}){_DASH}", re.IGNORECASE),
    # 新华社莫斯科7月12日电
    re.compile(
        rf"(?P<agency>{agencies.ANY})(?P<place>\w{{2,8}}?)(?P<written>(?:\d+月)?\d+日)(?:电|電|讯)\s*"
    ),
    # Reuters - · AFP —
    re.compile(rf"(?P<agency>{agencies.ANY})(?:\s+[-–—]+\s+|:\s+)"),
    # KYIV, Ukraine — · RIYADH:
    re.compile(rf"(?P<place>{_UPPER_PLACE}){_DASH}(?=[\"“‘'«„]?[^\W\d_a-z])"),
]

NO_PLACE = frozenset(
    {
        "NATO",
        "NASA",
        "UN",
        "EU",
        "US",
        "UK",
        "USA",
        "UAE",
        "ASEAN",
        "BRICS",
        "OPEC",
        "AUKUS",
        "UNESCO",
        "UNICEF",
        "WHO",
        "IMF",
        "WTO",
        "ICC",
        "ICJ",
        "IAEA",
        "OSCE",
        "CIA",
        "FBI",
        "NSA",
        "BREAKING",
        "UPDATE",
        "EXCLUSIVE",
        "ANALYSIS",
        "OPINION",
        "WATCH",
        "LIVE",
        "VIDEO",
        "PHOTOS",
        "EXPLAINER",
        "FACTBOX",
        "NOTE",
        "EDITORIAL",
        "COVID",
        "CORRECTION",
        "URGENT",
        "QUESTION",
        "ANSWER",
        "READ",
        "ALSO",
        "MORE",
    }
)
"""Capitals before a dash or colon that are no place."""


def take(body: str) -> tuple[str, Dateline | None]:
    """The body without its dateline, and that; of several in a row the first is kept. Idempotent."""
    first, start = None, 0
    for _ in range(MAX_IN_A_ROW):
        if not (found := _match(body, start)):
            break
        start, dateline = found
        first = first or dateline
    return body[start:], first


MAX_IN_A_ROW = 20
"""A bound for hostile texts; honest ones have one, rarely two."""


_MARK = re.compile(r"[)\]/:–—―电電讯]|-- |\s-\s")
"""What every dateline has at its end; most bodies have none of it near their start."""
_WORD_FROM = re.compile(r"\s*+(?=.*?\w)", re.DOTALL)


def _match(body: str, start: int) -> tuple[int, Dateline] | None:
    """(where the prose begins, the dateline) of a body from `start` on."""
    head = body[start : start + MAX_DATELINE]
    if not _MARK.search(head):
        return None
    for form in _FORMS:
        found = form.match(head)
        if found and (dateline := _dateline(found.groupdict())):
            rest = _WORD_FROM.match(body, start + found.end())
            if rest:
                return rest.end(), dateline
    return None


def _dateline(parts: dict[str, str | None]) -> Dateline | None:
    credit, place = parts.get("agency"), (parts.get("place") or "").strip(" ,.") or None
    name = agencies.agency(credit) if credit else None
    written = (parts.get("written") or "").rstrip(".") or None
    if (
        written
        and not any(dates.is_month(word) for word in re.findall(r"[^\W\d_]+", written))
        and "月" not in written
    ):
        return None
    if place and (place[0].islower() or agencies.agency(place)):
        return None  # "he said (AP) -", "The Associated Press (AP) -"
    if credit and name is None:
        if not (place and place.split(",")[0].isupper() and credit.isupper()):
            return None  # brackets with something else in them, unless all is written as a dateline is
        name = credit
    if not credit and place and (set(re.split(r"[ ,/-]+", place)) & NO_PLACE):
        return None
    return Dateline(place=place, agency=name, written=written)
