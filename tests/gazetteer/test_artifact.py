"""Rows compiled into a file answer as rows in memory do, and the same rows make the same file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newscast.gazetteer import artifact
from newscast.gazetteer.artifact import Artifact, ArtifactError, open_gazetteer
from newscast.gazetteer.compile import CompileError, build
from newscast.gazetteer.entries import entries
from newscast.gazetteer.gazetteer import Gazetteer, Layer
from newscast.gazetteer.model import Actor, Alias, Entry, Office, PlaceName, RoleRow, Vocabulary
from newscast.gazetteer.rows import Rows
from newscast.gazetteer.tokens import tokenize

VOCABULARY = Vocabulary(
    offices={"foreign-minister": Office(office="foreign-minister", name="Foreign Minister")}
)
ROWS = Rows(
    actors=[
        Actor(id="country:RUR", kind="country", name="Ruritania", country="RUR"),
        Actor(id="person:rudolf", kind="person", name="Rudolf Elphberg", country="RUR"),
        Actor(id="org:URL", kind="organisation", name="Union of Ruritanian Lands"),
    ],
    aliases=[
        Alias(actor="country:RUR", text="Strelsau", form="metonym", context="place"),
        Alias(actor="org:URL", text="URL", form="acronym", case="exact"),
        Alias(actor="org:URL", text="al-Ittihad"),
        Alias(actor="org:URL", text="Watchdog", case="any"),
    ],
    roles=[
        RoleRow(
            actor="person:rudolf", office="foreign-minister", title="", country="RUR", start=date(1894, 1, 1)
        ),
        RoleRow(actor="person:rudolf", office="minister", title="", country="RUR", end=date(1893, 1, 1)),
    ],
    places=[PlaceName(text="Strelsau", country="RUR", size="capital")],
)


@pytest.fixture(params=["memory", "file"])
def gazetteer(request: pytest.FixtureRequest, tmp_path: Path) -> Gazetteer:
    if request.param == "memory":
        layer: Layer = entries(ROWS)
        return Gazetteer([layer], VOCABULARY, "v")
    artifact.write(tmp_path / "g.sqlite", ROWS, VOCABULARY, "v")
    return open_gazetteer(tmp_path / "g.sqlite")


def test_longest_match_wins(gazetteer: Gazetteer) -> None:
    tokens = tokenize("The Union of Ruritanian Lands met in Strelsau, the union of Ruritania said.")
    found = [(tokens.keys[start:end], len(one.aliases)) for start, end, one in gazetteer.matches(tokens)]
    assert found == [(["union", "of", "ruritanian", "lands"], 1), (["strelsau"], 1), (["ruritania"], 1)]


def test_what_is_not_there_is_none(gazetteer: Gazetteer) -> None:
    assert gazetteer.entry("zenda") == Entry()
    assert gazetteer.lookup("union of") is None
    assert gazetteer.actor("country:XXX") is None
    assert gazetteer.roles("person:nobody") == ()


def test_an_entry_tells_whether_longer_names_begin_so(gazetteer: Gazetteer) -> None:
    assert gazetteer.entry("union").longer
    assert gazetteer.entry("union of ruritanian").longer
    assert not gazetteer.entry("union of ruritanian lands").longer
    assert not gazetteer.entry("uni").longer
    assert gazetteer.entry("url").found
    assert not gazetteer.entry("url").longer


def test_only_names_that_a_text_may_write_without_a_capital_are_told_so(gazetteer: Gazetteer) -> None:
    assert gazetteer.lower("al") == 2
    assert gazetteer.lower("watchdog") == 1
    assert gazetteer.lower("union") == 0


def test_roles_and_seats(gazetteer: Gazetteer) -> None:
    assert [row.office for row in gazetteer.roles("person:rudolf")] == ["minister", "foreign-minister"]
    assert len(gazetteer.holders(None, "RUR")) == 2
    assert len(gazetteer.holders("foreign-minister", None)) == 1
    assert [row.office for row in gazetteer.holders(country="RUR", on=date(1890, 5, 5))] == ["minister"]
    assert gazetteer.vocabulary.offices["foreign-minister"].name == "Foreign Minister"


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        artifact.write(tmp_path / name, ROWS, VOCABULARY, "v")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("content", [None, b"", b"no database at all, only some text"])
def test_a_file_that_is_no_gazetteer_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "g.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"g\.sqlite"):
        Artifact(path)


def test_a_row_that_cannot_be_one_stops_the_build_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "actors"
    folder.mkdir()
    (folder / "countries.csv").write_text(
        "id,kind,name,country,cameo,plover,qid,wikipedia,source,mark\n"
        "country:RUR,country,Ruritania,RUR,,,,,memory,unchecked\n"
        "country:GRA,land,Graustark,GRA,,,,,memory,unchecked\n"
        "country:ZEN,country,Zenda\n",
        encoding="utf-8",
    )
    with pytest.raises(CompileError) as raised:
        build(tmp_path / "g.sqlite", tmp_path)
    said = str(raised.value)
    assert (
        "actors/countries.csv:3: error: kind is one of country, body, organisation, group, person, not 'land'"
        in said
    )
    assert "actors/countries.csv:4: error: 3 cells where the header has 10" in said
    assert "offices.csv:0: error: the file is missing" in said
