"""Who held an office at the same time: single-seat offices with two holders.

An open row of 2013 beside the next holder of 2015 is the field's classic fault, so an open end counts as
"until today". Where a row does not say when it began, nothing is claimed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from newscast.gazetteer.model import RoleRow, Vocabulary
from newscast.gazetteer.problems import Rule, problem

HANDOVER = timedelta(days=1)
"""One leaves on the day the next one comes; sources differ by a day."""


def overlaps(roles: Iterable[RoleRow], vocabulary: Vocabulary) -> Rule:
    """Errors: two people in a single seat for more than a handover; one person's rows that overlap."""
    seats: dict[tuple[str, str, str], list[RoleRow]] = defaultdict(list)
    for role in roles:
        office = vocabulary.offices.get(role.office)
        if office and office.single:
            # A ministry is one body, however a row names it; for bodies of no state the body is the seat.
            seats[role.office, role.country, "" if role.country else role.body].append(role)
    for held in seats.values():
        dated = sorted((role.start, role.row, role) for role in held if role.start)
        for (_, _, one), (start, _, two) in pairwise(dated):
            if (one.end or date.max) > start + HANDOVER:
                who = "twice" if one.actor == two.actor else f"by {one.actor} ({one.row}) too"
                until = one.end or "open"
                what = f"{two.office} of {two.country or two.body} is held {who}: until {until}, from {start}"
                yield problem(two.row, "error", what)
        unknown = [role for role in held if not role.start and not role.end]
        for role in unknown:
            others = [one for one in held if one is not role and not one.end and one.actor != role.actor]
            if others:
                what = f"{role.office} of {role.country or role.body} is open for {others[0].actor} too"
                yield problem(role.row, "error", f"{what} ({others[0].row})")
