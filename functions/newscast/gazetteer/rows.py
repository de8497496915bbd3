"""CSV files → rows: reading alone, with a problem for each line that can't be a row.

What rows mean together (unknown ids, two presidents at once) is `check`'s matter.
"""

from __future__ import annotations

import calendar
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar, get_args

import msgspec
from msgspec import Struct

from newscast.gazetteer.model import Actor, Alias, Institution, Office, Phrase, PlaceName, RoleRow, Vocabulary
from newscast.gazetteer.problems import Problem

T = TypeVar("T", bound=Struct)
Cells = Mapping[str, str]

HEADERS = {
    "actors": "id,kind,name,country,cameo,plover,qid,wikipedia,source,mark",
    "aliases": "actor,alias,language,form,case,context,source,mark",
    "roles": "actor,office,title,body,country,cameo,plover,from,to,confirmed,source,mark",
    "places": "name,language,country,qid,class,alias_of,source,mark",
    "offices.csv": "office,name,seats,institution,cameo,plover",
    "titles.csv": "title,office,country,language",
    "institutions.csv": "institution,name,cameo,plover",
    "phrases.csv": "phrase,institution,country,language",
    "codes.csv": "vocabulary,code,meaning",
    "sources.csv": "source,what,licence",
}
"""The one header of each file, or of all files of a folder."""


class Line(Struct, frozen=True):
    """One line of a CSV file: where it stands and its cells by column."""

    file: str
    number: int
    cells: dict[str, str]

    @property
    def row(self) -> str:
        return f"{self.file}:{self.number}"


class Rows(Struct, kw_only=True):
    """All that the files say, in their order; `marks` and `sources` by row."""

    actors: list[Actor] = msgspec.field(default_factory=list)
    aliases: list[Alias] = msgspec.field(default_factory=list)
    roles: list[RoleRow] = msgspec.field(default_factory=list)
    places: list[PlaceName] = msgspec.field(default_factory=list)
    vocabulary: Vocabulary = msgspec.field(default_factory=Vocabulary)
    sources: set[str] = msgspec.field(default_factory=set)
    evidence: dict[str, tuple[str, str]] = msgspec.field(default_factory=dict)
    """Row → its source and its mark."""


def read(folder: Path) -> tuple[Rows, list[Problem]]:
    """All CSV files of a data folder. A line that can't be a row is a problem and is left out."""
    problems: list[Problem] = []
    rows = Rows()
    for line in _lines(folder, "actors", problems):
        _take(line, rows.actors, actor, rows, problems)
    for line in _lines(folder, "aliases", problems):
        _take(line, rows.aliases, alias, rows, problems)
    for line in _lines(folder, "roles", problems):
        _take(line, rows.roles, role, rows, problems)
    for line in _lines(folder, "places", problems):
        _take(line, rows.places, place, rows, problems)
    offices: list[Office] = []
    institutions: list[Institution] = []
    titles: list[Phrase] = []
    phrases: list[Phrase] = []
    for line in _lines(folder, "offices.csv", problems):
        _take(line, offices, office, rows, problems)
    for line in _lines(folder, "institutions.csv", problems):
        _take(line, institutions, institution, rows, problems)
    for line in _lines(folder, "titles.csv", problems):
        _take(line, titles, title, rows, problems)
    for line in _lines(folder, "phrases.csv", problems):
        _take(line, phrases, phrase, rows, problems)
    codes: dict[str, set[str]] = {}
    for line in _lines(folder, "codes.csv", problems):
        codes.setdefault(line.cells["vocabulary"], set()).add(line.cells["code"])
    rows.sources = {line.cells["source"] for line in _lines(folder, "sources.csv", problems)}
    rows.vocabulary = Vocabulary(
        offices={one.office: one for one in offices},
        institutions={one.institution: one for one in institutions},
        titles=tuple(titles),
        phrases=tuple(phrases),
        adjectives=adjectives(rows),
        codes=codes,
        languages=frozenset(tag.split("-")[0] for one in rows.aliases for tag in one.language.split()),
    )
    return rows, problems


def adjectives(rows: Rows) -> dict[str, str]:
    """alpha-3 → the first English demonym that is written for that country."""
    country_of = {one.id: one.country for one in rows.actors if one.kind == "country" and one.country}
    found: dict[str, str] = {}
    for one in rows.aliases:
        if one.form == "demonym" and one.language == "en" and one.actor in country_of:
            found.setdefault(country_of[one.actor], one.text)
    return found


