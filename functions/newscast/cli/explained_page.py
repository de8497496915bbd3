"""An explanation as a page: one file that needs nothing else, for any width and script, in light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

from newscast.cli.explained import AGREES, codes, how, pieces, reasons, role_words
from newscast.records import ActorTag
from newscast.tag.trace import Explanation

COLOURS = {
    "country": ("#cfe3ff", "#1d4273"),
    "body": ("#c3efec", "#0f514d"),
    "organisation": ("#f0d5f5", "#5c2a68"),
    "group": ("#ffd6d1", "#7a2a22"),
    "person": ("#d3f2cf", "#25562a"),
    "collective": ("#d9e6f5", "#3b4a63"),
    "unknown": ("#fbf0b8", "#655610"),
    "place": ("#e4e4e4", "#474747"),
}
"""Backgrounds by kind, in light and dark."""
TITLE = 60
"""Characters of the text in the page's title."""
STYLE = """
:root { color-scheme: light dark; --line: #ddd; --faint: #5f5f5f; --no: #b00020; %(light)s }
@media (prefers-color-scheme: dark) { :root { --line: #444; --faint: #aaa; --no: #ff8a80; %(dark)s } }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 1.5rem 0 .3rem }
.text { white-space: pre-wrap; unicode-bidi: plaintext; text-align: start; font-size: 1.1rem;
  overflow-wrap: anywhere; max-width: 45rem }
.k { color: inherit; text-decoration: none; padding: .1em .2em; border-radius: .2em;
  box-decoration-break: clone; -webkit-box-decoration-break: clone }
%(kinds)s
.legend { font-size: .85rem } .legend .k { margin-inline-end: .5em; white-space: nowrap }
table { border-collapse: collapse; width: 100%%; font-size: .92rem }
th, td { text-align: start; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-top: 1px solid var(--line); overflow-wrap: break-word }
td > div + div { margin-top: .3rem } small, footer { color: var(--faint) } footer { margin-top: 2rem }
.no { color: var(--no); font-weight: 600 } tr:target { outline: 2px solid var(--no) }
@media (max-width: 45rem) {
  table, tbody, tr, td { display: block } thead { display: none }
  tr { border-top: 1px solid var(--line); padding: .4rem 0 } td { border: 0; padding: .1rem 0 }
  td:empty { display: none }
}
"""


def page(explanation: Explanation, on: date | None) -> str:
    """The page of a text that was read as of a day, or of no day in particular; every word of it escaped."""
    tags = explanation.tags
    rules = {(step.start, step.end): step.rule for step in explanation.steps}
    places = {actor.actor_id: f"a{number}" for number, actor in enumerate(tags.actors, 1)}
    names = {actor.actor_id: f"{actor.name}, {actor.involvement}" for actor in tags.actors}
    text = "".join(
        _mark(piece, kind, places.get(actor, ""), names.get(actor, kind)) if kind else escape(piece)
        for piece, kind, actor in pieces(explanation)
    )
    kinds = dict.fromkeys(kind for _, kind, _ in pieces(explanation) if kind)
    legend = " ".join(_mark(kind, kind, "", "") for kind in COLOURS if kind in kinds)
    tables = [
        _table(
            "Actors",
            ("actor", "part", "codes", "roles", "named by"),
            (_actor(actor, places[actor.actor_id], explanation) for actor in tags.actors),
        ),
        _table(
            "Unknown names",
            ("name", "kind", "role", "why"),
            (
                _row(each.surface, each.kind, each.role or "", rules.get((each.start, each.end), ""))
                for each in tags.unknown
            ),
        ),
        _table(
            "Places",
            ("name", "country", "why"),
            (
                _row(each.surface, each.country or "", rules.get((each.start, each.end), ""))
                for each in tags.places
            ),
        ),
        _table(
            "Not taken",
            ("words", "could have been", "why not"),
            (_row(each.surface, each.candidate, each.why) for each in explanation.aside),
        ),
    ]
    when = f"roles as of {on}" if on else "roles of any time: no date was given"
    begins = " ".join(explanation.text.split())
    title = begins if len(begins) <= TITLE else f"{begins[: TITLE - 1]}…"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title) or 'Nothing'}: who is in it, and why</title><style>{_style()}</style>"
        f'<h1>Who is in it, and why</h1><p class="text">{text}</p><p class="legend">{legend}</p>'
        f"{''.join(tables) or '<p>Nobody is named in it.</p>'}"
        f"<footer><small>{when} · gazetteer {escape(tags.gazetteer_version)}</small></footer></html>\n"
    )


def _style() -> str:
    light, dark = (
        "; ".join(f"--{kind}: {both[place]}" for kind, both in COLOURS.items()) for place in (0, 1)
    )
    kinds = "\n".join(f".{kind} {{ background: var(--{kind}) }}" for kind in COLOURS)
    return STYLE % {"light": light, "dark": dark, "kinds": kinds}


def _mark(text: str, kind: str, place: str, title: str) -> str:
    """Text on its colour; with a place, a link to it."""
    about = f' title="{escape(title)}"' if title else ""
    if place:
        return f'<a class="k {kind}" href="#{place}"{about}>{escape(text)}</a>'
    return f'<span class="k {kind}"{about}>{escape(text)}</span>'


def _table(title: str, columns: Iterable[str], rows: Iterable[str]) -> str:
    body = "".join(rows)
    head = "".join(f"<th>{column}" for column in columns)
    return f"<h2>{title}</h2><table><thead><tr>{head}<tbody>{body}</table>" if body else ""


def _row(name: str, *values: str) -> str:
    return f"<tr><td><bdi>{escape(name)}</bdi>" + "".join(
        f"<td><bdi>{escape(value)}</bdi>" if value else "<td>" for value in values
    )


def _actor(actor: ActorTag, place: str, explanation: Explanation) -> str:
    name = f"<b>{escape(actor.name)}</b><br><small>{escape(actor.actor_id)}</small>"
    link = (
        f'<div><a href="https://www.wikidata.org/wiki/{actor.qid}">{actor.qid}</a></div>' if actor.qid else ""
    )
    known = f"<div>{escape(codes(actor))}</div>" if codes(actor) else ""
    return (
        f'<tr id="{place}"><td>{name}<td>{actor.involvement}<td>{known}{link}'
        f"<td>{_roles(actor, explanation.periods)}<td>{_mentions(actor, explanation)}"
    )


def _roles(actor: ActorTag, periods: Mapping[str, tuple[str, str]]) -> str:
    said = []
    for role in actor.roles:
        agrees = AGREES[role.agrees].lower()
        verdict = (
            f', <span class="{"no" if role.agrees is False else "yes"}">{agrees}</span>' if agrees else ""
        )
        row = f" <small>{escape(role.row)}</small>" if role.row else ""
        said.append(f"<div>{escape(role_words(role, periods))}{verdict}{row}</div>")
    return "".join(said)


def _mentions(actor: ActorTag, explanation: Explanation) -> str:
    said = []
    for (form, rule, row), mentions in reasons(actor, explanation).items():
        words = ", ".join(
            f"“<bdi>{escape(text)}</bdi>”" for text in dict.fromkeys(m.surface for m in mentions)
        )
        times = f" (×{len(mentions)})" if len(mentions) > 1 else ""
        said.append(f"<div>{words}{times} <small>{escape(how(form, rule))} {escape(row)}</small></div>")
    return "".join(said)
