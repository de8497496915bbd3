"""What a person sees of a run: articles with their actors, what failed, progress while it works.

On a terminal a table with colours and a moving line; into a pipe plain lines, one an article, and a line
of progress only when a stage's work is done.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.padding import Padding
from rich.status import Status
from rich.table import Table
from rich.text import Text

from newscast.articles.grants import Grant
from newscast.articles.stored import Stored
from newscast.cli import terminal
from newscast.cli.terminal import shown
from newscast.cli.words import counted
from newscast.feeds.health import Health
from newscast.records import ActorTag
from newscast.web.tokens import masked

PARTS = (
    ("speaker", "said", "bold green"),
    ("source", "via", "magenta"),
    ("participant", "part", "bold cyan"),
    ("mentioned", "named", "default"),
)
"""Involvement, the word in front of those actors, their colour; in the order of what matters to a reader."""
NARROW = 72
"""Columns of a terminal below which words would be cut off in a table's."""
WIDE = 200
"""Columns of a table in a pipe, where nobody says how wide the reader's screen is."""


def out() -> Console:
    """Standard output, for what the command is asked for."""
    if sys.stdout.isatty():
        return terminal.screen()
    return terminal.screen(soft_wrap=True, width=WIDE)


def named(actor: ActorTag) -> str:
    """An actor with the code that its role gives it that day: `Lloyd Austin USAGOVMIL`."""
    code = actor.codes.cameo
    return f"{actor.name} {code}" if code and code != actor.codes.iso3 else actor.name


def involved(record: Stored) -> Iterator[tuple[str, str, list[str]]]:
    """Word, colour and actors of each part that anyone plays in an article."""
    for involvement, word, colour in PARTS:
        actors = [named(actor) for actor in record.tags.actors if actor.involvement == involvement]
        if actors:
            yield word, colour, actors


def show(articles: Iterable[Stored], console: Console) -> None:
    """Articles with their actors, the newest first: a table on a terminal, one below the other where it is
    narrow, a line each in a pipe."""
    newest = sorted(articles, key=lambda record: record.article.published.at, reverse=True)
    if not console.is_terminal:
        for record in newest:
            console.print(_line(record), markup=False)
        return
    if console.width < NARROW:
        for record in newest:
            console.print(Text(f"{record.article.published.at:%Y-%m-%d %H:%M} UTC", "dim"))
            console.print(_title(record))
            console.print(Padding(_actors(record), (0, 0, 1, 2), expand=False))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=True)
    table.add_column("published", style="dim", no_wrap=True)
    table.add_column("article", ratio=2, overflow="fold")
    table.add_column("actors", ratio=5, overflow="fold")
    for record in newest:
        table.add_row(f"{record.article.published.at:%Y-%m-%d\n%H:%M} UTC", _title(record), _actors(record))
    console.print(table)


def history(records: Iterable[Stored], console: Console) -> None:
    """An article's versions, and what others said of it: a line each, in the order given."""
    for record in records:
        who = masked(record.feed) if record.change == "beside" else record.source
        parts = [f"{record.article.observed_at:%Y-%m-%d %H:%M} UTC", f"{record.change:<8}", shown(who)]
        console.print(" | ".join([*parts, shown(record.title or "(no title)")]), markup=False)


def _actors(record: Stored) -> Text:
    lines = [
        Text.assemble((f"{word:<6}", "dim"), (" · ".join(names), colour))
        for word, colour, names in involved(record)
    ]
    if record.tags.unknown:
        found = " · ".join(dict.fromkeys(unknown.surface for unknown in record.tags.unknown))
        lines.append(Text.assemble(("new?  ", "dim"), (found, "yellow")))
    return Text("\n").join(lines)


def _title(record: Stored) -> Text:
    below = "\n" + " · ".join(filter(None, (_publisher(record), _languages(record), _others(record))))
    return Text.assemble((shown(record.article.title or "(no title)"), "bold"), (shown(below), "dim"))


