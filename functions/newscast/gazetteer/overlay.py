"""A user's own actors, laid over ours: one CSV text → a gazetteer, and what was wrong with its lines.

One line is an actor, with its names and at most one role; a line with the same id adds a role or names.
Only `kind` and `name` are needed, or the `id` of an actor that is already there. A line that can't be used
is left out and told; nothing that a user writes stops tagging.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from newscast.gazetteer.check import EACH_ROW, Known
from newscast.gazetteer.entries import entries
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Actor, Alias, RoleRow
from newscast.gazetteer.problems import Problem, Rule, problem
from newscast.gazetteer.rows import Line, Rows, convert, day
from newscast.gazetteer.tokens import key_of

COLUMNS = (
    *("id", "kind", "name", "country", "aliases"),
    *("office", "title", "body", "from", "to", "confirmed"),
    *("cameo", "plover", "qid"),
)
"""In any order, and any may be missing; aliases are parted by `|`."""
MAX_LINES = 50_000
"""Lines that are read: memory and start-up of the function that tags stay within bounds."""
MAX_CHARACTERS = 10_000
"""Of one line; the longest with many names has a few hundred."""
BLANK = " \t,;"
"""A line of nothing else is empty, as spreadsheets leave them below the last row."""
_LINE_END = re.compile(r"\r\n|\n|\r")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PREFIX = {"organisation": "org"}
"""Where an id does not begin with its kind."""


def overlay(gazetteer: Gazetteer, text: str, file: str = "actors.csv") -> tuple[Gazetteer, list[Problem]]:
    """The gazetteer with a user's rows over it, and the problems of lines, each with file and line number."""
    problems: list[Problem] = []
    rows = Rows(vocabulary=gazetteer.vocabulary)
    mine: dict[str, Actor] = {}
    for line in lines(text, file, problems):
        try:
            _read(line, gazetteer, rows, mine)
        except ValueError as error:
            problems.append(problem(line.row, "error", str(error)))
    problems += _check(gazetteer, rows)
    wrong = {f"{one.file}:{one.line}" for one in problems if one.level == "error"}
    actors = [actor for actor in rows.actors if actor.row not in wrong]
    there = {actor.id for actor in actors}  # a later line may add to an actor whose own line is wrong
    roles = [role for role in rows.roles if role.row not in wrong and role.actor in there]
    aliases = [alias for alias in rows.aliases if alias.row not in wrong and alias.actor in there]
    layer = entries(Rows(actors=actors, aliases=aliases, roles=[*_ended(gazetteer, roles), *roles]))
    version = f"{gazetteer.version}+{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    over = Gazetteer([layer, *gazetteer.layers], gazetteer.vocabulary, version)
    return over, sorted(problems, key=lambda one: (one.line, one.what))


def lines(text: str, file: str, problems: list[Problem]) -> Iterator[Line]:
    """Lines by the names of their columns, as spreadsheets write them: commas, semicolons or tabs, and a byte
    order mark. Each is read alone, so that a quotation mark left open costs its own line."""
    columns: list[str] = []
    comma = ","
    count = 0
    for number, raw in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), 1):
        if not raw.strip(BLANK) or raw.lstrip().startswith("#"):
            continue
        count += 1
        if count > MAX_LINES:
            problems.append(Problem(file, number, "error", f"only {MAX_LINES:,} lines are read"))
            return
        if not columns:
            comma = max(",;\t", key=raw.count)
        try:
            cells = _cells(raw, comma)
            if columns:
                yield Line(file, number, _named(columns, cells))
                continue
        except ValueError as error:
            problems.append(Problem(file, number, "error", str(error)))
            if columns:
                continue
            return
        columns = [cell.lower() for cell in cells]
        if "name" not in columns and "id" not in columns:
            what = f"the first line names the columns; one of them is name or id (all: {', '.join(COLUMNS)})"
            problems.append(Problem(file, number, "error", what))
            return
        unknown = ", ".join(column for column in columns if column and column not in COLUMNS)
        if unknown:
            problems.append(Problem(file, number, "warning", f"columns that mean nothing here: {unknown}"))


def _cells(raw: str, comma: str) -> list[str]:
    """One line's cells. Raises ValueError that says what a person can mend."""
    if "\ufffd" in raw:
        raise ValueError("not UTF-8: save the file as “CSV UTF-8”")
    if len(raw) > MAX_CHARACTERS:
        raise ValueError(f"a line of more than {MAX_CHARACTERS:,} characters")
    if _CONTROLS.search(raw):
        raise ValueError("control characters in it")
    try:
        return [cell.strip() for cell in next(csv.reader([raw], delimiter=comma, strict=True))]
    except csv.Error as error:
        open_ = "a quotation mark is not closed on its line"
        raise ValueError(open_ if "end of data" in str(error) else f"not CSV: {error}") from error


