"""explain runs the same rules as tag and says what it took, what it left, and why."""

from __future__ import annotations

from datetime import date

from newscast.cli.explained import role_words
from newscast.gazetteer import packaged
from newscast.gazetteer.entries import entries
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Actor, RoleRow
from newscast.gazetteer.rows import Rows
from newscast.tag import explain, tag

TEXT = "Moscow accused Kyiv. The talks in Moscow failed, said <b>Jane Austin</b>. Lloyd Austin met Austin."


def test_the_same_tags_as_tagging() -> None:
    on = date(2024, 7, 12)
    assert explain(TEXT, packaged.load(), on).tags == tag(TEXT, packaged.load(), on)


def test_every_span_has_a_rule_and_a_listed_actor_its_row() -> None:
    found = explain("Russia met NATO in Geneva.", packaged.load(), None)
    assert [(step.surface, step.kind) for step in found.steps] == [
        ("Russia", "country"),
        ("NATO", "organisation"),
        ("Geneva", "place"),
    ]
    assert all(step.rule for step in found.steps)
    assert [bool(step.row) for step in found.steps] == [True, True, False]


def test_what_was_rejected_stands_with_its_reason() -> None:
    found = explain(TEXT, packaged.load(), date(2024, 7, 12))
    aside = {(one.surface, one.candidate): one.why for one in found.aside}
    assert aside["Moscow", "country:RUS"] == "a place here: nothing acts"


def test_an_open_name_shows_who_it_could_be() -> None:
    found = explain(TEXT, packaged.load(), date(2024, 7, 12))
    last = found.steps[-1]
    assert (last.surface, last.actor_id) == ("Austin", None)
    assert "person:lloyd-austin" in last.candidates


def test_a_role_is_dated_as_exactly_as_its_row() -> None:
    ours = packaged.load()
    rudolf = Actor(id="person:rudolf", kind="person", name="Rudolf Elphberg", country="DEU")
    row = RoleRow(
        actor=rudolf.id,
        office="minister",
        title="Minister",
        country="DEU",
        start=date(2004, 1, 1),
        end=date(2006, 5, 31),
        row="mine.csv:2",
        since="2004",
        until="2006-05",
    )
    layer = entries(Rows(actors=[rudolf], roles=[row]))
    gazetteer = Gazetteer([layer, *ours.layers], ours.vocabulary, "1")
    found = explain("Rudolf Elphberg spoke.", gazetteer, date(2004, 2, 3))
    (actor,) = found.tags.actors
    (role,) = actor.roles
    assert role_words(role, found.periods) == "known Minister from 2004 to 2006-05"
    assert role.row == "mine.csv:2"
