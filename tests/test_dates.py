"""Dates: tables of what publishers write, what is refused, and that nothing is ever filled in from now."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast import dates
from newscast.records import utc

GIVEN = [
    # ISO 8601
    ("2024-07-12T18:30:00Z", "2024-07-12T18:30:00Z"),
    ("2024-07-12t18:30:00.5+0300", "2024-07-12T15:30:00.5Z"),
    ("2024-07-12 18:30:00 +05:30", "2024-07-12T13:00:00Z"),
    ("20240712T183000Z", "2024-07-12T18:30:00Z"),
    ("2024-07-12T18:30:00-05:00Z", "2024-07-12T23:30:00Z"),
    ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
    # RFC 822 and what is meant to be it
    ("Fri, 12 Jul 2024 18:30:00 GMT", "2024-07-12T18:30:00Z"),
    ("Fri, 12 Jul 2024 18:30:00 EST", "2024-07-12T23:30:00Z"),
    ("Fri, 12 Jul 2024 18:30:00 IST", "2024-07-12T13:00:00Z"),
    ("12 Jul 24 18:30 +0300", "2024-07-12T15:30:00Z"),
    ("Fri, 12 July 2024 6:30 PM EDT", "2024-07-12T22:30:00Z"),
    ("Fri, 12 Jul 2024 18:30:00 GMT+03:00", "2024-07-12T15:30:00Z"),
    ("Fri Jul 12 18:30:00 +0300 2024", "2024-07-12T15:30:00Z"),
    ("Fri, 12 Jul 2024 18:30:00 Europe/Moscow", "2024-07-12T15:30:00Z"),
    # other languages
    ("пт, 12 июля 2024 18:30:00 +0300", "2024-07-12T15:30:00Z"),
    ("mar., 09 juil. 2024 18:30:00 +0200", "2024-07-09T16:30:00Z"),
    ("Do, 29 März 2018 00:00:00 +0200", "2018-03-28T22:00:00Z"),
    # milliseconds and seconds
    ("1720809000", "2024-07-12T18:30:00Z"),
    ("1720809000123", "2024-07-12T18:30:00Z"),
]
ASSUMED = [
    ("2024-07-12", "2024-07-12T00:00:00Z"),
    ("2024-07", "2024-07-01T00:00:00Z"),
    ("2024-07-12T18:30", "2024-07-12T18:30:00Z"),
    ("July 12, 2024 at 6:30 p.m.", "2024-07-12T18:30:00Z"),
    ("12:00 am, 12 July 2024", "2024-07-12T00:00:00Z"),
    ("12 de julio de 2024", "2024-07-12T00:00:00Z"),
    ("١٢ يوليو ٢٠٢٤", "2024-07-12T00:00:00Z"),
    ("12 Temmuz 2024 18:30", "2024-07-12T18:30:00Z"),
    ("2024年7月12日 下午6:30", "2024-07-12T18:30:00Z"),
    ("2024년 7월 12일 오후 6:30", "2024-07-12T09:30:00Z"),
    ("12.07.2024 18:30", "2024-07-12T18:30:00Z"),
    ("07/12/2024", "2024-07-12T00:00:00Z"),
    ("Sun, 07/12/2024", "2024-07-12T00:00:00Z"),  # neither order is a Sunday: the separator decides
    ("Sat, 07/12/2024", "2024-12-07T00:00:00Z"),  # only 7 December was one
    ("Fri, 12 Jul 2024 18:30:00 XYZ", "2024-07-12T18:30:00Z"),
]


@pytest.mark.parametrize(("written", "expected"), GIVEN)
def test_a_zone_that_is_given(written: str, expected: str) -> None:
    stamp = dates.read(written)
    assert stamp is not None
    assert (stamp.at, stamp.zone, stamp.raw) == (utc(expected), "given", written)


@pytest.mark.parametrize(("written", "expected"), ASSUMED)
def test_a_zone_that_is_assumed(written: str, expected: str) -> None:
    stamp = dates.read(written)
    assert stamp is not None
    assert (stamp.at, stamp.zone) == (utc(expected), "assumed")


@pytest.mark.parametrize(
    "written",
    [
        *("", "today", "yesterday", "18:30", "12", "July", "12 July", "Fri, 18:30", "5 minutes ago"),
        *("2024-13-01", "2024-02-30", "2024-07-12T25:00:00Z", "31 Jun 2024", "Fri, 12 Jul 2024 18:75:00 GMT"),
        *("2024-07-12T18:30:00+99:99", "9999-12-31T23:59:59-05:00", "2024-07-12T18:30:00Zulu", "0000-00-00"),
        *("12 zzz 2024", "12 Jul 2024 or so", "1:2:3:4 12 Jul 2024", "x" * 101, "1720809"),
    ],
)
def test_no_date_is_no_date(written: str) -> None:
    assert dates.read(written) is None


@given(st.one_of(st.text(max_size=110), st.text(alphabet="0123456789-:/. +TZPMapmJulGMTFri,", max_size=40)))
def test_any_text_is_read_the_same_twice_and_never_raises(text: str) -> None:
    assert dates.read(text) == dates.read(text)


EARLIEST = datetime(1000, 1, 1)  # noqa: DTZ001  # hypothesis adds zones itself; strftime pads no shorter year


@given(st.datetimes(EARLIEST), st.sampled_from(["+0000", "-0500", "+0530", "GMT", "EST"]))
def test_rfc822_means_what_it_says(moment: datetime, zone: str) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    ahead = {"+0000": 0, "-0500": -300, "+0530": 330, "GMT": 0, "EST": -300}[zone]
    written = moment.strftime(f"%a, %d %b %Y %H:%M:%S {zone}")
    try:
        expected = moment - timedelta(minutes=ahead)
    except OverflowError:
        return
    stamp = dates.read(written)
    assert stamp is not None
    assert stamp.at == expected
