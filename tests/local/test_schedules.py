"""Schedule expressions → when they fire."""

from datetime import UTC, datetime

import pytest

from newscast.local.schedules import ScheduleError, first, parse

AFTER = datetime(2024, 2, 28, 22, 58, 30, tzinfo=UTC)  # a Wednesday

TIMES = [
    ("rate(1 minute)", "UTC", "2024-02-28T22:59:30+00:00"),
    ("rate(5 minutes)", "UTC", "2024-02-28T23:03:30+00:00"),
    ("rate(1 hour)", "UTC", "2024-02-28T23:58:30+00:00"),
    ("rate(2 days)", "UTC", "2024-03-01T22:58:30+00:00"),
    ("cron(0/10 * * * ? *)", "UTC", "2024-02-28T23:00:00+00:00"),
    ("cron(59 22 * * ? *)", "UTC", "2024-02-28T22:59:00+00:00"),
    ("cron(58 22 * * ? *)", "UTC", "2024-02-29T22:58:00+00:00"),
    ("cron(0 6 29 2 ? *)", "UTC", "2024-02-29T06:00:00+00:00"),
    ("cron(0 6 1 * ? *)", "UTC", "2024-03-01T06:00:00+00:00"),
    ("cron(15,45 8-9 ? * MON-FRI *)", "UTC", "2024-02-29T08:15:00+00:00"),
    ("cron(0 12 ? * SAT *)", "UTC", "2024-03-02T12:00:00+00:00"),
    ("cron(0 12 ? * 1 *)", "UTC", "2024-03-03T12:00:00+00:00"),
    ("cron(0 0 1 JAN ? 2026)", "UTC", "2026-01-01T00:00:00+00:00"),
    ("cron(0 0 * * ? *)", "Europe/Moscow", "2024-03-01T00:00:00+03:00"),
    ("cron(0 0 1 1 ? 2020)", "UTC", None),
    ("at(2024-03-01T00:00:00)", "UTC", "2024-03-01T00:00:00+00:00"),
    ("at(2024-01-01T00:00:00)", "UTC", None),
]


@pytest.mark.parametrize(("expression", "zone", "expected"), TIMES)
def test_next_time(expression: str, zone: str, expected: str | None) -> None:
    at = parse(expression, zone)(AFTER)
    assert (at and at.isoformat()) == expected


REFUSED = [
    "rate(5 minute)",
    "rate(1 minutes)",
    "rate(0 minutes)",
    "rate(5 weeks)",
    "every 5 minutes",
    "cron(0 6 * * *)",
    "cron(0 6 * * * *)",
    "cron(0 6 ? * ? *)",
    "cron(60 6 * * ? *)",
    "cron(0 6 L * ? *)",
    "cron(0 6 ? * MON#1 *)",
    "cron(0/0 6 * * ? *)",
    "cron(5-1 6 * * ? *)",
    "at(tomorrow)",
]


@pytest.mark.parametrize("expression", REFUSED)
def test_refused(expression: str) -> None:
    with pytest.raises(ScheduleError):
        parse(expression)


def test_a_rate_begins_at_once() -> None:
    assert first("rate(5 minutes)", parse("rate(5 minutes)"), AFTER) == AFTER
    noon = "cron(0 12 * * ? *)"
    assert first(noon, parse(noon), AFTER) == datetime(2024, 2, 29, 12, tzinfo=UTC)


def test_an_unknown_zone() -> None:
    with pytest.raises(ScheduleError, match="no time zone Mars/Olympus"):
        parse("rate(5 minutes)", "Mars/Olympus")
