"""The July 2024 call between the defence ministers of the USA and Russia: every actor, role and part."""

from __future__ import annotations

from datetime import date

import pytest

from newscast.gazetteer import packaged
from newscast.records import ActorTag, Tags
from newscast.tag import tag

TEXT = """US and Russian defence ministers hold second call in two weeks

WASHINGTON, July 12, 2024 - U.S. Defense Secretary Lloyd Austin spoke by telephone with Russian Defence \
Minister Andrey Belousov on Friday, the second call between the two in two weeks, Pentagon spokesperson \
Sabrina Singh said.

Singh told reporters that the call was initiated by Russia and that Austin stressed the importance of \
keeping lines of communication open during the war in Ukraine. AFP quoted the Russian Defence Ministry as \
saying that the two sides discussed how to reduce the risk of escalation.

The call came a day after the White House announced at the NATO summit in Washington that it would station \
long-range weapons in Germany. Russian President Vladimir Putin has warned of a response.

On the same day, US National Security Adviser Jake Sullivan held a call with Indian Foreign Minister Ajit \
Doval, days after Prime Minister Narendra Modi's visit to Russia, the Indian Foreign Ministry said in a \
statement. The US State Department had voiced concerns about India's ties with Moscow.
"""

PARTS = {
    "country:USA": "mentioned",
    "country:RUS": "participant",
    "country:UKR": "mentioned",
    "country:DEU": "mentioned",
    "country:IND": "participant",
    "body:USA:defence-ministry": "speaker",
    "body:RUS:defence-ministry": "speaker",
    "body:USA:presidency": "speaker",
    "body:IND:foreign-ministry": "speaker",
    "body:USA:foreign-ministry": "participant",
    "org:NATO": "mentioned",
    "org:AFP": "source",
    "person:lloyd-austin": "speaker",
    "person:andrey-belousov": "participant",
    "person:sabrina-singh": "speaker",
    "person:vladimir-putin": "participant",
    "person:jake-sullivan": "participant",
    "person:ajit-doval": "participant",
    "person:narendra-modi": "participant",
}
STATED = {
    "person:lloyd-austin": ("Defense Secretary", True),
    "person:andrey-belousov": ("Defence Minister", True),
    "person:sabrina-singh": ("spokesperson", True),
    "person:vladimir-putin": ("President", True),
    "person:jake-sullivan": ("National Security Adviser", True),
    "person:ajit-doval": ("Foreign Minister", False),
    "person:narendra-modi": ("Prime Minister", True),
}


@pytest.fixture(scope="module")
def tags() -> Tags:
    return tag(TEXT, packaged.load(), date(2024, 7, 13), "en")


@pytest.fixture(scope="module")
def actors(tags: Tags) -> dict[str, ActorTag]:
    return {actor.actor_id: actor for actor in tags.actors}


def test_all_nineteen_actors_and_no_other(actors: dict[str, ActorTag]) -> None:
    assert {actor_id: actor.involvement for actor_id, actor in actors.items()} == PARTS


def test_seven_persons_with_their_roles(actors: dict[str, ActorTag]) -> None:
    stated = {
        actor_id: (actor.roles[0].stated, actor.roles[0].agrees)
        for actor_id, actor in actors.items()
        if actor.kind == "person"
    }
    assert stated == STATED


def test_a_role_that_disagrees_keeps_both_and_the_row(actors: dict[str, ActorTag]) -> None:
    (role,) = actors["person:ajit-doval"].roles
    assert role.known == "National Security Adviser"
    assert role.row is not None
    assert role.start == date(2014, 5, 30)


def test_washington_is_a_place_and_nobody_is_unknown(tags: Tags) -> None:
    assert [(place.surface, place.country) for place in tags.places] == [
        ("WASHINGTON", "USA"),
        ("Washington", "USA"),
    ]
    assert tags.unknown == ()


def test_codes_are_those_of_the_day(actors: dict[str, ActorTag]) -> None:
    assert actors["person:lloyd-austin"].codes.cameo == "USAGOVMIL"
    later = tag("Lloyd Austin gave a lecture.", packaged.load(), date(2025, 9, 1)).actors[0]
    assert later.codes.cameo == "USAELI"
    assert actors["org:NATO"].codes.cameo == "IGOWSTNAT"
    assert actors["country:UKR"].codes.iso3 == "UKR"


def test_moscow_is_russia_where_it_is_dealt_with(actors: dict[str, ActorTag]) -> None:
    forms = {mention.surface: mention.form for mention in actors["country:RUS"].mentions}
    assert forms["Moscow"] == "metonym"
