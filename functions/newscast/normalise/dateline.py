"""A wire's first words, taken off the body and kept as fields: "MOSCOW, July 12 (Reuters) - ".

Without a credit or a date only capitals ("KYIV — ") or a country behind a city ("Kyiv, Ukraine — ") make a
dateline: an ordinary name before a dash or a colon is part of the sentence.
"""

from __future__ import annotations

import re

from newscast import dates
from newscast.normalise import agencies
from newscast.normalise.dateline_words import COUNTRIES, NO_PLACE, NO_START, WEEKDAYS
from newscast.records import Dateline

MAX_DATELINE = 120
"""Characters; "TEL AVIV, Israel/BEIRUT, Lebanon, July 12, 2024 (Reuters) - " is long already."""

_MONTH = r"[^\W\d_]{3,12}"  # any word: whether it is a month is asked afterwards, which compiles faster
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_DATE = rf"\b(?:{_MONTH}\.? {_DAY}(?:, ?\d{{4}})?|{_DAY} (?:de )?{_MONTH}\.?(?:(?:,| de)? \d{{4}})?)"
_WORD = r"[^\W\d_][\w.'’-]*"
_REGION = r"(?: ?\[[^\]]{2,30}\])?"  # New Delhi [India]
_PLACE = rf"{_WORD}(?:[ /]{_WORD}){{0,3}}{_REGION}(?:[,/] ?{_WORD}(?: {_WORD}){{0,2}}{_REGION}){{0,2}}"
_SMALL = "a-zß-öø-ÿа-яёії"
_CAPITALS = rf"[^\W\d_{_SMALL}][^\W\d_{_SMALL}.'’-]+"
_UPPER_PLACE = rf"{_CAPITALS}(?:[ /-]{_CAPITALS}){{0,3}}(?:, {_WORD}(?: {_WORD}){{0,2}})?"
_DASH = r"(?:\s*(?:--+|[–—―])\s*|\s+-\s+|:\s+)"
_CREDIT = r"[(\[](?P<agency>[^()\[\]]{2,40})[)\]]"
_PROSE = r"(?=[\"“‘'«„]?[^\W\d_a-z])"

_FORMS = [
    # MOSCOW, July 12 (Reuters) - · KYIV, Ukraine (AP) — · New Delhi [India], July 12 (ANI): · (Reuters) -
    re.compile(
        rf"(?:(?P<place>{_PLACE}),? ?)??(?P<written>{_DATE})?,? ?{_CREDIT}(?:{_DASH}|\.-\s*)", re.IGNORECASE
    ),
    # PARIS (AFP) Le ministre · New Delhi, May 3 (PTI) The · KYIV, May 3 (Ukrinform). The
    re.compile(rf"(?P<place>{_UPPER_PLACE})(?:, (?P<written>{_DATE}))?,? {_CREDIT}\.?\s+{_PROSE}"),
    re.compile(rf"(?P<place>{_PLACE}), (?P<written>{_DATE}),? {_CREDIT}\.?\s+{_PROSE}"),
    # МОСКВА, 12 июля. /ТАСС/. · MOSCOW, July 12. /TASS/. · København /ritzau/ -
    re.compile(
        rf"(?P<place>{_PLACE})(?:, (?P<written>{_DATE})\.?)?,? ?/(?P<agency>[^/]{{2,30}})/\.? ?[-–—:]? ?",
        re.IGNORECASE,
    ),
    # МОСКВА, 12 июл - РИА Новости. · Москва. 12 июля. INTERFAX.RU -
    re.compile(
        rf"(?P<place>{_PLACE})[.,] (?P<written>{_DATE})[.,]?(?: ?[-–—])? "
        rf"(?P<agency>{agencies.ANY})(?:\.|:| ?[-–—]+) ?",
        re.IGNORECASE,
    ),
    # Tehran, IRNA – · Damascus, SANA-
    re.compile(rf"(?P<place>{_PLACE}), (?P<agency>{agencies.ANY})(?: ?(?:--|[-–—])|:)\s{_PROSE}"),
    # BERLIN, July 12 — · Paris, 12 juillet 2024 - · Geneva 3 May — · GENEVA (3 May 2024) –
    re.compile(
        rf"(?P<place>{_PLACE})(?:, | )(?P<bracket>\()?(?P<written>{_DATE})(?(bracket)\)){_DASH}",
        re.IGNORECASE,
    ),
    # 新华社莫斯科7月12日电
    re.compile(
        rf"(?P<agency>{agencies.ANY})(?P<place>\w{{2,8}}?)(?P<written>(?:\d+月)?\d+日)(?:电|電|讯)\s*"
    ),
    # Reuters - · AFP —
    re.compile(rf"(?P<agency>(?P<alone>{agencies.ANY}))(?:\s+[-–—]+\s+|:\s+)"),
    # KYIV, Ukraine — · RIYADH:
    re.compile(rf"(?P<place>{_UPPER_PLACE}){_DASH}{_PROSE}"),
    # Kyiv (Ukraine) – · Goma, Democratic Republic of the Congo —
    re.compile(
        rf"(?P<place>{_WORD}(?: {_WORD}){{0,2}}(?:, (?P<country>{_WORD}(?: {_WORD}){{0,4}})"
        rf"| \((?P<in_brackets>[^()]{{4,40}})\)))\s*(?:--+|[–—])\s*{_PROSE}"
        r"(?!\S{2,30}(?: \S{2,30}){0,2} \()"  # Djokovic (Serbia) – Nadal (Spain)
    ),
]


