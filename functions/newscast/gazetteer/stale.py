"""Open rows that nobody has confirmed for long: "no end date" does not mean "still in office"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from newscast.gazetteer.model import RoleRow
from newscast.gazetteer.problems import Rule, problem

MONTHS = 18
"""Ministers change every two years or so; an open row older than this is more likely wrong than right."""


def age_in_months(role: RoleRow, today: date) -> int | None:
    """Whole months since an open row was confirmed; None if it never was."""
    if role.confirmed is None:
        return None
    return (today.year - role.confirmed.year) * 12 + today.month - role.confirmed.month


def stale(roles: Iterable[RoleRow], today: date) -> Rule:
    """Warnings: open rows never confirmed, or not for MONTHS."""
    for role in roles:
        if role.end is not None:
            continue
        age = age_in_months(role, today)
        if age is None:
            yield problem(role.row, "warning", f"{role.actor} is open as {role.office}, never confirmed")
        elif age > MONTHS:
            what = f"{role.actor} is open as {role.office}, last confirmed {role.confirmed}, {age} months ago"
            yield problem(role.row, "warning", what)


def report(roles: Iterable[RoleRow], today: date) -> dict[str, int]:
    """Open rows by how long ago they were confirmed: what the staleness alarm counts."""
    counts: Counter[str] = Counter()
    for role in roles:
        age = age_in_months(role, today)
        if role.end is not None:
            counts["closed"] += 1
        elif age is None:
            counts["open, never confirmed"] += 1
        else:
            limit = next((limit for limit in (3, 6, 12, MONTHS) if age <= limit), None)
            counts[f"open, confirmed within {limit} months" if limit else f"open, over {MONTHS} months"] += 1
    return dict(counts)
