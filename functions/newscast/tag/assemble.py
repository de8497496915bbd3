"""Spans → Tags: mentions grouped by actor, with codes, roles and involvement."""

from __future__ import annotations

from msgspec import UNSET

from newscast.gazetteer.codes import codes_of
from newscast.records import ActorTag, Codes, Mention, Place, Tags, UnknownActor
from newscast.tag.involvement import involvement
from newscast.tag.offices import roles_for
from newscast.tag.scan import Scan
from newscast.tag.span import Span


def tags(scan: Scan) -> Tags:
    """The record of a scan."""
    scan.span_at = {span.i: span for span in scan.spans}
    actors: dict[str, list[Span]] = {}
    unknown: list[UnknownActor] = []
    places: list[Place] = []
    reading = scan.reading
    for span in scan.spans:
        if (
            span.actor
            and not span.actor.startswith("collective:")
            and scan.gazetteer.actor(span.actor) is None
        ):
            # A user's alias of an actor that is not there: the name stands, unknown; tagging goes on.
            scan.reject(span.i, span.j, span.actor, "no such actor in the gazetteer")
            span.actor = ""
        start, end = scan.extent(span)
        surface = reading.text[start:end]
        if span.actor:
            actors.setdefault(span.actor, []).append(span)
        elif span.kind == "place":
            places.append(
                Place(
                    surface=surface, start=start, end=end, country=span.country or None, qid=span.qid or None
                )
            )
        elif span.kind in ("person", "organisation", "group"):
            role = span.title.whole or span.title.text if span.title else None
            unknown.append(
                UnknownActor(
                    surface=surface,
                    start=start,
                    end=end,
                    role=role,
                    kind=span.kind,
                    recogniser=span.model or UNSET,
                )
            )
        elif span.kind == "body":
            unknown.append(
                UnknownActor(surface=surface, start=start, end=end, role=None, kind="organisation")
            )
    return Tags(
        actors=tuple(_actor(scan, actor, spans) for actor, spans in actors.items()),
        unknown=tuple(unknown),
        places=tuple(places),
        gazetteer_version=scan.gazetteer.version,
    )


def _mention(scan: Scan, span: Span) -> Mention:
    start, end = scan.extent(span)
    return Mention(start=start, end=end, surface=scan.reading.text[start:end], form=span.form, rule=span.rule)


def _actor(scan: Scan, actor_id: str, spans: list[Span]) -> ActorTag:
    mentions = tuple(_mention(scan, span) for span in spans)
    how = involvement(scan, spans)
    if actor_id.startswith("collective:"):
        first = spans[0]
        return ActorTag(
            actor_id=actor_id,
            name=first.name,
            kind="collective",
            country=first.country or None,
            codes=_collective_codes(scan, first),
            qid=None,
            roles=(),
            involvement=how,
            mentions=mentions,
        )
    actor = scan.gazetteer.actor(actor_id)
    if actor is None:  # `tags` has set such spans aside
        raise LookupError(f"the gazetteer names {actor_id} and has no such actor")
    return ActorTag(
        actor_id=actor_id,
        name=actor.name,
        kind=actor.kind,
        country=actor.country or None,
        codes=codes_of(scan.gazetteer, actor, scan.on),
        qid=actor.qid or None,
        roles=roles_for(scan, actor, spans),
        involvement=how,
        mentions=mentions,
    )


def _collective_codes(scan: Scan, span: Span) -> Codes:
    cameo, plover = span.codes
    state = scan.gazetteer.actor(f"country:{span.country}") if span.country else None
    prefix = (
        (state.cameo or span.country, state.plover or span.country) if state else (span.country, span.country)
    )
    return Codes(cameo=prefix[0] + cameo, plover=prefix[1] + plover, iso3=span.country or None)
