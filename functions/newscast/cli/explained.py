"""An explanation for people: the text with its actors in colour, and beside it who, why and what not."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newscast.records import ActorTag, Tags
from newscast.tag.trace import Explanation

COLOURS = {
    "country": ("blue", "#cfe3ff"),
    "body": ("cyan", "#c9f0ee"),
    "organisation": ("magenta", "#f0d5f5"),
    "group": ("red", "#ffd6d1"),
    "person": ("green", "#d3f2cf"),
    "collective": ("bright_cyan", "#dff3f8"),
    "unknown": ("yellow", "#fbf0b8"),
    "place": ("white", "#e4e4e4"),
}
"""By kind: on a terminal, and as the background on a page."""


def spans(tags: Tags) -> list[tuple[int, int, str]]:
    """Start, end and kind of all that was found, in the order of the text."""
    found: list[tuple[int, int, str]] = [
        (each.start, each.end, actor.kind) for actor in tags.actors for each in actor.mentions
    ]
    found += [(each.start, each.end, "unknown") for each in tags.unknown]
    found += [(each.start, each.end, "place") for each in tags.places]
    return sorted(found)


def pieces(explanation: Explanation) -> Iterator[tuple[str, str | None]]:
    """The text cut at its spans: each piece with its kind, or None."""
    at = 0
    for start, end, kind in spans(explanation.tags):
        yield explanation.text[at:start], None
        yield explanation.text[start:end], kind
        at = end
    yield explanation.text[at:], None


def roles(actor: ActorTag, periods: Mapping[str, tuple[str, str]]) -> str:
    """An actor's roles in words: what the text states, what is known, whether they agree, and the row.

    Dates are as exact as the row of `periods` gives them: "from 2004" where it knows no day.
    """
    said = []
    for role in actor.roles:
        words = []
        if role.stated:
            words.append(f"stated “{role.stated}”")
        if role.known:
            since, until = periods.get(role.row or "", ("", ""))
            dates = (f" from {since}" if since else "") + (f" to {until}" if until else "")
            words.append(f"known {role.known}{dates}")
        if role.agrees is not None:
            words.append("agrees" if role.agrees else "DISAGREES")
        if role.row:
            words.append(f"({role.row})")
        said.append(", ".join(words))
    return "; ".join(said)


def codes(actor: ActorTag) -> str:
    """CAMEO, PLOVER and Wikidata id, as far as there are any."""
    named = {"CAMEO": actor.codes.cameo, "PLOVER": actor.codes.plover, "": actor.qid}
    return " ".join(f"{name} {code}".strip() for name, code in named.items() if code)


def show(explanation: Explanation, console: Console) -> None:
    """On a terminal or into a pipe."""
    text = Text()
    for piece, kind in pieces(explanation):
        text.append(piece, f"bold {COLOURS[kind][0]}" if kind else "")
    console.print(text)
    for title, table in (
        ("Actors", _actors(explanation)),
        ("Unknown", _unknown(explanation)),
        ("Places", _places(explanation)),
        ("Not taken", _aside(explanation)),
    ):
        if table.row_count:
            console.print(f"\n[bold]{title}[/bold]")
            console.print(table)
    console.print(f"\n[dim]gazetteer {explanation.tags.gazetteer_version}[/dim]")


def _table() -> Table:
    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))


def _actors(explanation: Explanation) -> Table:
    rows = {(step.start, step.end): step.row for step in explanation.steps}
    table = _table()
    for actor in explanation.tags.actors:
        colour = COLOURS[actor.kind][0]
        table.add_row(Text(actor.name, f"bold {colour}"), actor.actor_id, actor.involvement, codes(actor))
        if said := roles(actor, explanation.periods):
            table.add_row("", "role", "", said)
        for mention in actor.mentions:
            row = rows.get((mention.start, mention.end))
            why = f"{mention.rule}" + (f" ({row})" if row else "")
            table.add_row(
                "", f"  {mention.start}–{mention.end}", mention.form, Text(f"“{mention.surface}” {why}")
            )
    return table


def _unknown(explanation: Explanation) -> Table:
    rules = {(step.start, step.end): step.rule for step in explanation.steps}
    table = _table()
    for each in explanation.tags.unknown:
        rule = rules.get((each.start, each.end), "")
        table.add_row(Text(each.surface, "bold yellow"), each.kind, Text(each.role or ""), rule)
    return table


def _places(explanation: Explanation) -> Table:
    rules = {(step.start, step.end): step.rule for step in explanation.steps}
    table = _table()
    for each in explanation.tags.places:
        table.add_row(Text(each.surface, "bold"), each.country or "", rules.get((each.start, each.end), ""))
    return table


def _aside(explanation: Explanation) -> Table:
    table = _table()
    for each in explanation.aside:
        table.add_row(Text(f"“{each.surface}”"), each.candidate, each.why)
    return table


STYLE = """
body { font: 16px/1.6 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; color: #222 }
.text { white-space: pre-wrap; font-size: 1.1rem } mark { padding: .1em .2em; border-radius: .2em }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; font-size: .92rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-top: 1px solid #ddd }
.no { color: #b00020; font-weight: 600 } small { color: #666 }
"""


def page(explanation: Explanation) -> str:
    """A page that needs nothing else; every word of the text escaped."""
    tags = explanation.tags
    text = "".join(
        f'<mark style="background:{COLOURS[kind][1]}" title="{kind}">{html.escape(piece)}</mark>'
        if kind
        else html.escape(piece)
        for piece, kind in pieces(explanation)
    )
    actors = "".join(_row(actor, explanation.periods) for actor in tags.actors)
    unknown = "".join(_cells(each.surface, each.kind, each.role or "") for each in tags.unknown)
    places = "".join(_cells(each.surface, each.country or "", each.qid or "") for each in tags.places)
    aside = "".join(_cells(each.surface, each.candidate, each.why) for each in explanation.aside)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Who is in it, and why</title>'
        f'<style>{STYLE}</style><h1>Who is in it, and why</h1><p class="text">{text}</p>'
        f"<h2>Actors</h2><table><tr><th>actor<th>part<th>codes<th>roles<th>mentions</tr>{actors}</table>"
        f"<h2>Unknown names</h2><table>{unknown}</table><h2>Places</h2><table>{places}</table>"
        f"<h2>Not taken</h2><table>{aside}</table>"
        f"<small>gazetteer {html.escape(tags.gazetteer_version)}</small></html>\n"
    )


def _row(actor: ActorTag, periods: Mapping[str, tuple[str, str]]) -> str:
    mentions = "<br>".join(
        f"“{html.escape(each.surface)}” {html.escape(each.form)} <small>{html.escape(each.rule)}</small>"
        for each in actor.mentions
    )
    said = html.escape(roles(actor, periods)).replace("DISAGREES", '<span class="no">disagrees</span>')
    name = f"<b>{html.escape(actor.name)}</b><br><small>{html.escape(actor.actor_id)}</small>"
    return (
        f"<tr><td>{name}<td>{actor.involvement}<td>{html.escape(codes(actor))}<td>{said}<td>{mentions}</tr>"
    )


def _cells(*values: str) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(value)}" for value in values) + "</tr>"
