"""The Lambda function `tag`: an Article from its queue, with its actors to the next.

The user's own actors lie in the bucket as CSV files and are laid over ours. They are looked for every ten
minutes, so that a changed file counts soon and without a deploy; a line that can't be used is logged and
left out, and never stops tagging.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newscast import __version__
from newscast.aws.edge import Edge
from newscast.aws.objects import ACTORS
from newscast.aws.stage import stage
from newscast.gazetteer import packaged
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.overlay import overlay
from newscast.records import Article, Message, TaggedArticle
from newscast.tag import recogniser, tag
from newscast.tag.recogniser import Recognised

LOOK_AGAIN = timedelta(minutes=10)
"""How soon a changed file counts. Each look is a LIST of S3, which costs 12 times a GET: made each minute
it would be $0.22 a month for each container that is kept warm."""


@dataclass(frozen=True)
class Merged:
    """Ours with the files of one bucket over it, as they were at a time."""

    bucket: str
    etags: Mapping[str, str]
    gazetteer: Gazetteer
    looked_at: datetime


_merged: Merged | None = None
"""Kept from one invocation to the next: opening the gazetteer anew would cost each batch its matcher."""


def gazetteer(edge: Edge) -> Gazetteer:
    """The gazetteer of this stack, with its user's actors as they were ten minutes ago at most."""
    global _merged  # noqa: PLW0603  # what a warm start keeps
    bucket, now = edge.settings.need("bucket_name").bucket_name, edge.now()
    before = _merged if _merged and _merged.bucket == bucket else None
    if before and now - before.looked_at < LOOK_AGAIN:
        return before.gazetteer
    etags = edge.objects.listed(ACTORS)
    same = before is not None and before.etags == etags
    merged = (
        before.gazetteer if before and same else _over(edge, [key for key in etags if key.endswith(".csv")])
    )
    _merged = Merged(bucket, etags, merged, now)
    return merged


def _over(edge: Edge, keys: Sequence[str]) -> Gazetteer:
    merged = packaged.load()
    for key in keys:
        text = edge.objects.read_file(key).decode("utf-8", "replace")
        merged, problems = overlay(merged, text, key)
        for one in problems:
            edge.log.warning("own actors", extra={"problem": str(one)})
        edge.count("OwnActorProblems", len(problems))
    return merged


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """One article's actors, with the roles they held on the day it was published."""
    article = message.body
    if not isinstance(article, Article):
        raise TypeError(f"tag takes an Article, not {type(article).__name__}")
    language = article.language.code if article.language else None
    text, on = article.reading(), article.published.at.date()
    shouted = len(article.title) if article.title_in_capitals else 0
    recognised = _recognised(edge, text, language) if edge.settings.recogniser else None
    tags = tag(text, gazetteer(edge), on, language, shouted=shouted, recognised=recognised)
    edge.count("Tagged")
    edge.count("ActorsTagged", len(tags.actors))
    edge.count("UnknownActors", len(tags.unknown))
    record = TaggedArticle(article=article, tags=tags, tagged_at=edge.now(), tagger=__version__)
    return [message.carrying(record)]


def _recognised(edge: Edge, text: str, language: str | None) -> Recognised:
    """What the chosen model finds. Its failures are counted and logged; one that can't be loaded is ours."""
    model = recogniser.load(edge.settings.recogniser)
    started = edge.now()
    found = recogniser.recognise(model, text, language)
    edge.seconds("RecogniserTime", (edge.now() - started).total_seconds())
    edge.count("RecogniserProblems", len(found.problems))
    if found.problems:
        edge.log.warning("recogniser", extra={"problem": found.problems[0], "problems": len(found.problems)})
    return found


handler = stage("tag", Article, step)
