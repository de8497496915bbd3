"""Roles without a name ("the minister") to whom they mean: the only one it can be, else nobody."""

from __future__ import annotations

from newscast.tag.match import ROLE
from newscast.tag.offices import compatible
from newscast.tag.owners import qualify
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.span import Span, Title


class _Persons:
    """The persons of a text by their first mention, and who of them fits a role."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self.first: dict[str, int] = {}
        self._stated: dict[str, list[Title]] = {}
        self._known: dict[tuple[str, str, str, str], list[str]] = {}
        for span in scan.spans:
            if span.kind == "person" and span.actor:
                self.first.setdefault(span.actor, span.i)
                if span.title and span.title.office:
                    self._stated.setdefault(span.actor, []).append(span.title)

    def fitting(self, role: Title) -> list[str]:
        """All whose role it can be, wherever in the text, in its order."""
        key = (role.office, role.country, role.effect, _crown(role) if role.office == CROWN else "")
        if key not in self._known:
            self._known[key] = [actor for actor in self.first if self._fits(actor, role)]
        return self._known[key]

    def _fits(self, actor: str, role: Title) -> bool:
        stated = self._stated.get(actor)
        if stated:
            return any(
                compatible(role.office, title.office)
                and _same_crown(role, title.text)
                and title.effect == role.effect
                and _same(role.country, title.country)
                for title in stated
            )
        on = self._scan.on
        return any(
            compatible(role.office, row.office)
            and _same_crown(role, row.title)
            and _same(role.country, row.country)
            and (on is None or row.holds(on))
            for row in self._scan.gazetteer.roles(actor)
        )


def resolve_roles(scan: Scan) -> None:
    """Add a mention for each role that means one person of the text, or the country's one holder that day."""
    if not (scan.rules.roles and scan.rules.document):
        return
    taken = scan.taken()
    persons = _Persons(scan)
    found: list[Span] = []
    done = 0
    for at in [at for at, mark in scan.marked if mark & ROLE]:
        if at < done or taken[at] or (role := _bare_at(scan, at, taken)) is None:
            continue
        done = role.j
        if actor := _meant(scan, role, persons):
            person = scan.gazetteer.actor(actor)
            span = Span(role.i, role.j, "person", "role: the one who holds it", actor, "role")
            span.country = person.country if person else ""
            found.append(span)
    scan.spans = sorted([*scan.spans, *found], key=lambda span: span.i)


def _one_of_many(scan: Scan, at: int) -> bool:
    """ "a Brazilian judge": an article that means any of them."""
    for back in range(at - 1, max(-1, at - 5), -1):
        if scan.reading.keys[back] in ("a", "an", "another", "one", "any", "no", "some", "every"):
            return True
        if scan.reading.keys[back] == "the" or not scan.reading.caps[back]:
            return False
    return False


def _meant(scan: Scan, role: Title, persons: _Persons) -> str:
    # Two are as many as all: the text names them in this order.
    fitting = [actor for actor in persons.fitting(role)[:2] if persons.first[actor] < role.i]
    if len(fitting) == 1:
        return fitting[0]
    office = scan.gazetteer.vocabulary.offices.get(role.office)
    if not fitting and role.country and scan.on and office and office.single:
        holders = {row.actor for row in scan.gazetteer.holders(role.office, role.country, None, scan.on)}
        return holders.pop() if len(holders) == 1 else ""
    return ""


CROWN = "head-of-state"


def _same_crown(role: Title, title: str) -> bool:
    """Heads of state differ by their word: "the emir" is no president."""
    return role.office != CROWN or _crown(role) in title.lower()


def _crown(role: Title) -> str:
    return role.text.split()[-1].lower()


def _same(one: str, other: str) -> bool:
    return not one or not other or one == other


def _bare_at(scan: Scan, at: int, taken: list[bool]) -> Title | None:
    reading = scan.reading
    if at == 0 or reading.gaps[at] not in (" ", "' ", "’ "):
        return None
    before = reading.keys[at - 1]
    owned = taken[at - 1] or (before == "s" and at > 1 and taken[at - 2])
    if before != "the" and not owned:
        return None
    if owned and _one_of_many(scan, at):
        return None
    role = role_at(scan, at, min(reading.count, at + 6))
    if role is None or not role.office or role.effect == "past" or any(taken[role.i : role.j]):
        return None
    if role.j < reading.count and (
        (
            reading.gaps[role.j] == " "
            and (reading.caps[role.j] or reading.keys[role.j] in ("of", "for", "elect"))
        )
        or (reading.gaps[role.j][:1] in "-" and reading.gaps[role.j])
    ):
        return None
    qualify(scan, role)
    if owned and not (role.country or role.body):
        return None
    return role
