"""Lists of the US Congress as a source: terms that make one service, and names that need evidence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.model import Actor, Alias
from newscast.gazetteer.rows import Rows, read
from newscast.gazetteer.sources.congress import Later, Spell, members, rows_of


def member(govtrack: int, first: str, last: str, *terms: tuple[str, str, str]) -> dict[str, Any]:
    """As the package has one: terms are (sen or rep, first day, last day), all for Ohio."""
    return {
        "id": {"govtrack": govtrack},
        "name": {"first": first, "last": last},
        "terms": [{"type": kind, "state": "OH", "start": start, "end": end} for kind, start, end in terms],
    }


def test_terms_on_end_are_one_service_and_a_year_between_makes_two() -> None:
    (one,) = members(
        [
            member(
                1,
                "Ada",
                "Quill",
                ("rep", "1993-01-05", "1995-01-03"),
                ("rep", "1995-01-04", "1996-10-04"),
                ("rep", "1999-01-06", "2001-01-03"),
                ("sen", "2001-01-03", "2007-01-03"),
            ),
            member(2, "Bo", "Old", ("sen", "1985-01-03", "1997-01-03")),
        ],
        [],
    )
    assert [spell[2:4] for spell in one.spells] == [
        ("1993-01-05", "1996-10-04"),
        ("1999-01-06", "2001-01-03"),
        ("2001-01-03", "2007-01-03"),
    ]


def test_a_term_that_ends_with_the_session_ran_to_january_and_one_that_ends_alone_did_not() -> None:
    session = [member(i, "Ada", f"Quill{i}", ("sen", "1999-01-06", "2000-12-15")) for i in range(100)]
    found = members([*session, member(101, "Bo", "Gone", ("sen", "1999-01-06", "2000-11-15"))], [])
    assert {one.names[0][:3]: one.spells[0].end for one in found} == {
        "Ada": "2001-01-03",
        "Bo ": "2000-11-15",
    }


def test_later_lines_end_what_was_open_begin_what_followed_and_add_members() -> None:
    quill = member(1, "Ada", "Quill", ("rep", "2011-01-05", "2017-01-03"))
    old, new = members(
        [quill],
        [
            Later("1", "", "house", "", "", "2016-05-01", "", "unchecked"),
            Later("1", "", "senate", "OH", "2016-05-02", "2023-01-03", "", "checked"),
            Later("1", "", "", "", "", "", "Q7", "checked"),
            Later("", "Cy Nib", "house", "TX", "2021-01-03", "2027-01-03", "", "checked"),
        ],
    )
    assert old.spells == (
        Spell("house", "OH", "2011-01-05", "2016-05-01", "unchecked"),
        Spell("senate", "OH", "2016-05-02", "2023-01-03", "checked"),
    )
    assert (old.qid, new.names, new.packaged) == ("Q7", ("Cy Nib",), False)


def test_who_is_listed_keeps_the_id_and_a_common_or_taken_name_needs_evidence() -> None:
    known = Rows(
        actors=[
            Actor(id="person:ada-quill", kind="person", name="Ada Quill", country="USA"),
            Actor(id="person:cy-nib", kind="person", name="Cy Nib", country="GBR"),
        ],
        aliases=[Alias(actor="person:ada-quill", text="Adelaide Quill")],
    )
    term = ("rep", "2011-01-05", "2013-01-03")
    people = [("Adelaide", "Quill"), ("Cy", "Nib"), ("John", "Smith"), ("Ina", "Rare")]
    found = members([member(i, first, last, term) for i, (first, last) in enumerate(people)], [])
    actors, aliases, roles = rows_of(found, known, Counter({"* Smith": 30, "John *": 900}))
    assert [(row[0], row[2]) for row in actors] == [
        ("person:cy-nib-ohio", "Cy Nib (Ohio)"),
        ("person:ina-rare", "Ina Rare"),
        ("person:john-smith", "John Smith (Ohio)"),
    ]
    assert [(row[1], row[5]) for row in aliases] == [("Cy Nib", "needs"), ("John Smith", "needs")]
    assert next(row[0] for row in roles) == "person:ada-quill"


def test_no_surname_alone_names_a_member() -> None:
    rows, _ = read(DATA)
    texts = [one.text for one in rows.aliases if one.row.startswith("aliases/congress")]
    assert texts
    assert all(" " in text for text in texts)
