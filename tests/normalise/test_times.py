"""The time an article is filed under, and what it came from."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.normalise import times
from newscast.records import Stamp, utc

SEEN = utc("2024-07-12T20:00:00Z")


def stamp(at: str | datetime, zone: str = "given") -> Stamp:
    at = utc(at) if isinstance(at, str) else at
    return Stamp(at=at, zone="given" if zone == "given" else "assumed", raw="as written")


@pytest.mark.parametrize(
    ("given_at", "updated_at", "expected", "basis"),
    [
        (stamp("2024-07-12T18:30:00Z"), None, "2024-07-12T18:30:00Z", "given"),
        (stamp("2024-07-12T18:30:00Z", "assumed"), None, "2024-07-12T18:30:00Z", "assumed"),
        (None, stamp("2024-07-12T18:30:00Z"), "2024-07-12T18:30:00Z", "updated"),
        (None, None, "2024-07-12T20:00:00Z", "missing"),
        (stamp("2024-07-12T21:00:00Z"), None, "2024-07-12T21:00:00Z", "given"),
        (stamp("2024-07-12T21:00:01Z"), None, "2024-07-12T20:00:00Z", "clamped"),
        (stamp("2034-07-12T18:30:00Z"), None, "2024-07-12T20:00:00Z", "clamped"),
        (stamp("1970-01-01T00:00:00Z"), None, "2024-07-12T20:00:00Z", "clamped"),
        (stamp("1990-01-01T00:00:00Z"), None, "1990-01-01T00:00:00Z", "given"),
    ],
)
def test_published(given_at: Stamp | None, updated_at: Stamp | None, expected: str, basis: str) -> None:
    found = times.published(given_at, updated_at, SEEN)
    assert (found.at, found.basis) == (utc(expected), basis)
    assert found.raw == (None if basis == "missing" else "as written")


def test_an_impossible_update_is_none() -> None:
    assert times.updated(stamp("2024-07-13T20:00:00Z"), SEEN) is None
    assert times.updated(stamp("2024-07-12T19:00:00Z"), SEEN) == utc("2024-07-12T19:00:00Z")


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001  # made UTC
def test_no_time_is_out_of_bounds(at: datetime) -> None:
    found = times.published(stamp(utc(f"{at.isoformat()}+00:00")), None, SEEN)
    assert times.EARLIEST <= found.at <= SEEN + timedelta(hours=1)
