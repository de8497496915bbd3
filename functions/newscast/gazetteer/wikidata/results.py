"""Answers of Wikidata's query service → the same rows: for who needs some thousand people, not a dump.

Takes what the service gives as JSON (`application/sparql-results+json`) or CSV. `QUERY` asks for the
holders of an office; any query will do whose columns have these names.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

QUERY = """
SELECT ?person ?personLabel ?position ?positionLabel ?country ?start ?end WHERE {
  ?position wdt:P279* wd:%(position)s .
  ?person p:P39 ?statement .
  ?statement ps:P39 ?position ; pq:P580 ?start .
  FILTER(?start >= "%(since)s"^^xsd:dateTime)
  OPTIONAL { ?statement pq:P582 ?end }
  OPTIONAL { ?position wdt:P1001/wdt:P298 ?country }
  SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }
}
"""
"""Fill in the QID of a position ("foreign minister": its subclasses count) and a day."""


class Answer(Struct, frozen=True):
    """One line of an answer, cleaned: QIDs bare, dates as rows write them."""

    person: str
    name: str
    position: str
    """The position's English label."""
    country: str
    """alpha-3, or empty."""
    start: str
    end: str


class _Binding(Struct):
    value: str


class _Bindings(Struct):
    bindings: list[dict[str, _Binding]]


class _Results(Struct):
    results: _Bindings


class ResultsError(ValueError):
    """A text that is no answer of the query service; the message says why."""


def answers(text: str) -> Iterator[Answer]:
    """The lines of an answer, JSON or CSV. Raises ResultsError; a line without a person is left out."""
    for cells in _json(text) if text.lstrip().startswith("{") else _csv(text):
        person = re.search(r"Q[1-9]\d*$", cells.get("person", ""))
        name = cells.get("personLabel", "")
        if not person or not name or name == person[0]:  # a label that is the QID: there is none
            continue
        start, end = _day(cells.get("start", "")), _day(cells.get("end", ""))
        if cells.get("end") and not end:
            continue  # there is an end, nobody knows when: no open row
        yield Answer(
            person=person[0],
            name=name,
            position=cells.get("positionLabel", ""),
            country=cells.get("country", ""),
            start=start,
            end=end,
        )


def _json(text: str) -> Iterator[dict[str, str]]:
    try:
        found = msgspec.json.decode(text, type=_Results)
    except msgspec.DecodeError as error:
        raise ResultsError(f"not an answer of the query service: {error}") from error
    for binding in found.results.bindings:
        yield {name: one.value for name, one in binding.items()}


def _csv(text: str) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = {"person", "personLabel"} - set(reader.fieldnames or ())
    if missing:
        raise ResultsError(f"not an answer of the query service: no column {', '.join(sorted(missing))}")
    for line in reader:
        yield {name: value or "" for name, value in line.items() if name}


def _day(written: str) -> str:
    """The service writes 2021-01-22T00:00:00Z; the first of a year is as often "that year" as a day."""
    found = re.match(r"(\d{4}-\d\d-\d\d)T", written)
    if not found:
        return ""
    return found[1][:4] if found[1].endswith("-01-01") else found[1]
