"""The keys of an article's rows: what stands where (the table in this package's docstring)."""

from __future__ import annotations

from newscast.articles.identity import key_part
from newscast.articles.items import Key

HEAD = "HEAD"
REVISIONS = "REV#"
DAY_SHARDS = 8
"""One day's heads are spread over this many index keys, as a key takes 1,000 writes a second."""
HOT_ACTORS = {"country:USA": 4}
"""Keys a month for actors that stand in so much of the world's news that one key can be too few. The first
shard has the plain key, so that an actor can be added here, or get more, at any time."""


def partition(name: str) -> str:
    """The PK of all that was observed under a name."""
    return f"ART#{name}"


def head_key(name: str) -> Key:
    return partition(name), HEAD


def revision_key(name: str, revision: str, run: str) -> Key:
    return partition(name), f"{REVISIONS}{revision}#{run}"


def page_key(page: str) -> Key:
    """`page` is a URL's digest."""
    return f"URL#{page}", "PAGE"


def claim_key(feed_id: str, name: str) -> Key:
    return f"CLAIMS#{feed_id}", name


def edge_key(actor_id: str, filed: str, article_id: str) -> Key:
    """`filed` as `identity.written` writes it."""
    shard = shard_of(article_id, actor_shards(actor_id))
    return actor_partition(actor_id, month_of(filed), shard), f"{filed}#{article_id}"


def actor_partition(actor_id: str, month: str, shard: int = 0) -> str:
    """PK of an actor's articles in a month, YYYYMM."""
    return f"ACTOR#{key_part(actor_id)}#{month}" + (f"#{shard}" if shard else "")


def actor_shards(actor_id: str) -> int:
    return HOT_ACTORS.get(actor_id, 1)


def source_index(source: str) -> str:
    """SourcePK of a source's heads."""
    return f"SRC#{key_part(source)}"


def day_index(day: str, shard: int) -> str:
    """DayPK of one shard of a day's heads; `day` is YYYY-MM-DD."""
    return f"DAY#{day}#{shard}"


def month_of(filed: str) -> str:
    return filed[:4] + filed[5:7]


def shard_of(article_id: str, shards: int) -> int:
    """Which of so many shards an article belongs to."""
    return int(article_id[:8], 16) % shards
