"""What the gazetteer says: actors, their aliases, the offices they held, and the vocabularies."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct, field

from newscast.gazetteer.tokens import plain

Kind = Literal["country", "body", "organisation", "group", "person"]
AliasForm = Literal["name", "short", "acronym", "demonym", "metonym"]
Case = Literal["exact", "title", "any"]
Context = Literal["", "needs", "place", "people"]
Mark = Literal["checked", "unchecked"]


class Actor(Struct, frozen=True, kw_only=True, array_like=True):
    """One actor. Codes are empty where roles, institution or country give them (`codes.codes_of`)."""

    id: str
    kind: Kind
    name: str
    country: str = ""
    """ISO 3166 alpha-3, or empty for an actor of no one state."""
    cameo: str = ""
    plover: str = ""
    qid: str = ""
    wikipedia: str = ""
    row: str = ""
    """Where it is written: `actors/countries.csv:12`; empty for a body that grammar made."""


LAST_LATIN = "\u024f"
"""Letters beyond it are of other scripts."""


class Alias(Struct, frozen=True, kw_only=True, array_like=True):
    """One way to name an actor, with what must hold before the name counts."""

    actor: str
    text: str
    """As a newspaper writes it."""
    form: AliasForm = "name"
    case: Case = "title"
    context: Context = ""
    """needs: only with evidence in the text · place: the actor only as a metonym, else a place · people:
    where the words stand for a people, not in longer names and before things."""
    language: str = ""
    """BCP 47 tags with spaces between ("de", "zh-Hant yue"), or empty where it holds in any language."""
    row: str = ""

    def speaks(self, language: str) -> bool:
        """Whether a text of that primary language ("de"; empty: not known) may use this name.

        English names count everywhere, since publishers mix them in; so do names in another script, which
        mean nothing else in a Latin text, save acronyms. "Island" for Iceland counts in a Danish text alone.
        """
        foreign = self.text[0] > "\u024f" and not "\u1e00" <= self.text[0] <= "\u1eff"
        if not self.language or (foreign and self.form != "acronym"):
            return True
        primary = [tag.split("-")[0] for tag in self.language.split(" ")]
        return "en" in primary or language in primary

    def needs_capital(self) -> bool:
        """Whether no text that writes the first word in lower case can mean this; where unsure, it may."""
        return self.case != "any" and self.text[0].isupper()

    def fits(self, surface: str) -> bool:
        """Whether the words as they stand in a text satisfy the case rule (the key already matched)."""
        if self.case == "any":
            return True
        if self.case == "exact":
            return plain(surface) == plain(self.text)
        # title: what is capital in the alias is capital in the text; "OF" for "of" does no harm.
        return all(
            ours[0] == theirs[0] or ours[0].lower() == theirs[0]
            for ours, theirs in zip(plain(surface).split(), plain(self.text).split(), strict=False)
        )


class PlaceName(Struct, frozen=True, kw_only=True, array_like=True):
    """A city or region that a text may name without meaning an actor."""

    text: str
    country: str
    size: Literal["capital", "seat", "city", "region"] = "city"
    qid: str = ""
    language: str = ""
    row: str = ""

    def speaks(self, language: str) -> bool:
        """Whether a text of that primary language (empty: not known) may use this name."""
        tags = {tag.split("-")[0] for tag in self.language.split(" ")}
        if "en" in tags or not self.language:
            return True
        return language in tags if language else self.text[0] > LAST_LATIN

    def needs_capital(self) -> bool:
        """Whether a text must begin the name with a capital: "Cisjordanie", not "bande de Gaza"."""
        return not self.text[0].islower()


class Found(Struct, frozen=True, array_like=True):
    """All that one key can mean: two aliases for Georgia, an alias and a place for Moscow."""

    aliases: tuple[Alias, ...] = ()
    places: tuple[PlaceName, ...] = ()


class Entry(NamedTuple):
    """What stands in a gazetteer under some words: their own meaning, and whether longer names begin so."""

    found: Found | None = None
    longer: bool = False


class RoleRow(Struct, frozen=True, kw_only=True, array_like=True):
    """One office held for a time. Without `end` it was still held on `confirmed`, not for ever.

    `since` and `until` are the dates as the row gives them, which may be a year or a month; `start` and `end`
    are the first and the last day that they can mean, so that what isn't known excludes nothing.
    """

    actor: str
    office: str
    title: str
    body: str = ""
    country: str = ""
    cameo: str = ""
    plover: str = ""
    start: date | None = None
    end: date | None = None
    confirmed: date | None = None
    row: str = ""
    since: str = ""
    """`2004`, `2004-06` or `2004-06-01`; empty if not known."""
    until: str = ""

    def holds(self, on: date) -> bool:
        """Whether the row covers that day; an unknown start or end excludes nothing."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


class Office(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of office; `single` if two may not hold it at once; codes follow the country's."""

    office: str
    name: str
    single: bool = False
    institution: str = ""
    cameo: str = ""
    plover: str = ""


class Institution(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of body that, with a country, names one: `name` holds {country} or {demonym}."""

    institution: str
    name: str
    cameo: str = ""
    plover: str = ""


class Phrase(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words that state an office or an institution; with `country`, only there."""

    text: str
    means: str
    """Key of an Office or an Institution."""
    country: str = ""
    language: str = "en"


class Vocabulary(Struct, frozen=True, kw_only=True):
    """The small tables that grammar works with."""

    offices: dict[str, Office] = field(default_factory=dict)
    institutions: dict[str, Institution] = field(default_factory=dict)
    titles: tuple[Phrase, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    adjectives: dict[str, str] = field(default_factory=dict)
    """alpha-3 → "Russian": the first English demonym of each country."""
    codes: dict[str, set[str]] = field(default_factory=dict)
    """cameo, plover → the blocks that their codes are made of, beside countries."""
    languages: frozenset[str] = frozenset()
    """Primary languages ("de") in which any alias is written."""
