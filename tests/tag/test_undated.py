"""A text without a date: the years that it names tell two holders of one surname apart."""

from __future__ import annotations

import pytest

from newscast.gazetteer import packaged
from newscast.tag import tag


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("President Bush spoke in 2005. He was elected in 2000.", ["person:george-w-bush"]),
        ("President Bush spoke in 1991.", ["person:george-h-w-bush"]),
        ("President Bush spoke in 1991 and in 2003.", []),
        ("President Bush spoke.", []),
    ],
)
def test_years_in_the_text_choose_the_holder_of_an_office(text: str, actors: list[str]) -> None:
    tags = tag(text, packaged.load(), None, "en")
    assert [actor.actor_id for actor in tags.actors] == actors
