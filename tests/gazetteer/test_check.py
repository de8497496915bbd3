"""Each fault planted alone in a sound set of rows is found, at its line, and nothing else is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newscast.gazetteer.check import against, check
from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import HEADERS, read
from newscast.gazetteer.stale import report

TODAY = date(2026, 1, 17)
SOUND = {
    "actors/a.csv": [
        "country:RUR,country,Ruritania,RUR,,,Q1,,atlas,checked",
        "person:rudolf,person,Rudolf Elphberg,RUR,,,,,memory,unchecked",
        "person:michael,person,Michael of Strelsau,RUR,,,,,memory,unchecked",
        "org:URL,organisation,Union of Ruritanian Lands,,IGOBUS,IGO,Q2,,atlas,checked",
        "group:elphbergs,group,Elphbergs,,elb,,,,atlas,checked",
    ],
    "aliases/a.csv": [
        "country:RUR,Ruritanian,en,demonym,,,atlas,checked",
        "body:RUR:palace,Zenda,en,metonym,,place,memory,unchecked",
        "group:elphbergs,Elphbergs,en,name,,people,memory,unchecked",
    ],
    "roles/a.csv": [
        "person:michael,king,King,body:RUR:palace,RUR,,,1880,1893-03-01,,memory,unchecked",
        "person:rudolf,king,King,body:RUR:palace,RUR,,,1893-03-02,,2025-12,memory,unchecked",
        "person:rudolf,knight,,,RUR,,,,,2025-12,memory,unchecked",
    ],
    "places/a.csv": ["Strelsau,en,RUR,,capital,,memory,unchecked"],
    "offices.csv": ["king,King,one,palace,GOV,GOV", "knight,Knight,many,,ELI,ELI"],
    "titles.csv": ["king,king,,en"],
    "institutions.csv": ["palace,{demonym} Palace,GOV,GOV"],
    "phrases.csv": ["palace,palace,,en"],
    "codes.csv": [
        "cameo,GOV,government",
        "cameo,IGO,x",
        "cameo,BUS,x",
        "cameo,elb,x",
        "plover,GOV,government",
        "plover,IGO,x",
    ],
    "sources.csv": ["memory,x,", "atlas,x,"],
}


def planted(folder: Path, file: str = "", line: int = 0, row: str = "") -> list[str]:
    """The sound rows with one replaced (or added, where the line is one past the last): what is found."""
    for name, sound in SOUND.items():
        lines = [HEADERS[name if name in HEADERS else name.split("/")[0]], *sound]
        if name == file:
            lines[line - 1 : line] = [row]
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows, problems = read(folder)
    return [str(one) for one in [*problems, *check(rows, TODAY)]]


def test_sound_rows_have_no_problem(tmp_path: Path) -> None:
    assert planted(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "line", "row", "said"),
    [
        ("actors/a.csv", 7, "org:URL,organisation,Again,,,,,,atlas,checked", "already in actors/a.csv:5"),
        ("actors/a.csv", 5, "group:URL,organisation,X,,,,,,atlas,checked", "no id of a organisation"),
        ("actors/a.csv", 3, "person:rudolf,person,Rudolf,GRA,,,,,memory,unchecked", "no country is 'GRA'"),
        ("actors/a.csv", 5, "org:URL,organisation,X,,,,q2,,atlas,checked", "'q2' is no Wikidata id"),
        (
            "actors/a.csv",
            5,
            "org:URL,organisation,X,,,,Q1,,atlas,checked",
            "Q1 is also that of",
        ),
        ("actors/a.csv", 5, "org:URL,organisation,X,,IGOXXX,IGO,,,atlas,checked", "XXX is in no vocabulary"),
        ("actors/a.csv", 5, "org:URL,organisation,X,,IGOB,IGO,,,atlas,checked", "B is in no vocabulary"),
        (
            "actors/a.csv",
            6,
            "group:elphbergs,group,Elphbergs,,ELB,,,,atlas,checked",
            "ELB is in no vocabulary",
        ),
        (
            "aliases/a.csv",
            3,
            "body:RUR:palace,Zenda,en,metonym,,people,memory,unchecked",
            "body:RUR:palace is no group",
        ),
        (
            "aliases/a.csv",
            5,
            "group:elphbergs,Elphbergian,en,demonym,,,memory,unchecked",
            "'Elphbergian' is a people's name: its context is people",
        ),
        (
            "aliases/a.csv",
            4,
            "group:elphbergs,Elphbergian,en,demonym,,people,memory,unchecked",
            "'Elphbergs' is a people's name: its context is people",
        ),
        ("actors/a.csv", 5, "org:URL,organisation,X,,,,,,rumour,checked", "no source is 'rumour'"),
        ("actors/a.csv", 5, "org:URL,organisation,X,,,,,,memory,checked", "memory alone"),
        ("actors/a.csv", 5, "org:URL,organisation,X,,,,,,atlas,sure", "not 'sure'"),
        (
            "actors/a.csv",
            4,
            "person:michael,person,Rudolf Elphberg,RUR,,,,,memory,unchecked",
            "person:rudolf is person:michael (actors/a.csv:4) under a second id",
        ),
        ("actors/a.csv", 5, "org:URL,organisation,…,,,,,,atlas,checked", "has no word"),
        (
            "aliases/a.csv",
            2,
            "country:GRA,Graustarker,en,demonym,,,atlas,checked",
            "no actor is country:GRA",
        ),
        ("aliases/a.csv", 3, "body:RUR:moat,Moat,en,metonym,,,memory,unchecked", "no actor is body:RUR:moat"),
        ("aliases/a.csv", 3, "org:URL,ruritania,en,,any,,memory,unchecked", "give all but one a context"),
        (
            "aliases/a.csv",
            3,
            "org:URL,Rurland,en,nickname,,,memory,unchecked",
            "form is one of name, short, acronym, demonym, metonym, not 'nickname'",
        ),
        (
            "roles/a.csv",
            4,
            "person:flavia,knight,,,RUR,,,,,2025,memory,unchecked",
            "no actor is person:flavia",
        ),
        ("roles/a.csv", 4, "person:rudolf,jester,,,RUR,,,,,2025,memory,unchecked", "no office is jester"),
        ("roles/a.csv", 4, "person:rudolf,knight,,,,,,,,2025,memory,unchecked", "of a country or of a body"),
        ("roles/a.csv", 4, "person:rudolf,knight,,,RUR,,,1900,1899,,memory,unchecked", "before it begins"),
        ("roles/a.csv", 4, "person:rudolf,knight,,,RUR,,,13 May,,,memory,unchecked", "'13 May' is no date"),
        ("roles/a.csv", 4, "person:rudolf,knight,,,RUR,,,2024-02-30,,,memory,unchecked", "is no date"),
        (
            "roles/a.csv",
            2,
            "person:michael,king,King,,RUR,,,1880,,2025,memory,unchecked",
            "roles/a.csv:3: error: king of RUR is held by person:michael (roles/a.csv:2) too",
        ),
        (
            "roles/a.csv",
            2,
            "person:michael,king,King,,RUR,,,1880,1893-04-05,,memory,unchecked",
            "error: king of RUR is held by person:michael (roles/a.csv:2) too: until 1893-04-05",
        ),
        (
            "roles/a.csv",
            2,
            "person:michael,king,King,,RUR,,,,,2025,memory,unchecked",
            "king of RUR is open for person:rudolf too",
        ),
        (
            "roles/a.csv",
            2,
            "person:michael,king,Acting King,,RUR,,,1880,1893-04-05,,memory,unchecked",
            "warning: king of RUR is held by person:michael",
        ),
        ("roles/a.csv", 4, "person:rudolf,knight,,,RUR,,,,,,memory,unchecked", "never confirmed"),
        ("roles/a.csv", 4, "person:rudolf,knight,,,RUR,,,,,2020-01,memory,unchecked", "72 months ago"),
        ("places/a.csv", 2, "Strelsau,en,GRA,,capital,,memory,unchecked", "no country is 'GRA'"),
        ("titles.csv", 2, "jester,jester,,en", "'jester' means no office"),
        ("phrases.csv", 2, "moat,moat,,en", "'moat' means no institution"),
        ("offices.csv", 3, "knight,Knight,several,,ELI,ELI", "seats is one or many, not 'several'"),
        ("offices.csv", 3, "knight,Knight,many,moat,ELI,ELI", "belongs to no institution: moat"),
        ("aliases/a.csv", 1, "actor,alias", "the header must be actor,alias,language"),
        ("aliases/a.csv", 3, 'country:RUR,"Rur', "not CSV"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, file: str, line: int, row: str, said: str) -> None:
    found = planted(tmp_path, file, line, row)
    assert any(said in one for one in found), found


def test_a_handover_of_a_day_and_an_unknown_start_are_no_overlap(tmp_path: Path) -> None:
    row = "person:michael,king,King,,RUR,,,1880,1893-03-03,,memory,unchecked"
    assert planted(tmp_path, "roles/a.csv", 2, row) == []
    row = "person:michael,king,King,,RUR,,,1880,1893-03,,memory,unchecked"
    assert planted(tmp_path, "roles/a.csv", 2, row) == [], "the month of the handover, as both wrote it"
    row = "person:michael,king,King,,RUR,,,,1893-06-01,,memory,unchecked"
    assert planted(tmp_path, "roles/a.csv", 2, row) == []


def test_a_year_is_read_as_all_of_it_and_its_first_day_as_that_day(tmp_path: Path) -> None:
    row = "person:rudolf,king,King,,RUR,,,{},,2025-12,memory,unchecked"
    assert planted(tmp_path, "roles/a.csv", 3, row.format("1893")) == []
    (found,) = planted(tmp_path, "roles/a.csv", 3, row.format("1893-01-01"))
    assert "until 1893-03-01, from 1893-01-01" in found


def test_a_father_and_a_son_of_one_name_are_two(tmp_path: Path) -> None:
    planted(tmp_path)
    for file, lines in {
        "actors/a.csv": ["person:fritz,person,Fritz Tarlenheim,RUR,,,,,memory,unchecked"],
        "roles/a.csv": [
            "person:fritz,knight,,,RUR,,,1871,1889,,memory,unchecked",
            "person:fritz-son,knight,,,RUR,,,{},1920,,memory,unchecked",
        ],
        "aliases/a.csv": ["person:fritz-son,Fritz Tarlenheim,en,name,,needs,memory,unchecked"],
    }.items():
        with (tmp_path / file).open("a", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)
    with (tmp_path / "actors/a.csv").open("a", encoding="utf-8") as out:
        out.write("person:fritz-son,person,Fritz of Tarlenheim,RUR,,,,,memory,unchecked\n")
    roles = (tmp_path / "roles/a.csv").read_text("utf-8")
    for start, twins in (("1890", False), ("1888-05", True)):
        (tmp_path / "roles/a.csv").write_text(roles.format(start), encoding="utf-8")
        rows, problems = read(tmp_path)
        found = [str(one) for one in [*problems, *check(rows, TODAY)]]
        assert any("under a second id" in one for one in found) is twins, found


def test_ids_beside_a_list_that_is_right(tmp_path: Path) -> None:
    planted(tmp_path)
    rows, _ = read(tmp_path)
    found = against(rows, {"Q1": "Graustark", "Q2": "union of ruritanian lands"})
    assert [str(one) for one in found] == [
        "actors/a.csv:2: warning: Q1 is known as 'Graustark', here as 'Ruritania'"
    ]


def test_staleness_counts(tmp_path: Path) -> None:
    planted(tmp_path)
    rows, _ = read(tmp_path)
    assert report(rows.roles, TODAY) == {"closed": 1, "open, confirmed within 3 months": 2}


def test_the_packaged_rows_have_no_error() -> None:
    rows, problems = read(DATA)
    found = [*problems, *check(rows, TODAY)]
    assert [str(one) for one in found if one.level == "error"] == []
