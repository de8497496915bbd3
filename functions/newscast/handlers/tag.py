"""The Lambda function `tag`: an Article from its queue, with its actors to the next."""

from __future__ import annotations

from collections.abc import Iterable

from newscast.aws.edge import Edge
from newscast.aws.stage import stage
from newscast.gazetteer import packaged
from newscast.records import Article, Message, TaggedArticle
from newscast.tag import tag


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """One article's actors, with the roles they held on the day it was published."""
    article = message.body
    if not isinstance(article, Article):
        raise TypeError(f"tag takes an Article, not {type(article).__name__}")
    language = article.language.code if article.language else None
    tags = tag(article.reading(), packaged.load(), article.published.at.date(), language)
    edge.count("Tagged")
    edge.count("ActorsTagged", len(tags.actors))
    edge.count("UnknownActors", len(tags.unknown))
    return [message.carrying(TaggedArticle(article=article, tags=tags))]


handler = stage("tag", Article, step)