def _named(columns: list[str], cells: list[str]) -> dict[str, str]:
    if any(cells[len(columns) :]):
        raise ValueError(f"{len(cells)} cells where the first line has {len(columns)}: one holds a comma?")
    found = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    found |= {"kind": found["kind"].lower(), "country": _code(found["country"])}
    return {name: found[name] for name in COLUMNS}


def _code(country: str) -> str:
    return country.upper() if len(country) == 3 else country


def _read(line: Line, gazetteer: Gazetteer, rows: Rows, mine: dict[str, Actor]) -> None:
    """One line's actor, names and role into `rows`; `mine` are the actors of the lines before.

    Raises ValueError that says why the line can't be.
    """
    cells = line.cells
    own_id = actor_id(cells)
    role = _role(line, own_id)  # first: a line with a bad date gives nothing at all
    if own_id not in mine:
        own = {
            name: cells[name] for name in ("kind", "name", "country", "cameo", "plover", "qid") if cells[name]
        }
        ours = gazetteer.actor(own_id)
        if ours is None and not (cells["kind"] and cells["name"]):
            raise ValueError(f"no actor is {own_id}: a new one needs a kind and a name")
        told = structs.asdict(ours) if ours else {}
        actor = convert(told | own | {"id": own_id, "row": line.row}, Actor, "kind", "name")
        rows.actors.append(actor)
        mine[own_id] = actor
        if ours and ours.name != actor.name:
            rows.aliases.append(Alias(actor=own_id, text=ours.name, row=line.row))
    elif cells["name"] and cells["name"] != mine[own_id].name:
        rows.aliases.append(Alias(actor=own_id, text=cells["name"], row=line.row))
    rows.aliases += [alias(own_id, text, line.row) for text in cells["aliases"].split("|") if text.strip()]
    if role:
        rows.roles.append(role)


def alias(actor_id: str, text: str, row: str) -> Alias:
    """A user's alias: short capitals are an acronym, which only counts as written; the rest is a name."""
    text = text.strip()
    if text.isupper() and len(text) <= 6 and " " not in text:
        return Alias(actor=actor_id, text=text, form="acronym", case="exact", row=row)
    return Alias(actor=actor_id, text=text, row=row)


def _role(line: Line, actor_id: str) -> RoleRow | None:
    cells = line.cells
    start, end = day(cells["from"], last=False), day(cells["to"], last=True)
    confirmed = day(cells["confirmed"], last=False)
    if not cells["office"]:
        if cells["from"] or cells["to"] or cells["title"]:
            raise ValueError("a title or a date is of an office: the cell office is empty")
        return None
    return RoleRow(
        actor=actor_id,
        office=cells["office"],
        title=cells["title"],
        body=cells["body"],
        country=cells["country"],
        start=start,
        end=end,
        confirmed=confirmed,
        row=line.row,
        since=cells["from"],
        until=cells["to"],
    )


def actor_id(cells: Mapping[str, str]) -> str:
    """A line's id; where it gives none: the kind (a body's country too), and the name in ASCII words.

    Raises ValueError.
    """
    if cells["id"]:
        return cells["id"]
    kind, name, country = cells["kind"], cells["name"], cells["country"]
    if not kind or not name:
        raise ValueError("a line needs an id, or a kind and a name")
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_name.replace("'", "")).strip("-")
    if not words:
        raise ValueError(f"{name!r} has no letter of the alphabet to make an id from: give an id")
    if kind != "body":
        return f"{_PREFIX.get(kind, kind)}:{words}"
    if not country:
        raise ValueError("a body is of a country: the cell country is empty")
    return f"body:{country}:{words}"


def _check(gazetteer: Gazetteer, rows: Rows) -> Rule:
    mine = {one.id for one in rows.actors}
    known = Known(lambda actor_id: actor_id in mine or gazetteer.actor(actor_id) is not None, rows.vocabulary)
    for rule in EACH_ROW:
        yield from rule(rows, known)
    names = [(one.name, one.id, one.row) for one in rows.actors]
    names += [(one.text, one.actor, one.row) for one in rows.aliases]
    for text, actor_id, row in names:
        found = gazetteer.lookup(key_of(text))
        others = sorted({each.actor for each in found.aliases} - {actor_id}) if found else []
        if others:
            yield problem(row, "warning", f"{text!r} names {others[0]} in ours; yours goes first")


def _ended(gazetteer: Gazetteer, roles: Iterable[RoleRow]) -> Iterator[RoleRow]:
    """Our open rows of single seats that a user gave to somebody else, ended where the new one begins."""
    for role in roles:
        office = gazetteer.vocabulary.offices.get(role.office)
        if office is None or not office.single or role.start is None:
            continue
        body = None if role.country else role.body
        for ours in gazetteer.holders(role.office, role.country, body, role.start):
            if ours.end is None and ours.actor != role.actor:
                yield structs.replace(ours, end=role.start, until=role.since)
