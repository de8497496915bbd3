"""What tagging leaves for a reader: each span with its rule and row, and what was set aside, and why."""

from __future__ import annotations

from msgspec import Struct

from newscast.records import Tags
from newscast.tag.scan import Scan


class Aside(Struct, frozen=True, kw_only=True):
    """A candidate that did not become a mention."""

    start: int
    end: int
    surface: str
    candidate: str
    """An actor's id, or a kind of name."""
    why: str


class Step(Struct, frozen=True, kw_only=True):
    """A span that became a mention, an unknown name or a place."""

    start: int
    end: int
    surface: str
    kind: str
    actor_id: str | None
    rule: str
    row: str | None
    """Where the gazetteer lists the actor."""
    candidates: tuple[str, ...]
    """Who it could be, where it stays open."""


class Explanation(Struct, frozen=True, kw_only=True):
    """The tags of a text, how each came about, and what was rejected."""

    text: str
    tags: Tags
    steps: tuple[Step, ...]
    aside: tuple[Aside, ...]
    periods: dict[str, tuple[str, str]]
    """Role row → from and to as the row gives them: a year where no day is known."""


def trace(scan: Scan, tags: Tags) -> Explanation:
    """The explanation of a finished scan."""
    reading = scan.reading
    steps = []
    for span in scan.spans:
        actor = scan.gazetteer.actor(span.actor) if span.actor else None
        start, end = scan.extent(span)
        steps.append(
            Step(
                start=start,
                end=end,
                surface=reading.text[start:end],
                kind=span.kind,
                actor_id=span.actor or None,
                rule=span.rule,
                row=actor.row or None if actor else None,
                candidates=span.candidates,
            )
        )
    aside = tuple(
        Aside(
            start=reading.starts[one.i],
            end=reading.ends[one.j - 1],
            surface=reading.surface(one.i, one.j),
            candidate=one.candidate,
            why=one.why,
        )
        for one in scan.rejected
    )
    periods = {
        row.row: (row.since, row.until)
        for actor in tags.actors
        for row in scan.gazetteer.roles(actor.actor_id)
    }
    return Explanation(text=reading.text, tags=tags, steps=tuple(steps), aside=aside, periods=periods)
