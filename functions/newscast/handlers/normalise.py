"""The Lambda function `normalise`: an Entry from its queue, its Article to the next, or first to its page.

A worker reads the entry. One that takes more than it may becomes an article without a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newscast.aws.edge import Edge
from newscast.aws.stage import stage
from newscast.extra import carried
from newscast.guard.budget import NORMALISE
from newscast.normalise import guarded
from newscast.normalise.guarded import Normalised
from newscast.records import Entry, Message, PageWanted

_ahead: dict[str, Normalised] = {}
"""What the worker made of a batch, by correlation id."""


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """One entry's article. Counts what its publisher left open, so that a bad feed shows."""
    entry = message.body
    if not isinstance(entry, Entry):
        raise TypeError(f"normalise takes an Entry, not {type(entry).__name__}")
    found = _ahead.pop(message.correlation_id, None) or guarded.read(entry, edge.settings.full_text)
    made = carried(entry, found.article)
    edge.count("Normalised")
    if made.unread:
        edge.log.warning(
            "not read", extra={"feed_id": entry.feed_id, "guid": entry.guid, "cause": made.unread}
        )
        edge.count("Unread")
    if made.published.basis in ("clamped", "missing"):
        edge.count(f"Time{made.published.basis.capitalize()}")
    if made.language is None:
        edge.count("LanguageUnknown")
    if found.wants_page:
        return [message.carrying(PageWanted(article=made, asked_at=edge.now()))]
    return [message.carrying(made)]


def prepare(messages: Sequence[Message], edge: Edge) -> None:
    """Have a batch read at one go, as far as it goes."""
    _ahead.clear()
    batch = {one.correlation_id: one.body for one in messages if isinstance(one.body, Entry)}
    found = guarded.read_many(list(batch.values()), edge.settings.full_text)
    _ahead.update({name: one for name, one in zip(batch, found, strict=True) if one})


handler = stage("normalise", Entry, step, prepare, budget=NORMALISE)
