"""Entities of Wikidata → rows of our CSV files: people with dated offices, organisations, other languages.

An entity whose QID is already an actor of ours keeps our id, and adds names and offices to it. All rows
have source `wikidata` and their QID, and are confirmed on the day of the dump.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec
from msgspec import Struct, field

from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.rows import HEADERS
from newscast.gazetteer.wikidata import dump
from newscast.gazetteer.wikidata.dump import Entity, entities
from newscast.gazetteer.wikidata.offices import Positions
from newscast.gazetteer.wikidata.results import Answer, answers

HUMAN = "Q5"
CLASSES = {
    "Q245065": "organisation",  # intergovernmental organization
    "Q484652": "organisation",  # international organization
    "Q79913": "organisation",  # non-governmental organization
    "Q7278": "organisation",  # political party
    "Q192283": "organisation",  # news agency
    "Q11032": "organisation",  # newspaper
    "Q891723": "organisation",  # public company
    "Q17149090": "group",  # armed organization
}
"""Classes whose instances become actors, with the kind they become; a user may give others."""
_PREFIX = {"organisation": "org", "group": "group"}


class Wanted(Struct, frozen=True, kw_only=True):
    """What to take: languages of names, offices that ended after `since`, classes of organisations."""

    languages: tuple[str, ...] = ("en",)
    since: date = date(2000, 1, 1)
    classes: dict[str, str] = field(default_factory=CLASSES.copy)
    as_of: date
    """The day of the dump: until then open rows are known to hold."""


class Person(Struct, frozen=True):
    """A person with positions, until all positions are known."""

    qid: str
    name: str
    names: list[tuple[str, str]]
    """(language, name)"""
    wikipedia: str
    citizenship: str
    held: list[tuple[str, str, str]]
    """(QID of the position, from, to)"""


class Position(Struct, frozen=True):
    label: str
    jurisdictions: list[str]


class Tables(Struct):
    """Rows of three folders; each a list of cells as its header orders them."""

    actors: list[list[str]] = []
    aliases: list[list[str]] = []
    roles: list[list[str]] = []


class Reader:
    """Goes through entities once; people wait in a temporary file until all positions are known."""

    def __init__(self, gazetteer: Gazetteer, ours: dict[str, str], wanted: Wanted) -> None:
        """`ours` maps QIDs to the ids of our actors."""
        self._ours = ours
        self._wanted = wanted
        self._positions = Positions(gazetteer)
        self._needles = (b'"P39"', b'"P298"', b'"P1001"', *(f'"{qid}"'.encode() for qid in wanted.classes))
        self._alpha3: dict[str, str] = {}
        self._labels: dict[str, Position] = {}

    def matters(self, line: bytes) -> bool:
        """Whether a line of a dump may hold a person in office, a position, a country or an organisation."""
        return any(needle in line for needle in self._needles) or _qid(line) in self._ours

    def tables(self, found: Iterable[Entity], at_once: int = 10_000) -> Iterator[Tables]:
        """Rows, some thousand entities at a time, so that a dump never has to fit in memory."""
        with TemporaryFile() as waiting:
            tables = Tables()
            for entity in found:
                self._take(entity, tables, waiting)
                if len(tables.aliases) >= at_once:
                    yield tables
                    tables = Tables()
            waiting.seek(0)
            for line in waiting:
                self._person(msgspec.json.decode(line, type=Person), tables)
                if len(tables.aliases) >= at_once:
                    yield tables
                    tables = Tables()
            yield tables

    def _take(self, entity: Entity, tables: Tables, waiting: IO[bytes]) -> None:
        for statement in entity.statements("P298"):
            self._alpha3[entity.id] = dump.text(statement.mainsnak)
        kinds = entity.items("P31")
        if HUMAN in kinds:
            if (person := self._with_positions(entity)) is not None:
                waiting.write(msgspec.json.encode(person) + b"\n")
        elif kind := next((self._wanted.classes[one] for one in kinds if one in self._wanted.classes), ""):
            self._organisation(entity, kind, tables)
        elif entity.id in self._ours:
            self._names(self._ours[entity.id], self._spoken(entity), "", tables)
        elif label := entity.label("en"):
            where = entity.items("P1001") or entity.items("P17")
            if (where and self._positions.read(label, "XXX")) or self._positions.read(label):
                self._labels[entity.id] = Position(label, where)

    def _with_positions(self, entity: Entity) -> Person | None:
        held = []
        for statement in entity.statements("P39"):
            qualifiers = statement.qualifiers if isinstance(statement.qualifiers, dict) else {}
            start = next((dump.moment(one) for one in qualifiers.get("P580", [])), "")
            ends = qualifiers.get("P582", [])
            end = next((dump.moment(one) for one in ends), "")
            over_but_when = bool(ends) and not end and ends[0].snaktype != "novalue"
            position = dump.item(statement.mainsnak)
            # An end that is not known is no open end; a position without any date says nothing of a day.
            told = position and not over_but_when and (start or end)
            if told and (not end or end >= self._wanted.since.isoformat()[: len(end)]):
                held.append((position, start, end))
        spoken = self._spoken(entity)
        if not held or not spoken:
            return None
        name = entity.label("en") or spoken[0][1]
        citizenship = next(iter(entity.items("P27")), "")
        return Person(entity.id, name, spoken, _wikipedia(entity), citizenship, held)

    def _person(self, person: Person, tables: Tables) -> None:
        roles = []
        for qid, start, end in person.held:
            position = self._labels.get(qid)
            if position is None:
                continue
            country = next((self._alpha3.get(one, "") for one in position.jurisdictions), "")
            if held := self._positions.read(position.label, country):
                confirmed = "" if end else self._wanted.as_of.isoformat()
                cells = [held.office, position.label, "", held.country, "", "", start, end, confirmed]
                roles.append([*cells, f"wikidata {person.qid}", "checked"])
        if not roles:
            return
        actor = self._ours.get(person.qid) or _id("person", person.name, person.qid)
        if person.qid not in self._ours:
            state = self._alpha3.get(person.citizenship, "") or roles[0][3]
            row = [actor, "person", person.name, state, "", "", person.qid, person.wikipedia]
            tables.actors.append([*row, f"wikidata {person.qid}", "checked"])
        self._names(actor, person.names, person.name, tables)
        tables.roles += [[actor, *cells] for cells in roles]

    def _organisation(self, entity: Entity, kind: str, tables: Tables) -> None:
        spoken = self._spoken(entity)
        if not spoken:
            return
        name = entity.label("en") or spoken[0][1]
        actor = self._ours.get(entity.id) or _id(_PREFIX[kind], name, entity.id)
        if entity.id not in self._ours:
            state = next((self._alpha3.get(one, "") for one in entity.items("P17")), "")
            row = [actor, kind, name, state, "", "", entity.id, _wikipedia(entity)]
            tables.actors.append([*row, f"wikidata {entity.id}", "checked"])
        self._names(actor, spoken, name, tables)

    def _names(self, actor: str, spoken: list[tuple[str, str]], own: str, tables: Tables) -> None:
        for language, name in spoken:
            if name == own:
                continue
            acronym = name.isupper() and len(name) <= 6 and " " not in name
            # One word is most often a surname or a common word: it needs evidence, whoever it names.
            context = "" if acronym or " " in name or not actor.startswith("person:") else "needs"
            form = "acronym" if acronym else "name"
            tables.aliases.append([actor, name, language, form, "", context, "wikidata", "checked"])

    def _spoken(self, entity: Entity) -> list[tuple[str, str]]:
        """(language, name) in the wanted languages, each name once."""
        found = ((language, name) for language in self._wanted.languages for name in entity.names(language))
        return list({name: (language, name) for language, name in found}.values())


def answered(found: Iterable[Answer], gazetteer: Gazetteer, ours: dict[str, str], as_of: date) -> Tables:
    """Rows of a query's answers; a position that `offices` does not understand gives none."""
    positions, tables, there = Positions(gazetteer), Tables(), set(ours)
    for answer in found:
        held = positions.read(answer.position, answer.country)
        if held is None or not (answer.start or answer.end):
            continue
        actor = ours.get(answer.person) or _id("person", answer.name, answer.person)
        source = [f"wikidata {answer.person}", "checked"]
        if answer.person not in there:
            there.add(answer.person)
            row = [actor, "person", answer.name, held.country, "", "", answer.person, ""]
            tables.actors.append([*row, *source])
        confirmed = "" if answer.end else as_of.isoformat()
        cells = [held.office, answer.position, "", held.country, "", "", answer.start, answer.end, confirmed]
        tables.roles.append([actor, *cells, *source])
    return tables


