"""What an installation has spent so far this month, from its own counters. AWS's billing data is hours late.

The schedule function imports this: nothing here takes time to import. Call it as

    spent(polls=48_000, articles=30_000, revisions=9_000, elapsed_days=12.5)  # USD
"""

from __future__ import annotations

_MONTH_DAYS = 30.0
_FIXED = 8.0
_POLL, _ARTICLE, _REVISION = 3.0e-6, 1.1e-5, 6.0e-6


def spent(*, polls: float, articles: float, revisions: float, elapsed_days: float) -> float:
    """USD at list prices, without the free tier, from the month's first moment on.

    `polls` counts all that were sent to fetch, `articles` the new ones that were stored, `revisions` what
    was written to articles that were there. What stands whether or not anything comes in (alarms, metrics,
    waiting queues) is a share of the month: `elapsed_days`. Numbers may be 0, none is negative.
    """
    fixed = _FIXED * elapsed_days / _MONTH_DAYS
    return fixed + polls * _POLL + articles * _ARTICLE + revisions * _REVISION
