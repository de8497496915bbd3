"""An explanation for people, on a terminal or in a pipe: the text with its actors in colour, and below it
who, why and what not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newscast.cli.terminal import shown
from newscast.records import ActorTag, Mention, Role, Tags
from newscast.tag.trace import Explanation

COLOURS = {
    "country": "blue",
    "body": "cyan",
    "organisation": "magenta",
    "group": "red",
    "person": "green",
    "collective": "bright_cyan",
    "unknown": "yellow",
    "place": "white",
}
"""By kind."""
AGREES = {True: "agrees", False: "DISAGREES", None: ""}


# ------------------------------------------------------------------------------ what there is to say
def spans(tags: Tags) -> list[tuple[int, int, str, str]]:
    """Start, end, kind and, of an actor, id of all that was found, in the order of the text."""
    found: list[tuple[int, int, str, str]] = [
        (each.start, each.end, actor.kind, actor.actor_id) for actor in tags.actors for each in actor.mentions
    ]
    found += [(each.start, each.end, "unknown", "") for each in tags.unknown]
    found += [(each.start, each.end, "place", "") for each in tags.places]
    return sorted(found)


def pieces(explanation: Explanation) -> Iterator[tuple[str, str, str]]:
    """The text cut at its spans: each piece with its kind and actor, both empty between spans."""
    at = 0
    for start, end, kind, actor in spans(explanation.tags):
        yield explanation.text[at:start], "", ""
        yield explanation.text[start:end], kind, actor
        at = end
    yield explanation.text[at:], "", ""


def role_words(role: Role, periods: Mapping[str, tuple[str, str]]) -> str:
    """What the text states and what is known.

    Dates are as exact as the row of `periods` gives them: "from 2004" where it knows no day.
    """
    words = [f"stated “{role.stated}”"] if role.stated else []
    if role.known:
        since, until = periods.get(role.row or "", ("", ""))
        dates = (f" from {since}" if since else "") + (f" to {until}" if until else "")
        words.append(f"known {role.known}{dates}")
    return ", ".join(words)


def codes(actor: ActorTag) -> str:
    """CAMEO and PLOVER, as far as there are any; one word where they are the same."""
    cameo, plover = actor.codes.cameo, actor.codes.plover
    if cameo == plover:
        return f"CAMEO, PLOVER {cameo}" if cameo else ""
    return ", ".join(f"{name} {code}" for name, code in (("CAMEO", cameo), ("PLOVER", plover)) if code)


def reasons(actor: ActorTag, explanation: Explanation) -> dict[tuple[str, str, str], list[Mention]]:
    """An actor's mentions by what says so: form, rule, and the gazetteer's row."""
    rows = {(step.start, step.end): step.row for step in explanation.steps}
    found: dict[tuple[str, str, str], list[Mention]] = {}
    for each in actor.mentions:
        row = rows.get((each.start, each.end)) or ""
        found.setdefault((each.form, each.rule, row), []).append(each)
    return found


def how(form: str, rule: str) -> str:
    """A mention's form and its rule, which may begin with it: `demonym: gazetteer`, `metonym: it acts`."""
    return rule if rule.startswith(f"{form}:") else f"{form}: {rule}"


# ----------------------------------------------------------------------------------------- on a screen
def show(explanation: Explanation, console: Console) -> None:
    """On a terminal or into a pipe: lines that wrap at any width, and lose nothing."""
    text = Text()
    for piece, kind, _ in pieces(explanation):
        text.append(shown(piece), f"bold {COLOURS[kind]}" if kind else "")
    text.rstrip()
    console.print(text)
    tags = explanation.tags
    rules = {(step.start, step.end): step.rule for step in explanation.steps}
    _section("Actors", (line for actor in tags.actors for line in _actor(actor, explanation)), console)
    _section(
        "Unknown",
        (
            _line(
                each.surface, "bold yellow", each.kind, each.role or "", rules.get((each.start, each.end), "")
            )
            for each in tags.unknown
        ),
        console,
    )
    _section(
        "Places",
        (
            _line(each.surface, "bold", each.country or "", rules.get((each.start, each.end), ""))
            for each in tags.places
        ),
        console,
    )
    _section(
        "Not taken",
        (_line(f"“{each.surface}”", "", each.candidate, each.why) for each in explanation.aside),
        console,
    )
    if not (tags.actors or tags.unknown or tags.places):
        console.print("\nNobody is named in it.")
    console.print(f"\n[dim]gazetteer {tags.gazetteer_version}[/dim]")


def _section(title: str, lines: Iterable[tuple[int, Text]], console: Console) -> None:
    for number, (indent, line) in enumerate(lines):
        if not number:
            console.print(f"\n[bold]{title}[/bold]")
        if console.is_terminal:
            console.print(Padding(line, (0, 0, 0, indent), expand=False))
        else:
            console.print(Text(" " * indent) + line)


def _line(name: str, colour: str, *words: str) -> tuple[int, Text]:
    return 0, Text.assemble((shown(name), colour), *(f"  {shown(word)}" for word in words if word))


def _actor(actor: ActorTag, explanation: Explanation) -> Iterator[tuple[int, Text]]:
    name, qid = f"bold {COLOURS[actor.kind]}", actor.qid or ""
    yield _line(actor.name, name, actor.involvement, codes(actor), qid, actor.actor_id)
    for role in actor.roles:
        agrees = f", {AGREES[role.agrees]}" if role.agrees is not None else ""
        yield _reason(
            shown(role_words(role, explanation.periods)),
            (agrees, "" if role.agrees else "bold red"),
            row=role.row or "",
        )
    for (form, rule, row), mentions in reasons(actor, explanation).items():
        where = ", ".join(f"“{shown(each.surface)}” {each.start}–{each.end}" for each in mentions)
        yield _reason(f"{where}  {how(form, rule)}", row=row)


def _reason(*words: str | tuple[str, str], row: str) -> tuple[int, Text]:
    return 2, Text.assemble(*words, (f"  {row}" if row else "", "dim"))