def _languages(record: Stored) -> str:
    """Said only where a title is in one language and its text in another."""
    title, text = record.article.title_language, record.article.text_language
    return f"title in {title.code}, text in {text.code}" if title and text and title.code != text.code else ""


def _others(record: Stored) -> str:
    """Said only where more than its one feed observed it."""
    others = len(record.observed_by) - 1
    return f"also in {counted(others, 'feed')}" if others > 0 else ""


def _publisher(record: Stored) -> str:
    article = record.article
    return article.publisher or article.source


def _line(record: Stored) -> str:
    parts = [f"{word}: {'; '.join(names)}" for word, _, names in involved(record)]
    article = record.article
    title = shown(article.title or "(no title)")
    return " | ".join([f"{article.published.at:%Y-%m-%dT%H:%MZ}", title, *parts])


def feeds(found: Sequence[Health], console: Console, grants: Mapping[str, Sequence[Grant]] = {}) -> None:
    """Feeds with their health and, by their ids, grants: one below the other on a terminal, a line each in
    a pipe."""
    if not console.is_terminal:
        for one in found:
            told = [one.feed_id, one.url, one.status, *condition(one), *authority(one, grants)]
            console.print(" | ".join(told), markup=False)
        return
    for one in found:
        last, due, comes, problem = condition(one)
        console.print(
            Text.assemble((shown(one.title or one.url), "bold"), "  ", (one.status, STATUS[one.status]))
        )
        below = Text("\n").join(
            [
                Text(f"{one.feed_id}  {one.url}", "dim"),
                *([Text(problem)] if problem else []),
                Text(f"last good poll {last}; next {due}"),
                Text(comes),
                *(Text(shown(words), "dim") for words in authority(one, grants)),
            ]
        )
        console.print(Padding(below, (0, 0, 1, 2), expand=False))


STATUS = {"ok": "green", "new": "default", "failing": "red", "disabled": "yellow"}


def authority(one: Health, grants: Mapping[str, Sequence[Grant]]) -> Iterator[str]:
    """Whose words a feed's are, where that isn't just the site of its URL."""
    if one.given_url:
        yield f"subscribed to at {one.given_url}"
    if there := grants.get(one.feed_id):
        yield "also speaks for " + ", ".join(f"{grant.scope} ({grant.why})" for grant in there)


def condition(one: Health) -> tuple[str, str, str, str]:
    """How a feed fares, in words: its last good poll, the next and why, what it brings, what is wrong."""
    last = f"{one.last_success:%Y-%m-%d %H:%M}" if one.last_success else "never"
    due = f"{one.next_poll:%Y-%m-%d %H:%M}: {one.next_why}" if one.next_poll else "never"
    comes = f"{counted(one.entries, 'entry')} so far"
    if one.entries_a_day is not None:
        comes += f", {one.entries_a_day:.1f} a day"
    if one.unchanged is not None and one.status != "new":
        comes += f"; {one.unchanged:.0%} of polls unchanged"
    if one.full_text:
        comes += f"; full text {one.full_text}"
    return last, due, comes, shown(one.last_problem or "")


class Working:
    """Progress on standard error: a moving line on a terminal, else a plain line when `step` changes."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = terminal.screen(stderr=True, quiet=quiet)
        self._status: Status | None = None
        self._said = ""

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: Any, __: TracebackType | None) -> None:
        if self._status:
            self._status.stop()

    def say(self, words: str) -> None:
        """A line that stays."""
        self._console.print(f"newscast: {words}", markup=False, soft_wrap=True)

    def step(self, words: str, detail: str = "") -> None:
        """What is being done; `detail` moves on a terminal and is left out of a pipe."""
        if self._status:
            self._status.update(Text.assemble(words, " ", (detail, "dim")))
        elif words != self._said:
            self._console.print(f"newscast: {words}", markup=False, soft_wrap=True)
        self._said = words


@contextmanager
def working(quiet: bool = False) -> Iterator[Working]:
    """Show progress until the block ends."""
    with Working(quiet) as shown:
        yield shown
