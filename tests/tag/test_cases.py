"""The table of traps: each row of cases.txt is a text, a day and all that must be found in it, no more."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from newscast.gazetteer import packaged
from newscast.records import ActorTag, Tags
from newscast.tag import tag


class Case(NamedTuple):
    """One row."""

    line: int
    text: str
    on: date
    language: str
    expected: tuple[str, ...]


def read(file: Path) -> list[Case]:
    """The rows of a table."""
    lines = file.read_text("utf-8").splitlines()
    cases = []
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        text, when, expected = (part.strip() for part in line.split(" | "))
        day, _, language = when.partition(" ")
        parts = tuple(part.strip() for part in expected.split(";") if part.strip() not in ("", "nothing"))
        cases.append(
            Case(number, text.replace("\\n", "\n"), date.fromisoformat(day), language or "en", parts)
        )
    return cases


CASES = read(Path(__file__).parent / "cases.txt")


def found(tags: Tags) -> list[str]:
    """Tags in the words of the table: mentions in their order, then what is said of each actor."""
    named = [
        (mention.start, f"{mention.surface} = {actor.actor_id}" + _form(mention.form))
        for actor in tags.actors
        for mention in actor.mentions
    ]
    named += [
        (one.start, f"{one.surface} ? {one.kind}" + (f" ({one.role})" if one.role else ""))
        for one in tags.unknown
    ]
    named += [(one.start, f"{one.surface} @ {one.country or '-'}") for one in tags.places]
    return [said for _, said in sorted(named)]


def _form(form: str) -> str:
    return "" if form == "name" else f" /{form}"


def _about(actor: ActorTag) -> list[str]:
    said = [f"{actor.actor_id} ! {actor.involvement}"]
    said += [f"{actor.actor_id} # {actor.codes.cameo} {actor.codes.plover}"]
    for role in actor.roles:
        agrees = {True: "agrees", False: "disagrees", None: "open"}[role.agrees]
        said.append(f"{actor.actor_id} : {role.stated or '-'} -> {role.known or '-'} {agrees}")
    return said


@pytest.mark.parametrize("case", CASES, ids=[f"line {case.line}" for case in CASES])
def test_a_row_is_found_whole_and_nothing_more(case: Case) -> None:
    found_whole(case)


def found_whole(case: Case) -> None:
    """Fail unless exactly the row's mentions are found, and what it says of each actor is among the rest."""
    tags = tag(case.text, packaged.load(), case.on, case.language)
    mentions = [part for part in case.expected if is_mention(part)]
    assert found(tags) == mentions, case.text
    about = {said for actor in tags.actors for said in _about(actor)}
    for part in case.expected:
        assert is_mention(part) or part in about, (part, case.text)


def is_mention(part: str) -> bool:
    """Whether a part of a row is a mention, not something said of an actor."""
    return " = " in part or " ? " in part or " @ " in part


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(CASES) >= 150
