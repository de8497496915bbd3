"""Who held an office at the same time: single-seat offices with two holders.

An open row of 2013 beside the next holder of 2015 is the field's classic fault, so an open end counts as
"until today". Where a row does not say when it began, nothing is claimed.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from newscast.gazetteer.model import RoleRow, Vocabulary
from newscast.gazetteer.problems import Rule, problem

HANDOVER = timedelta(days=1)
"""One leaves on the day the next one comes; sources differ by a day."""
ACTING = ("acting", "interim", "disputed", "caretaker")
"""First words of a title that may be held beside another's: who acts for a suspended president, or is
declared by one side. They are warnings, since a person has to know that it was so."""


def overlaps(roles: Iterable[RoleRow], vocabulary: Vocabulary) -> Rule:
    """Errors: two people in a single seat for more than a handover; one person's rows that overlap."""
    seats: dict[tuple[str, str, str], list[RoleRow]] = defaultdict(list)
    for role in roles:
        office = vocabulary.offices.get(role.office)
        if office and office.single:
            # A ministry is one body, however a row names it; for bodies of no state the body is the seat.
            seats[role.office, role.country, "" if role.country else role.body].append(role)
    for held in seats.values():
        yield from _dated(held)
        yield from _undated(held)


def beside(one: RoleRow, two: RoleRow) -> bool:
    """Whether both were held for a time; what a row does not say is taken to allow it."""
    begins = max(one.start or date.min, two.start or date.min)
    return begins <= min(one.end or date.max, two.end or date.max)


def _dated(held: list[RoleRow]) -> Rule:
    dated = sorted((role.start, role.row, role) for role in held if role.start)
    for (_, _, one), (start, _, two) in pairwise(dated):
        if one.end and one.end <= _tolerated(two):
            continue
        if one.end is None or one.end > start + HANDOVER:
            who = "twice" if one.actor == two.actor else f"by {one.actor} ({one.row}) too"
            acts = any(role.title.lower().startswith(ACTING) for role in (one, two))
            what = f"{two.office} of {two.country or two.body} is held {who}"
            until = one.until or "open"
            yield problem(two.row, "warning" if acts else "error", f"{what}: until {until}, from {two.since}")


def _tolerated(role: RoleRow) -> date:
    """The end of the month in which the holder came: "to 2010-06" and "from 2010-06" do not clash.

    A row that gives a year is read as all of it (to its last day, from its first).
    """
    start = role.start or date.min
    if len(role.since) == len("2010"):
        return date(start.year, 12, 31)
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])


def _undated(held: list[RoleRow]) -> Rule:
    for role in held:
        others = [one for one in held if one is not role and not one.end and one.actor != role.actor]
        if others and not role.start and not role.end:
            what = f"{role.office} of {role.country or role.body} is open for {others[0].actor} too"
            yield problem(role.row, "error", f"{what} ({others[0].row})")
