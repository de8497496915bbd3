"""When in a round each due feed is sent: feeds with their hosts in, batches with delays out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

BATCH = 10
"""Messages of one SendMessageBatch call, which share their delay."""
MAX_DELAY = 900
"""Seconds; SQS delays no message for longer."""
A_SECOND = 5
"""Batches sent without delay a second: a handful of fetchers at five polls each take about as much."""


def spread(hosts: Sequence[str], window: float, gap: float) -> Iterator[tuple[int, list[int]]]:
    """Delays in seconds and the places in `hosts` of the feeds to send with them, a batch at a time.

    Feeds of one host are `gap` seconds apart, so that few find their host busy; all are spread over
    `window` seconds if they are many. What doesn't fit comes at the window's end.
    """
    ranks: Counter[str] = Counter()
    order = []
    for place, host in enumerate(hosts):
        order.append((min(int(ranks[host] * gap), MAX_DELAY), place))
        ranks[host] += 1
    order.sort()
    step = min(1 / A_SECOND, window * BATCH / max(len(hosts), 1))
    batch: list[int] = []
    delay = number = 0
    for earliest, place in order:
        if batch and (len(batch) == BATCH or earliest > delay):
            yield delay, batch
            batch, number = [], number + 1
        if not batch:
            delay = min(max(earliest, int(min(number * step, window))), MAX_DELAY)
        batch.append(place)
    if batch:
        yield delay, batch
