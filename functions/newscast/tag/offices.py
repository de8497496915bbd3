"""A stated role against the roles that rows know on the article's date."""

from __future__ import annotations

from datetime import date

from newscast.gazetteer.codes import role_on
from newscast.gazetteer.model import Actor, RoleRow
from newscast.records import Role
from newscast.tag.scan import Scan
from newscast.tag.span import Span, Title

GENERIC: dict[str, tuple[str, ...]] = {
    "leader": (
        "head-of-state",
        "head-of-government",
        "party-leader",
        "opposition-leader",
        "rebel-leader",
        "regional-leader",
        "religious-leader",
        "chief",
    ),
    "member-of-parliament": (
        "senator",
        "representative",
        "speaker-of-parliament",
        "parliamentary-party-leader",
        "whip",
    ),
    "minister": ("minister",),
    "secretary": ("minister", "secretary"),
    "chief": ("chief", "leader", "secretary-general", "commissioner", "chief-executive"),
    "commander": ("commander", "chief", "rebel-leader"),
    "official": ("",),
    "presidential-aide": (
        "national-security-adviser",
        "presidential-aide",
        "chief-of-staff",
        "special-envoy",
    ),
    "party-leader": ("party-leader", "opposition-leader", "secretary-general"),
    "secretary-general": ("secretary-general", "party-leader", "chief"),
    "chief-executive": ("chief-executive", "chief", "businessperson"),
    "economy-minister": ("economy-minister", "finance-minister"),
    "commissioner": ("commissioner", "chief"),
    "lawyer": ("lawyer", "attorney-general", "judge"),
    "businessperson": ("businessperson", "chief-executive", "chief"),
    "religious-leader": ("religious-leader", "head-of-state", "chief"),
    "governor": ("governor", "regional-leader"),
    "ambassador": ("ambassador",),
    "deputy-chief": ("deputy-chief", "deputy-secretary-general"),
    "head-of-government": ("head-of-government", "regional-leader"),
}
"""Stated offices that say less than a row does, and the (ends of) offices that they may stand for."""


RANKS = frozenset(
    (
        "admiral",
        "brigadier",
        "captain",
        "cleric",
        "col",
        "colonel",
        "gen",
        "general",
        "lieutenant",
        "maj",
        "major",
        "marshal",
    )
)
"""Military ranks and callings: whoever has one may hold any office beside it."""


def compatible(stated: str, known: str) -> bool:
    """Whether a stated office can be the known one."""
    if stated == known:
        return True
    return any(known == one or known.endswith(f"-{one}") or not one for one in GENERIC.get(stated, ()))


def roles_for(scan: Scan, actor: Actor, spans: list[Span]) -> tuple[Role, ...]:
    """The roles of one actor: each that the text states, else the one that rows know on that day."""
    if actor.kind != "person":
        return ()
    rows = scan.gazetteer.roles(actor.id)
    stated: dict[str, Title] = {}
    for span in spans:
        if span.title and span.title.office:
            stated.setdefault(span.title.text.lower(), span.title)
    if not stated:
        known = role_on(rows, scan.on)
        return (_role(None, known, None),) if known else ()
    return tuple(_against(scan, title, rows) for title in stated.values())


def _against(scan: Scan, title: Title, rows: tuple[RoleRow, ...]) -> Role:
    """One stated role beside the row that speaks to it."""
    past = title.effect == "past"
    held = [row for row in rows if _counts(row, scan.on, past)]
    rank = title.text.lower().rsplit(" ", 1)[-1].rstrip(".") in RANKS
    fitting = [
        row
        for row in held
        if _where(title, row) and (rank or compatible(title.office, row.office) or _so_called(title, row))
    ]
    if fitting:
        return _role(title.text, max(fitting, key=lambda row: row.start or date.min), True)
    known = role_on(rows, scan.on) or (max(held, key=lambda row: row.start or date.min) if held else None)
    return _role(title.text, known, False if known else None)


def _counts(row: RoleRow, on: date | None, past: bool) -> bool:
    if on is None:
        return True
    if past:
        return row.end is not None and row.end <= on
    return row.holds(on)


def _so_called(title: Title, row: RoleRow) -> bool:
    """Whether the stated words are the row's own title, under whatever office it stands."""
    stated, own = title.text.casefold(), row.title.casefold()
    return bool(own) and (stated == own or own.startswith((f"{stated} of ", f"{stated} for ")))


def _where(title: Title, row: RoleRow) -> bool:
    return not title.country or not row.country or title.country == row.country


def _role(stated: str | None, row: RoleRow | None, agrees: bool | None) -> Role:
    if row is None:
        return Role(stated=stated)
    return Role(
        stated=stated,
        known=row.title or row.office,
        agrees=agrees,
        start=row.start,
        end=row.end,
        row=row.row or None,
    )
