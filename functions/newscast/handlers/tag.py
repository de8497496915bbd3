"""The Lambda function `tag`: an Article from its queue, with its actors to the next.

A worker tags it. The user's own actors lie in the bucket as CSV files and are laid over ours. They are looked
for every ten minutes, so that a changed file counts soon and without a deploy; a line that can't be used is
logged and left out, and never stops tagging. An article that takes more than it may goes on untagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newscast import __version__
from newscast.aws.edge import Edge
from newscast.aws.objects import ACTORS
from newscast.aws.stage import stage
from newscast.guard.budget import TAG
from newscast.guard.worker import OverBudgetError
from newscast.records import Article, Message, TaggedArticle, Tags
from newscast.tag import guarded
from newscast.tag.guarded import Answered, Asked, Setup

LOOK_AGAIN = timedelta(minutes=10)
"""How soon a changed file counts. Each look is a LIST of S3, which costs 12 times a GET: made each minute
it would be $0.22 a month for each container that is kept warm."""
NOBODY = Tags(actors=(), unknown=(), places=(), gazetteer_version="")
"""Of an article that was not tagged."""


@dataclass(frozen=True)
class Looked:
    """A bucket's files of actors, as they were at a time, and the setup that they give."""

    bucket: str
    etags: Mapping[str, str]
    setup: Setup
    at: datetime


_looked: Looked | None = None
"""Kept from one invocation to the next."""


def _ready(edge: Edge) -> None:
    """Have the worker load the gazetteer with the user's actors, as they were ten minutes ago at most."""
    global _looked  # noqa: PLW0603  # what a warm start keeps
    bucket, now = edge.settings.need("bucket_name").bucket_name, edge.now()
    before = _looked if _looked and _looked.bucket == bucket else None
    if before and now - before.at < LOOK_AGAIN and before.setup.recogniser == edge.settings.recogniser:
        return
    etags = edge.objects.listed(ACTORS)
    if before and before.etags == etags:
        files = before.setup.own_actors
    else:
        files = tuple((key, _text(edge, key)) for key in etags if key.endswith(".csv"))
    setup = Setup(files, edge.settings.recogniser)
    guarded.start(setup)
    if files and (before is None or before.setup != setup):
        _tell(edge, guarded.loaded().problems)
    _looked = Looked(bucket, etags, setup, now)


def _text(edge: Edge, key: str) -> str:
    return edge.objects.read_file(key).decode("utf-8", "replace")


def _tell(edge: Edge, problems: Sequence[str]) -> None:
    for problem in problems:
        edge.log.warning("own actors", extra={"problem": problem})
    edge.count("OwnActorProblems", len(problems))


def _question(article: Article) -> Asked:
    language = article.language.code if article.language else None
    shouted = len(article.title) if article.title_in_capitals else 0
    return Asked(article.reading(), article.published.at.date(), language, shouted)


def prepare(messages: Sequence[Message], edge: Edge) -> None:
    """Have a batch tagged at one go, as far as it goes."""
    _ahead.clear()
    _ready(edge)
    batch = {one.correlation_id: one.body for one in messages if isinstance(one.body, Article)}
    found = guarded.read_many([_question(article) for article in batch.values()])
    _ahead.update({name: one for name, one in zip(batch, found, strict=True) if one})


_ahead: dict[str, Answered] = {}
"""What the worker made of a batch, by correlation id."""


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """One article's actors, with the roles they held on the day it was published."""
    article = message.body
    if not isinstance(article, Article):
        raise TypeError(f"tag takes an Article, not {type(article).__name__}")
    _ready(edge)
    try:
        found = _ahead.pop(message.correlation_id, None) or guarded.read(_question(article))
    except OverBudgetError as over:
        about = {"feed_id": article.feed_id, "guid": article.guid, "cause": over.cause}
        edge.log.warning("not tagged", extra=about)
        edge.count("Untagged")
        return [message.carrying(TaggedArticle(article=article, tags=NOBODY, untagged=over.cause))]
    edge.count("Tagged")
    edge.count("ActorsTagged", len(found.tags.actors))
    edge.count("UnknownActors", len(found.tags.unknown))
    _recognised(edge, found)
    record = TaggedArticle(article=article, tags=found.tags, tagged_at=edge.now(), tagger=__version__)
    return [message.carrying(record)]


def _recognised(edge: Edge, found: Answered) -> None:
    """What a chosen model took, and what could not be used of it."""
    if found.recogniser_seconds is None:
        return
    edge.seconds("RecogniserTime", found.recogniser_seconds)
    problems = found.recogniser_problems
    edge.count("RecogniserProblems", len(problems))
    if problems:
        edge.log.warning("recogniser", extra={"problem": problems[0], "problems": len(problems)})


handler = stage("tag", Article, step, prepare, budget=TAG)
