"""The gazetteer that ships: it loads, and holds who was in the news of July 2024."""

from __future__ import annotations

from datetime import date

import pytest

from newscast.gazetteer.codes import codes_of
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.packaged import load
from newscast.gazetteer.tokens import key_of

DAY = date(2024, 7, 12)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load()


@pytest.mark.parametrize(
    ("name", "actor", "cameo"),
    [
        ("Sabrina Singh", "person:sabrina-singh", "USAGOVMIL"),
        ("Lloyd Austin", "person:lloyd-austin", "USAGOVMIL"),
        ("Andrei Belousov", "person:andrey-belousov", "RUSGOVMIL"),
        ("Jake Sullivan", "person:jake-sullivan", "USAGOV"),
        ("Ajit Doval", "person:ajit-doval", "INDGOV"),
        ("Narendra Modi", "person:narendra-modi", "INDGOV"),
        ("Vladimir Putin", "person:vladimir-putin", "RUSGOV"),
        ("Pentagon", "body:USA:defence-ministry", "USAGOVMIL"),
        ("White House", "body:USA:presidency", "USAGOV"),
        ("Kremlin", "body:RUS:presidency", "RUSGOV"),
        ("State Department", "body:USA:foreign-ministry", "USAGOV"),
        ("NATO", "org:NATO", "IGOWSTNAT"),
        ("AFP", "org:AFP", "FRAMED"),
        ("Germany", "country:DEU", "DEU"),
        ("Ukrainian", "country:UKR", "UKR"),
        ("Moscow", "country:RUS", "RUS"),
        ("U.S.", "country:USA", "USA"),
    ],
)
def test_actors_of_the_july_call(gazetteer: Gazetteer, name: str, actor: str, cameo: str) -> None:
    found = gazetteer.lookup(key_of(name))
    assert found is not None
    assert actor in {alias.actor for alias in found.aliases}
    held = gazetteer.actor(actor)
    assert held is not None
    assert codes_of(gazetteer, held, DAY).cameo == cameo


@pytest.mark.parametrize(
    ("office", "country", "holder"),
    [
        ("defence-minister", "USA", "person:lloyd-austin"),
        ("defence-minister", "RUS", "person:andrey-belousov"),
        ("national-security-adviser", "IND", "person:ajit-doval"),
        ("head-of-state", "RUS", "person:vladimir-putin"),
    ],
)
def test_who_held_the_office_that_day(gazetteer: Gazetteer, office: str, country: str, holder: str) -> None:
    assert [row.actor for row in gazetteer.holders(office, country, on=DAY)] == [holder]


def test_a_ministry_that_no_row_lists_is_made_by_grammar(gazetteer: Gazetteer) -> None:
    ministry = gazetteer.body("IND", "culture-ministry")
    assert ministry is not None
    assert (ministry.name, ministry.row) == ("Indian Culture Ministry", "")
    assert codes_of(gazetteer, ministry, DAY).cameo == "INDGOV"
    assert gazetteer.body("IND", "ministry-of-silly-walks") is None
    assert gazetteer.body("XXX", "defence-ministry") is None


def test_a_former_official_is_elite(gazetteer: Gazetteer) -> None:
    austin = gazetteer.actor("person:lloyd-austin")
    assert austin is not None
    assert codes_of(gazetteer, austin, date(2025, 6, 1)).cameo == "USAELI"


def test_a_place_is_found_beside_the_actor_that_shares_its_name(gazetteer: Gazetteer) -> None:
    found = gazetteer.lookup("georgia")
    assert found is not None
    assert [alias.actor for alias in found.aliases] == ["country:GEO"]
    assert [place.country for place in found.places] == ["USA"]


@pytest.mark.parametrize(
    ("name", "people", "cameo"),
    [
        ("Kurds", "kurds", "kur"),
        ("Kurdish", "kurds", "kur"),
        ("Sunni", "sunnis", "MOSSUN"),
        ("Shi'ites", "shiites", "MOSSHI"),
        ("Shia", "shiites", "MOSSHI"),
        ("Uighurs", "uyghurs", "uig"),
        ("Jews", "jews", "JEW"),
        ("Catholics", "catholics", "CHRCTH"),
        ("Hindus", "hindus", "HIN"),
        ("Druze", "druze", "DRZ"),
        ("Tutsi", "tutsis", "tts"),
        ("Tuareg", "tuareg", "tmh"),
        ("Romani", "roma", "rom"),
        ("Crimean Tatars", "crimean-tatars", "crh"),
        ("Rohingya", "rohingya", None),
        ("Kurden", "kurds", "kur"),
        ("курдский", "kurds", "kur"),
    ],
)
def test_peoples_have_the_codes_of_cameo(
    gazetteer: Gazetteer, name: str, people: str, cameo: str | None
) -> None:
    found = gazetteer.lookup(key_of(name))
    assert found is not None
    (actor,) = {alias.actor for alias in found.aliases if alias.context == "people"}
    held = gazetteer.actor(actor)
    assert held is not None
    assert held.id == f"group:{people}"
    codes = codes_of(gazetteer, held, DAY)
    assert (codes.cameo, codes.plover, codes.iso3) == (cameo, None, None)


@pytest.mark.parametrize("state", ["Myanmar", "New Zealand"])
def test_a_state_whose_name_is_its_adjective_too_is_named_by_it(gazetteer: Gazetteer, state: str) -> None:
    found = gazetteer.lookup(key_of(state))
    assert found is not None
    assert found.aliases[0].form == "name"