def lines_of(text: str, file: str, header: str, problems: list[Problem]) -> Iterator[Line]:
    """The lines of one CSV text below its header; a wrong header is a problem and ends it."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = header.split(",")
    try:
        for cells in reader:
            if reader.line_num == 1:
                if cells != columns:
                    problems.append(Problem(file, 1, "error", f"the header must be {header}"))
                    return
            elif len(cells) != len(columns):
                what = f"{len(cells)} cells where the header has {len(columns)}"
                problems.append(Problem(file, reader.line_num, "error", what))
            else:
                yield Line(file, reader.line_num, {k: v.strip() for k, v in zip(columns, cells, strict=True)})
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, "error", f"not CSV: {error}"))


def _lines(folder: Path, name: str, problems: list[Problem]) -> Iterator[Line]:
    files = [folder / name] if name.endswith(".csv") else sorted((folder / name).glob("*.csv"))
    for file in files:
        shown = file.relative_to(folder).as_posix()
        if file.exists():
            yield from lines_of(file.read_text("utf-8"), shown, HEADERS[name], problems)
        else:
            problems.append(Problem(shown, 0, "error", "the file is missing"))


def _take(line: Line, into: list[T], make: Callable[[Line], T], rows: Rows, problems: list[Problem]) -> None:
    try:
        into.append(make(line))
    except ValueError as error:
        problems.append(Problem(line.file, line.number, "error", str(error)))
    else:
        if "mark" in line.cells:
            rows.evidence[line.row] = (line.cells["source"], line.cells["mark"])


# ------------------------------------------------------------- one line → one row; ValueError says why not
def actor(line: Line) -> Actor:
    """A line of actors/."""
    cells = {name: text for name, text in line.cells.items() if name not in ("source", "mark") and text}
    return convert(cells | {"row": line.row}, Actor, "id", "kind", "name")


def alias(line: Line) -> Alias:
    """A line of aliases/; an empty case rule is `exact` for acronyms, `title` for the rest."""
    cells = line.cells
    form = cells["form"] or "name"
    made = {
        "actor": cells["actor"],
        "text": cells["alias"],
        "language": cells["language"],
        "form": form,
        "case": cells["case"] or ("exact" if form == "acronym" else "title"),
        "context": cells["context"],
        "row": line.row,
    }
    return convert(made, Alias, "actor", "text")


def role(line: Line) -> RoleRow:
    """A line of roles/; partial dates widen: from 2019 is its first day, to 2019 its last."""
    cells = line.cells
    made: dict[str, object] = {
        name: cells[name] for name in ("actor", "office", "title", "body", "country", "cameo", "plover")
    }
    made |= {
        "start": day(cells["from"], last=False),
        "end": day(cells["to"], last=True),
        "confirmed": day(cells["confirmed"], last=False),
        "row": line.row,
        "since": cells["from"],
        "until": cells["to"],
    }
    return convert(made, RoleRow, "actor", "office")


def place(line: Line) -> PlaceName:
    """A line of places/."""
    cells = line.cells
    made = {
        "text": cells["name"],
        "country": cells["country"],
        "size": cells["class"],
        "qid": cells["qid"],
        "language": cells["language"],
        "row": line.row,
    }
    return convert(made, PlaceName, "text")


def office(line: Line) -> Office:
    """A line of offices.csv."""
    cells: dict[str, object] = {name: text for name, text in line.cells.items() if name != "seats"}
    if line.cells["seats"] not in ("one", "many"):
        raise ValueError(f"seats is one or many, not {line.cells['seats']!r}")
    return convert(cells | {"single": line.cells["seats"] == "one"}, Office, "office", "name")


def institution(line: Line) -> Institution:
    """A line of institutions.csv."""
    return convert(line.cells, Institution, "institution", "name")


def title(line: Line) -> Phrase:
    """A line of titles.csv."""
    return _phrase(line, "title", "office")


def phrase(line: Line) -> Phrase:
    """A line of phrases.csv."""
    return _phrase(line, "phrase", "institution")


def _phrase(line: Line, text: str, means: str) -> Phrase:
    cells = line.cells
    made = {
        "text": cells[text],
        "means": cells[means],
        "country": cells["country"],
        "language": cells["language"],
    }
    return convert(made, Phrase, "text", "means")


def day(text: str, *, last: bool) -> date | None:
    """A date of a row: YYYY, YYYY-MM or YYYY-MM-DD; a partial one is its first or its last day."""
    if not text:
        return None
    parts = text.split("-")
    try:
        if len(text) == 4:
            return date(int(text), 12, 31) if last else date(int(text), 1, 1)
        if len(text) == 7:
            year, month = int(parts[0]), int(parts[1])
            return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
        if len(text) == 10:
            return date.fromisoformat(text)
    except (ValueError, IndexError) as error:
        raise ValueError(f"{text!r} is no date") from error
    raise ValueError(f"{text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD")


def convert(cells: Mapping[str, object], kind: type[T], *needed: str) -> T:
    """Cells as a row of that kind. Raises ValueError that names the cell that can't be."""
    for name in needed:
        if not cells.get(name):
            raise ValueError(f"{name} is empty")
    named = {name: cells.get(name, default) for name, default in _fields(kind)}
    given = {name: value for name, value in named.items() if value is not msgspec.NODEFAULT}
    try:
        # Rows are arrays where they are encoded; each cell is checked against its field's type.
        return msgspec.convert(list(given.values()) if kind.__struct_config__.array_like else given, kind)
    except msgspec.ValidationError as error:
        said = re.sub(r"\$\[(\d+)]", lambda found: list(given)[int(found[1])], str(error)).replace("$.", "")
        if wrong := re.fullmatch(r"Invalid enum value (.*) - at `(\w+)`", said, re.DOTALL):
            allowed = ", ".join(word for word in _words(kind)[wrong[2]] if word)
            said = f"{wrong[2]} is one of {allowed}, not {wrong[1]}"
        raise ValueError(said) from error


@cache
def _fields(kind: type[Struct]) -> list[tuple[str, object]]:
    return [(field.name, field.default) for field in msgspec.structs.fields(kind)]


def _words(kind: type[Struct]) -> dict[str, tuple[str, ...]]:
    """By field: the words that it may hold, where they are a fixed few."""
    return {field.name: get_args(field.type) for field in msgspec.structs.fields(kind)}
