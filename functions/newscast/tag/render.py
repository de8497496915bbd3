"""An explanation → what a person reads: the article in coloured pieces, the table below it, an HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from msgspec import Struct

from newscast.records import ActorTag
from newscast.tag.trace import Explanation

COLOURS = {
    "country": "#1f6feb",
    "body": "#8250df",
    "organisation": "#0a7d55",
    "group": "#b35900",
    "person": "#cf222e",
    "collective": "#9a6700",
    "place": "#57606a",
}
"""By kind of name; readable on white and on black."""


class Piece(Struct, frozen=True):
    """A stretch of the text; `kind` and `note` are empty between names."""

    text: str
    kind: str = ""
    note: str = ""
    """Actor and rule."""
    known: bool = False
    """The gazetteer has it, or grammar made it."""


def pieces(found: Explanation) -> Iterator[Piece]:
    """The whole text, cut at every name."""
    at = 0
    for step in found.steps:
        if step.start > at:
            yield Piece(found.text[at : step.start])
        who = step.actor_id or ("could be " + " or ".join(step.candidates) if step.candidates else "unknown")
        note = f"{who if step.kind != 'place' else 'place'}: {step.rule}"
        yield Piece(step.surface, step.kind, note, step.actor_id is not None)
        at = step.end
    if at < len(found.text):
        yield Piece(found.text[at:])


def rows(found: Explanation) -> Iterator[tuple[str, str, str, str, str]]:
    """One row an actor: name, id, codes, part, roles."""
    for actor in found.tags.actors:
        codes = " ".join(code for code in (actor.codes.cameo, actor.codes.plover) if code)
        yield actor.name, actor.actor_id, codes, actor.involvement, "; ".join(_roles(actor))


def _roles(actor: ActorTag) -> Iterator[str]:
    for role in actor.roles:
        since = f" from {role.start or '?'} to {role.end or 'now'}" if role.known else ""
        known = f"known: {role.known}{since} ({role.row})" if role.known else "nothing known"
        verdict = {True: ", agrees", False: ", DISAGREES", None: ""}[role.agrees]
        yield f"stated: {role.stated}, {known}{verdict}" if role.stated else known


def page(found: Explanation) -> str:
    """A page of its own: no script, no link, nothing fetched; all of the text escaped."""
    colours = "".join(f".{kind}{{color:{colour}}}" for kind, colour in COLOURS.items())
    article = "".join(_marked(piece) for piece in pieces(found))
    actors = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows(found))
    aside = "".join(
        f"<tr><td>{escape(one.surface)}</td><td>{escape(one.candidate)}</td><td>{escape(one.why)}</td></tr>"
        for one in found.aside
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Newscast: who is in it</title>'
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "article{white-space:pre-wrap}mark{background:none;font-weight:600;border-bottom:2px dotted}"
        "mark.known{border-bottom-style:solid}table{border-collapse:collapse;margin:1rem 0}"
        f"td,th{{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #ddd}}{colours}</style></head>"
        f"<body><article>{article}</article><h2>Actors</h2>"
        "<table><tr><th>Name</th><th>Actor</th><th>Codes</th><th>Part</th><th>Roles</th></tr>"
        f"{actors}</table><h2>Set aside</h2><table><tr><th>Words</th><th>Candidate</th><th>Why not</th></tr>"
        f"{aside}</table><p>Gazetteer {escape(found.tags.gazetteer_version)}</p></body></html>\n"
    )


def _marked(piece: Piece) -> str:
    if not piece.kind:
        return escape(piece.text)
    known = " known" if piece.known else ""
    return f'<mark class="{piece.kind}{known}" title="{escape(piece.note)}">{escape(piece.text)}</mark>'
