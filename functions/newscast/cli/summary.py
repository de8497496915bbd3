"""The end of a run: what failed and why, how much came, and what it would have cost on AWS."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from newscast.articles.stored import Stored
from newscast.cli.words import counted
from newscast.feeds.rows import Row
from newscast.local.cost import Cost
from newscast.local.stack import Stack
from newscast.web.tokens import masked


@dataclass(frozen=True)
class Failure:
    """One thing that did not work: a feed, or a message that nobody will work on any more."""

    what: str
    why: str


@dataclass(frozen=True)
class Summary:
    feeds: int
    failed: tuple[Failure, ...]
    """Feeds whose poll failed."""
    notes: tuple[Failure, ...]
    """Feeds that were read though something is wrong with them, or not to the end."""
    dead: tuple[Failure, ...]
    stored: int
    actors: int
    seconds: float
    cost: Cost
    taken: int = 0
    """Articles whose text was taken from their page."""
    kept: tuple[tuple[str, int], ...] = ()
    """Why articles whose page was wanted have their feed's text, and how many."""

    @property
    def all_failed(self) -> bool:
        return self.feeds > 0 and len(self.failed) == self.feeds


def of(
    stack: Stack,
    before: Mapping[str, Row],
    polled: Sequence[Row],
    stored: Sequence[Stored],
    seconds: float,
) -> Summary:
    """What a run came to. `before` and `polled` are the feeds' rows before and after, by id."""
    pages = [its for record in stored if (its := record.article.full_text)]
    letters = Counter(
        Failure(f"{letter.stage} gave up a message", letter.reason) for letter in stack.dead_letters()
    )
    return Summary(
        feeds=len(polled),
        failed=tuple(_failures(before, polled)),
        notes=(*_skipped(stack, polled), *_notes(polled), *_own_actors(stack)),
        dead=tuple(
            Failure(f"{failure.what} ({count} times)" if count > 1 else failure.what, failure.why)
            for failure, count in letters.items()
        ),
        stored=len(stored),
        actors=len({actor.actor_id for record in stored for actor in record.tags.actors}),
        seconds=seconds,
        cost=stack.cost(),
        taken=sum(its.outcome == "taken" for its in pages),
        kept=tuple(Counter(its.words or "" for its in pages if its.outcome == "kept").most_common()),
    )


def _failures(before: Mapping[str, Row], polled: Iterable[Row]) -> Iterable[Failure]:
    for row in polled:
        feed = row.feed
        if feed.disabled:
            yield Failure(masked(feed.url), f"disabled: {feed.disabled}")
        elif feed.state.trouble:
            again = f"next try {feed.state.next_due:%Y-%m-%d %H:%M} UTC"
            yield Failure(masked(feed.url), f"{feed.state.trouble.words} ({again})")


def _skipped(stack: Stack, polled: Iterable[Row]) -> Iterable[Failure]:
    """Feeds that were not asked, since their host wants quiet: only the function's log tells of them."""
    urls = {row.feed.feed_id: masked(row.feed.url) for row in polled}
    for line in stack.logs.lines("FetchFunction"):
        if '"skipped"' in line and (said := json.loads(line)).get("outcome") == "skipped":
            words = said["words"] or said["reason"]
            yield Failure(urls.get(said["feed_id"], said["feed_id"]), f"not polled: {words}")


def _own_actors(stack: Stack) -> Iterable[Failure]:
    """Lines of the user's own actors that were left out, or should be looked at: the function's log tells."""
    for line in stack.logs.lines("TagFunction"):
        if '"own actors"' in line and (said := json.loads(line)).get("message") == "own actors":
            where, _, what = said["problem"].partition(": ")
            yield Failure(where, what)


def _notes(polled: Iterable[Row]) -> Iterable[Failure]:
    for row in polled:
        state = row.feed.state
        if state.waiting and "later polls" not in (state.problem or ""):
            yield Failure(masked(row.feed.url), f"{state.waiting} entries wait for later polls")
        if state.problem and not state.trouble:
            yield Failure(masked(row.feed.url), state.problem)


def show(summary: Summary, console: Console) -> None:
    """Print it. Money has as many digits as it takes to see any."""
    for title, failures in (("Failed", (*summary.failed, *summary.dead)), ("Noted", summary.notes)):
        if failures:
            console.print(f"\n[bold]{title}[/bold]" if console.is_terminal else title)
        for failure in failures:
            console.print(f"  {failure.what}: {failure.why}", markup=False)
    kept = (
        f"{counted(summary.stored, 'article')} with {counted(summary.actors, 'actor')} stored"
        if summary.stored
        else "Nothing new"
    )
    rate = f", {summary.stored / summary.seconds:.0f} a second" if summary.stored > 100 else ""
    took = f"in {summary.seconds:.1f} s{rate}; {len(summary.failed)} failed."
    console.print(f"{kept} from {counted(summary.feeds, 'feed')} {took}", markup=False)
    if summary.taken or summary.kept:
        console.print(_pages(summary), markup=False)
    console.print(_money(summary), markup=False)


def _pages(summary: Summary) -> str:
    where = "its page" if summary.taken == 1 else "their pages"
    taken = f"Full text of {counted(summary.taken, 'article')} taken from {where}"
    if not summary.kept:
        return f"{taken}."
    why = "; ".join(f"{words} ({count})" if count > 1 else words for words, count in summary.kept)
    return f"{taken}; {sum(count for _, count in summary.kept)} kept their feed's text: {why}."


def _money(summary: Summary) -> str:
    largest = sorted(summary.cost.lines, key=lambda line: line.usd, reverse=True)[:3]
    parts = (
        ", ".join(f"{line.name} {line.usd / summary.cost.usd:.0%}" for line in largest)
        if largest
        else "nothing"
    )
    total = f"On AWS this run would have cost ${summary.cost.usd:.6f} ({parts})"
    per = f"; ${summary.cost.per_thousand(summary.stored):.4f} for 1,000 articles" if summary.stored else ""
    return f"{total}{per}."
