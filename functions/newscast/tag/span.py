"""A stretch of a text that names something, on its way from candidate to mention."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from newscast.records import Form

SpanKind = Literal[
    "country", "body", "organisation", "group", "person", "collective", "place", "event", "nothing"
]


class Title(Struct):
    """A role as the text states it beside a name: words [i, j), and whose office it is."""

    i: int
    j: int
    text: str
    office: str
    effect: str = ""
    """past, acting, deputy, future, or empty: what a modifier does to it."""
    country: str = ""
    body: str = ""
    first: int = -1
    """The first word of it with the country or body before it."""
    whole: str = ""
    """With the country or body that stands before it: "Pentagon spokesperson"."""


class Span(Struct):
    """Words [i, j) of the reading. Without an actor it is unknown, a place or a name that was set aside."""

    i: int
    j: int
    kind: SpanKind
    rule: str
    actor: str = ""
    form: Form = "name"
    title: Title | None = None
    country: str = ""
    qid: str = ""
    weak: bool = False
    """Waits for evidence from the rest of the document."""
    name: str = ""
    """What a collective is called."""
    codes: tuple[str, str] = ("", "")
    """CAMEO and PLOVER sector of a collective."""
    candidates: tuple[str, ...] = ()
    """Actors it could be, where it stays open; beside an actor, who else goes by that acronym."""
    rival: str = ""
    """The country of the region that has the same name: Georgia is in the USA too."""
    why: str = ""
    """Reason, where it was set aside or left open."""
    model: str = ""
    """The recogniser that alone has found it."""
    open_kind: bool = False
    """The kind is a guess that neighbours may correct."""

    def take(self, other: Span, rule: str, form: Form) -> None:
        """Become a mention of whom another span names."""
        self.kind, self.actor, self.country, self.qid = other.kind, other.actor, other.country, other.qid
        self.rule, self.form, self.weak, self.candidates = rule, form, False, ()
