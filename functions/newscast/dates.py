"""A date as somebody wrote it in, the moment it means out: three readers, the strictest first.

ISO 8601 and RFC 822 are read by the standard library, but only in the exact shapes that those formats
have. Everything else is taken apart here (zone, clock, month words of many languages) and what is left of
it, day, month and year, is read by dateutil: by itself it drops zones that it doesn't know, fills gaps from
today and takes "6:00 PM" apart as it likes, so it sees neither zones nor clocks and may fill no gap.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz

from newscast.date_words import FILLERS, MONTHS, WEEKDAYS, ZONES
from newscast.records import Stamp

MAX_LENGTH = 100
"""Characters; the longest honest date ("… GMT+0000 (Coordinated Universal Time)") has about 70."""
MAX_OFFSET = timedelta(hours=15)
"""Offsets in use run from -12:00 to +14:00."""


def read(text: str) -> Stamp | None:
    """A written date, or null for what is none. Never raises, never means "now".

    Without a zone it is read as UTC (Korean: as Korean time) and marked `assumed`. A date without a day
    or a clock is its start. Where day and month can be swapped, the weekday decides, else the separator:
    slashes are read as month/day, dots and dashes as day.month.
    """
    if len(text) > MAX_LENGTH:
        return None
    written = " ".join(_ascii_digits(unicodedata.normalize("NFC", text)).split())
    try:
        found = _iso(written) or _rfc822(written) or _epoch(written) or _loose(written)
        if found is None:
            return None
        given = found.tzinfo is not None
        return Stamp(
            at=(found if given else found.replace(tzinfo=_habitual_zone(written))).astimezone(UTC),
            zone="given" if given else "assumed",
            raw=text,
        )
    except (ValueError, OverflowError):  # month 13, an offset of 99:99, a year before 1 or after 9999
        return None


def is_month(word: str) -> bool:
    """Whether a word is the name of a month, full or short, in one of the languages of MONTHS."""
    return _fold(word.rstrip(".")) in _MONTH_OF


_ISO = re.compile(
    r"(\d{4}|\d{4}-\d\d|\d{4}-\d\d-\d\d|\d{8})"
    r"(?:[Tt ](\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?) ?(Z|z|[+-]\d\d(?::?\d\d)?)?Z?)?"
)


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    day, clock, zone = match.groups()
    if len(day) in (4, 7):
        return None if clock else datetime.fromisoformat(day + "-01-01"[len(day) - 10 :])
    if clock and clock[-3:] == ":60":  # a leap second, which datetime doesn't know
        clock = clock[:-2] + "59"
    return datetime.fromisoformat(day + (f"T{clock}{(zone or '').upper()}" if clock else ""))


_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC|UT|Z|[ECMP][SD]T)"
)


def _rfc822(text: str) -> datetime | None:
    if not _RFC822.fullmatch(text) or (parts := parsedate_tz(text)) is None:
        return None
    return datetime(*parts[:6], tzinfo=_offset(timedelta(seconds=parts[9] or 0)))


def _epoch(text: str) -> datetime | None:
    # Seconds or milliseconds since 1970, for the years 2001 to 2286; shorter numbers are something else.
    if re.fullmatch(r"1\d{9}|1\d{12}", text, re.ASCII):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    return None


# ------------------------------------------------------------------------- everything else
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})(?::(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?(?![\d:]) ?([ap]\.? ?m\b\.?)?", re.IGNORECASE
)
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_EAST_ASIAN_CLOCK = re.compile(
    r"(오전|오후|午前|午後|上午|下午) ?(\d{1,2}[:時시点點] ?\d{1,2}[分분]?(?::\d\d)?)"
)
_AFTERNOON = {"오후", "午後", "下午"}


def _loose(text: str) -> datetime | None:
    text = _EAST_ASIAN.sub(r"\1-\2-\3 ", text)
    text = _EAST_ASIAN_CLOCK.sub(
        lambda found: (
            re.sub(r"\D+", ":", found[2]).rstrip(":") + (" pm" if found[1] in _AFTERNOON else " am")
        ),
        text,
    )
    text = re.sub(r"^(\d{4})-0(\d\d)-", r"\1-\2-", text)  # 2003-012-31: a generator padded the month twice
    text = re.sub(r"(?<=\d)[Tt](?=\d)", " ", text)
    text = re.sub(r" \([^)]*\)$", "", text)  # (Coordinated Universal Time)
    text, zone = _take_zone(text)
    text, clock = _take_clock(text)
    words = _words(text)
    if words is None:
        return None
    day = _calendar_day(*words)
    return None if day is None else day.replace(tzinfo=zone) + clock


def _take_clock(text: str) -> tuple[str, timedelta]:
    """The text without its time of day, and that; without one, midnight. Raises ValueError for 25:00."""
    for found in _CLOCK.finditer(text):
        hour, minute, second, half = found.groups()
        if minute is None and half is None:
            continue
        hours, pm = int(hour), bool(half) and half[0] in "pP"
        if hours > (12 if half else 23) or int(minute or 0) > 59 or int(second or 0) > 60:
            raise ValueError("no time of day")
        if half:
            hours = hours % 12 + 12 * pm
        rest = text[: found.start()] + " " + text[found.end() :]
        return rest, timedelta(hours=hours, minutes=int(minute or 0), seconds=min(int(second or 0), 59))
    return text, timedelta(0)


_OFFSET = re.compile(
    r"(?:(?<=[\d ])(?:GMT|UTC) ?|(?<=:\d\d)|(?<=:\d\d[ ap]m)|(?<=\.\d)|(?<=\.\d{3})|(?<= ))"
    r"([+-])(\d\d?):?(\d\d)?Z?(?= \d{4}$|$)"
)
_NAMED = re.compile(
    r"(?<=[\d .mM] )([A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+){1,2}|[A-Z]{1,5})(?= \d{4}$|$)|(?<=\d)Z$"
)


def _take_zone(text: str) -> tuple[str, tzinfo | None]:
    """The text without its zone, and that; null where it has none or one that nobody knows."""
    if found := _OFFSET.search(text):
        sign, hours, minutes = found.groups()
        if ":" not in text[: found.start()]:  # "12-07-2024": no clock before it, so no offset
            return text, None
        ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone: tzinfo | None = _offset(-ahead if sign == "-" else ahead)
    elif found := _NAMED.search(text):
        name = found[1] or "Z"
        if name.upper() in ("AM", "PM") or name.casefold() in _MONTH_OF:
            return text, None
        zone = _named_zone(name)
    else:
        return text, None
    return text[: found.start()] + text[found.end() :], zone


def _offset(ahead: timedelta) -> tzinfo:
    if abs(ahead) > MAX_OFFSET:
        raise ValueError(f"no zone is {ahead} from UTC")
    return timezone(ahead)


def _named_zone(name: str) -> tzinfo | None:
    if "/" in name:
        from dateutil import tz  # carries its own zone files: Lambda's may lack them

        return tz.gettz(name)
    hours = _ZONE_OF.get(name)
    return None if hours is None else timezone(timedelta(hours=hours))


def _habitual_zone(text: str) -> tzinfo:
    # Hangul around a date without a zone: one country's feeds, and they mean their own clocks.
    return timezone(timedelta(hours=9)) if re.search("[오전후년월일]", text) else UTC


def _words(text: str) -> tuple[str, str] | None:
    """(weekday or "", the date in digits and an English month); null if a word is left over."""
    folded = re.sub(r"(\d)(?:st|nd|rd|th|er|º|ª|°)(?![a-z])", r"\1", _fold(text))
    tokens = re.findall(r"[^\W\d_]+|\d+|[/.-]", re.sub(r" [-–—|] ?| ?[,;]", " ", f" {folded} "))
    months = [place for place, token in enumerate(tokens) if token in _MONTH_OF]
    if len(months) > 1:  # "mar., 01 déc. 2020": the first is a weekday (mardi, martes)
        tokens[months[0]] = "-"
    weekday, kept = "", list[str]()
    for place, token in enumerate(tokens):
        if month := _MONTH_OF.get(token):
            if place in months[-1:]:
                kept.append(month)
        elif token[0].isalpha():
            if token not in FILLERS and any(
                before[0].isdigit() or before in _MONTH_OF for before in tokens[:place]
            ):
                return None  # a word after the first number or month must mean something
            weekday = token[:3] if token[:3] in WEEKDAYS else weekday
        else:
            kept.append(token)
    return weekday, re.sub(r"\s+", " ", " ".join(kept)).strip(" .-/")


_NUMERIC = re.compile(r"(\d{1,2}) ?([/. -]) ?(\d{1,2}) ?[/. -] ?(\d{4}|\d\d)")
_NAMED_DAY = re.compile(
    r"(?:(\d{4})[ .-]*)?(?:(\d{1,2})[ .-]*)?([a-z]{3,9})(?:[ .-]+(\d{1,2}))?(?:[ .-]+(\d{4}|\d\d))?"
)


def _calendar_day(weekday: str, written: str) -> datetime | None:
    from dateutil import parser

    day_first = year_first = False
    if numeric := _NUMERIC.fullmatch(written):
        one, separator, two, last = numeric.groups()
        year_first = separator == "-" and len(one) == len(two) == len(last) == 2  # 03-12-31 (ISO 8601:1988)
        day_first = not year_first and _day_first(int(one), int(two), int(last), separator, weekday)
        written = f"{one}-{two}-{last}"
    elif re.fullmatch(r"\d{4} ?[/.-] ?\d{1,2} ?[/.-] ?\d{1,2}", written):
        written = re.sub(r"\D+", "-", written)
    elif re.fullmatch(r"\d{6}", written):
        year_first = True
    elif not _NAMED_DAY.fullmatch(written):
        return None
    # Read on two different defaults: what comes out different was filled in. Only the day may be.
    first, second = (
        parser.parse(written, default=default, dayfirst=day_first, yearfirst=year_first, ignoretz=True)
        for default in (datetime(1904, 1, 1, tzinfo=UTC), datetime(1908, 2, 2, tzinfo=UTC))
    )
    if (first.year, first.month) != (second.year, second.month):
        return None
    return first


def _day_first(one: int, two: int, year: int, separator: str, weekday: str) -> bool:
    if one > 12 or two > 12:
        return one > 12
    if weekday and one != two:
        year += 2000 if year < 100 else 0
        fits = [date(year, two, one).weekday(), date(year, one, two).weekday()]
        matching = [WEEKDAYS[weekday] == found for found in fits]
        if matching[0] != matching[1]:
            return matching[0]
    return separator != "/"


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)  # ١٢ is 12


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


_ZONE_OF = {name: hours for hours, names in ZONES.items() for name in names.split()}
_MONTH_OF = {_fold(word): month for month, words in MONTHS.items() for word in words.split()}
