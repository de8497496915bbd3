"""A user's own actors over ours: what they add and replace, and that bad lines cost only themselves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.gazetteer.codes import codes_of
from newscast.gazetteer.entries import entries
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Actor, Alias, Institution, Office, RoleRow, Vocabulary
from newscast.gazetteer.overlay import overlay
from newscast.gazetteer.rows import Rows
from newscast.gazetteer.tokens import key_of

OURS = Gazetteer(
    [
        entries(
            Rows(
                actors=[
                    Actor(id="country:RUR", kind="country", name="Ruritania", country="RUR", row="c.csv:2"),
                    Actor(
                        id="person:rudolf",
                        kind="person",
                        name="Rudolf V",
                        country="RUR",
                        qid="Q5",
                        row="p.csv:2",
                    ),
                ],
                aliases=[Alias(actor="person:rudolf", text="Play Actor", row="a.csv:2")],
                roles=[
                    RoleRow(
                        actor="person:rudolf",
                        office="king",
                        title="King",
                        country="RUR",
                        start=date(2020, 1, 1),
                        row="r.csv:2",
                    )
                ],
            )
        )
    ],
    Vocabulary(
        offices={
            "king": Office(office="king", name="King", single=True, cameo="GOV", plover="GOV"),
            "knight": Office(office="knight", name="Knight", cameo="ELI", plover="ELI"),
        },
        institutions={"palace": Institution(institution="palace", name="{demonym} Palace", cameo="GOV")},
        adjectives={"RUR": "Ruritanian"},
        codes={"cameo": {"GOV", "ELI", "BUS"}, "plover": {"GOV", "ELI"}},
    ),
    "v1",
)


def told(text: str) -> list[str]:
    return [str(one) for one in overlay(OURS, text)[1]]


def test_an_actor_with_names_and_role_in_one_line() -> None:
    over, problems = overlay(
        OURS,
        "kind,name,country,aliases,office,title,from\n"
        "person,Antoinette de Mauban,RUR,Madame de Mauban|AdM,knight,Dame,2023-05\n",
    )
    assert problems == []
    found = over.lookup(key_of("Madame de Mauban"))
    assert found is not None
    assert [alias.actor for alias in found.aliases] == ["person:antoinette-de-mauban"]
    acronym = over.lookup("adm")
    assert acronym is not None
    assert [(alias.form, alias.row) for alias in acronym.aliases] == [("name", "actors.csv:2")]
    actor = over.actor("person:antoinette-de-mauban")
    assert actor is not None
    assert codes_of(over, actor, date(2024, 1, 1)).cameo == "RURELI"
    assert over.entry("madame de").longer
    assert over.version.startswith("v1+")
    assert OURS.lookup("adm") is None, "ours stay as they were"


def test_a_line_with_one_of_our_ids_adds_and_replaces() -> None:
    over, problems = overlay(OURS, "id,name,aliases\nperson:rudolf,Rudolf Rassendyll,RVR\n")
    assert problems == []
    rudolf = over.actor("person:rudolf")
    assert rudolf is not None
    assert (rudolf.name, rudolf.qid, rudolf.row) == ("Rudolf Rassendyll", "Q5", "actors.csv:2")
    for name in ("Rudolf V", "Rudolf Rassendyll", "Play Actor", "RVR"):
        found = over.lookup(key_of(name))
        assert found is not None
        assert {alias.actor for alias in found.aliases} == {"person:rudolf"}
    assert len(over.roles("person:rudolf")) == 1


def test_a_new_holder_of_a_single_seat_ends_our_open_row() -> None:
    over, problems = overlay(OURS, "kind,name,country,office,from\nperson,Flavia,RUR,king,2025-03-01\n")
    assert problems == []
    assert [row.actor for row in over.holders("king", "RUR", on=date(2024, 1, 1))] == ["person:rudolf"]
    assert [row.actor for row in over.holders("king", "RUR", on=date(2025, 6, 1))] == ["person:flavia"]
    assert [(row.end, row.row) for row in over.roles("person:rudolf")] == [(date(2025, 3, 1), "r.csv:2")]


def test_two_lines_of_one_id_are_one_actor_with_two_roles() -> None:
    over, problems = overlay(
        OURS,
        "id,kind,name,country,office,from,to\n"
        "person:osra,person,Osra,RUR,knight,2001,2003\n"
        "person:osra,,,RUR,knight,2005,\n",
    )
    assert problems == []
    assert [row.row for row in over.roles("person:osra")] == ["actors.csv:2", "actors.csv:3"]


def test_a_users_name_goes_before_ours_and_says_so() -> None:
    over, problems = overlay(OURS, "kind,name\norganisation,Play Actor\n")
    assert "'Play Actor' names person:rudolf in ours; yours goes first" in str(problems[0])
    found = over.lookup(key_of("Play Actor"))
    assert found is not None
    assert [alias.actor for alias in found.aliases] == ["org:play-actor"]


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(comma: str) -> None:
    text = "\ufeffKind;Name;Country\r\n# our own beat\r\n;;\r\nPerson;Fritz von Tarlenheim;rur;;\r\n"
    text = text.replace(";", comma)
    over, problems = overlay(OURS, text)
    assert problems == []
    assert over.actor("person:fritz-von-tarlenheim") is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "spy,Rupert,RUR,,,",
            "actors.csv:2: error: kind is one of country, body, organisation, group, person, not 'spy'",
        ),
        ("person,,RUR,,,", "a line needs an id, or a kind and a name"),
        ("person,Рудольф,RUR,,,", "has no letter of the alphabet"),
        ("person,Rupert,GRA,,,", "no country is 'GRA': its code has three letters"),
        ("person,Rupert,RUR,jester,,", "no office is jester"),
        ("person,Rupert,RUR,knigth,,", "no office is knigth: knight is meant?"),
        ('person,"Rupert,RUR,,,', "actors.csv:2: error: a quotation mark is not closed on its line"),
        ("person,Rupert, of Hentzau,RUR,,,,X", "actors.csv:2: error: 8 cells where the first line has 6"),
        ("person,Rup\ufffdrt,RUR,,,", "actors.csv:2: error: not UTF-8"),
        ("person,Rup\x1b[31mert,RUR,,,", "control characters"),
        (
            "person," + "Rupert" * 2000 + ",RUR,,,",
            "actors.csv:2: error: a line of more than 10,000 characters",
        ),
        ("body,Rupert,,,,", "a body is of a country"),
        ("person,Rupert,RUR,king,soon,", "'soon' is no date"),
        ("person,Rupert,RUR,,2024,", "the cell office is empty"),
        ("person,Rupert,RUR,,,RURXYZ", "XYZ is in no vocabulary"),
    ],
)
def test_a_bad_line_is_told_and_left_out_alone(line: str, said: str) -> None:
    text = f"kind,name,country,office,from,cameo\n{line}\nperson,Flavia,RUR,,,\n"
    over, problems = overlay(OURS, text)
    assert any(said in str(one) for one in problems), problems
    assert over.actor("person:flavia") is not None
    assert over.actor("person:rupert") is None
    assert over.lookup("rupert") is None


def test_a_line_that_adds_to_an_actor_that_was_left_out_is_left_out_too() -> None:
    text = "id,kind,name,country,office\nperson:x,person,Xaver,GRA,\nperson:x,,,RUR,knight\n"
    over, problems = overlay(OURS, text)
    assert len(problems) == 1
    assert over.roles("person:x") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", None),
        ("who,what\nx,y\n", "the first line names the columns"),
        ("name,kind,colour\nFlavia,person,red\n", "columns that mean nothing here: colour"),
    ],
)
def test_headers(text: str, said: str | None) -> None:
    assert (said is None and told(text) == []) or any(said in one for one in told(text) if said)


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
def test_no_text_stops_tagging(text: str) -> None:
    over, _ = overlay(OURS, text)
    assert over.actor("person:rudolf") is not None


@given(st.lists(st.lists(st.sampled_from(["person", "org", "RUR", "king", "2024", "", "A|B", '"', "x:y"]))))
def test_no_rows_stop_tagging(rows: list[list[str]]) -> None:
    text = "\n".join(["id,kind,name,country,office,from,aliases", *(",".join(row) for row in rows)])
    over, _ = overlay(OURS, text)
    assert over.lookup("ruritania") is not None
