"""The keys of an article's rows: what stands where, in the table and in its two indexes.

| row | PK / SK | GSI1 | GSI2 |
|---|---|---|---|
| alias | KEY#kind#digest / K | | |
| head | ART#id / HEAD | SRC#source / time#id | DAY#date#shard / time#id |
| revision | ART#id / REV#content hash | | |
| actor edge | ART#id / ACTOR#actor | ACTOR#actor#yyyymm / time#id | |
| same as | ART#id / SAME#other id | | |

`time` is the time an article is filed under. A story edge (ART#id / STORY#story, GSI1 STORY#story /
time#id) fits beside the actor edges.
"""

from __future__ import annotations

from newscast.articles.identity import Alias, key_part
from newscast.articles.items import Key

DAY_SHARDS = 8
"""One day's heads are spread over this many index keys, as a key takes 1,000 writes a second."""
HOT_ACTORS = {"country:USA": 4}
"""Index keys a month for actors that stand in so much of the world's news that one key can be too few.
The first shard has the plain key, so that an actor can be added here, or get more, at any time."""


def alias_key(alias: Alias) -> Key:
    return f"KEY#{alias.kind}#{alias.digest}", "K"


def article_key(article_id: str) -> str:
    """The PK of all that an article has."""
    return f"ART#{article_id}"


def head_key(article_id: str) -> Key:
    return article_key(article_id), "HEAD"


def revision_key(article_id: str, content: str) -> Key:
    return article_key(article_id), f"REV#{key_part(content)}"


def edge_key(article_id: str, actor_id: str) -> Key:
    return article_key(article_id), f"ACTOR#{key_part(actor_id)}"


def same_as_key(article_id: str, other_id: str) -> Key:
    return article_key(article_id), f"SAME#{other_id}"


def source_index(source: str) -> str:
    """GSI1PK of a source's heads."""
    return f"SRC#{key_part(source)}"


def day_index(day: str, shard: int) -> str:
    """GSI2PK of one shard of a day's heads; `day` is YYYY-MM-DD."""
    return f"DAY#{day}#{shard}"


def actor_index(actor_id: str, month: str, shard: int = 0) -> str:
    """GSI1PK of an actor's edges in a month, YYYYMM."""
    return f"ACTOR#{key_part(actor_id)}#{month}" + (f"#{shard}" if shard else "")


def actor_shards(actor_id: str) -> int:
    return HOT_ACTORS.get(actor_id, 1)


def month_of(filed: str) -> str:
    return filed[:4] + filed[5:7]


def shard_of(article_id: str, shards: int) -> int:
    """Which of so many shards an article belongs to."""
    return int(article_id[:8], 16) % shards
