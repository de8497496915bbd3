"""The Lambda function `normalise`: an Entry from its queue, its Article to the next."""

from __future__ import annotations

from collections.abc import Iterable

from newscast.aws.edge import Edge
from newscast.aws.stage import stage
from newscast.normalise.article import article
from newscast.records import Entry, Message


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """One entry's article. Counts what its publisher left open, so that a bad feed shows."""
    if not isinstance(message.body, Entry):
        raise TypeError(f"normalise takes an Entry, not {type(message.body).__name__}")
    made = article(message.body)
    edge.count("Normalised")
    if made.published.basis in ("clamped", "missing"):
        edge.count(f"Time{made.published.basis.capitalize()}")
    if made.language is None:
        edge.count("LanguageUnknown")
    return [message.carrying(made)]


handler = stage("normalise", Entry, step)
