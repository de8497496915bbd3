"""A gazetteer with rows that don't fit together never stops tagging."""

from __future__ import annotations

from newscast.gazetteer import packaged
from newscast.gazetteer.entries import Entries
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Alias, Found
from newscast.tag import explain


def test_an_alias_of_an_actor_that_is_not_there_leaves_the_name_unknown() -> None:
    ours = packaged.load()
    names = {"ruritania": Found((Alias(actor="country:RUR", text="Ruritania"),))}
    layer = Entries(names=names)
    found = explain("Russia met Ruritania.", Gazetteer([layer, *ours.layers], ours.vocabulary, "1"), None)
    assert [actor.actor_id for actor in found.tags.actors] == ["country:RUS"]
    assert "no such actor in the gazetteer" in {one.why for one in found.aside}
