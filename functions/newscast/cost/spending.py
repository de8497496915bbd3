"""What an installation has spent so far this month, from its own counters. AWS's billing data is hours late.

The schedule function imports this: nothing here takes time to import. Call it as

    spent(polls=48_000, articles=30_000, revisions=9_000, elapsed_days=12.5)  # USD
"""

from __future__ import annotations

from newscast.cost import measured
from newscast.cost.bill import Activity, batches, bill, total
from newscast.cost.prices import PRICES
from newscast.cost.shape import PACKAGED, Shape


def spent(
    *,
    polls: float,
    articles: float,
    revisions: float,
    elapsed_days: float,
    feeds: float = 0,
    held_articles: float = 0,
    edges: float = 8,
    pages: float = 0,
    shape: Shape = PACKAGED,
) -> float:
    """USD at list prices, without the free tier, from the month's first moment on.

    `polls` counts all that were sent to fetch, `articles` the new ones that were stored, `revisions` what
    was written to articles that were there. What stands whether or not anything comes in (alarms, metrics,
    waiting queues) is a share of the month: `elapsed_days`. Storage is that of `held_articles`, on average
    since the month began, and of the rows of `feeds`. An article names `edges` actors; `pages` were read for
    their text. Numbers may be 0, none is negative. A dashboard and traces are not in it.
    """
    done = Activity(
        articles=articles,
        revisions=revisions,
        polls=polls,
        changed=min(polls, articles + revisions),
        days=elapsed_days,
        feeds=feeds,
        held_articles=held_articles,
        edges=edges,
        pages=pages,
    )
    if elapsed_days <= 0:
        return 0.0
    counting = sum(batches(done, shape, stage) for stage in ("schedule", "store")) * measured.WRITES_TO_COUNT
    return total(bill(done, shape)) + counting * PRICES["dynamodb.write"]


def articles_in(table_bytes: float, edges: float) -> float:
    """As many articles, with so many actors each, as fill a table with its indexes."""
    return table_bytes / (measured.ROW_BYTES_NEW + measured.ROW_BYTES_AN_EDGE * edges)
