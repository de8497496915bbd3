"""The rule families of the tagger, each of which can be switched off, so that its worth can be measured."""

from __future__ import annotations

from msgspec import Struct


class Rules(Struct, frozen=True, kw_only=True):
    """All on is the tagger as it runs; `tests/bench/tag_eval.py` takes one out at a time."""

    gazetteer: bool = True
    """Names that rows list."""
    grammar: bool = True
    """Bodies: country + institution."""
    agents: bool = True
    """Collectives: country + agent noun."""
    roles: bool = True
    """Role nouns before and after a name."""
    common_words: bool = True
    """A word that English writes in lower case is no name for being capital at a sentence's start."""
    stop_names: bool = True
    """Capitals that are no actors: months, measures, holidays, beliefs."""
    heads: bool = True
    """Nouns that make a run an organisation, a place or an event."""
    connectors: bool = True
    """Lower-case words inside names: of, and, al, van."""
    first_names: bool = True
    """First names and surnames."""
    places: bool = True
    """Cities and regions by list, and by their cues."""
    document: bool = True
    """Evidence from the rest of the text: surnames, short forms, acronyms."""
    headlines: bool = True
    """Lines in title case or in capitals give no new names."""
    events: bool = True
    """The name of an event is no actor, nor are the names inside it."""
    singles: bool = True
    """Single capital words inside a sentence."""


ALL = Rules()
