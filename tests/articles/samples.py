"""Articles for tests: one call, sane defaults, any field changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from newscast.records import (
    ActorTag,
    Article,
    ArticleTime,
    Codes,
    Involvement,
    Kind,
    Language,
    Mention,
    TaggedArticle,
    Tags,
)

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)


def article(text: str = "Text.", at: datetime = NOON, seen: datetime = NOON, **fields: Any) -> Article:
    """An article published at `at`, observed at `seen`; its hash is that of title and text."""
    made: dict[str, Any] = {
        "feed_id": "f1",
        "source": "example.org",
        "guid": "g1",
        "url": "https://example.org/a",
        "link": "https://example.org/a?utm_source=rss",
        "title": "Ministers talk",
        "summary": "",
        "text": text,
        "published": ArticleTime(at=at, basis="given", raw=None),
        "updated": None,
        "observed_at": seen,
        "language": Language(code="en", confidence=0.9, basis="detected"),
        "publisher": "Example",
    } | fields
    made.setdefault(
        "content_hash", hashlib.sha256((made["title"] + "\n" + made["text"]).encode()).hexdigest()
    )
    return msgspec.convert(made, Article, from_attributes=True)


def actor(actor_id: str, involvement: Involvement = "participant", kind: Kind = "country") -> ActorTag:
    return ActorTag(
        actor_id=actor_id,
        name=actor_id,
        kind=kind,
        country=None,
        codes=Codes(),
        qid=None,
        roles=(),
        involvement=involvement,
        mentions=(Mention(start=0, end=1, surface="x", form="name", rule="gazetteer"),),
    )


def tagged(
    *actors: ActorTag, gazetteer: str = "2024.1", tagged_at: datetime | None = None, **fields: Any
) -> TaggedArticle:
    tags = Tags(actors=actors, unknown=(), places=(), gazetteer_version=gazetteer)
    return TaggedArticle(article=article(**fields), tags=tags, tagged_at=tagged_at)
