"""What a person sees of a run: articles with their actors, what failed, progress while it works.

On a terminal a table with colours and a moving line; into a pipe plain lines, one an article, and a line
of progress only when a stage's work is done.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from newscast.feeds.table import Row
from newscast.records import ActorTag, TaggedArticle

PARTS = (
    ("speaker", "said", "bold green"),
    ("source", "via", "magenta"),
    ("participant", "part", "bold cyan"),
    ("mentioned", "named", "default"),
)
"""Involvement, the word in front of those actors, their colour; in the order of what matters to a reader."""
WIDE = 200
"""Columns of a table in a pipe, where nobody says how wide the reader's screen is."""


def out() -> Console:
    """Standard output, for what the command is asked for."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, soft_wrap=True, width=WIDE)


def named(actor: ActorTag) -> str:
    """An actor with the code that its role gives it that day: `Lloyd Austin USAGOVMIL`."""
    code = actor.codes.cameo
    return f"{actor.name} {code}" if code and code != actor.codes.iso3 else actor.name


def involved(record: TaggedArticle) -> Iterator[tuple[str, str, list[str]]]:
    """Word, colour and actors of each part that anyone plays in an article."""
    for involvement, word, colour in PARTS:
        actors = [named(actor) for actor in record.tags.actors if actor.involvement == involvement]
        if actors:
            yield word, colour, actors


def show(articles: Iterable[TaggedArticle], console: Console) -> None:
    """Articles with their actors, the newest first: a table on a terminal, a line each in a pipe."""
    newest = sorted(articles, key=lambda record: record.article.published.at, reverse=True)
    if not console.is_terminal:
        for record in newest:
            console.print(_line(record), markup=False)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=True)
    table.add_column("published", style="dim", no_wrap=True)
    table.add_column("article", ratio=2)
    table.add_column("actors", ratio=5)
    for record in newest:
        article = record.article
        actors = Text("\n").join(
            Text.assemble((f"{word:<6}", "dim"), (" · ".join(names), colour))
            for word, colour, names in involved(record)
        )
        if record.tags.unknown:
            found = " · ".join(dict.fromkeys(unknown.surface for unknown in record.tags.unknown))
            actors = Text("\n").join([actors, Text.assemble(("new?  ", "dim"), (found, "yellow"))])
        table.add_row(f"{article.published.at:%Y-%m-%d\n%H:%M} UTC", _title(record), actors)
    console.print(table)


def _title(record: TaggedArticle) -> Text:
    return Text.assemble((record.article.title or "(no title)", "bold"), ("\n" + _publisher(record), "dim"))


def _publisher(record: TaggedArticle) -> str:
    article = record.article
    return article.publisher or article.source


def _line(record: TaggedArticle) -> str:
    parts = [f"{word}: {'; '.join(names)}" for word, _, names in involved(record)]
    article = record.article
    return " | ".join([f"{article.published.at:%Y-%m-%dT%H:%MZ}", article.title or "(no title)", *parts])


def feeds(rows: Sequence[Row], console: Console) -> None:
    """Feeds with their health: a table on a terminal, a line each in a pipe."""
    if not console.is_terminal:
        for row in rows:
            console.print(" | ".join([row.feed.feed_id, row.feed.url, *health(row)]), markup=False)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("feed", "polls", "last", "next", "state"):
        table.add_column(title, overflow="fold")
    for row in rows:
        polls, last, due, words = health(row)
        name = Text.assemble((row.feed.title or row.feed.state.feed_title or row.feed.url, "bold"))
        name.append(f"\n{row.feed.url}\n{row.feed.feed_id}", "dim")
        table.add_row(name, polls, last, due, Text(words, "red" if row.feed.state.trouble else "default"))
    console.print(table)


def health(row: Row) -> tuple[str, str, str, str]:
    """How a feed fares, in words: its polls, the last good one, the next and why, what is wrong."""
    state = row.feed.state
    quiet = max(0, row.asked - state.changed - state.failed)
    polls = f"{state.changed} new, {quiet} unchanged, {state.failed} failed"
    if state.rate_per_day is not None:
        polls += f", {state.rate_per_day:.1f} entries a day"
    last = f"last good {state.last_ok:%Y-%m-%d %H:%M}" if state.last_ok else "never polled"
    due = f"next {state.next_due:%Y-%m-%d %H:%M} ({state.next_why})"
    if row.feed.disabled:
        return polls, last, "never", f"disabled: {row.feed.disabled}"
    return polls, last, due, state.trouble.words if state.trouble else state.problem or "ok"


class Working:
    """Progress on standard error: a moving line on a terminal, else a plain line when `step` changes."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False, quiet=quiet)
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

    def step(self, words: str, detail: str = "") -> None:
        """What is being done; `detail` moves on a terminal and is left out of a pipe."""
        if self._status:
            self._status.update(f"{words} [dim]{detail}[/dim]")
        elif words != self._said:
            self._console.print(f"newscast: {words}", markup=False, soft_wrap=True)
        self._said = words


@contextmanager
def working(quiet: bool = False) -> Iterator[Working]:
    """Show progress until the block ends."""
    with Working(quiet) as shown:
        yield shown
