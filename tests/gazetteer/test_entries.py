"""What one key holds: an actor's own name once, languages together, rules apart."""

from __future__ import annotations

from newscast.gazetteer.entries import distinct, entries
from newscast.gazetteer.model import Actor, Alias
from newscast.gazetteer.rows import Rows

KREMLIN = Actor(id="body:RUS:presidency", kind="body", name="Kremlin", country="RUS")


def test_a_row_gives_an_actors_own_name_another_form() -> None:
    made = entries(Rows(actors=[KREMLIN], aliases=[Alias(actor=KREMLIN.id, text="Kremlin", form="metonym")]))
    assert [alias.form for alias in made.names["kremlin"].aliases] == ["metonym"]
    assert [alias.form for alias in entries(Rows(actors=[KREMLIN])).names["kremlin"].aliases] == ["name"]


def test_languages_that_write_a_name_alike_are_one_alias() -> None:
    one = Alias(actor="x", text="Kreml", language="de")
    assert distinct([one, Alias(actor="x", text="Kreml", language="sv da")])[0].language == "da de sv"
    assert distinct([one, Alias(actor="x", text="Kreml", language="")])[0].language == ""
    assert len(distinct([one, Alias(actor="x", text="Kreml", language="sv", context="needs")])) == 2
    assert len(distinct([one, Alias(actor="y", text="Kreml", language="de")])) == 2


def test_a_name_without_a_word_is_no_key() -> None:
    made = entries(Rows(actors=[Actor(id="org:x", kind="organisation", name="…")]))
    assert made.names == {}
    assert made.begun == set()
