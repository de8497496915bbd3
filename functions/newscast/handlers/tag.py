"""Article → TaggedArticle: who is in it, with the roles they held on the day it was published."""

from __future__ import annotations

from collections.abc import Iterable

from newscast.aws.edge import Edge
from newscast.aws.stage import UndecodableError, stage
from newscast.gazetteer import packaged
from newscast.records import Article, Message, TaggedArticle
from newscast.tag import tag


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """Tag one article."""
    article = message.body
    if not isinstance(article, Article):
        raise UndecodableError("the tag stage takes an Article")
    tags = tag(
        article.reading(),
        packaged.load(),
        article.published.at.date(),
        article.language.code if article.language else None,
    )
    edge.count("Tagged")
    edge.count("Actors", len(tags.actors))
    edge.count("UnknownActors", len(tags.unknown))
    return (message.carrying(TaggedArticle(article=article, tags=tags)),)


handler = stage("tag", Article, step)