def _qid(line: bytes) -> str:
    found = re.search(rb'"id":"(Q\d+)"', line[:120])
    return found[1].decode() if found else ""


def _wikipedia(entity: Entity) -> str:
    link = entity.sitelinks.get("enwiki") if isinstance(entity.sitelinks, dict) else None
    return link.title if link else ""


def _id(prefix: str, name: str, qid: str) -> str:
    """An id that no other dump changes: the name, for people, and the QID, which makes it one."""
    words = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", words.replace("'", "")).strip("-")
    return f"{prefix}:{slug}-{qid.lower()}" if slug else f"{prefix}:{qid.lower()}"


def write(folder: Path, name: str, tables: Iterable[Tables]) -> dict[str, int]:
    """Write rows as actors/NAME.csv, aliases/NAME.csv and roles/NAME.csv; how many of each."""
    counts = dict.fromkeys(("actors", "aliases", "roles"), 0)
    with ExitStack() as files:
        writers = {}
        for kind in counts:
            path = folder / kind / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            file = files.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[kind] = csv.writer(file, lineterminator="\n")
            writers[kind].writerow(HEADERS[kind].split(","))
        for table in tables:
            for kind, writer in writers.items():
                rows = getattr(table, kind)
                writer.writerows(rows)
                counts[kind] += len(rows)
    return counts


def refresh(file: Path, folder: Path, gazetteer: Gazetteer, wanted: Wanted) -> dict[str, int]:
    """A dump (.json, .json.gz, .json.bz2) or an answer (.srj, .csv) → folder/*/wikidata.csv; rows of each.

    Raises OSError for a file that can't be read, EOFError for a truncated one, ResultsError for no answer.
    """
    ours = {one.qid: one.id for one in gazetteer.actors() if one.qid}
    if file.suffix in (".srj", ".csv"):
        tables = answered(answers(file.read_text("utf-8")), gazetteer, ours, wanted.as_of)
        return write(folder, "wikidata", [tables])
    reader = Reader(gazetteer, ours, wanted)
    return write(folder, "wikidata", reader.tables(entities(file, reader.matters)))