def take(body: str) -> tuple[str, Dateline | None]:
    """The body without its dateline, and that; of several in a row the first is kept. Idempotent."""
    first, start = None, 0
    for _ in range(MAX_IN_A_ROW):
        if not (found := _match(body, start)):
            break
        start, dateline = found
        first = _together(first, dateline)
    return body[start:], first


def _together(first: Dateline | None, more: Dateline) -> Dateline:
    """(ANSA) - ROMA, 3 MAG -: what the first leaves open the second says."""
    if first is None:
        return more
    if first.place is None and more.agency is None:
        return Dateline(place=more.place, agency=first.agency, written=first.written or more.written)
    return first


MAX_IN_A_ROW = 20
"""A bound for hostile texts; honest ones have one, rarely two."""


_MARK = re.compile(r"[)\]/:–—―电電讯]|-\s|[A-Z]\. ")
"""What every dateline has at its end; most bodies have none of it near their start."""
_SAYS = re.compile(rf"(?:\A|(?<=\n\n)){_CAPITALS}(?: {_CAPITALS}){{0,4}}:\s")
_WORD_FROM = re.compile(r"\s*+(?=.*?\w)", re.DOTALL)


def _match(body: str, start: int) -> tuple[int, Dateline] | None:
    """(where the prose begins, the dateline) of a body from `start` on."""
    head = body[start : start + MAX_DATELINE]
    if not _MARK.search(head) or (_SAYS.match(head) and _SAYS.search(body, start + 1)):
        return None  # in a transcript names stand in capitals before a colon, more than once
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
    if parts.get("alone") in agencies.ALSO_WORDS:
        return None  # "Trend – The market rises"
    if place and (place[0].islower() or agencies.agency(place)):
        return None  # "he said (AP) -", "The Associated Press (AP) -"
    words = re.findall(r"[^\W\d_]+", (place or "").lower())
    if words and (words[0] in NO_START or not WEEKDAYS.isdisjoint(words)):
        return None  # "By Friday, May 3 –"
    country = parts.get("country") or parts.get("in_brackets")
    if country and country.lower().removeprefix("the ") not in COUNTRIES:
        return None
    if country and len(words) > 1 and words[0] in COUNTRIES:
        return None
    if credit and name is None:
        if not (place and place.split(",")[0].isupper() and credit.isupper()):
            return None  # brackets with something else in them, unless all is written as a dateline is
        name = credit
    if not credit and place and not NO_PLACE.isdisjoint(re.split(r"[ /-]+", place.split(",")[0])):
        return None
    return Dateline(place=place, agency=name, written=written)
