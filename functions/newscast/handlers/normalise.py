"""The Lambda function `normalise`: an Entry from its queue, its Article to the next, or first to its page."""

from __future__ import annotations

from collections.abc import Iterable

from newscast.aws.edge import Edge
from newscast.aws.stage import stage
from newscast.extra import carried
from newscast.normalise.article import article
from newscast.normalise.teaser import wants_page
from newscast.records import Entry, Message, PageWanted


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """One entry's article. Counts what its publisher left open, so that a bad feed shows."""
    entry = message.body
    if not isinstance(entry, Entry):
        raise TypeError(f"normalise takes an Entry, not {type(entry).__name__}")
    made = carried(entry, article(entry))
    edge.count("Normalised")
    if made.published.basis in ("clamped", "missing"):
        edge.count(f"Time{made.published.basis.capitalize()}")
    if made.language is None:
        edge.count("LanguageUnknown")
    if wants_page(made, entry, edge.settings.full_text):
        return [message.carrying(PageWanted(article=made, asked_at=edge.now()))]
    return [message.carrying(made)]


handler = stage("normalise", Entry, step)
